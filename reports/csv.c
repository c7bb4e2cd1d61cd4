/* csv.c: series.csv, one line for each slice of time. */
#include "reports/report.h"

#include "measure/series.h"

/* --- From the windows, which know everything ----------------------------------------------------
 */

static void put_seconds(struct text *text, uint64_t ns, const char *before)
{
    text_appendf(text, "%s%.6f", before, (double)(int64_t)ns / 1e9);
}

static void put_count(struct text *text, uint64_t count)
{
    text_appendf(text, ",%llu", (unsigned long long)count);
}

/* Empty without samples. */
static void put_quantiles(struct text *text, const struct result_quantiles *quantiles)
{
    const uint64_t values[] = {quantiles->p50_ns, quantiles->p99_ns, quantiles->p999_ns,
                               quantiles->max_ns};
    put_count(text, quantiles->count);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (quantiles->count > 0)
            put_count(text, values[i]);
        else
            text_append_string(text, ",");
    }
}

static void put_window(struct text *text, const struct result *result,
                       const struct result_window *window)
{
    put_seconds(text, window->begin_ns - result->start_ns, "");
    put_seconds(text, window->end_ns - window->begin_ns, ",");
    put_count(text, window->sent);
    put_count(text, window->accepted);
    put_count(text, window->delivered);
    put_count(text, window->settled);
    put_count(text, window->backlog);
    put_quantiles(text, &window->publish);
    put_quantiles(text, &window->deliver);
    text_append_string(text, "\n");
}

/* --- From the series ----------------------------------------------------------------------------
 */

#define COLUMNS 4u

static const struct series *column_of(const struct result *result, size_t index)
{
    const struct series *const columns[COLUMNS] = {&result->sent, &result->accepted,
                                                   &result->delivered, &result->settled};
    return columns[index];
}

/* All columns in the widest window of any. */
static uint64_t widest_window(const struct result *result)
{
    uint64_t window_ns = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        const struct series *series = column_of(result, i);
        if (series->used > 0 && series->window_ns > window_ns)
            window_ns = series->window_ns;
    }
    return window_ns;
}

static uint64_t count_within(const struct series *series, uint64_t from_ns, uint64_t until_ns)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < series->used; i++) {
        uint64_t at = series->start_ns + i * series->window_ns;
        if (at >= from_ns && at < until_ns)
            count += series->counts[i];
    }
    return count;
}

static uint64_t series_end(const struct series *series)
{
    return series->used ? series->start_ns + series->used * series->window_ns : 0;
}

static void put_series(struct text *text, const struct result *result)
{
    uint64_t window_ns = widest_window(result), end_ns = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        if (series_end(column_of(result, i)) > end_ns)
            end_ns = series_end(column_of(result, i));
    for (uint64_t at = result->start_ns; window_ns > 0 && at < end_ns; at += window_ns) {
        put_seconds(text, at - result->start_ns, "");
        put_seconds(text, window_ns, ",");
        for (size_t i = 0; i < COLUMNS; i++)
            put_count(text, count_within(column_of(result, i), at, at + window_ns));
        text_append_string(text, ",,,,,,,,,,,\n");
    }
}

void report_csv(const struct report_input *input, struct text *text)
{
    const struct result *result = input->results[0];
    text_append_string(text, "start_s,window_s,sent,accepted,delivered,settled,backlog,"
                             "publish_count,publish_p50_ns,publish_p99_ns,publish_p99_9_ns,"
                             "publish_max_ns,deliver_count,deliver_p50_ns,deliver_p99_ns,"
                             "deliver_p99_9_ns,deliver_max_ns\n");
    for (size_t i = 0; i < result->window_count; i++)
        put_window(text, result, &result->windows[i]);
    if (result->window_count == 0)
        put_series(text, result);
}
