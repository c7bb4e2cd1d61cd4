/* chart.c: the charts of one result. */
#include "reports/chart.h"

#include <math.h>
#include <string.h>

#define FEW_POINTS   24u  /* which are better seen as dots */
#define SLICES_MAX   360u /* of a rate: more than that is only noise on so small a chart */
#define SLICES_MIN   3u
#define BARS_MAX     24u
#define SHADES_EACH  24u /* windows of one fault */
#define STEPS_DECADE 24.0

/* Time on an axis; what was before the start is negative. */
static double since(const struct result *result, uint64_t time_ns)
{
    return (double)(int64_t)(time_ns - result->start_ns);
}

static double middle_of(const struct result *result, uint64_t begin_ns, uint64_t end_ns)
{
    return (since(result, begin_ns) + since(result, end_ns)) / 2;
}

/* --- Flows --------------------------------------------------------------------------------------
 */

static uint64_t flow_of(const struct result_window *window, enum chart_flow flow)
{
    const uint64_t counts[] = {window->sent, window->accepted, window->delivered};
    return counts[flow];
}

static void add_slice(struct plot_line *line, const struct result *result, uint64_t begin_ns,
                      uint64_t end_ns, uint64_t count)
{
    if (end_ns > begin_ns)
        plot_add_point(line, middle_of(result, begin_ns, end_ns),
                       (double)count * 1e9 / (double)(end_ns - begin_ns));
}

static void add_windows(struct plot_line *line, const struct result *result, enum chart_flow flow)
{
    size_t stride = (result->window_count + SLICES_MAX - 1) / SLICES_MAX;
    for (size_t i = 0; i < result->window_count; i += stride) {
        uint64_t count = 0;
        size_t last = i;
        for (size_t k = i; k < i + stride && k < result->window_count; k++) {
            count += flow_of(&result->windows[k], flow);
            last = k;
        }
        uint64_t begin_ns = result->windows[i].begin_ns, end_ns = result->windows[last].end_ns;
        uint64_t over_ns = result->start_ns + result->elapsed_ns;
        bool is_cut = over_ns > begin_ns && over_ns < end_ns;
        /* The run ended within the last slice: so little of it says nothing about a rate. */
        if (is_cut && i > 0 && over_ns - begin_ns < (end_ns - begin_ns) / 2)
            continue;
        add_slice(line, result, begin_ns, is_cut ? over_ns : end_ns, count);
    }
}

static void add_series(struct plot_line *line, const struct result *result,
                       const struct series *series)
{
    size_t stride = (series->used + SLICES_MAX - 1) / SLICES_MAX;
    for (size_t i = 0; i < series->used; i += stride) {
        uint64_t count = 0;
        size_t end = i + stride < series->used ? i + stride : series->used;
        for (size_t k = i; k < end; k++)
            count += series->counts[k];
        add_slice(line, result, series->start_ns + i * series->window_ns,
                  series->start_ns + end * series->window_ns, count);
    }
}

void chart_add_flow(struct plot *plot, const char *name, unsigned colour,
                    const struct result *result, enum chart_flow flow)
{
    const struct series *const series[] = {&result->sent, &result->accepted, &result->delivered};
    struct plot_line *line = plot_add_line(plot, name, colour);
    if (result->window_count > 0)
        add_windows(line, result, flow);
    else
        add_series(line, result, series[flow]);
    line->has_points = line->count <= FEW_POINTS;
}

static void draw_throughput(const struct result *result, struct plot *plot)
{
    chart_add_flow(plot, "sent", 1, result, CHART_SENT);
    chart_add_flow(plot, "accepted", 4, result, CHART_ACCEPTED);
    chart_add_flow(plot, "delivered", 2, result, CHART_DELIVERED);
}

static void draw_backlog(const struct result *result, struct plot *plot)
{
    struct plot_line *line = plot_add_line(plot, "not yet settled by every group", 3);
    for (size_t i = 0; i < result->window_count; i++)
        plot_add_point(line, since(result, result->windows[i].end_ns),
                       (double)result->windows[i].backlog);
    line->has_points = line->count <= FEW_POINTS;
}

/* --- Latency over time --------------------------------------------------------------------------
 */

static const struct quantile {
    const char *name;
    unsigned colour;
    bool is_dashed;
    size_t offset;
    uint64_t count_min; /* with fewer, it would only be the maximum under another name */
} quantiles[] = {
    {"max", 8, true, offsetof(struct result_quantiles, max_ns), 1},
    {"p99.9", 3, false, offsetof(struct result_quantiles, p999_ns), 1000},
    {"p99", 2, false, offsetof(struct result_quantiles, p99_ns), 100},
    {"p50", 1, false, offsetof(struct result_quantiles, p50_ns), 1},
};
#define QUANTILES (sizeof(quantiles) / sizeof(quantiles[0]))

