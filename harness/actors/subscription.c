/* subscription.c: on a broker without groups a consumer is handed what is published while it is
   subscribed, and nothing else. */
#include "actors/trouble_parts.h"

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct consumer *consumer = call->context;
    struct batch *batch = &consumer->batches[0];
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    consumer_count_empty(consumer, false);
    for (size_t begin = 0, size; begin < count; begin += size) {
        size = count - begin < batch->capacity ? count - begin : batch->capacity;
        for (size_t i = 0; i < size; i++)
            consumer->tally.bytes += entries[begin + i].payload.size;
        ledger_receive(consumer->receiver, consumer->spec->stream_index, entries + begin, size, now,
                       batch->deliveries);
        consumer_record(consumer, batch->deliveries, size, now);
    }
}

static void on_subscription_ended(struct adapter_call *call, const struct adapter_result *result)
{
    struct consumer *consumer = call->context;
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    consumer->is_reading = false;
    if (consumer->is_stopping || consumer->is_away)
        return;
    tally_error(&consumer->tally, "subscribe", result->error, result->detail);
    consumer->tally.reconnects++;
    ledger_read_unknown(consumer->receiver, consumer->spec->stream_index, 0, now);
    consumer->wait_ns =
        consumer->wait_ns < CONSUMER_PAUSE_NS_MIN ? CONSUMER_PAUSE_NS_MIN : consumer->wait_ns * 2;
    loop_timer_start(consumer->endpoint.loop, &consumer->read_timer,
                     now + (consumer->wait_ns < CONSUMER_PAUSE_NS_MAX ? consumer->wait_ns
                                                                      : CONSUMER_PAUSE_NS_MAX),
                     consumer_subscribe, consumer);
}

static void on_subscribed(struct adapter_call *call, const struct adapter_result *result)
{
    struct consumer *consumer = call->context;

    if (result->outcome == ADAPTER_DONE && result->number != 0 && !consumer->is_away) {
        consumer->wait_ns = 0;
        ledger_epoch(consumer->receiver); /* what was missed meanwhile has a cause */
        consumer_become_ready(consumer);
        if (consumer->fallen)
            trouble_risen(consumer);
    }
}

/* A ping behind the subscription is answered when the subscription stands. */
void consumer_subscribe(void *context)
{
    struct consumer *consumer = context;
    uint64_t deadline = loop_now_ns(consumer->endpoint.loop) + consumer->spec->timeout_ns;

    if (consumer->is_stopping)
        return;
    consumer->is_reading = true;
    consumer->tally.calls++;
    consumer->call = (struct adapter_call){.struct_size = sizeof(consumer->call),
                                           .operation = ADAPTER_OP_SUBSCRIBE,
                                           .stream = consumer->spec->stream,
                                           .deliver = on_deliver,
                                           .done = on_subscription_ended,
                                           .context = consumer};
    endpoint_start(&consumer->endpoint, &consumer->call);
    consumer->ping_call = (struct adapter_call){.struct_size = sizeof(consumer->ping_call),
                                                .operation = ADAPTER_OP_PING,
                                                .deadline_ns = deadline,
                                                .done = on_subscribed,
                                                .context = consumer};
    endpoint_start(&consumer->endpoint, &consumer->ping_call);
}
