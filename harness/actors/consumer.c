/* consumer.c: ensure the group, then read; one read under way, a few batches in hand. */
#include "actors/consumer.h"

#include <stdlib.h>

#include "actors/consumer_parts.h"
#include "actors/letter.h"
#include "actors/trouble_parts.h"
#include "actors/work.h"
#include "base/memory.h"

#define BLOCK_MS    1000      /* one blocking read waits so long */
#define POLL_NS_MIN 500000u   /* after an empty plain read, doubled by each further one, */
#define POLL_NS_MAX 20000000u /* up to 20 ms */

/* --- Stopping -------------------------------------------------------------------------------- */

static bool holds_messages(const struct consumer *consumer)
{
    if (consumer->letter_count > 0)
        return true;
    for (size_t i = 0; i < consumer->batch_count; i++)
        if (consumer->batches[i].count > 0)
            return true;
    return false;
}

void consumer_stop_if_empty(void *context)
{
    struct consumer *consumer = context;

    if (!consumer->is_stopping || consumer->is_stopped || holds_messages(consumer))
        return;
    consumer->is_stopped = true;
    loop_timer_stop(consumer->endpoint.loop, &consumer->read_timer);
    endpoint_close(&consumer->endpoint);
    endpoint_close(&consumer->second);
    if (!consumer->is_freed && consumer->events.stopped)
        consumer->events.stopped(consumer->events.context);
}

/* --- Reading --------------------------------------------------------------------------------- */

/* How many from the first on arrived alike and were due together: those of one call. */
static size_t count_alike(const struct ledger_delivery *deliveries, size_t count)
{
    size_t alike = 1;

    while (alike < count && deliveries[alike].intended_ns == deliveries->intended_ns &&
           deliveries[alike].arrival == deliveries->arrival)
        alike++;
    return alike;
}

void consumer_record(struct consumer *consumer, const struct ledger_delivery *deliveries,
                     size_t count, uint64_t now)
{
    struct meter *meter = consumer->meter;
    size_t alike;

    meter_turn(meter, now);
    for (size_t i = 0; i < count; i += alike) {
        const struct ledger_delivery *delivery = &deliveries[i];
        uint64_t latency_ns = now - delivery->intended_ns;

        alike = count_alike(delivery, count - i);
        if (delivery->arrival == LEDGER_FIRST)
            meter_latency(meter, METER_DELIVER, delivery->intended_ns, latency_ns, alike);
        else if (delivery->arrival == LEDGER_AGAIN)
            meter_latency(meter, METER_REDELIVER, delivery->intended_ns, latency_ns, alike);
    }
    if (consumer->tally.first_ns == 0)
        consumer->tally.first_ns = now;
    consumer->tally.last_ns = now;
    consumer->tally.messages += count;
    meter_flow(meter, METER_DELIVERED, now, count);
}

void consumer_note_reconnect(struct consumer *consumer, const struct adapter_result *result,
                             uint64_t now)
{
    if (!(result->flags & ADAPTER_RESULT_RECONNECTED))
        return;
    consumer->tally.reconnects++;
    ledger_epoch(consumer->receiver);
    for (size_t i = 0; i < consumer->batch_count; i++)
        if (consumer->batches[i].count > 0)
            ledger_excuse(consumer->receiver, LEDGER_CONNECTION, consumer->batches[i].deliveries,
                          consumer->batches[i].count, now);
}

void consumer_become_ready(struct consumer *consumer)
{
    if (!consumer->is_ready) {
        consumer->is_ready = true;
        consumer->events.ready(consumer->events.context);
    }
}

static struct batch *find_free_batch(struct consumer *consumer)
{
    for (size_t i = 0; i < consumer->batch_count; i++)
        if (consumer->batches[i].count == 0)
            return &consumer->batches[i];
    return NULL;
}

/* Where the adapter knows how often a message was delivered, that is the better count. */
static void note_attempts(struct batch *batch, const struct adapter_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].attempt > batch->deliveries[i].count)
            batch->deliveries[i].count =
                entries[i].attempt < UINT8_MAX ? (uint8_t)entries[i].attempt : UINT8_MAX;
}

