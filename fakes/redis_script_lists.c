/* redis_script_lists.c: a script's words, and the script that hands out the items of a list. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/redis_script_parts.h"

struct fake_bytes fake_key_at(const struct fake_client *client, size_t index)
{
    return fake_word(client, 2 + index);
}

size_t fake_argument_index(const struct fake_client *client, size_t index)
{
    return 2 + (size_t)fake_word_number(client, 2) + index;
}

struct fake_bytes fake_argument_at(const struct fake_client *client, size_t index)
{
    return fake_word(client, fake_argument_index(client, index));
}

int64_t fake_number_at(const struct fake_client *client, size_t index)
{
    return fake_word_number(client, fake_argument_index(client, index));
}

struct fake_store *fake_store_of(struct fake_client *client)
{
    return &client->fake->store;
}

struct fake_bytes fake_literal(char *text)
{
    return (struct fake_bytes){text, strlen(text)};
}

/* --- Lists -------------------------------------------------------------------------------------
 */

static void say_items(struct fake_client *client, const struct fake_key *list, int64_t from,
                      int64_t count)
{
    fake_say_array(client, (size_t)count);
    for (int64_t i = from; list && i < from + count; i++)
        fake_say_bytes(client, list->items[i].data, list->items[i].size);
}

static bool said_before(struct fake_client *client, const struct fake_key *list)
{
    const struct fake_key *reads = fake_store_find(fake_store_of(client), fake_key_at(client, 3));
    const struct fake_bytes *last =
        reads ? fake_field_get(reads, fake_argument_at(client, 2)) : NULL;
    size_t size = fake_argument_at(client, 3).size;
    char *end;
    int64_t from, count;

    if (!list || !last || size == 0 || last->size <= size ||
        memcmp(last->data, fake_argument_at(client, 3).data, size) != 0 || last->data[size] != ' ')
        return false;
    from = strtoll(last->data + size, &end, 10);
    count = strtoll(end, NULL, 10);
    say_items(client, list, from, count);
    return true;
}

void fake_script_take(struct fake_client *client)
{
    const struct fake_key *list = fake_store_find(fake_store_of(client), fake_key_at(client, 1));
    struct fake_key *position;
    int64_t from = 0, count;
    struct text text = {0};

    if (list && list->type != REDIS_IS_LIST) {
        fake_say_error(client, "WRONGTYPE Operation against a key holding the wrong kind of value");
        return;
    }
    if (said_before(client, list))
        return;
    position = fake_store_find(fake_store_of(client), fake_key_at(client, 2));
    from = position ? strtoll(position->string.data, NULL, 10) : 0;
    count = list ? (int64_t)list->item_count - from : 0;
    count = count < fake_number_at(client, 1) ? count : fake_number_at(client, 1);
    if (count <= 0) {
        fake_say_array(client, 0);
        return;
    }
    position = fake_store_make(fake_store_of(client), fake_key_at(client, 2), REDIS_IS_STRING);
    free(position->string.data);
    text_appendf(&text, "%" PRId64, from + count);
    position->string = fake_bytes_new(text.data, text.size);
    text_clear(&text);
    text_appendf(&text, "%s %" PRId64 " %" PRId64, fake_argument_at(client, 3).data, from, count);
    if (fake_argument_at(client, 3).size > 0)
        (void)fake_field_set(
            fake_store_make(fake_store_of(client), fake_key_at(client, 3), REDIS_IS_HASH),
            fake_argument_at(client, 2), (struct fake_bytes){text.data, text.size});
    text_release(&text);
    say_items(client, list, from, count);
}
