/* settling.c: a batch is worked on, message by message or at once, and then acked or nacked. */
#include "actors/consumer_parts.h"
#include "actors/trouble_parts.h"
#include "actors/work.h"

/* --- Settling -------------------------------------------------------------------------------- */

static void free_batch(struct consumer *consumer, struct batch *batch)
{
    if (consumer->is_away) /* its messages are let go together */
        return;
    batch->count = 0;
    if (consumer->is_stopping) /* not inside an adapter's callback: closing ends the session */
        loop_timer_start(consumer->endpoint.loop, &consumer->read_timer, 0, consumer_stop_if_empty,
                         consumer);
    else if (!consumer->is_reading && !loop_timer_is_started(&consumer->read_timer))
        consumer_read_more(consumer);
}

static void count_settled(struct consumer *consumer, const struct settle *settle, size_t count,
                          uint64_t now)
{
    if (settle->settling == LEDGER_NACK) {
        consumer->tally.nacked += count;
        return;
    }
    consumer->tally.acked += count;
    meter_flow(consumer->meter, METER_SETTLED, now, count);
    probe_count(consumer->spec->probe, PROBE_SETTLE, count);
}

static void book_settle(struct consumer *consumer, const struct settle *settle,
                        const struct adapter_result *result, uint64_t now)
{
    const struct ledger_delivery *deliveries = settle->batch->deliveries + settle->first;

    if (result->item_count != settle->count) {
        bool accepted = result->outcome == ADAPTER_DONE && result->number != 0;

        ledger_settle(consumer->receiver, settle->settling, deliveries, settle->count,
                      (enum adapter_outcome)result->outcome, accepted, settle->invoked_ns, now);
        count_settled(consumer, settle, accepted ? settle->count : 0, now);
        return;
    }
    for (size_t begin = 0, end; begin < settle->count; begin = end) {
        const struct adapter_item *item = &result->items[begin];
        bool accepted = item->outcome == ADAPTER_DONE && item->number != 0;

        end = begin + 1;
        while (end < settle->count && result->items[end].outcome == item->outcome &&
               result->items[end].number == item->number)
            end++;
        ledger_settle(consumer->receiver, settle->settling, deliveries + begin, end - begin,
                      (enum adapter_outcome)item->outcome, accepted, settle->invoked_ns, now);
        count_settled(consumer, settle, accepted ? end - begin : 0, now);
    }
}

static void probe_settle(const struct consumer *consumer, const struct settle *settle,
                         bool is_answered)
{
    struct probe_exchange exchange = {.op = settle->settling == LEDGER_ACK ? PROBE_ACK : PROBE_NACK,
                                      .is_answered = is_answered,
                                      .deliveries = settle->batch->deliveries + settle->first,
                                      .count = settle->count};

    probe_exchange(consumer->spec->probe, &exchange);
}

void consumer_on_settled(struct adapter_call *call, const struct adapter_result *result)
{
    struct settle *settle = (struct settle *)call;
    struct batch *batch = settle->batch;
    struct consumer *consumer = batch->owner;
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    if (!consumer->is_away)
        tally_call(&consumer->tally, settle->settling == LEDGER_ACK ? TALLY_ACK : TALLY_NACK,
                   result->outcome);
    if (result->outcome != ADAPTER_DONE && !consumer->is_away)
        tally_error(&consumer->tally, settle->settling == LEDGER_ACK ? "ack" : "nack",
                    result->error, result->detail);
    book_settle(consumer, settle, result, now);
    if (result->outcome == ADAPTER_REFUSED) /* nobody has them in hand any more */
        ledger_excuse(consumer->receiver,
                      result->error == ADAPTER_ERROR_CONNECTION ? LEDGER_CONNECTION : LEDGER_EXPIRY,
                      batch->deliveries + settle->first, settle->count, now);
    consumer_note_reconnect(consumer, result, now);
    probe_settle(consumer, settle, true);
    if (consumer->troubles)
        trouble_on_settled(consumer, settle, result->outcome == ADAPTER_DONE);
    if (--batch->settling_count == 0 && batch->worked == batch->count)
        free_batch(consumer, batch);
}

