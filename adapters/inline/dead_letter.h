/* dead_letter.h: entries of dead-letter queues: a stream's message with one member more,
   "_dlq_metadata", which says whose failure it was. */
#ifndef INLINE_DEAD_LETTER_H
#define INLINE_DEAD_LETTER_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "base/text.h"

struct inline_delivery;
struct inline_group;
struct inline_segment;
struct inline_stream;

/* Append a message that the group gives up to '<stream>:dlq'; its content may be gone, then there
   is nothing to do.  False when nothing can be stored there. */
bool inline_dead_letter(struct inline_group *group, const struct inline_delivery *delivery,
                        uint64_t position, const char *reason, uint64_t wall_ms);

/* One entry, read.  Zero-initialised; released by inline_dead_letter_release. */
struct inline_dead_letter {
    struct text original_id, stream, group, consumer, reason,
        failed_at; /* failed_at may be empty */
    int64_t retry_count;
    struct text payload; /* without the metadata; empty when it cannot be read */
    bool has_group;
};

void inline_dead_letter_read(struct inline_dead_letter *letter, const struct inline_stream *queue,
                             const struct inline_segment *segment, uint64_t position);
void inline_dead_letter_release(struct inline_dead_letter *letter);
/* Append it as JSON (dlq_list, dlq_inspect). */
void inline_dead_letter_show(const struct inline_dead_letter *letter, struct text *text,
                             const struct inline_stream *queue, uint64_t position);

#endif