/* Messages that have failed too often go to the dead letter queue, not to work. */
static void bury_letters(struct consumer *consumer, struct batch *batch,
                         const struct adapter_entry *entries)
{
    size_t kept = 0;

    if (!work_rejects(consumer->working) || consumer->spec->ack == CONSUMER_ACK_NONE)
        return;
    for (size_t i = 0; i < batch->count; i++) {
        if (letter_is_due(consumer, &batch->deliveries[i])) {
            letter_send(consumer, &batch->deliveries[i], &entries[i]);
            continue;
        }
        batch->deliveries[kept] = batch->deliveries[i];
        batch->ids[kept++] = batch->ids[i];
    }
    batch->count = kept;
}

static void probe_read(const struct consumer *consumer, const struct batch *batch,
                       const struct adapter_result *result)
{
    struct probe_exchange exchange = {.op = PROBE_READ,
                                      .is_answered = true,
                                      .deliveries = batch->deliveries,
                                      .count = batch->count};

    probe_count(consumer->spec->probe, PROBE_RECEIVE, batch->count);
    probe_exchange(consumer->spec->probe, &exchange);
    exchange.op = PROBE_RECLAIM;
    if (result->entries[0].flags & ADAPTER_ENTRY_RECLAIMED)
        probe_exchange(consumer->spec->probe, &exchange);
}

static void take_entries(struct consumer *consumer, const struct adapter_result *result,
                         uint64_t now)
{
    struct batch *batch = consumer->target;
    size_t count = result->entry_count;

    batch_reserve(batch, count); /* a broker may give more than it was asked for */
    for (size_t i = 0; i < count; i++)
        consumer->tally.bytes += result->entries[i].payload.size;
    if (count > 0 && result->entries[0].flags & ADAPTER_ENTRY_RECLAIMED)
        ledger_epoch(consumer->receiver);
    ledger_receive(consumer->receiver, consumer->spec->stream_index, result->entries, count, now,
                   batch->deliveries);
    note_attempts(batch, result->entries, count);
    batch_keep_ids(batch, result->entries, count);
    consumer_record(consumer, batch->deliveries, count, now);
    if (consumer->spec->probe)
        probe_read(consumer, batch, result);
    bury_letters(consumer, batch, result->entries);
    if (batch->count == 0)
        return;
    if (consumer->queue_last)
        consumer->queue_last->next = batch;
    else
        consumer->queue_first = batch;
    consumer->queue_last = batch;
}

static void wait_and_read(struct consumer *consumer, uint64_t now, uint64_t minimum,
                          uint64_t maximum)
{
    consumer->wait_ns = consumer->wait_ns < minimum ? minimum : consumer->wait_ns * 2;
    if (consumer->wait_ns > maximum)
        consumer->wait_ns = maximum;
    loop_timer_start(consumer->endpoint.loop, &consumer->read_timer, now + consumer->wait_ns,
                     consumer_read_more, consumer);
}

void consumer_count_empty(struct consumer *consumer, bool is_empty)
{
    uint64_t reads = atomic_load_explicit(&consumer->empty_reads, memory_order_relaxed);

    atomic_store_explicit(&consumer->empty_reads, is_empty ? reads + 1 : 0, memory_order_relaxed);
}

static void on_read_failed(struct consumer *consumer, const struct adapter_result *result,
                           uint64_t now)
{
    if (consumer->is_stopping) /* it was us who ended it */
        return;
    consumer_count_empty(consumer, false);
    if (!consumer->is_away) /* it was a fault */
        tally_error(&consumer->tally, "read", result->error, result->detail);
    if (result->outcome == ADAPTER_UNKNOWN) {
        consumer->tally.unknown++;
        ledger_read_unknown(consumer->receiver, consumer->spec->stream_index, consumer->spec->batch,
                            now);
    } else if (!consumer->is_away) {
        consumer->tally.refused++;
    }
    if (!consumer->is_away)
        wait_and_read(consumer, now, CONSUMER_PAUSE_NS_MIN, CONSUMER_PAUSE_NS_MAX);
}

