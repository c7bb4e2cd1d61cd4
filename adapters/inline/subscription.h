/* subscription.h: a reader without a group: it is handed what is published from now on. */
#ifndef INLINE_SUBSCRIPTION_H
#define INLINE_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "adapters/inline/bell.h"

struct inline_answer;
struct inline_broker;
struct inline_stream;

struct inline_subscription {
    struct adapter_call *call;
    struct inline_bell *bell;
    struct inline_stream *stream;     /* NULL while there is none of that name */
    uint64_t position;                /* of the next message */
    struct inline_subscription *next; /* of the broker */
    struct inline_subscription *next_of_session;
};

/* Enter the broker's list, from the stream's end on. */
void inline_subscription_enter(struct inline_subscription *subscription,
                               struct inline_broker *broker);
void inline_subscription_leave(struct inline_subscription *subscription,
                               struct inline_broker *broker);
/* Take what is there, a bounded number; when there is more, the bell is rung again. */
void inline_subscription_take(struct inline_subscription *subscription,
                              struct inline_answer *answer);

/* A stream came to be, goes away, has news. */
void inline_subscriptions_attach(struct inline_broker *broker, struct inline_stream *stream);
void inline_subscriptions_detach(struct inline_broker *broker, const struct inline_stream *stream);
void inline_subscriptions_ring(struct inline_broker *broker, const struct inline_stream *stream);
uint64_t inline_subscriptions_needed(const struct inline_broker *broker,
                                     const struct inline_stream *stream);

#endif
