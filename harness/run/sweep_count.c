/* sweep_count.c: requests and replies, put together. */
#include "run/sweep_count.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define IDLE_MAX 2u

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
                                    .index = exchange->index};
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
    item->has_reply |= exchange->is_reply;
    item->has_owner |= exchange->op != NULL;
    item->delivers |= exchange->is_reply && exchange->delivers;
    if (exchange->has_message && !item->has_message) {
        item->has_message = true;
        item->track = exchange->track;
        item->sequence = exchange->sequence;
    }
    pthread_mutex_unlock(&count->mutex);
}

/* --- Thinning -------------------------------------------------------------------------------- */

static bool is_ours(const char *link)
{
    return strncmp(link, "control-", 8) == 0 || strncmp(link, "broker-", 7) == 0;
}

/* A last word of a session that is being closed. */
static bool is_farewell(const struct sweep_exchange *exchange)
{
    return !exchange->has_reply && !exchange->has_owner;
}

static bool is_idle(const struct sweep_exchange *exchange)
{
    return exchange->has_reply && !exchange->delivers;
}

/* How many of the same kind stand directly before it on its link. */
static size_t count_idle_before(const struct sweep_exchange *items, size_t index)
{
    size_t idle = 0;

    for (size_t i = index; i > 0; i--) {
        if (strcmp(items[i - 1].link, items[index].link) != 0)
            continue;
        if (!is_idle(&items[i - 1]) || strcmp(items[i - 1].command, items[index].command) != 0)
            break;
        idle++;
    }
    return idle;
}

void sweep_count_thin(struct sweep_count *count)
{
    bool *is_left_out = memory_new(count->count + 1, sizeof(*is_left_out));
    size_t kept = 0;

    for (size_t i = 0; i < count->count; i++)
        is_left_out[i] =
            is_ours(count->items[i].link) || is_farewell(&count->items[i]) ||
            (is_idle(&count->items[i]) && count_idle_before(count->items, i) >= IDLE_MAX);
    for (size_t i = 0; i < count->count; i++)
        if (is_left_out[i])
            free_exchange(&count->items[i]);
        else
            count->items[kept++] = count->items[i];
    count->count = kept;
    free(is_left_out);
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