static double quantile_of(const struct result_quantiles *values, const struct quantile *quantile)
{
    uint64_t value;
    if (values->count < quantile->count_min)
        return (double)NAN;
    memcpy(&value, (const char *)values + quantile->offset, sizeof(value));
    return value > 0 ? (double)value : (double)NAN;
}

static bool is_any(const struct plot_line *line)
{
    for (size_t i = 0; i < line->count; i++)
        if (isfinite(line->points[2 * i + 1]))
            return true;
    return false;
}

static void draw_quantiles(const struct result *result, struct plot *plot, bool of_deliver)
{
    for (size_t q = 0; q < QUANTILES; q++) {
        struct plot_line *line = plot_add_line(plot, quantiles[q].name, quantiles[q].colour);
        line->is_dashed = quantiles[q].is_dashed;
        for (size_t i = 0; i < result->window_count; i++) {
            const struct result_window *window = &result->windows[i];
            double middle = middle_of(result, window->begin_ns, window->end_ns);
            plot_add_point(
                line, middle,
                quantile_of(of_deliver ? &window->deliver : &window->publish, &quantiles[q]));
        }
        line->has_points = line->count <= FEW_POINTS;
        if (!is_any(line))
            line->count = 0;
    }
}

static void draw_publish(const struct result *result, struct plot *plot)
{
    draw_quantiles(result, plot, false);
}

static void draw_deliver(const struct result *result, struct plot *plot)
{
    draw_quantiles(result, plot, true);
}

/* --- Percentiles --------------------------------------------------------------------------------
 */

/* Along 1/(1-p), so that every nine takes the same room. */
void chart_add_percentiles(struct plot *plot, const char *name, unsigned colour,
                           const struct histogram *histogram)
{
    struct plot_line *line = plot_add_line(plot, name, colour);
    double last = histogram->count > 0 ? log10((double)histogram->count) : 0;
    for (unsigned step = 0; step <= last * STEPS_DECADE + 1e-6; step++) {
        double power = step / STEPS_DECADE;
        double share = 1 - pow(10, -power);
        uint64_t value = histogram_percentile(histogram, share);
        plot_add_point(line, pow(10, power), value > 0 ? (double)value : (double)NAN);
    }
}

static void draw_percentiles(const struct result *result, struct plot *plot)
{
    unsigned colour = 1;
    for (size_t i = 0; i < result->latency_count && colour <= 7; i++)
        if (result->latencies[i].histogram.count >= 10)
            chart_add_percentiles(plot, result->latencies[i].metric, colour++,
                                  &result->latencies[i].histogram);
}

/* --- Rates --------------------------------------------------------------------------------------
 */

static void add_rate_line(const struct result *result, struct plot *plot, const char *name,
                          unsigned colour, size_t offset, const struct quantile *quantile)
{
    struct plot_line *line = plot_add_line(plot, name, colour);
    line->has_points = true;
    for (size_t i = 0; i < result->point_count; i++) {
        const char *point = (const char *)&result->points[i];
        plot_add_point(line, result->points[i].achieved,
                       quantile_of((const void *)(point + offset), quantile));
    }
}

/* Where the goal was no longer kept. */
static void shade_broken(const struct result *result, struct plot *plot)
{
    double last = 0, end = 0;
    bool is_broken = false;
    for (size_t i = 0; i < result->point_count; i++) {
        if (result->points[i].holds && result->points[i].achieved > last)
            last = result->points[i].achieved;
        is_broken |= !result->points[i].holds;
        if (result->points[i].achieved > end)
            end = result->points[i].achieved;
    }
    plot->x.high = end * 1.04;
    if (is_broken && last > 0)
        plot_add_shade(plot, (struct plot_shade){last, plot->x.high, "goal not kept", 0});
}

static void draw_rates(const struct result *result, struct plot *plot)
{
    const struct quantile *p99 = &quantiles[QUANTILES - 2], *p50 = &quantiles[QUANTILES - 1];
    if (result->point_count == 0)
        return;
    add_rate_line(result, plot, "deliver p99", 2, offsetof(struct result_point, deliver), p99);
    add_rate_line(result, plot, "deliver p50", 4, offsetof(struct result_point, deliver), p50);
    add_rate_line(result, plot, "publish p99", 3, offsetof(struct result_point, publish), p99);
    add_rate_line(result, plot, "publish p50", 1, offsetof(struct result_point, publish), p50);
    shade_broken(result, plot);
}

