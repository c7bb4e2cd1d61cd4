/* subscription.c: the broker's list of subscriptions; there are few. */
#include "adapters/inline/subscription.h"

#include <string.h>

#include "adapters/inline/answer.h"
#include "adapters/inline/broker.h"
#include "adapters/inline/stream.h"

enum { TAKE_COUNT_MAX = 1024 };

static const char *name_of(const struct inline_subscription *subscription)
{
    return subscription->call->stream ? subscription->call->stream : "";
}

void inline_subscription_enter(struct inline_subscription *subscription,
                               struct inline_broker *broker)
{
    struct inline_subscription **link = &broker->subscriptions;

    while (*link)
        link = &(*link)->next;
    *link = subscription;
    subscription->stream = inline_broker_stream(broker, name_of(subscription));
    if (subscription->stream) {
        subscription->position = subscription->stream->log.end;
        subscription->stream->subscription_count++;
    }
}

void inline_subscription_leave(struct inline_subscription *subscription,
                               struct inline_broker *broker)
{
    struct inline_subscription **link = &broker->subscriptions;

    while (*link != subscription)
        link = &(*link)->next;
    *link = subscription->next;
    if (subscription->stream)
        subscription->stream->subscription_count--;
}

void inline_subscription_take(struct inline_subscription *subscription,
                              struct inline_answer *answer)
{
    const struct inline_stream *stream = subscription->stream;
    struct inline_segment *segment;

    if (!stream)
        return;
    inline_answer_reserve(answer, TAKE_COUNT_MAX);
    if (subscription->position < stream->log.first)
        subscription->position = stream->log.first;
    while (subscription->position < stream->log.end && answer->entry_count < TAKE_COUNT_MAX) {
        const struct inline_pick pick = {.position = subscription->position, .attempt = 1};

        if (message_log_is_readable(&stream->log, pick.position, &segment))
            inline_answer_add(answer, stream, segment, &pick);
        subscription->position++;
    }
    if (subscription->position < stream->log.end)
        inline_bell_ring(subscription->bell);
}

void inline_subscriptions_attach(struct inline_broker *broker, struct inline_stream *stream)
{
    for (struct inline_subscription *s = broker->subscriptions; s; s = s->next) {
        if (s->stream || strcmp(name_of(s), stream->name) != 0)
            continue;
        s->stream = stream;
        s->position = 0;
        stream->subscription_count++;
    }
}

void inline_subscriptions_detach(struct inline_broker *broker, const struct inline_stream *stream)
{
    for (struct inline_subscription *s = broker->subscriptions; s; s = s->next)
        if (s->stream == stream)
            s->stream = NULL;
}

void inline_subscriptions_ring(struct inline_broker *broker, const struct inline_stream *stream)
{
    for (struct inline_subscription *s = broker->subscriptions; s; s = s->next)
        if (s->stream == stream)
            inline_bell_ring(s->bell);
}

uint64_t inline_subscriptions_needed(const struct inline_broker *broker,
                                     const struct inline_stream *stream)
{
    uint64_t needed = UINT64_MAX;

    for (const struct inline_subscription *s = broker->subscriptions; s; s = s->next)
        if (s->stream == stream && s->position < needed)
            needed = s->position;
    return needed;
}
