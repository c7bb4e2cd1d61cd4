/* answer.h: what a session hands back for one call, in memory that is reused from call to call. */
#ifndef INLINE_ANSWER_H
#define INLINE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "adapters/inline/message_id.h"
#include "adapters/inline/segment.h"
#include "base/text.h"

struct inline_stream;

/* A message chosen for redelivery, before the choice is put into publish order. */
struct inline_pick {
    uint64_t position;
    uint32_t attempt, flags;
};

/* Zero-initialised is ready. */
struct inline_answer {
    struct adapter_result result;
    struct adapter_entry *entries; /* each with its slot of `ids` as its id */
    char *ids;
    size_t entry_count, entry_capacity;
    uint64_t id_stream; /* whose prefix is in the first `id_filled` slots; numbered from 1 */
    size_t id_filled;
    struct adapter_item *items;
    size_t item_capacity;
    size_t true_count; /* the first so many items say "done, 1" */
    struct inline_pick *picks;
    size_t pick_count, pick_capacity;
    struct inline_segment **pins; /* kept alive until the answer has been read */
    size_t pin_count, pin_capacity;
    struct text text;
};

/* Forget the last answer: done, number 0, nothing else. */
void inline_answer_begin(struct inline_answer *answer);
/* The answer has been read. */
void inline_answer_end(struct inline_answer *answer);
void inline_answer_release(struct inline_answer *answer);

void inline_answer_number(struct inline_answer *answer, int64_t number);
void inline_answer_refuse(struct inline_answer *answer, enum adapter_error error,
                          const char *detail);
void inline_answer_empty(struct inline_answer *answer);

/* Room for so many entries and ids in all; before any of them is added. */
void inline_answer_reserve(struct inline_answer *answer, size_t count);
/* Messages [from, to), all in one segment and none of them special, delivered for the first time.
 */
void inline_answer_add_run(struct inline_answer *answer, const struct inline_stream *stream,
                           struct inline_segment *segment, uint64_t from, uint64_t to);
void inline_answer_add(struct inline_answer *answer, const struct inline_stream *stream,
                       struct inline_segment *segment, const struct inline_pick *pick);
void inline_answer_pick(struct inline_answer *answer, uint64_t position, uint32_t attempt,
                        uint32_t flags);
/* Add what was picked, in publish order. */
void inline_answer_add_picks(struct inline_answer *answer, const struct inline_stream *stream);
/* Entries become the result: DONE, or EMPTY without any. */
void inline_answer_deliver(struct inline_answer *answer);
/* The entries have been given ids of another kind: the next answer starts afresh. */
void inline_answer_forget_ids(struct inline_answer *answer);

/* One item per message of the call, all of them "done, 1"; then change those that are not. */
void inline_answer_items(struct inline_answer *answer, size_t count);
struct adapter_item *inline_answer_item(struct inline_answer *answer, size_t index);
/* Write the id of a position into slot `index` and give it; after inline_answer_reserve. */
struct adapter_text inline_answer_id(struct inline_answer *answer,
                                     const struct inline_stream *stream, size_t index,
                                     uint64_t position);

#endif
