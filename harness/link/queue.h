/* queue.h: bytes waiting to be written, in one growing buffer.  Private to this room. */
#ifndef LINK_QUEUE_H
#define LINK_QUEUE_H

#include <stddef.h>

/* Zero-initialised is empty. */
struct link_queue {
    char *data;
    size_t begin, end, capacity; /* queued: [begin, end) */
};

size_t queue_size(const struct link_queue *queue);
/* Room for `size` bytes at the end; what is filled in is added to `end` by the caller. */
char *queue_reserve(struct link_queue *queue, size_t size);
/* Remove bytes from the front. */
void queue_consume(struct link_queue *queue, size_t size);
void queue_clear(struct link_queue *queue);
void queue_release(struct link_queue *queue);

#endif
