/* posts.c: the ring of posts. */
#include "loop/posts.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

enum { CAPACITY_FIRST = 64 };

static void grow(struct post_queue *queue)
{
    size_t capacity = queue->capacity ? queue->capacity * 2 : CAPACITY_FIRST;
    struct post *posts = memory_new(capacity, sizeof(*posts));

    for (size_t i = 0; i < queue->count; i++)
        posts[i] = queue->posts[(queue->head + i) & (queue->capacity - 1)];
    free(queue->posts);
    queue->posts = posts;
    queue->capacity = capacity;
    queue->head = 0;
}

void post_push(struct post_queue *queue, struct post post)
{
    if (queue->count == queue->capacity)
        grow(queue);
    queue->posts[(queue->head + queue->count) & (queue->capacity - 1)] = post;
    queue->count++;
}

struct post post_pop(struct post_queue *queue)
{
    assert(queue->count > 0);
    struct post post = queue->posts[queue->head];

    queue->head = (queue->head + 1) & (queue->capacity - 1);
    queue->count--;
    return post;
}

void post_move(struct post_queue *from, struct post_queue *to)
{
    while (from->count > 0)
        post_push(to, post_pop(from));
}

void post_release(struct post_queue *queue)
{
    free(queue->posts);
    *queue = (struct post_queue){0};
}
