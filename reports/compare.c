/* compare.c: which metrics two sets of runs share, and how they stand to each other. */
#include "reports/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"

#define SEED      20240102u /* any; the same, so that equal input gives equal output */
#define HEAD_SIZE 12u       /* the width of a column in text */

/* --- Metrics ------------------------------------------------------------------------------------
 */

static double publish_rate(const struct result *result)
{
    return result->publish_rate;
}

/* As expectations mean it: first deliveries, or what was accepted where nobody consumes. */
static double throughput(const struct result *result)
{
    return result->deliver_rate > 0 ? result->deliver_rate : result->publish_rate;
}

static double max_rate(const struct result *result)
{
    return result->max_rate;
}

static double recovery(const struct result *result)
{
    uint64_t longest_ns = 0;
    for (size_t i = 0; i < result->fault_count; i++)
        for (size_t k = 0; k < result->faults[i].window_count; k++)
            if (result->faults[i].windows[k].recovery_ns > longest_ns)
                longest_ns = result->faults[i].windows[k].recovery_ns;
    return (double)longest_ns;
}

static double drain(const struct result *result)
{
    return (double)result->drain_ns;
}

static double cpu(const struct result *result)
{
    return result->is_virtual ? 0 : (double)result->environment.cpu_ns;
}

static double memory(const struct result *result)
{
    return result->is_virtual ? 0 : (double)result->environment.rss_bytes;
}

static const struct single {
    const char *name;
    enum compare_unit unit;
    bool is_more_better;
    double (*value)(const struct result *result);
} singles[] = {
    {"throughput", COMPARE_RATE, true, throughput},
    {"publish_rate", COMPARE_RATE, true, publish_rate},
    {"max_rate", COMPARE_RATE, true, max_rate},
    {"recovery", COMPARE_DURATION, false, recovery},
    {"drain", COMPARE_DURATION, false, drain},
    {"gauntlet.cpu", COMPARE_DURATION, false, cpu},
    {"gauntlet.memory", COMPARE_SIZE, false, memory},
};

#define RATES 3u /* the first of them stand above the latencies */

static const struct statistic {
    const char *name;
    double share;       /* over 1: the mean */
    uint64_t count_min; /* with fewer, it would only be the maximum under another name */
} statistics[] = {
    {"mean", 2, 1},     {"p50", 0.5, 1},        {"p90", 0.9, 10},
    {"p99", 0.99, 100}, {"p99.9", 0.999, 1000}, {"max", 1, 1},
};

static const struct histogram *find_latency(const struct result *result, const char *metric)
{
    for (size_t i = 0; i < result->latency_count; i++)
        if (strcmp(result->latencies[i].metric, metric) == 0)
            return &result->latencies[i].histogram;
    return NULL;
}

/* 0 when the run has none, or too few samples. */
static double latency_value(const struct result *result, const char *metric,
                            const struct statistic *statistic)
{
    const struct histogram *histogram = find_latency(result, metric);
    if (!histogram || histogram->count < statistic->count_min)
        return 0;
    return statistic->share > 1 ? histogram_mean(histogram)
                                : (double)histogram_percentile(histogram, statistic->share);
}

/* --- Adding them --------------------------------------------------------------------------------
 */

struct values {
    double *base, *current;
};

static void add_metric(struct comparison *comparison, const struct compare_metric *metric,
                       const struct values *values)
{
    size_t base_count = comparison->base->count, current_count = comparison->current->count;
    struct compare_metric added = *metric;
    added.ratio = statistic_compare(values->base, base_count, values->current, current_count, SEED);
    if (!added.ratio.has_value)
        return;
    added.base = statistic_geometric_mean(values->base, base_count);
    added.current = statistic_geometric_mean(values->current, current_count);
    comparison->metrics = memory_grow(comparison->metrics, comparison->metric_count + 1,
                                      sizeof(*comparison->metrics));
    comparison->metrics[comparison->metric_count++] = added;
}

static void add_single(struct comparison *comparison, const struct single *single,
                       const struct values *values)
{
    struct compare_metric metric = {.unit = single->unit, .is_more_better = single->is_more_better};
    text_copy(metric.name, sizeof(metric.name), single->name);
    for (size_t i = 0; i < comparison->base->count; i++)
        values->base[i] = single->value(comparison->base->results[i]);
    for (size_t i = 0; i < comparison->current->count; i++)
        values->current[i] = single->value(comparison->current->results[i]);
    add_metric(comparison, &metric, values);
}

