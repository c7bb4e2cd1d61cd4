/* json_measures.c: rates, latencies and series in result.json. */
#include "reports/json.h"

static const struct percentile {
    const char *key;
    double share;
    uint64_t count_min; /* with fewer, it would only be the maximum under another name */
} percentiles[] = {
    {"p50_ns", 0.5, 1},           {"p75_ns", 0.75, 4},   {"p90_ns", 0.9, 10},
    {"p95_ns", 0.95, 20},         {"p99_ns", 0.99, 100}, {"p99_9_ns", 0.999, 1000},
    {"p99_99_ns", 0.9999, 10000},
};

static json_t *latency_of(const struct result_latency *latency)
{
    const struct histogram *histogram = &latency->histogram;
    bool is_empty = histogram->count == 0;
    json_t *object = json_object();
    json_put(object, "metric", json_text(latency->metric));
    json_put(object, "count", json_count(histogram->count));
    json_put(object, "min_ns", is_empty ? json_null() : json_count(histogram->minimum));
    json_put(object, "mean_ns",
             is_empty ? json_null() : json_count(histogram->sum / histogram->count));
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        bool is_known = histogram->count >= percentiles[i].count_min;
        json_put(object, percentiles[i].key,
                 is_known ? json_count(histogram_percentile(histogram, percentiles[i].share))
                          : json_null());
    }
    json_put(object, "max_ns", is_empty ? json_null() : json_count(histogram->maximum));
    return object;
}

static json_t *series_of(const struct series *series, uint64_t run_start_ns)
{
    json_t *object = json_object(), *counts = json_array();
    for (uint32_t i = 0; i < series->used; i++)
        json_array_append_new(counts, json_count(series->counts[i]));
    json_put(object, "start_ns", json_integer((json_int_t)(series->start_ns - run_start_ns)));
    json_put(object, "window_ns", json_count(series->window_ns));
    json_put(object, "counts", counts);
    return object;
}

void json_put_measures(json_t *root, const struct result *result)
{
    json_t *rates = json_object(), *latencies = json_array(), *series = json_object();
    json_put(rates, "publish_per_second", json_rate(result->publish_rate));
    json_put(rates, "deliver_per_second", json_rate(result->deliver_rate));
    for (size_t i = 0; i < result->latency_count; i++)
        json_array_append_new(latencies, latency_of(&result->latencies[i]));
    json_put(series, "sent", series_of(&result->sent, result->start_ns));
    json_put(series, "accepted", series_of(&result->accepted, result->start_ns));
    json_put(series, "delivered", series_of(&result->delivered, result->start_ns));
    json_put(series, "settled", series_of(&result->settled, result->start_ns));
    json_put(root, "rates", rates);
    json_put(root, "latencies", latencies);
    json_put(root, "series", series);
}
