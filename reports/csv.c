/* csv.c: series.csv, one line for each window of time. */
#include "reports/report.h"

#include "measure/series.h"

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

void report_csv(const struct report_input *input, struct text *text)
{
    const struct result *result = input->results[0];
    uint64_t window_ns = widest_window(result), end_ns = 0;
    text_append_string(text, "start_s,window_s,sent,accepted,delivered,settled\n");
    if (window_ns == 0)
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        if (series_end(column_of(result, i)) > end_ns)
            end_ns = series_end(column_of(result, i));
    for (uint64_t at = result->start_ns; at < end_ns; at += window_ns) {
        text_appendf(text, "%.6f,%.6f", (double)(at - result->start_ns) / 1e9,
                     (double)window_ns / 1e9);
        for (size_t i = 0; i < COLUMNS; i++)
            text_appendf(
                text, ",%llu",
                (unsigned long long)count_within(column_of(result, i), at, at + window_ns));
        text_append_string(text, "\n");
    }
}
