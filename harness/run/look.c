/* look.c: copies of meters, and expectations that end a run. */
#include "run/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/expect_value.h"
#include "run/metrics.h"
#include "run/stage.h"

#define PERIOD_NS     500000000u
#define RATE_SPAN_NS  3000000000u /* a rate is not judged on less */
#define PENDING_SLICE 2u          /* the last slice is still being filled: the one before it */

enum glance_state { GLANCE_IDLE, GLANCE_ASKED, GLANCE_READY };

struct glance {
    struct worker *worker;
    struct meter copy;
    struct slice_latency recent[SLICES_METRICS];
    _Atomic int state;
};

/* --- Copies ---------------------------------------------------------------------------------- */

static void clear(struct meter *meter)
{
    for (uint32_t i = 0; i < TIMELINE_PHASES_MAX; i++) {
        struct meter_phase *phase = meter->phases[i];

        if (!phase)
            continue;
        for (int k = 0; k < METER_METRICS; k++)
            histogram_clear(&phase->metrics[k]);
        memset(phase->flows, 0, sizeof(phase->flows));
    }
}

/* On the worker's thread. */
static void copy(void *context)
{
    struct glance *glance = context;
    const struct slices *slices = &glance->worker->meter.slices;
    const struct slice *slice =
        slices->used >= PENDING_SLICE ? slices->items[slices->used - PENDING_SLICE] : NULL;

    clear(&glance->copy);
    meter_add_phases(&glance->copy, &glance->worker->meter);
    memset(glance->recent, 0, sizeof(glance->recent));
    if (slice)
        memcpy(glance->recent, slice->latencies, sizeof(glance->recent));
    atomic_store_explicit(&glance->state, GLANCE_READY, memory_order_release);
}

static void ask(struct look *look, uint64_t now_ns)
{
    look->asked_ns = now_ns;
    for (size_t i = 0; i < look->count; i++) {
        struct glance *glance = &look->glances[i];

        atomic_store_explicit(&glance->state, GLANCE_ASKED, memory_order_relaxed);
        if (i == 0) /* our own thread */
            copy(glance);
        else
            loop_post(glance->worker->place.loop, copy, glance);
    }
}

static bool is_ready(const struct look *look)
{
    for (size_t i = 0; i < look->count; i++)
        if (atomic_load_explicit(&look->glances[i].state, memory_order_acquire) != GLANCE_READY)
            return false;
    return look->count > 0;
}

static void gather(struct look *look)
{
    clear(&look->seen);
    memset(look->recent, 0, sizeof(look->recent));
    for (size_t i = 0; i < look->count; i++) {
        meter_add_phases(&look->seen, &look->glances[i].copy);
        for (uint32_t k = 0; k < SLICES_METRICS; k++)
            slice_latency_add(&look->recent[k], &look->glances[i].recent[k]);
        atomic_store_explicit(&look->glances[i].state, GLANCE_IDLE, memory_order_relaxed);
    }
    look->has_seen = true;
}

/* --- Deciding -------------------------------------------------------------------------------- */

#define COUNT(member) offsetof(struct ledger_counts, member)

static const struct {
    const char *word;
    size_t offset;
} counts[] = {
    {"sent", COUNT(attempted)},
    {"accepted", COUNT(accepted)},
    {"refused", COUNT(refused)},
    {"unknown", COUNT(unknown)},
    {"delivered", COUNT(first)},
    {"redelivered", COUNT(again)},
    {"acked", COUNT(settled)},
    {"nacked", COUNT(nacked)},
    {"dead_lettered", COUNT(dead_lettered)},
};

/* Counts only grow, so a count is broken for good only when it is too high. */
static bool find_count(const struct stage *stage, const struct scenario_expectation *expectation,
                       double *ret_value)
{
    struct ledger_counts now = ledger_count(stage->cast.ledger, -1);
    uint64_t value = 0;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        if (strcmp(counts[i].word, expectation->word) == 0)
            memcpy(&value, (const char *)&now + counts[i].offset, sizeof(value));
    *ret_value = (double)value;
    return (double)value > expectation->value &&
           (expectation->comparison == SCENARIO_LT || expectation->comparison == SCENARIO_LE ||
            expectation->comparison == SCENARIO_EQ);
}

