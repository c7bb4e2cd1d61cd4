/* hlog.c: latency.hlog, all histograms of the run in HdrHistogram's log format, version 1.3: one
   line for each metric, which is its tag.  Source of the form: the HdrHistogram project,
   HistogramLogWriter, public domain. */
#include "reports/report.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "reports/hdr.h"

#define NS_PER_MS 1e6

/* Seconds since the epoch; 0 in virtual time, which has none. */
static double epoch_of(const char *started)
{
    struct tm parts = {0};
    const char *end = started ? strptime(started, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
    return end ? (double)timegm(&parts) : 0;
}

static void put_head(const struct result *result, struct text *text)
{
    const char *started = result->is_virtual ? NULL : result->environment.started;
    text_append_string(text, "#[Written by gauntlet; values in nanoseconds, Interval_Max in "
                             "milliseconds]\n#[Histogram log format version 1.3]\n");
    text_appendf(text, "#[StartTime: %.3f (seconds since epoch), %s]\n", epoch_of(started),
                 started && !strpbrk(started, "\r\n") ? started : "virtual time");
    text_append_string(text, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                             "\"Interval_Compressed_Histogram\"\n");
}

/* A tag ends at a comma or a blank. */
static void put_tag(const char *metric, struct text *text)
{
    text_append_string(text, "Tag=");
    for (; *metric; metric++)
        text_append(text, strchr(", \t\r\n", *metric) ? "-" : metric, 1);
}

void report_hlog(const struct report_input *input, struct text *text)
{
    const struct result *result = input->results[0];
    put_head(result, text);
    for (size_t i = 0; i < result->latency_count; i++) {
        const struct histogram *histogram = &result->latencies[i].histogram;
        if (histogram->count == 0)
            continue;
        put_tag(result->latencies[i].metric, text);
        text_appendf(text, ",0.000,%.3f,%.3f,", (double)result->elapsed_ns / 1e9,
                     (double)histogram->maximum / NS_PER_MS);
        hdr_encode(histogram, text);
        text_append_string(text, "\n");
    }
}