static void start_settle(struct consumer *consumer, struct batch *batch,
                         enum ledger_settling settling, size_t first, size_t count)
{
    struct settle *settle;

    if (count == 0 ||
        (consumer->troubles && !trouble_allows_settle(consumer, batch, settling, first, count)))
        return;
    settle = batch_settle(batch, settling, first, count);
    settle->invoked_ns = loop_now_ns(consumer->endpoint.loop);
    if (settling == LEDGER_NACK)
        ledger_excuse(consumer->receiver, LEDGER_NACKING, batch->deliveries + first, count,
                      settle->invoked_ns);
    settle->call.stream = consumer->spec->stream;
    settle->call.group = consumer->spec->group;
    settle->call.deadline_ns = settle->invoked_ns + consumer->spec->timeout_ns;
    probe_settle(consumer, settle, false);
    endpoint_start(consumer->settling, &settle->call);
    if (consumer->troubles)
        trouble_on_sent(consumer, settling, count);
}

static bool settles(const struct consumer *consumer)
{
    return consumer->spec->ack != CONSUMER_ACK_NONE &&
           endpoint_declares(&consumer->endpoint, ADAPTER_ACK_NACK);
}

static void settle_batch(struct consumer *consumer, struct batch *batch)
{
    size_t acked = batch_part(batch, consumer->working);

    start_settle(consumer, batch, LEDGER_ACK, 0, acked);
    start_settle(consumer, batch, LEDGER_NACK, acked, batch->count - acked);
}

static void settle_one(struct consumer *consumer, struct batch *batch, size_t index)
{
    bool nacked = work_is_rejected(consumer->working, &batch->deliveries[index]);

    start_settle(consumer, batch, nacked ? LEDGER_NACK : LEDGER_ACK, index, 1);
}

/* --- Working --------------------------------------------------------------------------------- */

static void finish_batch(struct consumer *consumer, struct batch *batch)
{
    consumer->queue_first = batch->next;
    if (!consumer->queue_first)
        consumer->queue_last = NULL;
    batch->next = NULL;
    batch->worked = batch->count;
    if (settles(consumer) && consumer->spec->ack == CONSUMER_ACK_BATCH)
        settle_batch(consumer, batch);
    if (batch->settling_count == 0 && !consumer->is_falling)
        free_batch(consumer, batch);
}

static bool is_idle(const struct consumer *consumer)
{
    return consumer->is_falling || consumer->is_away ||
           (consumer->troubles && trouble_find(consumer, TROUBLE_HANG));
}

static void on_worked(void *context)
{
    struct consumer *consumer = context;
    struct batch *batch = consumer->queue_first;
    size_t index = batch->worked;

    consumer->is_working = false;
    if (is_idle(consumer)) /* what it was at is begun anew when it goes on */
        return;
    batch->worked++;
    if (settles(consumer) && consumer->spec->ack == CONSUMER_ACK_EACH)
        settle_one(consumer, batch, index);
    if (batch->worked == batch->count)
        finish_batch(consumer, batch);
    consumer_work_on(consumer);
}

static bool has_work(const struct consumer *consumer)
{
    return consumer->working->work != CONSUMER_WORK_FIXED || consumer->working->work_ns > 0;
}

static void work_at_once(struct consumer *consumer)
{
    struct batch *batch = consumer->queue_first;

    if (settles(consumer) && consumer->spec->ack == CONSUMER_ACK_EACH)
        for (size_t i = 0; i < batch->count; i++)
            settle_one(consumer, batch, i);
    finish_batch(consumer, batch);
}

/* Work on the first batch of the queue: message by message on the clock, or all at once. */
void consumer_work_on(struct consumer *consumer)
{
    struct batch *batch;

    while (!consumer->is_working && !is_idle(consumer) && (batch = consumer->queue_first) != NULL) {
        if (!has_work(consumer)) {
            work_at_once(consumer);
            continue;
        }
        consumer->is_working = true;
        loop_timer_start(consumer->endpoint.loop, &consumer->work_timer,
                         loop_now_ns(consumer->endpoint.loop) +
                             work_draw_ns(consumer->working, &batch->deliveries[batch->worked]),
                         on_worked, consumer);
    }
}
