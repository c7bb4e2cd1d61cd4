/* segment.c: memory for messages; large blocks are aligned so that the system can map them at once.
 */
#include "adapters/inline/segment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"

enum { SLOT_COUNT_FIRST = 64, POOL_COUNT_MAX = 8, HUGE_PAGE_SIZE = 1 << 21 };

static char *allocate_bytes(size_t size)
{
    char *bytes;

    if (size % HUGE_PAGE_SIZE != 0)
        return memory_grow(NULL, size, 1);
    bytes = aligned_alloc(HUGE_PAGE_SIZE, size);
    if (!bytes)
        return memory_grow(NULL, size, 1);
    (void)madvise(bytes, size, MADV_HUGEPAGE); /* only a wish */
    return bytes;
}

static void destroy(struct inline_segment *segment)
{
    free(segment->slots);
    free(segment->bytes);
    free(segment->marks);
    free(segment);
}

static struct inline_segment *take_from_pool(struct inline_pool *pool, size_t size)
{
    struct inline_segment *segment = pool->free;

    if (!segment || segment->capacity != size)
        return NULL;
    pool->free = segment->next_free;
    pool->count--;
    return segment;
}

struct inline_segment *inline_segment_new(struct inline_pool *pool, size_t size)
{
    struct inline_segment *segment = take_from_pool(pool, size);

    if (!segment) {
        segment = memory_new(1, sizeof(*segment));
        segment->bytes = allocate_bytes(size);
        segment->capacity = (uint32_t)size;
    }
    atomic_init(&segment->references, 1);
    segment->count = segment->used = 0;
    segment->mark_count = 0;
    segment->next_free = NULL;
    return segment;
}

static bool drop_reference(struct inline_segment *segment)
{
    return atomic_fetch_sub_explicit(&segment->references, 1, memory_order_acq_rel) == 1;
}

void inline_segment_retire(struct inline_segment *segment, struct inline_pool *pool)
{
    if (!drop_reference(segment))
        return;
    if (pool->count == POOL_COUNT_MAX || segment->capacity != pool->size) {
        destroy(segment);
        return;
    }
    segment->next_free = pool->free;
    pool->free = segment;
    pool->count++;
}

void inline_segment_unpin(struct inline_segment *segment)
{
    if (drop_reference(segment))
        destroy(segment);
}

void inline_pool_release(struct inline_pool *pool)
{
    struct inline_segment *next;

    for (struct inline_segment *segment = pool->free; segment; segment = next) {
        next = segment->next_free;
        destroy(segment);
    }
    pool->free = NULL;
    pool->count = 0;
}

void inline_segment_grow_slots(struct inline_segment *segment)
{
    segment->slot_capacity = segment->slot_capacity ? segment->slot_capacity * 2 : SLOT_COUNT_FIRST;
    segment->slots = memory_grow(segment->slots, segment->slot_capacity, sizeof(*segment->slots));
}

/* Where the mark of a position is, or would be. */
static size_t find_mark(const struct inline_segment *segment, uint64_t position)
{
    size_t low = 0, high = segment->mark_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (segment->marks[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct inline_mark *inline_segment_mark(const struct inline_segment *segment, uint64_t position)
{
    size_t index;

    if (segment->mark_count == 0)
        return NULL;
    index = find_mark(segment, position);
    if (index == segment->mark_count || segment->marks[index].position != position)
        return NULL;
    return &segment->marks[index];
}

struct inline_mark *inline_segment_mark_make(struct inline_segment *segment, uint64_t position)
{
    size_t index = find_mark(segment, position);
    struct inline_mark *mark;

    if (index < segment->mark_count && segment->marks[index].position == position)
        return &segment->marks[index];
    if (segment->mark_count == segment->mark_capacity) {
        segment->mark_capacity = segment->mark_capacity ? segment->mark_capacity * 2 : 4;
        segment->marks =
            memory_grow(segment->marks, segment->mark_capacity, sizeof(*segment->marks));
    }
    mark = &segment->marks[index];
    memmove(mark + 1, mark, (segment->mark_count - index) * sizeof(*mark));
    *mark = (struct inline_mark){.position = position};
    segment->mark_count++;
    return mark;
}