static bool find_latency(const struct stage *stage, const struct scenario_expectation *expectation,
                         double *ret_value)
{
    struct histogram histogram;
    bool is_known;

    histogram_init(&histogram);
    metric_phase_latency(stage, &stage->look.seen, expectation_phase(expectation),
                         expectation->word, &histogram);
    is_known = histogram.count >= expect_samples(expectation->share);
    *ret_value = expect_statistic(&histogram, expectation->share);
    histogram_release(&histogram);
    return is_known;
}

static bool find_rate(const struct stage *stage, const struct scenario_expectation *expectation,
                      uint64_t now_ns, double *ret_value)
{
    struct phase_choice choice = expectation_phase(expectation);
    uint64_t duration = phases_duration(&stage->phases, choice, now_ns);

    if (duration < RATE_SPAN_NS)
        return false;
    *ret_value = (double)phases_flow(&stage->phases, &stage->look.seen, choice,
                                     metric_flow(stage, expectation->word)) *
                 1e9 / (double)duration;
    return true;
}

/* Is there a value to be judged now? */
static bool find_value(const struct stage *stage, const struct scenario_expectation *expectation,
                       uint64_t now_ns, double *ret_value)
{
    if (expectation->unit == SCENARIO_UNIT_NS)
        return find_latency(stage, expectation, ret_value);
    if (expectation->unit == SCENARIO_UNIT_PER_SECOND)
        return find_rate(stage, expectation, now_ns, ret_value);
    return find_count(stage, expectation, ret_value);
}

static void decide(struct stage *stage, uint64_t now_ns)
{
    for (size_t i = 0; i < stage->scenario->expectation_count && !stage->look.broken; i++) {
        const struct scenario_expectation *expectation = &stage->scenario->expectations[i];
        double value = 0.0;

        if (!expectation->aborts || !find_value(stage, expectation, now_ns, &value) ||
            expect_compares(expectation->comparison, value, expectation->value))
            continue;
        stage->look.broken = expectation;
        stage->look.broken_value = value;
    }
}

/* --- Life ------------------------------------------------------------------------------------ */

static bool is_wanted(const struct stage *stage)
{
    for (size_t i = 0; i < stage->scenario->expectation_count; i++)
        if (stage->scenario->expectations[i].aborts)
            return true;
    return stage->options->progress != NULL;
}

void look_open(struct stage *stage)
{
    struct look *look = &stage->look;

    if (!is_wanted(stage))
        return;
    look->count = stage->workers.count;
    look->glances = memory_new(look->count, sizeof(*look->glances));
    meter_init(&look->seen, &stage->phases.timeline, 0);
    for (size_t i = 0; i < look->count; i++) {
        look->glances[i].worker = &stage->workers.items[i];
        meter_init(&look->glances[i].copy, &stage->phases.timeline, 0);
    }
}

void look_close(struct stage *stage)
{
    struct look *look = &stage->look;

    if (!look->glances)
        return;
    for (size_t i = 0; i < look->count; i++)
        meter_release(&look->glances[i].copy);
    meter_release(&look->seen);
    free(look->glances);
    look->glances = NULL;
    look->count = 0;
}

void look_turn(struct stage *stage, uint64_t now_ns)
{
    struct look *look = &stage->look;

    if (look->count == 0 || stage->cast.start_ns == 0)
        return;
    if (is_ready(look)) {
        gather(look);
        decide(stage, now_ns);
    } else if (now_ns - look->asked_ns >= PERIOD_NS) {
        ask(look, now_ns);
    }
}

bool look_broke(const struct stage *stage, const struct scenario_expectation *expectation)
{
    return stage->look.broken == expectation;
}
