/* exchange.c: a ring of exchanges. */
#include "link/exchange.h"

#include <stdlib.h>

#include "base/memory.h"

enum { CAPACITY_FIRST = 16 };

static struct exchange *item_at(const struct exchange_queue *queue, size_t index)
{
    return &queue->items[(queue->head + index) & (queue->capacity - 1)];
}

static void grow(struct exchange_queue *queue)
{
    size_t capacity = queue->capacity ? queue->capacity * 2 : CAPACITY_FIRST;
    struct exchange *items = memory_new(capacity, sizeof(*items));

    for (size_t i = 0; i < queue->count; i++)
        items[i] = *item_at(queue, i);
    free(queue->items);
    queue->items = items;
    queue->capacity = capacity;
    queue->head = 0;
}

struct exchange *exchange_push(struct exchange_queue *queue)
{
    struct exchange *item;

    if (queue->count == queue->capacity)
        grow(queue);
    item = item_at(queue, queue->count++);
    *item = (struct exchange){0};
    return item;
}

struct exchange *exchange_first(const struct exchange_queue *queue)
{
    return queue->count > 0 ? item_at(queue, 0) : NULL;
}

struct exchange *exchange_last(const struct exchange_queue *queue)
{
    return queue->count > 0 ? item_at(queue, queue->count - 1) : NULL;
}

struct exchange exchange_pop(struct exchange_queue *queue)
{
    struct exchange item = *item_at(queue, 0);

    queue->head = (queue->head + 1) & (queue->capacity - 1);
    queue->count--;
    return item;
}

struct exchange exchange_unpush(struct exchange_queue *queue)
{
    return *item_at(queue, --queue->count);
}

void exchange_release(struct exchange *exchange)
{
    free(exchange->forged);
    free(exchange->request);
    exchange->forged = exchange->request = NULL;
}

void exchange_queue_release(struct exchange_queue *queue)
{
    while (queue->count > 0) {
        struct exchange item = exchange_pop(queue);

        exchange_release(&item);
    }
    free(queue->items);
    *queue = (struct exchange_queue){0};
}
