/* producer.c: slots of prepared payloads, one call each; nothing is allocated per message. */
#include "actors/producer.h"

#include <stdlib.h>

#include "actors/producer_parts.h"
#include "base/memory.h"
#include "base/random.h"

#define PAUSE_NS_MIN 10000000u   /* 10 ms after a failed call, doubled by each further one, */
#define PAUSE_NS_MAX 1000000000u /* up to 1 s */

static bool is_open_loop(const struct producer *producer)
{
    return producer->schedule.rate > 0.0;
}

/* In open loop what counts is when a message was due: one that is late is still sent. */
static bool is_over(struct producer *producer, uint64_t now)
{
    if (producer->spec->for_ns == 0)
        return false;
    return (is_open_loop(producer) ? schedule_due_ns(&producer->schedule) : now) >=
           producer->end_ns;
}

static uint64_t left_to_send(struct producer *producer, uint64_t now)
{
    if (producer->is_stopped || is_over(producer, now))
        return 0;
    return producer->spec->count - producer->sent_count;
}

/* Take the intended times of the messages due now; how many. */
static size_t collect_due(struct producer *producer, struct slot *slot, uint64_t now,
                          uint64_t limit)
{
    size_t count = 0;

    if (!is_open_loop(producer)) {
        for (; count < limit; count++)
            slot->intended_ns[count] = now;
        return count;
    }
    while (count < limit) {
        uint64_t due = schedule_due_ns(&producer->schedule);

        if (due > now || (producer->spec->for_ns > 0 && due >= producer->end_ns))
            break;
        slot->intended_ns[count++] = due;
        schedule_advance(&producer->schedule);
    }
    return count;
}

/* Sealed in a second round: see identity_seal. */
static void fill_payloads(struct producer *producer, struct slot *slot)
{
    struct identity identity = {.run = producer->spec->run, .track = slot->route->track};
    char *payload = slot->payloads;

    for (size_t i = 0; i < slot->count; i++, payload += producer->payload_capacity) {
        identity.sequence = slot->first + i;
        identity.intended_ns = slot->intended_ns[i];
        slot->items[i].data = payload;
        slot->items[i].size = payload_write(&producer->maker, payload, &identity);
        producer->tally.bytes += slot->items[i].size;
    }
    payload = slot->payloads;
    for (size_t i = 0; i < slot->count; i++, payload += producer->payload_capacity)
        payload_seal(&producer->maker, payload, slot->items[i].size);
}

/* The stream of the next call. */
static size_t pick_route(const struct producer *producer)
{
    const struct schedule *schedule = &producer->schedule;
    uint64_t call = producer->tally.calls;

    if (producer->spec->pick == PICK_ROUND_ROBIN || producer->spec->route_count == 1)
        return (size_t)(call % producer->spec->route_count);
    return (size_t)pick_draw(
        &producer->route_pick,
        random_keyed(schedule->seed, schedule->actor, random_key("stream"), call), call);
}

static void probe_publish(const struct producer *producer, const struct slot *slot,
                          bool is_answered)
{
    struct probe_exchange exchange = {.op = PROBE_PUBLISH,
                                      .is_answered = is_answered,
                                      .count = slot->count,
                                      .track = slot->route->track,
                                      .first = slot->first};

    if (!is_answered)
        probe_count(producer->spec->probe, PROBE_SEND, slot->count);
    probe_exchange(producer->spec->probe, &exchange);
}

static void send_slot(struct producer *producer, struct slot *slot, size_t count, uint64_t now)
{
    size_t route = pick_route(producer);

    slot->route = &producer->spec->routes[route];
    slot->first = producer->sequences[route];
    slot->count = count;
    slot->sent_ns = now;
    producer->sequences[route] += count;
    producer->sent_count += count;
    producer->busy_count++;
    fill_payloads(producer, slot);
    if (producer->tally.first_ns == 0)
        producer->tally.first_ns = now;
    producer->tally.calls++;
    producer->tally.messages += count;
    meter_flow(producer->meter, METER_SENT, now, count);
    ledger_attempt(slot->route->sender, slot->first, count, now);
    slot->call.deadline_ns = now + producer->spec->timeout_ns;
    slot->call.stream = slot->route->stream;
    slot->call.items = slot->items;
    slot->call.item_count = count;
    if (producer->spec->probe)
        probe_publish(producer, slot, false);
    endpoint_start(&producer->endpoint, &slot->call);
}

