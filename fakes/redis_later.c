/* redis_later.c: what a lie does a moment later, if its client is still there. */
#include <stdlib.h>

#include "base/memory.h"
#include "fakes/redis_state.h"

#define LATER_NS 10000u

void fake_end_later(struct fake_later *later)
{
    struct fake_later **link = &later->fake->laters;

    while (*link != later)
        link = &(*link)->next;
    *link = later->next;
    free(later->key.data);
    free(later->word.data);
    free(later);
}

static bool is_there(const struct redis_fake *fake, const struct link *link)
{
    const struct fake_client *client = fake->clients;

    while (client && (client->is_gone || client->link != link))
        client = client->next;
    return client != NULL;
}

static void on_later(void *context)
{
    struct fake_later *later = context;
    struct redis_fake *fake = later->fake;
    char field[] = "data";
    struct fake_key *key;
    struct fake_id id;

    if (is_there(fake, later->link)) {
        key = fake_store_make(&fake->store, later->key, REDIS_IS_STREAM);
        if (!later->removes)
            (void)fake_stream_add(key->stream, fake_wall_ms(fake), (struct fake_bytes){field, 4},
                                  later->word);
        else if (fake_id_read(later->word, 0, &id))
            (void)fake_stream_delete(key->stream, id);
        fake_wake_readers(fake);
    }
    fake_end_later(later);
}

void fake_do_later(struct fake_client *client, struct fake_bytes key, struct fake_bytes word,
                   bool removes)
{
    struct redis_fake *fake = client->fake;
    struct fake_later *later = memory_new(1, sizeof(*later));

    later->fake = fake;
    later->link = client->link;
    later->key = fake_bytes_new(key.data, key.size);
    later->word = fake_bytes_new(word.data, word.size);
    later->removes = removes;
    later->next = fake->laters;
    fake->laters = later;
    loop_timer_start(fake->loop, &later->timer, loop_now_ns(fake->loop) + LATER_NS, on_later,
                     later);
}
