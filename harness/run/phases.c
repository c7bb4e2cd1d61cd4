/* phases.c: a timeline made from a scenario, and the sums over its phases. */
#include "run/phases.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- Opening --------------------------------------------------------------------------------- */

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static size_t count_stages(const struct scenario *scenario)
{
    size_t count = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        count += scenario->producers[i].stage_count;
    return count;
}

/* Where any producer's stages end, but for the last one's end; without doubles. */
static size_t list_stage_ends(const struct scenario *scenario, uint64_t *ends)
{
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];
        uint64_t end = 0;

        for (size_t s = 0; s < producer->stage_count; s++)
            ends[count++] = end += producer->stages[s].for_ns;
    }
    qsort(ends, count, sizeof(*ends), compare_u64);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || ends[i] != ends[kept - 1])
            ends[kept++] = ends[i];
    return kept;
}

void phases_open(struct phases *phases, const struct scenario *scenario)
{
    size_t count;

    *phases = (struct phases){0};
    pthread_mutex_init(&phases->lock, NULL);
    phases->stage_ends = memory_new(count_stages(scenario) + 1, sizeof(*phases->stage_ends));
    count = list_stage_ends(scenario, phases->stage_ends);
    timeline_init(&phases->timeline, phases->stage_ends, count, 0);
    phases->timeline.warm_up_ns = scenario->warm_up_ns;
}

void phases_close(struct phases *phases)
{
    timeline_release(&phases->timeline);
    free(phases->stage_ends);
    free(phases->on);
    pthread_mutex_destroy(&phases->lock);
}

/* --- Faults ---------------------------------------------------------------------------------- */

void phases_expect_faults(struct phases *phases, size_t fault_count)
{
    uint64_t warm_up_ns = phases->timeline.warm_up_ns;
    size_t stage_count = phases->timeline.stage_count;

    timeline_release(&phases->timeline);
    timeline_init(&phases->timeline, phases->stage_ends, stage_count, fault_count);
    phases->timeline.warm_up_ns = warm_up_ns;
    phases->on = memory_grow(phases->on, fault_count + 1, sizeof(*phases->on));
    for (size_t i = 0; i < fault_count; i++)
        phases->on[i] = 0;
    phases->fault_count = fault_count;
}

/* 2 + the number of a fault that is on, 1 when none is any more. */
static uint32_t state_of(const struct phases *phases)
{
    for (size_t i = 0; i < phases->fault_count; i++)
        if (phases->on[i] > 0)
            return 2 + (uint32_t)i;
    return 1;
}

void phases_fault(struct phases *phases, size_t fault, bool is_on, uint64_t now_ns)
{
    uint32_t before, after;

    pthread_mutex_lock(&phases->lock);
    before = phases->has_had_faults ? state_of(phases) : 0;
    if (fault < phases->fault_count) {
        if (is_on)
            phases->on[fault]++;
        else if (phases->on[fault] > 0)
            phases->on[fault]--;
        phases->has_had_faults = true;
    }
    after = phases->has_had_faults ? state_of(phases) : 0;
    if (after != before)
        timeline_mark(&phases->timeline, now_ns, after);
    pthread_mutex_unlock(&phases->lock);
}

/* --- Sums ------------------------------------------------------------------------------------ */

static bool is_chosen(struct phase_choice choice, struct timeline_phase phase)
{
    switch (choice.what) {
    case PHASE_WARM_UP:
        return phase.state == TIMELINE_WARM_UP;
    case PHASE_BEFORE:
        return phase.state == TIMELINE_BEFORE;
    case PHASE_DURING:
        return phase.state == TIMELINE_DURING;
    case PHASE_AFTER:
        return phase.state == TIMELINE_AFTER;
    case PHASE_STAGE:
        return phase.state != TIMELINE_WARM_UP && phase.stage == choice.stage;
    case PHASE_MEASURED:
    default:
        return phase.state != TIMELINE_WARM_UP;
    }
}

static const struct meter_phase *chosen_phase(const struct phases *phases,
                                              const struct meter *meter, struct phase_choice choice,
                                              uint32_t number)
{
    if (!is_chosen(choice, timeline_phase(&phases->timeline, number)))
        return NULL;
    return meter->phases[number];
}

