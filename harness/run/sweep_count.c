/* sweep_count.c: requests and replies, put together. */
#include "run/sweep_count.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void sweep_count_init(struct sweep_count *count)
{
    *count = (struct sweep_count){0};
    pthread_mutex_init(&count->mutex, NULL);
}

static void free_exchange(struct sweep_exchange *exchange)
{
    free(exchange->link);
    free(exchange->command);
}

void sweep_count_release(struct sweep_count *count)
{
    for (size_t i = 0; i < count->count; i++)
        free_exchange(&count->items[i]);
    free(count->items);
    pthread_mutex_destroy(&count->mutex);
}

/* The newest are looked at first: replies are soon. */
static struct sweep_exchange *find(const struct sweep_count *count, const char *link,
                                   uint64_t index)
{
    for (size_t i = count->count; i > 0; i--)
        if (count->items[i - 1].index == index && strcmp(count->items[i - 1].link, link) == 0)
            return &count->items[i - 1];
    return NULL;
}

static struct sweep_exchange *add(struct sweep_count *count, const struct link_exchange *exchange)
{
    const char *word = exchange->command ? exchange->command : exchange->op;
    struct sweep_exchange *item;

    count->items = memory_grow(count->items, count->count + 1, sizeof(*count->items));
    item = &count->items[count->count++];
    *item = (struct sweep_exchange){.link = memory_string(exchange->link),
                                    .command = memory_string(word ? word : "a request"),
                                    .is_spoken = exchange->number > 0,
                                    .index = exchange->index,
                                    .number = exchange->number,
                                    .turn = exchange->turn};
    return item;
}

void sweep_count_exchange(void *context, const struct link_exchange *exchange)
{
    struct sweep_count *count = context;
    struct sweep_exchange *item;

    if (exchange->index == 0) /* nobody asked for it */
        return;
    pthread_mutex_lock(&count->mutex);
    item = find(count, exchange->link, exchange->index);
    if (!item)
        item = add(count, exchange);
    if (exchange->is_reply) {
        item->has_reply = true;
        item->reply_number = exchange->number;
        item->reply_turn = exchange->turn;
    }
    item->has_owner |= exchange->op != NULL;
    item->delivers |= exchange->is_reply && exchange->delivers;
    if (exchange->has_message && !item->has_message) {
        item->has_message = true;
        item->track = exchange->track;
        item->sequence = exchange->sequence;
    }
    pthread_mutex_unlock(&count->mutex);
}

/* --- What is nothing to cut ------------------------------------------------------------------- */

static bool is_ours(const char *link)
{
    return strncmp(link, "control-", 8) == 0 || strncmp(link, "broker-", 7) == 0;
}

bool sweep_is_beside(const struct sweep_exchange *exchange)
{
    bool is_farewell = !exchange->has_reply && !exchange->has_owner;

    return is_farewell || is_ours(exchange->link);
}

/* --- Messages -------------------------------------------------------------------------------- */

/* Tracks are numbered by producer, member and stream. */
char *sweep_message(const struct scenario *scenario, const struct sweep_exchange *exchange)
{
    uint64_t track = exchange->track;

    for (size_t i = 0; exchange->has_message && i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];
        uint64_t tracks = producer->members * producer->stream_count;

        if (track < tracks)
            return memory_format("%s-%llu#%llu", producer->name,
                                 (unsigned long long)track / producer->stream_count + 1,
                                 (unsigned long long)exchange->sequence);
        track -= tracks;
    }
    return NULL;
}