static void add_latency(struct comparison *comparison, const char *name,
                        const struct statistic *statistic, const struct values *values)
{
    struct compare_metric metric = {.unit = COMPARE_DURATION};
    snprintf(metric.name, sizeof(metric.name), "%s.%s", name, statistic->name);
    for (size_t i = 0; i < comparison->base->count; i++)
        values->base[i] = latency_value(comparison->base->results[i], name, statistic);
    for (size_t i = 0; i < comparison->current->count; i++)
        values->current[i] = latency_value(comparison->current->results[i], name, statistic);
    add_metric(comparison, &metric, values);
}

static void add_latencies(struct comparison *comparison, const struct values *values)
{
    const struct result *first = comparison->base->results[0];
    for (size_t i = 0; i < first->latency_count; i++)
        for (size_t s = 0; s < sizeof(statistics) / sizeof(statistics[0]); s++)
            add_latency(comparison, first->latencies[i].metric, &statistics[s], values);
}

void compare_sides(struct comparison *comparison, const struct compare_side *base,
                   const struct compare_side *current)
{
    struct values values = {memory_new(base->count, sizeof(double)),
                            memory_new(current->count, sizeof(double))};
    *comparison =
        (struct comparison){.base = base,
                            .current = current,
                            .is_enough = statistic_is_enough(base->count, current->count)};
    for (size_t i = 0; i < RATES; i++)
        add_single(comparison, &singles[i], &values);
    add_latencies(comparison, &values);
    for (size_t i = RATES; i < sizeof(singles) / sizeof(singles[0]); i++)
        add_single(comparison, &singles[i], &values);
    free(values.base);
    free(values.current);
}

void compare_release(struct comparison *comparison)
{
    free(comparison->metrics);
    *comparison = (struct comparison){0};
}

/* --- Words --------------------------------------------------------------------------------------
 */

enum compare_change compare_change_of(const struct compare_metric *metric)
{
    const struct statistic_ratio *ratio = &metric->ratio;
    if (!ratio->is_decided)
        return COMPARE_UNDECIDED;
    if (ratio->low <= 1 && ratio->high >= 1)
        return COMPARE_SAME;
    return (ratio->low > 1) == metric->is_more_better ? COMPARE_BETTER : COMPARE_WORSE;
}

const char *compare_change_name(enum compare_change change)
{
    static const char *const names[] = {
        [COMPARE_SAME] = "within noise",
        [COMPARE_BETTER] = "better",
        [COMPARE_WORSE] = "worse",
        [COMPARE_UNDECIDED] = "cannot tell",
    };
    return names[change];
}

const char *compare_show(const struct compare_metric *metric, double value, char *buffer,
                         size_t capacity)
{
    if (metric->unit == COMPARE_RATE)
        return rate_show(value, buffer, capacity);
    if (metric->unit == COMPARE_SIZE)
        return size_show((uint64_t)value, buffer, capacity);
    return duration_show((uint64_t)llround(value), buffer, capacity);
}

const char *compare_show_change(double ratio, char *buffer, size_t capacity)
{
    double percent = (ratio - 1) * 100;
    if (ratio >= 10000)
        snprintf(buffer, capacity, "%.0e times", ratio);
    else if (ratio >= 10)
        snprintf(buffer, capacity, "%.*f times", ratio >= 100 ? 0 : 1, ratio);
    else
        snprintf(buffer, capacity, "%+.1f %%", fabs(percent) < 0.05 ? 0.0 : percent);
    return buffer;
}

void compare_describe(const struct compare_side *side, struct text *text)
{
    size_t tally[VERDICT_FAIL + 1] = {0};
    for (size_t i = 0; i < side->count; i++)
        tally[side->results[i]->verdict]++;
    text_appendf(text, "%zu run%s: %zu passed", side->count, side->count == 1 ? "" : "s",
                 tally[VERDICT_PASS]);
    if (tally[VERDICT_FAIL])
        text_appendf(text, ", %zu failed", tally[VERDICT_FAIL]);
    if (tally[VERDICT_INCONCLUSIVE])
        text_appendf(text, ", %zu inconclusive", tally[VERDICT_INCONCLUSIVE]);
}

static const char *name_of(const struct compare_side *side)
{
    return side->results[0]->scenario_name ? side->results[0]->scenario_name : "scenario";
}

void compare_title(const struct comparison *comparison, struct text *text)
{
    text_append_string(text, name_of(comparison->base));
    if (strcmp(name_of(comparison->base), name_of(comparison->current)) != 0)
        text_appendf(text, ", then %s", name_of(comparison->current));
}

const char *compare_head(const struct comparison *comparison, const struct compare_side *side)
{
    bool fits =
        strlen(comparison->base->name) < HEAD_SIZE && strlen(comparison->current->name) < HEAD_SIZE;
    if (fits)
        return side->name;
    return side == comparison->base ? "base" : "current";
}