void phases_latency(const struct phases *phases, const struct meter *meter,
                    struct phase_choice choice, enum meter_metric metric, struct histogram *into)
{
    for (uint32_t i = 0; i < timeline_phase_count(&phases->timeline); i++) {
        const struct meter_phase *phase = chosen_phase(phases, meter, choice, i);

        if (phase)
            histogram_add(into, &phase->metrics[metric]);
    }
}

uint64_t phases_flow(const struct phases *phases, const struct meter *meter,
                     struct phase_choice choice, enum meter_flow flow)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < timeline_phase_count(&phases->timeline); i++) {
        const struct meter_phase *phase = chosen_phase(phases, meter, choice, i);

        sum += phase ? phase->flows[flow] : 0;
    }
    return sum;
}

/* Walk over the spans from the start to the end; how long those of one phase, or of a choice
   (`number` UINT32_MAX), lasted. */
static uint64_t measure(const struct phases *phases, struct phase_choice choice, uint32_t number,
                        uint64_t end_ns)
{
    const struct timeline *timeline = &phases->timeline;
    uint64_t sum = 0;

    for (uint64_t at = timeline->start_ns; at > 0 && at < end_ns;) {
        struct timeline_span span = timeline_find(timeline, at);
        uint64_t until = span.end_ns < end_ns ? span.end_ns : end_ns;
        bool counts = number == UINT32_MAX ? is_chosen(choice, timeline_phase(timeline, span.phase))
                                           : span.phase == number;

        sum += counts ? until - at : 0;
        at = until;
    }
    return sum;
}

uint64_t phases_duration(const struct phases *phases, struct phase_choice choice, uint64_t end_ns)
{
    return measure(phases, choice, UINT32_MAX, end_ns);
}

/* --- Into the result ------------------------------------------------------------------------- */

static char *name_phase(const struct phases *phases, struct timeline_phase phase,
                        const struct result *result)
{
    bool has_stages = phases->timeline.stage_count > 1;
    char *state, *name;

    if (phase.state == TIMELINE_WARM_UP)
        return memory_string("warm-up");
    if (phase.state == TIMELINE_DURING)
        state = memory_format("during %s",
                              phase.fault < result->fault_count && phases->timeline.fault_count > 0
                                  ? result->faults[phase.fault].name
                                  : "faults");
    else
        state = memory_string(phase.state == TIMELINE_AFTER ? "after faults"
                              : phases->has_had_faults      ? "before faults"
                                                            : "after the warm-up");
    if (!has_stages)
        return state;
    name = phases->has_had_faults ? memory_format("stage %zu, %s", phase.stage + 1, state)
                                  : memory_format("stage %zu", phase.stage + 1);
    free(state);
    return name;
}

static struct result_quantiles quantiles_of(const struct histogram *histogram)
{
    return (struct result_quantiles){
        .count = histogram->count,
        .p50_ns = histogram_percentile(histogram, 0.5),
        .p99_ns = histogram_percentile(histogram, 0.99),
        .p999_ns = histogram_percentile(histogram, 0.999),
        .max_ns = histogram_percentile(histogram, 1.0),
    };
}

static void fill_phase(struct result_phase *entry, const struct meter_phase *phase)
{
    entry->sent = phase->flows[METER_SENT];
    entry->accepted = phase->flows[METER_ACCEPTED];
    entry->delivered = phase->flows[METER_DELIVERED];
    entry->settled = phase->flows[METER_SETTLED];
    entry->publish = quantiles_of(&phase->metrics[METER_PUBLISH]);
    entry->deliver = quantiles_of(&phase->metrics[METER_DELIVER]);
}

void phases_collect(const struct phases *phases, const struct meter *meter, uint64_t end_ns,
                    struct result *result)
{
    uint32_t count = timeline_phase_count(&phases->timeline);
    bool is_one = phases->timeline.stage_count == 1 && !phases->has_had_faults &&
                  phases->timeline.warm_up_ns == 0;

    if (is_one)
        return;
    result->phases = memory_new(count, sizeof(*result->phases));
    for (uint32_t i = 0; i < count; i++) {
        struct result_phase *entry = &result->phases[result->phase_count];
        uint64_t duration = measure(phases, (struct phase_choice){0}, i, end_ns);

        if (!meter->phases[i] || duration == 0)
            continue;
        entry->name = name_phase(phases, timeline_phase(&phases->timeline, i), result);
        entry->duration_ns = duration;
        fill_phase(entry, meter->phases[i]);
        result->phase_count++;
    }
}
