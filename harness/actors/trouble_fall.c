/* trouble_fall.c: a consumer's session ends with messages in its hands, and a fresh one is opened
   later: what a crash of its process, or a deployment in a hurry, looks like from the broker. */
#include "actors/trouble_parts.h"

/* What it held, and had not settled, may come again. */
static void let_go(struct consumer *consumer, enum ledger_cause cause, uint64_t now)
{
    for (size_t i = 0; i < consumer->batch_count; i++) {
        struct batch *batch = &consumer->batches[i];

        if (batch->count > 0)
            ledger_excuse(consumer->receiver, cause, batch->deliveries, batch->count, now);
        batch->count = 0;
        batch->next = NULL;
        batch->settling_count = 0;
    }
    /* Also when its hands were empty: it is away from now on. */
    ledger_excuse(consumer->receiver, cause, NULL, 0, now);
    consumer->queue_first = consumer->queue_last = NULL;
}

static uint64_t count_held(const struct consumer *consumer)
{
    uint64_t held = 0;

    for (size_t i = 0; i < consumer->batch_count; i++)
        held += consumer->batches[i].count;
    return held;
}

static void return_now(void *context)
{
    trouble_rise(context);
}

void trouble_fall(void *context)
{
    struct consumer *consumer = context;
    struct trouble *trouble = consumer->fallen;
    struct loop *loop = consumer->endpoint.loop;
    uint64_t now = loop_now_ns(loop), held = count_held(consumer);

    if (consumer->is_stopping || consumer->is_away)
        return;
    atomic_store_explicit(&consumer->is_absent, true, memory_order_relaxed);
    consumer->is_away = true;
    consumer->is_falling = consumer->is_reading = consumer->is_working = false;
    loop_timer_stop(loop, &consumer->read_timer);
    loop_timer_stop(loop, &consumer->work_timer);
    if (trouble->kind == TROUBLE_CRASH) {
        endpoint_abandon(&consumer->endpoint);
        endpoint_abandon(&consumer->second);
    } else {
        endpoint_close(&consumer->endpoint);
        endpoint_close(&consumer->second);
    }
    let_go(consumer, trouble->kind == TROUBLE_CRASH ? LEDGER_CRASH : LEDGER_CLOSE, now);
    trouble_tell(trouble, held, now);
    if (trouble->returns)
        loop_timer_start(loop, &consumer->go_timer, now + trouble->delay_ns, return_now, consumer);
}

/* The bytes of a call leave at the end of the turn that started it. */
static void fall_next_turn(void *context)
{
    struct consumer *consumer = context;

    loop_timer_start(consumer->endpoint.loop, &consumer->go_timer, 0, trouble_fall, consumer);
}

/* One it has come back from, and is not yet reading again after, is over with the next one. */
static void end_last(struct consumer *consumer, const struct trouble *trouble)
{
    const struct trouble *last = consumer->fallen;

    if (last && last != trouble && last->healed)
        last->healed(last->context, loop_now_ns(consumer->endpoint.loop));
}

void trouble_fall_soon(struct consumer *consumer, struct trouble *trouble)
{
    if (consumer->is_falling || consumer->is_away)
        return;
    end_last(consumer, trouble);
    consumer->is_falling = true;
    consumer->fallen = trouble;
    loop_timer_start(consumer->endpoint.loop, &consumer->go_timer, 0,
                     trouble->moment == TROUBLE_DURING_ACK ? fall_next_turn : trouble_fall,
                     consumer);
}

/* The troubles of a process end with it. */
static void forget_troubles(struct consumer *consumer, uint64_t now)
{
    struct trouble *fallen = consumer->fallen, *next;

    for (struct trouble *trouble = consumer->troubles; trouble; trouble = next) {
        next = trouble->next;
        if (trouble != fallen && trouble->healed)
            trouble->healed(trouble->context, now);
    }
    consumer->troubles = NULL;
    consumer->working = consumer->spec;
}

void trouble_rise(struct consumer *consumer)
{
    struct loop *loop = consumer->endpoint.loop;
    uint64_t now = loop_now_ns(loop);
    struct error error = {0};

    loop_timer_stop(loop, &consumer->go_timer);
    if (consumer->is_stopping)
        return;
    forget_troubles(consumer, now);
    if (consumer_open_session(consumer, consumer->fallen->renames, &error) < 0) {
        tally_error(&consumer->tally, "open", ADAPTER_ERROR_OTHER, error.message);
        loop_timer_start(loop, &consumer->go_timer, now + CONSUMER_PAUSE_NS_MAX, return_now,
                         consumer);
        return;
    }
    consumer->is_away = false;
    consumer->wait_ns = 0;
    ledger_epoch(consumer->receiver);
    consumer_start(consumer);
}

void trouble_risen(struct consumer *consumer)
{
    const struct trouble *fallen = consumer->fallen;

    if (!fallen || consumer->is_away || consumer->is_falling)
        return;
    consumer->fallen = NULL;
    atomic_store_explicit(&consumer->is_absent, false, memory_order_relaxed);
    if (fallen->healed)
        fallen->healed(fallen->context, loop_now_ns(consumer->endpoint.loop));
}