/* --- Consumers ----------------------------------------------------------------------------------
 */

static unsigned group_colour(const struct result *result, const char *group)
{
    const struct ledger_report *ledger = result->ledger;
    for (size_t i = 0; ledger && group && i < ledger->group_count; i++)
        if (strcmp(ledger->groups[i].name, group) == 0)
            return (unsigned)(i % 7) + 1;
    return 1;
}

static void draw_consumers(const struct result *result, struct plot *plot)
{
    for (size_t i = 0; i < result->actor_count && plot->bar_count < BARS_MAX; i++) {
        const struct result_actor *actor = &result->actors[i];
        if (actor->kind && strcmp(actor->kind, "consumer") == 0)
            plot_add_bar(plot, (struct plot_bar){actor->name, group_colour(result, actor->group),
                                                 (double)actor->messages});
    }
    if (plot->bar_count < 2) /* nothing stands beside it */
        plot->bar_count = 0;
}

/* --- Faults -------------------------------------------------------------------------------------
 */

static void shade_fault(const struct result *result, size_t index, struct plot *plot)
{
    const struct result_fault *fault = &result->faults[index];
    for (size_t i = 0; i < fault->window_count && i < SHADES_EACH; i++) {
        const struct result_fault_window *window = &fault->windows[i];
        double from = since(result, window->begin_ns);
        double to = window->end_ns ? since(result, window->end_ns) : plot->x.high;
        plot_add_shade(plot,
                       (struct plot_shade){from, to, i == 0 ? fault->name : NULL, (unsigned)index});
    }
}

static void shade_faults(const struct result *result, struct plot *plot)
{
    unsigned lane = 0;
    for (size_t i = 0; i < result->fault_count; i++) {
        size_t before = plot->shade_count;
        shade_fault(result, i, plot);
        for (size_t k = before; k < plot->shade_count; k++)
            plot->shades[k].lane = lane;
        lane += plot->shade_count > before;
    }
}

/* --- All of them --------------------------------------------------------------------------------
 */

static const struct kind {
    const char *title, *note;
    struct plot_axis x, y;
    bool is_over_time;
    void (*draw)(const struct result *result, struct plot *plot);
} kinds[] = {
    {"Messages per second", NULL, {.unit = PLOT_CLOCK}, {.unit = PLOT_RATE}, true, draw_throughput},
    {"Backlog", NULL, {.unit = PLOT_CLOCK}, {.unit = PLOT_COUNT}, true, draw_backlog},
    {"Publish latency over time",
     "From due to answered.",
     {.unit = PLOT_CLOCK},
     {.unit = PLOT_DURATION, .is_log = true},
     true,
     draw_publish},
    {"Delivery latency over time",
     "From due to the first delivery.",
     {.unit = PLOT_CLOCK},
     {.unit = PLOT_DURATION, .is_log = true},
     true,
     draw_deliver},
    {"Latency by percentile",
     "So many per cent took no longer.",
     {.unit = PLOT_SHARE, .is_log = true},
     {.unit = PLOT_DURATION, .is_log = true},
     false,
     draw_percentiles},
    {"Latency by rate",
     "Each point is a run at a fixed rate.",
     {.unit = PLOT_RATE},
     {.unit = PLOT_DURATION, .is_log = true},
     false,
     draw_rates},
    {"Consumers side by side",
     "Messages received.",
     {.unit = PLOT_COUNT},
     {.unit = PLOT_COUNT},
     false,
     draw_consumers},
};

/* Fewer slices than make a curve: the run was too short for charts over time. */
bool chart_is_short(const struct result *result)
{
    size_t slices = result->window_count > 0 ? result->window_count : result->sent.used;
    return slices < SLICES_MIN;
}

static bool draw(const struct kind *kind, const struct result *result, struct chart *chart)
{
    *chart = (struct chart){.title = kind->title,
                            .note = kind->note,
                            .plot = {.title = kind->title, .x = kind->x, .y = kind->y}};
    if (kind->is_over_time && chart_is_short(result))
        return false;
    if (kind->is_over_time)
        chart->plot.x.high = (double)result->elapsed_ns;
    kind->draw(result, &chart->plot);
    if (chart->plot.bar_count == BARS_MAX)
        chart->note = "Messages received, by the first 24.";
    if (!plot_fit(&chart->plot)) {
        chart_release(chart);
        return false;
    }
    if (kind->is_over_time)
        shade_faults(result, &chart->plot);
    return true;
}

size_t charts_of(const struct result *result, struct chart charts[CHARTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        count += draw(&kinds[i], result, &charts[count]);
    return count;
}

void chart_release(struct chart *chart)
{
    plot_release(&chart->plot);
}
