/* cast.c: making, starting and stopping actors on their workers. */
#include "run/cast.h"

#include "run/plan.h"

/* --- Events, on the actors' own threads ------------------------------------------------------ */

static void on_ready(void *context)
{
    struct cast_consumer *entry = context;

    atomic_fetch_add(&entry->cast->ready_count, 1);
}

static void on_stopped(void *context)
{
    struct cast_consumer *entry = context;

    atomic_fetch_add(&entry->cast->stopped_count, 1);
}

static void on_finished(void *context)
{
    struct cast_producer *entry = context;

    atomic_fetch_add(&entry->cast->finished_count, 1);
}

/* --- Making ---------------------------------------------------------------------------------- */

static int check_consumer(const struct cast_consumer *entry, struct error *reterr)
{
    const struct endpoint_broker *broker = entry->spec.broker;

    if (!(broker->declared & ADAPTER_SUBSCRIBE)) {
        error_set(
            reterr, ERROR_SCENARIO,
            "consumer %s: broker %s (%s) does not declare SUBSCRIBE: nothing can be read from "
            "it",
            entry->scenario->name, broker->name, broker->adapter->name);
        reterr->place = entry->scenario->place;
        return -1;
    }
    if (entry->scenario->start == SCENARIO_START_AFTER &&
        !(broker->declared & ADAPTER_CONSUMER_GROUPS)) {
        error_set(reterr, ERROR_SCENARIO,
                  "consumer %s starts after a backlog, and broker %s (%s) has no consumer groups: "
                  "it would never see what was sent before",
                  entry->scenario->name, broker->name, broker->adapter->name);
        reterr->place = entry->scenario->place;
        return -1;
    }
    if (entry->scenario->nack <= 0.0 || broker->declared & ADAPTER_ACK_NACK)
        return 0;
    error_set(reterr, ERROR_SCENARIO,
              "consumer %s asks for nacks, and broker %s (%s) does not declare ACK_NACK: remove "
              "'nack', or choose an adapter that does",
              entry->scenario->name, broker->name, broker->adapter->name);
    reterr->place = entry->scenario->place;
    return -1;
}

static int open_producers(struct cast *cast, struct error *reterr)
{
    for (size_t i = 0; i < cast->producer_count; i++) {
        struct cast_producer *entry = &cast->producers[i];

        entry->producer = producer_new(&entry->spec, &entry->worker->place, &entry->worker->meter,
                                       on_finished, entry, reterr);
        if (!entry->producer)
            return -1;
    }
    return 0;
}

static int open_consumers(struct cast *cast, struct error *reterr)
{
    for (size_t i = 0; i < cast->consumer_count; i++) {
        struct cast_consumer *entry = &cast->consumers[i];
        struct consumer_events events = {
            .ready = on_ready, .stopped = on_stopped, .context = entry};

        if (check_consumer(entry, reterr) < 0)
            return -1;
        entry->consumer = consumer_new(&entry->spec, &entry->worker->place, cast->ledger,
                                       &entry->worker->meter, &events, reterr);
        if (!entry->consumer)
            return -1;
    }
    return 0;
}

int cast_open(struct cast *cast, bool is_verified, struct error *reterr)
{
    plan_producers(cast);
    plan_ledger(cast, is_verified);
    plan_producer_specs(cast);
    plan_consumers(cast);
    if (open_consumers(cast, reterr) < 0)
        return -1;
    return open_producers(cast, reterr);
}

/* --- Starting and stopping, posted to the actors' threads
 * ------------------------------------------ */

static void start_consumer(void *context)
{
    struct cast_consumer *entry = context;

    consumer_start(entry->consumer);
}

static void schedule_consumer(void *context)
{
    struct cast_consumer *entry = context;
    uint64_t gap =
        entry->scenario->start == SCENARIO_START_ORDERED ? entry->scenario->start_gap_ns : 0;

    if (gap == 0) {
        start_consumer(entry);
        return;
    }
    loop_timer_start(entry->worker->place.loop, &entry->start_timer,
                     loop_now_ns(entry->worker->place.loop) + gap * entry->member, start_consumer,
                     entry);
}

static void start_producer(void *context)
{
    struct cast_producer *entry = context;

    producer_start(entry->producer, entry->cast->start_ns);
}

static void stop_producer(void *context)
{
    struct cast_producer *entry = context;

    producer_stop(entry->producer);
}

static void stop_consumer(void *context)
{
    struct cast_consumer *entry = context;

    loop_timer_stop(entry->worker->place.loop, &entry->start_timer);
    consumer_stop(entry->consumer);
}

static void tell_to_start(struct cast *cast, struct cast_consumer *entry)
{
    entry->is_started = true;
    cast->started_count++;
    loop_post(entry->worker->place.loop, schedule_consumer, entry);
}

void cast_start_consumers(struct cast *cast)
{
    for (size_t i = 0; i < cast->consumer_count; i++)
        if (cast->consumers[i].scenario->start != SCENARIO_START_AFTER)
            tell_to_start(cast, &cast->consumers[i]);
}

void cast_start_waiting(struct cast *cast, uint64_t accepted)
{
    for (size_t i = 0; cast->started_count < cast->consumer_count && i < cast->consumer_count; i++)
        if (!cast->consumers[i].is_started && cast->consumers[i].scenario->start_after <= accepted)
            tell_to_start(cast, &cast->consumers[i]);
}

void cast_start_producers(struct cast *cast)
{
    for (size_t i = 0; i < cast->producer_count; i++)
        loop_post(cast->producers[i].worker->place.loop, start_producer, &cast->producers[i]);
}

void cast_stop_producers(struct cast *cast)
{
    for (size_t i = 0; i < cast->producer_count; i++)
        loop_post(cast->producers[i].worker->place.loop, stop_producer, &cast->producers[i]);
}

void cast_stop_consumers(struct cast *cast)
{
    for (size_t i = 0; i < cast->consumer_count; i++)
        loop_post(cast->consumers[i].worker->place.loop, stop_consumer, &cast->consumers[i]);
}

void cast_close(struct cast *cast)
{
    for (size_t i = 0; i < cast->consumer_count; i++)
        consumer_free(cast->consumers[i].consumer);
    for (size_t i = 0; i < cast->producer_count; i++)
        producer_free(cast->producers[i].producer);
    plan_release(cast);
    ledger_free(cast->ledger);
    *cast = (struct cast){0};
}