static struct slot *find_free_slot(struct producer *producer)
{
    if (producer->busy_count == producer->slot_count)
        return NULL;
    for (size_t i = 0; i < producer->slot_count; i++)
        if (producer->slots[i].count == 0)
            return &producer->slots[i];
    return NULL;
}

static void finish_when_done(struct producer *producer, uint64_t now)
{
    if (producer->is_finished || producer->busy_count > 0 || left_to_send(producer, now) > 0)
        return;
    producer->is_finished = true;
    loop_timer_stop(producer->endpoint.loop, &producer->timer);
    producer->finished(producer->context);
}

/* In open loop, wake when the next message is due, or at the end of the time. */
static void sleep_until_due(struct producer *producer)
{
    uint64_t due = schedule_due_ns(&producer->schedule);

    if (producer->spec->for_ns > 0 && due > producer->end_ns)
        due = producer->end_ns;
    loop_timer_start(producer->endpoint.loop, &producer->timer, due, producer_produce, producer);
}

void producer_produce(void *context)
{
    struct producer *producer = context;
    uint64_t now = loop_now_ns(producer->endpoint.loop);
    struct slot *slot;

    producer->is_paused = false;
    if (producer->is_away)
        return;
    while (left_to_send(producer, now) > 0 && (slot = find_free_slot(producer)) != NULL) {
        uint64_t left = left_to_send(producer, now);
        size_t limit = left < producer->batch ? (size_t)left : producer->batch;
        size_t count = collect_due(producer, slot, now, limit);

        if (count == 0) {
            sleep_until_due(producer);
            return;
        }
        send_slot(producer, slot, count, now);
    }
    finish_when_done(producer, now);
}

static void record_latency(struct producer *producer, const struct slot *slot, uint64_t now)
{
    struct meter *meter = producer->meter;
    uint64_t service = now - slot->sent_ns;

    meter_turn(meter, now);
    meter_latency(meter, METER_SERVICE, slot->sent_ns, service, slot->count);
    if (!is_open_loop(producer)) {
        meter_latency(meter, METER_PUBLISH, slot->sent_ns, service, slot->count);
        return;
    }
    for (size_t i = 0; i < slot->count; i++) {
        uint64_t due = slot->intended_ns[i];

        meter_latency(meter, METER_PUBLISH, due, now - due, 1);
        meter_latency(meter, METER_LATENESS, due, slot->sent_ns - due, 1);
    }
}

static enum adapter_outcome item_outcome(const struct adapter_result *result, size_t index)
{
    if (index < result->item_count)
        return (enum adapter_outcome)result->items[index].outcome;
    return (enum adapter_outcome)result->outcome;
}

static void count_outcome(struct producer *producer, enum adapter_outcome outcome, size_t count,
                          uint64_t now)
{
    if (outcome == ADAPTER_DONE) {
        producer->tally.done += count;
        probe_count(producer->spec->probe, PROBE_ACCEPT, count);
        meter_flow(producer->meter, METER_ACCEPTED, now, count);
    } else if (outcome == ADAPTER_UNKNOWN) {
        producer->tally.unknown += count;
    } else {
        producer->tally.refused += count;
    }
}

/* Book runs of equal outcomes together. */
static void book_outcomes(struct producer *producer, const struct slot *slot,
                          const struct adapter_result *result, uint64_t now)
{
    size_t begin = 0;

    while (begin < slot->count) {
        enum adapter_outcome outcome = item_outcome(result, begin);
        size_t end = result->item_count == 0 ? slot->count : begin + 1;

        while (end < slot->count && item_outcome(result, end) == outcome)
            end++;
        ledger_publish_ended(slot->route->sender, slot->first + begin, end - begin, outcome,
                             result->attempts, now);
        count_outcome(producer, outcome, end - begin, now);
        begin = end;
    }
}

