/* posts.h: functions waiting to be run on a loop, first in, first out; a ring that only grows. */
#ifndef LOOP_POSTS_H
#define LOOP_POSTS_H

#include <stddef.h>
#include <stdint.h>

struct post {
    void (*function)(void *context);
    void *context;
    uint64_t serial; /* simulation: its place among the timers that are due at the same time */
};

/* Zero-initialised is empty. */
struct post_queue {
    struct post *posts;
    size_t head, count, capacity; /* capacity is a power of two, or 0 */
};

void post_push(struct post_queue *queue, struct post post);
struct post post_pop(struct post_queue *queue); /* asserts that there is one */
/* Move everything from one queue to the end of another. */
void post_move(struct post_queue *from, struct post_queue *to);
void post_release(struct post_queue *queue);

#endif