static void on_read(struct adapter_call *call, const struct adapter_result *result)
{
    struct consumer *consumer = call->context;
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    consumer->is_reading = false;
    if (!consumer->is_away && !consumer->is_stopping) /* then it was us who ended it */
        tally_call(&consumer->tally, TALLY_READ, result->outcome);
    consumer_note_reconnect(consumer, result, now);
    if (result->outcome == ADAPTER_DONE && result->entry_count > 0) {
        consumer->tally.done++;
        consumer->wait_ns = 0;
        consumer_count_empty(consumer, false);
        take_entries(consumer, result, now);
        /* Settling first: a broker that has less pending answers the next read sooner. */
        consumer_work_on(consumer);
        consumer_read_more(consumer);
    } else if (result->outcome == ADAPTER_DONE || result->outcome == ADAPTER_EMPTY) {
        consumer->tally.empty++;
        consumer_count_empty(consumer, true);
        if (call->operation == ADAPTER_OP_READ_BLOCKING)
            consumer_read_more(consumer);
        else if (!consumer->is_stopping)
            wait_and_read(consumer, now, POLL_NS_MIN, POLL_NS_MAX);
    } else {
        on_read_failed(consumer, result, now);
    }
}

void consumer_read_more(void *context)
{
    struct consumer *consumer = context;
    struct adapter_call *call = &consumer->call;
    bool blocks = endpoint_declares(&consumer->endpoint, ADAPTER_BLOCKING_READ);
    uint64_t now;

    if (consumer->is_stopping || consumer->is_reading || consumer->is_falling ||
        consumer->is_away || (consumer->troubles && trouble_find(consumer, TROUBLE_HANG)))
        return;
    consumer->target = find_free_batch(consumer);
    if (!consumer->target)
        return;
    now = loop_now_ns(consumer->endpoint.loop);
    *call = (struct adapter_call){.struct_size = sizeof(*call),
                                  .operation = blocks ? ADAPTER_OP_READ_BLOCKING : ADAPTER_OP_READ,
                                  .stream = consumer->spec->stream,
                                  .group = consumer->spec->group,
                                  .count = (int64_t)consumer->spec->batch,
                                  .duration_ms = blocks ? BLOCK_MS : 0,
                                  .done = on_read,
                                  .context = consumer};
    call->deadline_ns = now + consumer->spec->timeout_ns + (blocks ? BLOCK_MS * 1000000ull : 0);
    consumer->is_reading = true;
    consumer->tally.calls++;
    ledger_read_started(consumer->receiver, now);
    if (consumer->spec->probe)
        probe_exchange(consumer->spec->probe, &(struct probe_exchange){.op = PROBE_READ});
    endpoint_start(&consumer->endpoint, call);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void ensure_group(void *context);

static void on_group_ensured(struct adapter_call *call, const struct adapter_result *result)
{
    struct consumer *consumer = call->context;

    consumer->is_reading = false;
    if (consumer->is_stopping || consumer->is_away)
        return;
    if (result->outcome != ADAPTER_DONE) {
        tally_error(&consumer->tally, "ensure_group", result->error, result->detail);
        loop_timer_start(consumer->endpoint.loop, &consumer->read_timer,
                         loop_now_ns(consumer->endpoint.loop) + CONSUMER_PAUSE_NS_MIN, ensure_group,
                         consumer);
        return;
    }
    consumer_become_ready(consumer);
    if (consumer->fallen)
        trouble_risen(consumer);
    consumer_read_more(consumer);
}

static void ensure_group(void *context)
{
    struct consumer *consumer = context;

    if (consumer->is_stopping)
        return;
    consumer->is_reading = true;
    consumer->call = (struct adapter_call){.struct_size = sizeof(consumer->call),
                                           .operation = ADAPTER_OP_ENSURE_GROUP,
                                           .stream = consumer->spec->stream,
                                           .group = consumer->spec->group,
                                           .deadline_ns = loop_now_ns(consumer->endpoint.loop) +
                                                          consumer->spec->timeout_ns,
                                           .done = on_group_ensured,
                                           .context = consumer};
    endpoint_start(&consumer->endpoint, &consumer->call);
}

/* A session whose reads block is busy while it reads: settling then needs one of its own. */
static bool needs_second(const struct consumer *consumer)
{
    const uint32_t waits = ADAPTER_TRAIT_BLOCKS | ADAPTER_TRAIT_WAITS;
    const uint32_t both = ADAPTER_CONSUMER_GROUPS | ADAPTER_BLOCKING_READ | ADAPTER_ACK_NACK;
    uint32_t traits = consumer->spec->broker->adapter->traits;

    return traits & waits && !(traits & ADAPTER_TRAIT_REENTRANT) &&
           consumer->spec->ack != CONSUMER_ACK_NONE && endpoint_declares(&consumer->endpoint, both);
}

static int open_endpoints(struct consumer *consumer, const char *name, struct error *reterr)
{
    const struct consumer_spec *spec = consumer->spec;

    consumer->settling = &consumer->endpoint;
    if (endpoint_open(&consumer->endpoint, spec->broker, &consumer->place, spec->name, name,
                      reterr) < 0)
        return -1;
    if (!needs_second(consumer))
        return 0;
    consumer->settling = &consumer->second;
    if (endpoint_open(&consumer->second, spec->broker, &consumer->place, spec->name, name,
                      reterr) == 0)
        return 0;
    endpoint_close(&consumer->endpoint);
    return -1;
}

int consumer_open_session(struct consumer *consumer, bool renamed, struct error *reterr)
{
    const char *name = consumer->spec->consumer;

    if (renamed && name) {
        free(consumer->new_name);
        consumer->new_name =
            memory_format("%s-%llu", name, (unsigned long long)++consumer->return_count);
    }
    return open_endpoints(consumer, consumer->new_name ? consumer->new_name : name, reterr);
}

struct consumer *consumer_new(const struct consumer_spec *spec, const struct endpoint_place *place,
                              struct ledger *ledger, struct meter *meter,
                              const struct consumer_events *events, struct error *reterr)
{
    struct consumer *consumer = memory_new(1, sizeof(*consumer));
    uint64_t prefetch = spec->prefetch > 0 ? spec->prefetch : 2 * spec->batch;

    consumer->spec = consumer->working = spec;
    consumer->place = *place;
    consumer->ledger = ledger;
    consumer->meter = meter;
    consumer->events = *events;
    consumer->batch_count = prefetch > spec->batch ? (size_t)(prefetch / spec->batch) : 1;
    consumer->batches = memory_new(consumer->batch_count, sizeof(*consumer->batches));
    for (size_t i = 0; i < consumer->batch_count; i++) {
        batch_init(&consumer->batches[i], consumer, consumer_on_settled);
        batch_reserve(&consumer->batches[i], (size_t)spec->batch);
    }
    consumer->receiver = ledger_receiver_new(ledger, spec->group_index, spec->name);
    if (consumer_open_session(consumer, false, reterr) < 0) {
        consumer_free(consumer);
        return NULL;
    }
    return consumer;
}

void consumer_start(struct consumer *consumer)
{
    if (endpoint_declares(&consumer->endpoint, ADAPTER_CONSUMER_GROUPS))
        ensure_group(consumer);
    else
        consumer_subscribe(consumer);
}

void consumer_stop(struct consumer *consumer)
{
    if (consumer->is_stopping)
        return;
    if (consumer->is_falling)
        trouble_fall(consumer);
    consumer->is_stopping = true;
    consumer->troubles = NULL;
    consumer->working = consumer->spec;
    loop_timer_stop(consumer->endpoint.loop, &consumer->read_timer);
    loop_timer_stop(consumer->endpoint.loop, &consumer->go_timer);
    consumer_work_on(consumer); /* what a hang had left lying */
    consumer_stop_if_empty(consumer);
}

void consumer_free(struct consumer *consumer)
{
    if (!consumer)
        return;
    consumer->is_stopping = consumer->is_stopped = consumer->is_freed = true;
    if (consumer->endpoint.loop) {
        loop_timer_stop(consumer->endpoint.loop, &consumer->work_timer);
        loop_timer_stop(consumer->endpoint.loop, &consumer->go_timer);
        endpoint_close(&consumer->endpoint);
        endpoint_close(&consumer->second);
        trouble_drop_extras(consumer);
        loop_timer_stop(consumer->endpoint.loop, &consumer->read_timer);
    }
    free(consumer->new_name);
    for (size_t i = 0; i < consumer->batch_count; i++)
        batch_release(&consumer->batches[i]);
    free(consumer->batches);
    free(consumer);
}

const struct tally *consumer_tally(const struct consumer *consumer)
{
    return &consumer->tally;
}

bool consumer_is_absent(const struct consumer *consumer)
{
    return atomic_load_explicit(&consumer->is_absent, memory_order_relaxed);
}

uint64_t consumer_empty_reads(const struct consumer *consumer)
{
    return atomic_load_explicit(&consumer->empty_reads, memory_order_relaxed);
}
