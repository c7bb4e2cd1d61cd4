/* dead_letter.h: dead letters are messages with one more member, _dlq_metadata; it is read and cut
   out as text, so that the rest stays as it was written. */
#ifndef REDIS_DEAD_LETTER_H
#define REDIS_DEAD_LETTER_H

#include <stdbool.h>
#include <stddef.h>

#include "adapter.h"
#include "base/text.h"

struct redis_dead_letter {
    struct adapter_text id;     /* of its entry in the queue */
    struct adapter_text stored; /* the entry's text; {NULL, 0} when it has none that can be read */
    struct adapter_text metadata; /* the JSON object, or {NULL, 0} */
};

/* The metadata of a stored message, or {NULL, 0}. */
struct adapter_text redis_dead_letter_metadata(struct adapter_text stored);
/* The message without its metadata, appended to `text`. */
void redis_dead_letter_payload(struct text *text, struct adapter_text stored);
/* A member of the metadata, as JSON text, or {NULL, 0}. */
struct adapter_text redis_dead_letter_fact(const struct redis_dead_letter *letter, const char *key);
/* Append it as one JSON object: dlq_id, original_id, stream, consumer_group, failure_reason,
   failed_at, retry_count, dlq_stream, payload. */
void redis_dead_letter_write(struct text *text, const struct redis_dead_letter *letter,
                             const char *queue);

#endif
