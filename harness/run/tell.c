/* tell.c: the state of a run, put together for the live view. */
#include <stddef.h>

#include "run/fault.h"
#include "run/stage.h"

static uint64_t count_target(const struct scenario *scenario)
{
    uint64_t target = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        target += scenario->producers[i].count;
    return target;
}

static uint64_t count_errors(const struct stage *stage)
{
    uint64_t errors = 0;

    for (size_t i = 0; i < stage->cast.consumer_count; i++)
        errors += consumer_tally(stage->cast.consumers[i].consumer)->errors;
    for (size_t i = 0; i < stage->cast.producer_count; i++)
        errors += producer_tally(stage->cast.producers[i].producer)->errors;
    return errors;
}

static void add_latencies(const struct look *look, struct run_progress *progress)
{
    const struct slice_latency *publish = &look->recent[METER_PUBLISH];
    const struct slice_latency *deliver = &look->recent[METER_DELIVER];

    progress->publish_p50_ns = slice_percentile(publish, 0.5);
    progress->publish_p99_ns = slice_percentile(publish, 0.99);
    progress->deliver_p50_ns = slice_percentile(deliver, 0.5);
    progress->deliver_p99_ns = slice_percentile(deliver, 0.99);
}

void stage_tell(struct stage *stage, uint64_t now_ns)
{
    struct ledger_counts counts = ledger_count(stage->cast.ledger, -1);
    char active[80];
    struct run_progress progress = {
        .faults = active,
        .phase = stage->phase,
        .elapsed_ns = now_ns - stage->begin_ns,
        .sent = counts.attempted,
        .accepted = counts.accepted,
        .delivered = counts.first + counts.again,
        .settled = counts.settled,
        .backlog = counts.outstanding,
        .target = count_target(stage->scenario),
        .anomalies = counts.odd,
        .errors = count_errors(stage),
        .left_ns = stage->phase_end_ns > now_ns ? stage->phase_end_ns - now_ns : 0,
    };

    add_latencies(&stage->look, &progress);
    faults_name_active(stage->faults, active, sizeof(active));
    stage->options->progress(stage->options->context, &progress);
    stage->progress_ns = now_ns;
}
