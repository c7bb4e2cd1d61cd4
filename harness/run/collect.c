/* collect.c: what actors and workers have measured, put into the result; all actors rest. */
#include <string.h>

#include "base/memory.h"
#include "port.h"
#include "run/stage.h"

/* --- Trouble --------------------------------------------------------------------------------- */

bool stage_has_trouble(const struct stage *stage)
{
    for (size_t i = 0; i < stage->cast.consumer_count; i++)
        if (consumer_tally(stage->cast.consumers[i].consumer)->errors > 0)
            return true;
    for (size_t i = 0; i < stage->cast.producer_count; i++)
        if (producer_tally(stage->cast.producers[i].producer)->errors > 0)
            return true;
    return false;
}

/* --- Actors ---------------------------------------------------------------------------------- */

static void fill_actor(struct result_actor *actor, const struct tally *tally)
{
    actor->calls = tally->calls;
    actor->messages = tally->messages;
    actor->bytes = tally->bytes;
    actor->done = tally->done;
    actor->refused = tally->refused;
    actor->unknown = tally->unknown;
    actor->empty = tally->empty;
    actor->acked = tally->acked;
    actor->nacked = tally->nacked;
    actor->reconnects = tally->reconnects;
    actor->last_error = tally->last_error[0] ? memory_string(tally->last_error) : NULL;
}

static void collect_actors(struct stage *stage)
{
    const struct cast *cast = &stage->cast;
    struct result *result = stage->result;

    result->actors =
        memory_new(cast->producer_count + cast->consumer_count + 1, sizeof(*result->actors));
    for (size_t i = 0; i < cast->producer_count; i++) {
        struct result_actor *actor = &result->actors[result->actor_count++];

        actor->name = memory_string(cast->producers[i].spec.name);
        actor->kind = memory_string("producer");
        fill_actor(actor, producer_tally(cast->producers[i].producer));
    }
    for (size_t i = 0; i < cast->consumer_count; i++) {
        struct result_actor *actor = &result->actors[result->actor_count++];

        actor->name = memory_string(cast->consumers[i].spec.name);
        actor->kind = memory_string("consumer");
        actor->group = memory_string(cast->consumers[i].spec.group);
        fill_actor(actor, consumer_tally(cast->consumers[i].consumer));
    }
}

static void add_calls(struct tally_calls *sums, const struct tally *tally)
{
    for (int i = 0; i < TALLY_OPERATIONS; i++) {
        sums[i].done += tally->operations[i].done;
        sums[i].refused += tally->operations[i].refused;
        sums[i].unknown += tally->operations[i].unknown;
    }
}

static void collect_operations(struct stage *stage)
{
    struct result *result = stage->result;
    struct tally_calls sums[TALLY_OPERATIONS] = {0};

    for (size_t i = 0; i < stage->cast.producer_count; i++)
        add_calls(sums, producer_tally(stage->cast.producers[i].producer));
    for (size_t i = 0; i < stage->cast.consumer_count; i++)
        add_calls(sums, consumer_tally(stage->cast.consumers[i].consumer));
    result->operations = memory_new(TALLY_OPERATIONS, sizeof(*result->operations));
    for (int i = 0; i < TALLY_OPERATIONS; i++)
        if (sums[i].done + sums[i].refused + sums[i].unknown > 0)
            result->operations[result->operation_count++] = (struct result_operation){
                .name = memory_string(tally_operation_name((enum tally_operation)i)),
                .done = sums[i].done,
                .refused = sums[i].refused,
                .unknown = sums[i].unknown};
}

static bool was_said_before(const struct result *result, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (result->actors[i].last_error &&
            strcmp(result->actors[i].last_error, result->actors[index].last_error) == 0)
            return true;
    return false;
}

/* Each failure once, with the first actor that met it: a denied command is named here. */
static void note_errors(struct result *result)
{
    for (size_t i = 0; i < result->actor_count; i++)
        if (result->actors[i].last_error && !was_said_before(result, i))
            result_note(result, "%s %s: %s", result->actors[i].kind, result->actors[i].name,
                        result->actors[i].last_error);
}

/* --- Measures -------------------------------------------------------------------------------- */

static void collect_latencies(struct stage *stage)
{
    struct result *result = stage->result;
    const struct phase_choice measured = {.what = PHASE_MEASURED};

    if (!stage->workers.items[0].meter.timeline)
        return; /* nothing was measured */
    result->latencies = memory_new(METER_METRICS, sizeof(*result->latencies));
    for (int i = 0; i < METER_METRICS; i++) {
        struct result_latency *latency = &result->latencies[result->latency_count];

        histogram_init(&latency->histogram);
        phases_latency(&stage->phases, &stage->total, measured, (enum meter_metric)i,
                       &latency->histogram);
        if (latency->histogram.count == 0) {
            histogram_release(&latency->histogram);
            continue;
        }
        latency->metric = memory_string(meter_metric_name((enum meter_metric)i));
        result->latency_count++;
    }
}

