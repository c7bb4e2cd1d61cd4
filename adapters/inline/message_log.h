/* message_log.h: the messages of one stream, in publish order, numbered by position. */
#ifndef INLINE_MESSAGE_LOG_H
#define INLINE_MESSAGE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "adapter.h"
#include "adapters/inline/segment.h"

#define MESSAGE_SIZE_MAX ((size_t)1 << 30)

struct message_log {
    struct inline_pool *pool;
    struct inline_segment **segments; /* [segment_first, segment_first + segment_count) */
    size_t segment_first, segment_count, segment_capacity;
    struct inline_segment *tail; /* the last one, or NULL */
    uint64_t first, end;         /* positions kept */
    uint64_t live_count;         /* messages whose content is there */
};

void message_log_init(struct message_log *log, struct inline_pool *pool);
void message_log_release(struct message_log *log);

/* Make the tail ready for a message of so many bytes; for message_log_append only. */
struct inline_segment *message_log_make_room(struct message_log *log, size_t size,
                                             uint64_t wall_ms);

/* The segment that holds a position, or NULL when it is not kept. */
struct inline_segment *message_log_segment(const struct message_log *log, uint64_t position);
/* Is there something that a reader can be given? */
bool message_log_is_readable(const struct message_log *log, uint64_t position,
                             struct inline_segment **ret_segment);
struct adapter_text message_log_payload(const struct inline_segment *segment, uint64_t position);
uint64_t message_log_wall_ms(const struct inline_segment *segment, uint64_t position);
/* Forget the content of one message; false when it is gone already. */
bool message_log_remove(struct message_log *log, uint64_t position);
/* Forget everything before a position; how many messages that were. */
uint64_t message_log_drop_before(struct message_log *log, uint64_t position);
/* Give the mark of a kept position. */
struct inline_mark *message_log_mark(struct message_log *log, uint64_t position);

/* Append a message of at most MESSAGE_SIZE_MAX bytes (copies); gives its position. */
static inline uint64_t message_log_append(struct message_log *log, const char *data, size_t size,
                                          uint64_t wall_ms)
{
    struct inline_segment *tail = log->tail;

    if (!tail || tail->capacity - tail->used < size || tail->count == tail->slot_capacity)
        tail = message_log_make_room(log, size, wall_ms);
    if (size > 0)
        memcpy(tail->bytes + tail->used, data, size);
    tail->used += (uint32_t)size;
    tail->slots[tail->count].end = tail->used;
    tail->slots[tail->count].age_ms =
        wall_ms > tail->base_ms ? (uint32_t)(wall_ms - tail->base_ms) : 0;
    tail->count++;
    log->live_count++;
    return log->end++;
}

#endif
