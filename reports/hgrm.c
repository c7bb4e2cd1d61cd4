/* hgrm.c: percentile distributions as HdrHistogram prints them, which its plotter reads: one file
   for each metric, in milliseconds.  Source of the form: the HdrHistogram project,
   PercentileIterator and outputPercentileDistribution with 5 ticks per half distance, public
   domain. */
#include "reports/report.h"

#include <math.h>
#include <string.h>

#define TICKS_PER_HALF 5.0
#define NS_PER_MS      1e6

struct walk {
    const struct histogram *histogram;
    uint32_t bucket;
    uint64_t seen; /* up to and with the bucket */
};

/* To the first bucket at or past so many per cent. */
static void walk_to(struct walk *walk, double percent)
{
    const struct histogram *histogram = walk->histogram;
    while (walk->bucket + 1 < HISTOGRAM_BUCKETS &&
           (100.0 * (double)walk->seen / (double)histogram->count < percent ||
            histogram->counts[walk->bucket] == 0))
        walk->seen += histogram->counts[++walk->bucket];
}

/* Five steps on the way from any percentile half way to 100. */
static double next_percent(double percent)
{
    double half = pow(2, floor(log2(100.0 / (100.0 - percent))) + 1);
    return percent + 100.0 / (TICKS_PER_HALF * half);
}

static double ms_of(double ns)
{
    return ns / NS_PER_MS;
}

static void put_rows(const struct histogram *histogram, struct text *text)
{
    struct walk walk = {histogram, 0, histogram->counts[0]};
    double percent = 0;
    while (walk.seen < histogram->count) {
        walk_to(&walk, percent);
        text_appendf(text, "%12.6f %2.12f %10llu %14.2f\n",
                     ms_of((double)histogram_bucket_end(walk.bucket)), percent / 100,
                     (unsigned long long)walk.seen, 1 / (1 - percent / 100));
        percent = next_percent(percent);
    }
    text_appendf(text, "%12.6f %2.12f %10llu\n",
                 ms_of((double)histogram_bucket_end(histogram_bucket(histogram->maximum))), 1.0,
                 (unsigned long long)histogram->count);
}

static double deviation_of(const struct histogram *histogram)
{
    double mean = histogram_mean(histogram), squares = 0;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        double middle =
            ((double)histogram_bucket_begin(i) + (double)histogram_bucket_end(i)) / 2 - mean;
        squares += middle * middle * (double)histogram->counts[i];
    }
    return sqrt(squares / (double)histogram->count);
}

static void put_summary(const struct histogram *histogram, struct text *text)
{
    text_appendf(text, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n",
                 ms_of(histogram_mean(histogram)), ms_of(deviation_of(histogram)));
    text_appendf(text, "#[Max     = %12.6f, Total count    = %12llu]\n",
                 ms_of((double)histogram->maximum), (unsigned long long)histogram->count);
    text_appendf(text, "#[Buckets = %12u, SubBuckets     = %12u]\n", HISTOGRAM_ORDERS,
                 2u << HISTOGRAM_SUB_BITS);
}

/* "publish_service.hgrm"; a metric is our own word, but a result may come from anywhere. */
static void put_name(const char *metric, struct text *name)
{
    for (; *metric; metric++) {
        bool is_plain = (*metric >= 'a' && *metric <= 'z') || (*metric >= '0' && *metric <= '9');
        text_append(name, is_plain || *metric == '_' ? metric : "-", 1);
    }
    text_append_string(name, ".hgrm");
}

bool report_hgrm(const struct report_input *input, size_t index, struct text *name,
                 struct text *text)
{
    const struct result *result = input->results[0];
    for (size_t i = 0; i < result->latency_count; i++) {
        const struct result_latency *latency = &result->latencies[i];
        if (latency->histogram.count == 0 || index-- > 0)
            continue;
        put_name(latency->metric, name);
        text_append_string(text, "       Value     Percentile TotalCount 1/(1-Percentile)\n\n");
        put_rows(&latency->histogram, text);
        put_summary(&latency->histogram, text);
        return true;
    }
    return false;
}
