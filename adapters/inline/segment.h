/* segment.h: a block of a stream's messages: their bytes one behind the other, and where each ends.

   Consumers are handed pointers into it, so it is counted: the log holds one reference, and so does
   every answer that is being read. */
#ifndef INLINE_SEGMENT_H
#define INLINE_SEGMENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inline_slot {
    uint32_t end;    /* of its bytes */
    uint32_t age_ms; /* since the segment began */
};

enum inline_mark_flag {
    INLINE_MARK_REMOVED = 1u << 0,    /* its content is gone */
    INLINE_MARK_UNREADABLE = 1u << 1, /* a foreign writer stored something that is no message */
    INLINE_MARK_ONLY = 1u << 2        /* of the groups before `since`, only `group` gets it */
};

/* What is special about one message; few messages have one. */
struct inline_mark {
    uint64_t position;
    uint64_t group, since; /* serial numbers of groups */
    uint32_t flags;
};

struct inline_segment {
    atomic_uint references;
    uint32_t count, slot_capacity; /* messages */
    uint32_t used, capacity;       /* bytes */
    uint64_t first;                /* position of its first message */
    uint64_t base_ms;              /* wall clock when it began */
    struct inline_slot *slots;
    char *bytes;
    struct inline_mark *marks; /* by position */
    size_t mark_count, mark_capacity;
    struct inline_segment *next_free;
};

/* Segments of the usual size that were given back, to be used again while they are still in the
   processor's cache. */
struct inline_pool {
    size_t size; /* the usual one: what a busy stream's segments grow to */
    struct inline_segment *free;
    size_t count;
};

/* Capacity is at least `size` bytes.  Gives one reference. */
struct inline_segment *inline_segment_new(struct inline_pool *pool, size_t size);
/* Give up the log's reference: back to the pool, unless an answer is still being read. */
void inline_segment_retire(struct inline_segment *segment, struct inline_pool *pool);
/* Give up an answer's reference; without any lock. */
void inline_segment_unpin(struct inline_segment *segment);
void inline_pool_release(struct inline_pool *pool);

void inline_segment_grow_slots(struct inline_segment *segment);
/* The mark of a position, or NULL; make: a new one. */
struct inline_mark *inline_segment_mark(const struct inline_segment *segment, uint64_t position);
struct inline_mark *inline_segment_mark_make(struct inline_segment *segment, uint64_t position);

/* Under the broker's lock. */
static inline void inline_segment_pin(struct inline_segment *segment)
{
    atomic_fetch_add_explicit(&segment->references, 1, memory_order_relaxed);
}

static inline uint64_t inline_segment_end(const struct inline_segment *segment)
{
    return segment->first + segment->count;
}

#endif
