/* queue.c: the write queue. */
#include "link/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A buffer that grew beyond this in a burst is given back once it is empty. */
enum { CAPACITY_FIRST = 4096, CAPACITY_KEPT = 1 << 20 };

size_t queue_size(const struct link_queue *queue)
{
    return queue->end - queue->begin;
}

static void move_to_front(struct link_queue *queue)
{
    size_t size = queue_size(queue);

    if (queue->data && size > 0)
        memmove(queue->data, queue->data + queue->begin, size);
    queue->begin = 0;
    queue->end = size;
}

char *queue_reserve(struct link_queue *queue, size_t size)
{
    if (queue->data && queue->capacity - queue->end >= size)
        return queue->data + queue->end;
    /* Moving costs less than it frees only when half of the buffer is behind us. */
    if (queue->begin >= queue->capacity / 2)
        move_to_front(queue);
    size_t capacity = queue->capacity ? queue->capacity : CAPACITY_FIRST;
    while (capacity - queue->end < size)
        capacity *= 2;
    if (capacity != queue->capacity)
        queue->data = memory_grow(queue->data, capacity, 1);
    queue->capacity = capacity;
    return queue->data + queue->end;
}

void queue_consume(struct link_queue *queue, size_t size)
{
    assert(size <= queue_size(queue));
    queue->begin += size;
    if (queue->begin == queue->end)
        queue_clear(queue);
}

void queue_clear(struct link_queue *queue)
{
    queue->begin = queue->end = 0;
    if (queue->capacity > CAPACITY_KEPT)
        queue_release(queue);
}

void queue_release(struct link_queue *queue)
{
    free(queue->data);
    *queue = (struct link_queue){0};
}
