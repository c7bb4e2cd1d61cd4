/* group.h: one consumer group on one stream: how far it got, what it holds, what comes back. */
#ifndef INLINE_GROUP_H
#define INLINE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/inline/answer.h"
#include "adapters/inline/delivery.h"
#include "adapters/inline/member.h"
#include "adapters/inline/settings.h"
#include "adapters/inline/waiter.h"
#include "adapters/inline/window.h"

struct inline_stream;

struct inline_group {
    struct inline_stream *stream;
    const struct inline_settings *settings;
    char *name;
    uint64_t serial; /* of all groups of the broker, in the order they came to be */
    uint64_t created_ms;
    struct inline_window window;
    struct inline_deliveries deliveries;
    uint64_t outstanding; /* delivered and not settled */
    struct inline_member *members;
    struct inline_waiter *waiter_first, *waiter_last;
    char *lease; /* the lease that fenced reads named last, or NULL */
};

/* Who reads or nacks, and when. */
struct inline_reader {
    struct inline_member *member; /* NULL where no name matters */
    uint64_t session;
    uint64_t now_ns, wall_ms;
};

struct inline_group *inline_group_new(struct inline_stream *stream, const char *name,
                                      uint64_t serial, uint64_t wall_ms);
void inline_group_free(struct inline_group *group);

/* Messages that could be given to a reader now, more or less. */
uint64_t inline_group_available(const struct inline_group *group);
/* When something falls due by itself; UINT64_MAX: never. */
uint64_t inline_group_due_ns(const struct inline_group *group);

/* Take up to `count` messages: the reader's own from an earlier session first, then what is to be
   delivered again, then new ones; in publish order.  Expiry is noticed here. */
void inline_group_take(struct inline_group *group, const struct inline_reader *reader, size_t count,
                       struct inline_answer *answer);
/* Positions [from, to), wherever they are: items of the answer from `index` on become false where
   there was nothing that this session may settle.  How many were settled. */
size_t inline_group_ack(struct inline_group *group, uint64_t from, uint64_t to, uint64_t session,
                        struct inline_answer *answer, size_t index);
/* False when it is not in anybody's hands, or no longer in this session's. */
bool inline_group_nack(struct inline_group *group, uint64_t position,
                       const struct inline_reader *reader);
/* Everything before `position` is done with, whatever it was. */
void inline_group_forget_before(struct inline_group *group, uint64_t position);

/* --- For the parts of a group -------------------------------------------------------------------
 */

/* The delivery of a position that was delivered and is not settled, or NULL. */
struct inline_delivery *inline_group_find(const struct inline_group *group, uint64_t position);
void inline_group_settle(struct inline_group *group, struct inline_delivery *delivery,
                         uint64_t position);
/* Hand one position of a delivery to the reader once more; a pick of the answer. */
void inline_group_retake(struct inline_group *group, struct inline_delivery *delivery,
                         uint64_t position, const struct inline_reader *reader,
                         struct inline_answer *answer, uint32_t flags);
/* Move what fell due to where it goes next. */
void inline_group_promote(struct inline_group *group, uint64_t now_ns, uint64_t wall_ms);

#endif
