/* message_log.c: segments, small at first and doubled up to a limit; one idle stream costs little.
 */
#include "adapters/inline/message_log.h"

#include <stdlib.h>

#include "base/memory.h"

enum { SEGMENT_SIZE_FIRST = 4096 };

void message_log_init(struct message_log *log, struct inline_pool *pool)
{
    *log = (struct message_log){.pool = pool};
}

void message_log_release(struct message_log *log)
{
    for (size_t i = 0; i < log->segment_count; i++)
        inline_segment_retire(log->segments[log->segment_first + i], log->pool);
    free(log->segments);
    *log = (struct message_log){.pool = log->pool};
}

static void push_segment(struct message_log *log, struct inline_segment *segment)
{
    if (log->segment_first + log->segment_count == log->segment_capacity) {
        if (log->segment_first > log->segment_count) {
            memmove(log->segments, log->segments + log->segment_first,
                    log->segment_count * sizeof(struct inline_segment *));
            log->segment_first = 0;
        } else {
            log->segment_capacity = log->segment_capacity ? log->segment_capacity * 2 : 8;
            log->segments =
                memory_grow(log->segments, log->segment_capacity, sizeof(struct inline_segment *));
        }
    }
    log->segments[log->segment_first + log->segment_count++] = segment;
    log->tail = segment;
}

static size_t next_size(const struct message_log *log, size_t needed)
{
    size_t size = log->tail ? 2 * (size_t)log->tail->capacity : SEGMENT_SIZE_FIRST;

    if (size > log->pool->size)
        size = log->pool->size;
    return size < needed ? needed : size;
}

struct inline_segment *message_log_make_room(struct message_log *log, size_t size, uint64_t wall_ms)
{
    if (!log->tail || log->tail->capacity - log->tail->used < size) {
        struct inline_segment *segment = inline_segment_new(log->pool, next_size(log, size));

        segment->first = log->end;
        segment->base_ms = wall_ms;
        push_segment(log, segment);
    }
    if (log->tail->count == log->tail->slot_capacity)
        inline_segment_grow_slots(log->tail);
    return log->tail;
}

struct inline_segment *message_log_segment(const struct message_log *log, uint64_t position)
{
    size_t low = log->segment_first, high = low + log->segment_count;

    if (position < log->first || position >= log->end)
        return NULL;
    if (position >= log->tail->first)
        return log->tail;
    while (high - low > 1) { /* the last one that begins at or before it */
        size_t middle = low + (high - low) / 2;

        if (log->segments[middle]->first <= position)
            low = middle;
        else
            high = middle;
    }
    return log->segments[low];
}

bool message_log_is_readable(const struct message_log *log, uint64_t position,
                             struct inline_segment **ret_segment)
{
    struct inline_segment *segment = message_log_segment(log, position);
    const struct inline_mark *mark;

    if (!segment)
        return false;
    *ret_segment = segment;
    mark = inline_segment_mark(segment, position);
    return !mark || !(mark->flags & (INLINE_MARK_REMOVED | INLINE_MARK_UNREADABLE));
}

struct adapter_text message_log_payload(const struct inline_segment *segment, uint64_t position)
{
    size_t index = (size_t)(position - segment->first);
    uint32_t begin = index ? segment->slots[index - 1].end : 0;

    return (struct adapter_text){segment->bytes + begin, segment->slots[index].end - begin};
}

uint64_t message_log_wall_ms(const struct inline_segment *segment, uint64_t position)
{
    return segment->base_ms + segment->slots[position - segment->first].age_ms;
}

struct inline_mark *message_log_mark(struct message_log *log, uint64_t position)
{
    return inline_segment_mark_make(message_log_segment(log, position), position);
}

bool message_log_remove(struct message_log *log, uint64_t position)
{
    struct inline_segment *segment = message_log_segment(log, position);
    struct inline_mark *mark;

    if (!segment)
        return false;
    mark = inline_segment_mark_make(segment, position);
    if (mark->flags & INLINE_MARK_REMOVED)
        return false;
    mark->flags |= INLINE_MARK_REMOVED;
    log->live_count--;
    return true;
}

/* Messages of a segment in [from, to) whose content is there. */
static uint64_t count_live(const struct inline_segment *segment, uint64_t from, uint64_t to)
{
    uint64_t count = to - from;

    for (size_t i = 0; i < segment->mark_count; i++) {
        const struct inline_mark *mark = &segment->marks[i];

        if (mark->position >= from && mark->position < to && mark->flags & INLINE_MARK_REMOVED)
            count--;
    }
    return count;
}

uint64_t message_log_drop_before(struct message_log *log, uint64_t position)
{
    uint64_t dropped = 0;

    if (position > log->end)
        position = log->end;
    while (log->first < position) {
        struct inline_segment *segment = log->segments[log->segment_first];
        uint64_t end = inline_segment_end(segment);
        uint64_t to = end < position ? end : position;

        dropped += count_live(segment, log->first, to);
        log->first = to;
        if (to < end)
            break;
        inline_segment_retire(segment, log->pool);
        log->segment_first++;
        log->segment_count--;
    }
    if (log->segment_count == 0)
        log->tail = NULL;
    log->live_count -= dropped;
    return dropped;
}