static void collect_series(struct result *result, const struct meter *total)
{
    result->sent = total->flows[METER_SENT];
    result->accepted = total->flows[METER_ACCEPTED];
    result->delivered = total->flows[METER_DELIVERED];
    result->settled = total->flows[METER_SETTLED];
}

struct span {
    uint64_t begin_ns, end_ns, messages;
};

static void widen(struct span *span, const struct tally *tally, uint64_t messages)
{
    if (tally->first_ns == 0)
        return;
    if (span->begin_ns == 0 || tally->first_ns < span->begin_ns)
        span->begin_ns = tally->first_ns;
    if (tally->last_ns > span->end_ns)
        span->end_ns = tally->last_ns;
    span->messages += messages;
}

static double span_rate(const struct span *span)
{
    if (span->end_ns <= span->begin_ns)
        return 0.0;
    return (double)span->messages * 1e9 / (double)(span->end_ns - span->begin_ns);
}

/* What was warm-up does not count, and neither does its time. */
static void leave_out_warm_up(const struct stage *stage, enum meter_flow flow, struct span *span)
{
    const struct phase_choice warm_up = {.what = PHASE_WARM_UP};
    uint64_t end = stage->cast.start_ns + stage->scenario->warm_up_ns;
    uint64_t messages = phases_flow(&stage->phases, &stage->total, warm_up, flow);

    if (stage->scenario->warm_up_ns == 0 || span->end_ns <= end)
        return;
    span->messages -= messages < span->messages ? messages : span->messages;
    if (span->begin_ns < end)
        span->begin_ns = end;
}

static void collect_rates(struct stage *stage)
{
    struct span published = {0}, delivered = {0};

    for (size_t i = 0; i < stage->cast.producer_count; i++) {
        const struct tally *tally = producer_tally(stage->cast.producers[i].producer);

        widen(&published, tally, tally->done);
    }
    for (size_t i = 0; i < stage->cast.consumer_count; i++) {
        const struct tally *tally = consumer_tally(stage->cast.consumers[i].consumer);

        widen(&delivered, tally, tally->messages);
    }
    leave_out_warm_up(stage, METER_ACCEPTED, &published);
    leave_out_warm_up(stage, METER_DELIVERED, &delivered);
    stage->result->publish_ns = published.end_ns - published.begin_ns;
    stage->result->publish_rate = span_rate(&published);
    stage->result->deliver_rate = span_rate(&delivered);
}

static void collect_load(struct stage *stage)
{
    struct result *result = stage->result;

    for (size_t i = 0; i < stage->workers.count; i++) {
        struct loop_load load = loop_load(stage->workers.items[i].place.loop);
        uint64_t total = load.busy_ns + load.idle_ns;
        double share = total > 0 ? (double)load.busy_ns / (double)total : 0.0;

        if (share > result->environment.cpu_share)
            result->environment.cpu_share = share;
        if (load.gap_ns_max > result->environment.gap_ns_max)
            result->environment.gap_ns_max = load.gap_ns_max;
    }
}

/* A closed loop is a choice that the result must show: it waits with a broker that waits. */
static void note_closed_loops(struct stage *stage)
{
    for (size_t i = 0; i < stage->scenario->producer_count; i++)
        if (stage->scenario->producers[i].rate <= 0.0)
            result_note(stage->result,
                        "producer %s is a closed loop (rate: unlimited): its latencies count from "
                        "the actual send, so they say nothing about a broker that stalls",
                        stage->scenario->producers[i].name);
}

void stage_collect(struct stage *stage)
{
    meter_init(&stage->total, &stage->phases.timeline,
               stage->workers.items[0].meter.slices.start_ns);
    for (int i = 0; i < METER_FLOWS; i++) /* series begin with the sending */
        stage->total.flows[i].start_ns = stage->publish_begin_ns;
    for (size_t i = 0; i < stage->workers.count; i++)
        meter_add(&stage->total, &stage->workers.items[i].meter);
    collect_actors(stage);
    collect_operations(stage);
    note_errors(stage->result);
    note_closed_loops(stage);
    collect_latencies(stage);
    if (stage->workers.items[0].meter.timeline)
        collect_series(stage->result, &stage->total);
    stage_collect_windows(stage);
    phases_collect(&stage->phases, &stage->total, stage->drain_end_ns, stage->result);
    collect_rates(stage);
    if (!stage->result->is_virtual)
        collect_load(stage);
    if (stage->drain_begin_ns >= stage->begin_ns && stage->drain_end_ns > stage->drain_begin_ns)
        stage->result->drain_ns = stage->drain_end_ns - stage->drain_begin_ns;
    stage->result->start_ns = stage->begin_ns;
    stage->result->load_start_ns = stage->cast.start_ns;
    stage->result->elapsed_ns = loop_now_ns(stage->waiter.loop) - stage->begin_ns;
    stage->result->ledger = ledger_judge(stage->cast.ledger, stage->is_drained);
}