/* After a failed call wait a little, longer each time, so that an outage does not use up the count.
 */
static void pause_after_failure(struct producer *producer, uint64_t now)
{
    producer->pause_ns = producer->pause_ns == 0 ? PAUSE_NS_MIN : producer->pause_ns * 2;
    if (producer->pause_ns > PAUSE_NS_MAX)
        producer->pause_ns = PAUSE_NS_MAX;
    producer->is_paused = true;
    loop_timer_start(producer->endpoint.loop, &producer->timer, now + producer->pause_ns,
                     producer_produce, producer);
}

void producer_on_published(struct adapter_call *call, const struct adapter_result *result)
{
    struct slot *slot = (struct slot *)call;
    struct producer *producer = slot->producer;
    uint64_t now = loop_now_ns(producer->endpoint.loop);

    if (!producer->is_away)
        tally_call(&producer->tally, TALLY_PUBLISH, result->outcome);
    if (result->outcome == ADAPTER_DONE)
        record_latency(producer, slot, now);
    else if (!producer->is_away) /* then it was a fault */
        tally_error(&producer->tally, "publish", result->error, result->detail);
    if (result->flags & ADAPTER_RESULT_RECONNECTED)
        producer->tally.reconnects++;
    book_outcomes(producer, slot, result, now);
    if (producer->spec->probe)
        probe_publish(producer, slot, true);
    producer->tally.last_ns = now;
    slot->count = 0;
    slot->call.adapter = NULL;
    producer->busy_count--;
    if (producer->is_away)
        return;
    if (result->outcome == ADAPTER_DONE)
        producer->pause_ns = 0;
    else if (!producer->is_paused && left_to_send(producer, now) > 0)
        pause_after_failure(producer, now);
    if (!producer->is_paused)
        producer_produce(producer);
}

struct producer *producer_new(const struct producer_spec *spec, const struct endpoint_place *place,
                              struct meter *meter, void (*finished)(void *context), void *context,
                              struct error *reterr)
{
    struct producer *producer = memory_new(1, sizeof(*producer));

    producer->spec = spec;
    producer->place = *place;
    producer->meter = meter;
    producer->finished = finished;
    producer->context = context;
    producer->schedule = spec->schedule;
    producer->route_pick = pick_make(spec->pick, spec->route_count);
    producer->sequences = memory_new(spec->route_count, sizeof(*producer->sequences));
    payload_maker_init(&producer->maker, &spec->payload);
    producer_init_slots(producer);
    if (endpoint_open(&producer->endpoint, spec->broker, place, spec->name, NULL, reterr) < 0) {
        producer_free(producer);
        return NULL;
    }
    return producer;
}

void producer_start(struct producer *producer, uint64_t start_ns)
{
    schedule_start(&producer->schedule, start_ns);
    producer->end_ns = start_ns + producer->spec->for_ns;
    producer_produce(producer);
}

void producer_stop(struct producer *producer)
{
    uint64_t now = loop_now_ns(producer->endpoint.loop);

    producer->is_stopped = true;
    producer->is_paused = false;
    loop_timer_stop(producer->endpoint.loop, &producer->timer);
    loop_timer_stop(producer->endpoint.loop, &producer->go_timer);
    finish_when_done(producer, now);
}

void producer_free(struct producer *producer)
{
    if (!producer)
        return;
    producer->is_stopped = true;
    producer->is_finished = true;
    if (producer->endpoint.loop) {
        loop_timer_stop(producer->endpoint.loop, &producer->timer);
        loop_timer_stop(producer->endpoint.loop, &producer->go_timer);
    }
    endpoint_close(&producer->endpoint);
    producer_release_slots(producer);
    free(producer->sequences);
    payload_maker_release(&producer->maker);
    free(producer);
}

const struct tally *producer_tally(const struct producer *producer)
{
    return &producer->tally;
}
