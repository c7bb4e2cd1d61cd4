/* windows.c: slices of time, with their latencies and the backlog at their end. */
#include "base/memory.h"
#include "run/stage.h"

static struct result_quantiles quantiles_of(const struct slice_latency *latency)
{
    return (struct result_quantiles){
        .count = latency->count,
        .p50_ns = slice_percentile(latency, 0.5),
        .p99_ns = slice_percentile(latency, 0.99),
        .p999_ns = slice_percentile(latency, 0.999),
        .max_ns = latency->maximum,
    };
}

static void fill_window(struct result_window *window, const struct slice *slice)
{
    if (!slice)
        return;
    window->sent = slice->flows[METER_SENT];
    window->accepted = slice->flows[METER_ACCEPTED];
    window->delivered = slice->flows[METER_DELIVERED];
    window->settled = slice->flows[METER_SETTLED];
    window->publish = quantiles_of(&slice->latencies[METER_PUBLISH]);
    window->deliver = quantiles_of(&slice->latencies[METER_DELIVER]);
}

void stage_collect_windows(struct stage *stage)
{
    const struct slices *slices = &stage->total.slices;
    struct result *result = stage->result;

    result->windows = memory_new(slices->used + 1, sizeof(*result->windows));
    result->window_count = slices->used;
    for (uint32_t i = 0; i < slices->used; i++) {
        struct result_window *window = &result->windows[i];

        window->begin_ns = slices->start_ns + i * slices->width_ns;
        window->end_ns = window->begin_ns + slices->width_ns;
        window->backlog = gauge_at(&stage->backlog, window->end_ns);
        fill_window(window, slices->items[i]);
    }
}
