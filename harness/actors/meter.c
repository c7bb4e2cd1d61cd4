/* meter.c: metrics by name, phases and slices as they come, and adding up. */
#include "actors/meter.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "port.h"

#define FIRST_WINDOW_NS 100000000u /* 100 ms */
#define FIRST_SLICE_NS  250000000u /* a minute in 240 of them */

_Static_assert(SLICES_FLOWS == METER_FLOWS && (int)METER_DELIVER < (int)SLICES_METRICS,
               "slices hold the flows, and the first two metrics");

const char *meter_metric_name(enum meter_metric metric)
{
    static const char *const names[METER_METRICS] = {
        [METER_PUBLISH] = "publish",     [METER_SERVICE] = "publish_service",
        [METER_LATENESS] = "lateness",   [METER_DELIVER] = "deliver",
        [METER_REDELIVER] = "redeliver",
    };

    return names[metric];
}

void meter_init(struct meter *meter, const struct timeline *timeline, uint64_t start_ns)
{
    *meter = (struct meter){.timeline = timeline};
    slices_init(&meter->slices, start_ns, FIRST_SLICE_NS);
    for (int i = 0; i < METER_FLOWS; i++)
        series_init(&meter->flows[i], start_ns, FIRST_WINDOW_NS);
}

static void release_phase(struct meter_phase *phase)
{
    for (int i = 0; phase && i < METER_METRICS; i++)
        histogram_release(&phase->metrics[i]);
    free(phase);
}

void meter_release(struct meter *meter)
{
    for (uint32_t i = 0; i < TIMELINE_PHASES_MAX; i++)
        release_phase(meter->phases[i]);
    slices_release(&meter->slices);
    *meter = (struct meter){0};
}

static struct meter_phase *need_phase(struct meter *meter, uint32_t number)
{
    if (!meter->phases[number]) {
        meter->phases[number] = memory_new(1, sizeof(*meter->phases[number]));
        for (int i = 0; i < METER_METRICS; i++)
            histogram_init(&meter->phases[number]->metrics[i]);
    }
    return meter->phases[number];
}

struct meter_phase *meter_phase_of(struct meter *meter, uint64_t moment_ns)
{
    return need_phase(meter, timeline_find(meter->timeline, moment_ns).phase);
}

void meter_move(struct meter *meter, uint64_t now_ns)
{
    struct timeline_span span;
    uint64_t elapsed = now_ns > meter->slices.start_ns ? now_ns - meter->slices.start_ns : 0;

    meter->mark_count = timeline_marks(meter->timeline);
    span = timeline_find(meter->timeline, now_ns);
    meter->begin_ns = span.begin_ns;
    meter->end_ns = span.end_ns;
    meter->phase = need_phase(meter, span.phase);
    meter->slice = slices_at(&meter->slices, now_ns);
    meter->slice_end_ns =
        meter->slices.start_ns + (elapsed / meter->slices.width_ns + 1) * meter->slices.width_ns;
}

void meter_flow(struct meter *meter, enum meter_flow flow, uint64_t now_ns, uint64_t count)
{
    if (!meter->timeline)
        return;
    meter_turn(meter, now_ns);
    meter->phase->flows[flow] += count;
    meter->slice->flows[flow] += count;
    series_record(&meter->flows[flow], now_ns, count);
}

void meter_add_phases(struct meter *into, const struct meter *from)
{
    for (uint32_t i = 0; i < TIMELINE_PHASES_MAX; i++) {
        struct meter_phase *phase;

        if (!from->phases[i])
            continue;
        phase = need_phase(into, i);
        for (int k = 0; k < METER_METRICS; k++)
            histogram_add(&phase->metrics[k], &from->phases[i]->metrics[k]);
        for (int k = 0; k < METER_FLOWS; k++)
            phase->flows[k] += from->phases[i]->flows[k];
    }
}

void meter_add(struct meter *into, struct meter *from)
{
    meter_add_phases(into, from);
    slices_add(&into->slices, &from->slices);
    for (int i = 0; i < METER_FLOWS; i++)
        series_add(&into->flows[i], &from->flows[i]);
}

void tally_error(struct tally *tally, const char *operation, uint32_t error, const char *detail)
{
    atomic_fetch_add_explicit(&tally->errors, 1, memory_order_relaxed);
    snprintf(tally->last_error, sizeof(tally->last_error), "%s: %s", operation,
             detail ? detail : port_error_name(error));
}

void tally_call(struct tally *tally, enum tally_operation operation, uint32_t outcome)
{
    struct tally_calls *calls = &tally->operations[operation];

    if (outcome == ADAPTER_DONE || outcome == ADAPTER_EMPTY)
        calls->done++;
    else if (outcome == ADAPTER_UNKNOWN)
        calls->unknown++;
    else
        calls->refused++;
}

const char *tally_operation_name(enum tally_operation operation)
{
    static const char *const names[TALLY_OPERATIONS] = {
        [TALLY_PUBLISH] = "publish",
        [TALLY_READ] = "read",
        [TALLY_ACK] = "ack",
        [TALLY_NACK] = "nack",
    };

    return names[operation];
}
