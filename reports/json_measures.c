/* json_measures.c: rates and latencies in result.json. */
#include "reports/json.h"

#include "base/memory.h"
#include "reports/hdr.h"

static const struct json_field rate_fields[] = {
    {"publish_per_second", &json_field_real, offsetof(struct result, publish_rate)},
    {"deliver_per_second", &json_field_real, offsetof(struct result, deliver_rate)},
    {"max_per_second", &json_field_real, offsetof(struct result, max_rate)},
    {"knee_per_second", &json_field_real, offsetof(struct result, knee_rate)},
};
static const struct json_field_table rate_table = JSON_FIELDS(rate_fields, struct result);

static json_t *write_rates(const void *member, const struct result *result)
{
    return json_field_write(&rate_table, member, result);
}

static int read_rates(const json_t *value, void *member, const struct result *result,
                      struct error *reterr)
{
    return json_field_read(&rate_table, value, member, result, reterr);
}

const struct json_field_kind json_rates = {write_rates, read_rates};

/* --- Latencies ----------------------------------------------------------------------------------
 */

static const struct percentile {
    const char *key;
    double share;
    uint64_t count_min; /* with fewer, it would only be the maximum under another name */
} percentiles[] = {
    {"p50_ns", 0.5, 1},           {"p75_ns", 0.75, 4},   {"p90_ns", 0.9, 10},
    {"p95_ns", 0.95, 20},         {"p99_ns", 0.99, 100}, {"p99_9_ns", 0.999, 1000},
    {"p99_99_ns", 0.9999, 10000},
};

static void put_percentiles(json_t *object, const struct histogram *histogram)
{
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        bool is_known = histogram->count >= percentiles[i].count_min;
        json_put(object, percentiles[i].key,
                 is_known ? json_count(histogram_percentile(histogram, percentiles[i].share))
                          : json_null());
    }
}

static json_t *encoded(const struct histogram *histogram)
{
    struct text code = {0};
    hdr_encode(histogram, &code);
    json_t *value = json_text(text_string(&code));
    text_release(&code);
    return value;
}

static json_t *write_latency(const struct result_latency *latency)
{
    const struct histogram *histogram = &latency->histogram;
    bool is_empty = histogram->count == 0;
    json_t *object = json_object();
    json_put(object, "metric", json_text(latency->metric));
    json_put(object, "count", json_count(histogram->count));
    json_put(object, "min_ns", is_empty ? json_null() : json_count(histogram->minimum));
    json_put(object, "mean_ns",
             is_empty ? json_null() : json_count(histogram->sum / histogram->count));
    put_percentiles(object, histogram);
    json_put(object, "max_ns", is_empty ? json_null() : json_count(histogram->maximum));
    json_put(object, "sum_ns", json_count(histogram->sum));
    json_put(object, "histogram", is_empty ? json_null() : encoded(histogram));
    return object;
}

static json_t *write_latencies(const void *member, const struct result *result)
{
    json_t *array = json_array();
    (void)member;
    for (size_t i = 0; i < result->latency_count; i++)
        json_array_append_new(array, write_latency(&result->latencies[i]));
    return array;
}

/* What the buckets do not keep to the nanosecond stands beside them. */
static const struct json_field histogram_fields[] = {
    {"count", &json_field_count, offsetof(struct histogram, count)},
    {"min_ns", &json_field_count, offsetof(struct histogram, minimum)},
    {"max_ns", &json_field_count, offsetof(struct histogram, maximum)},
    {"sum_ns", &json_field_count, offsetof(struct histogram, sum)},
};
static const struct json_field_table histogram_table =
    JSON_FIELDS(histogram_fields, struct histogram);

static int check_histogram(const struct histogram *histogram, uint64_t decoded_count,
                           struct error *reterr)
{
    if (histogram->count != decoded_count)
        return error_set(reterr, ERROR_USAGE,
                         "the histogram holds %llu values, and 'count' is %llu",
                         (unsigned long long)decoded_count, (unsigned long long)histogram->count);
    if (histogram->minimum > histogram->maximum)
        return error_set(reterr, ERROR_USAGE, "'min_ns' is over 'max_ns'");
    return 0;
}

static int read_histogram(const json_t *value, struct histogram *histogram,
                          const struct result *result, struct error *reterr)
{
    const json_t *code = json_object_get(value, "histogram");
    const json_t *count = json_object_get(value, "count");
    if (json_is_null(code) && json_is_integer(count) && json_integer_value(count) == 0)
        return 0;
    if (!json_is_string(code))
        return json_field_refuse(code, "the text of a histogram", reterr);
    if (hdr_decode(json_string_value(code), histogram, reterr))
        return error_prefix(reterr, "histogram: ");
    uint64_t decoded_count = histogram->count;
    if (json_field_read(&histogram_table, value, histogram, result, reterr))
        return -1;
    return check_histogram(histogram, decoded_count, reterr);
}

static int read_latency(const json_t *value, struct result_latency *latency,
                        const struct result *result, struct error *reterr)
{
    const json_t *metric = json_object_get(value, "metric");
    if (!json_is_string(metric))
        return json_field_refuse(metric, "a 'metric'", reterr);
    latency->metric = memory_string(json_string_value(metric));
    histogram_init(&latency->histogram);
    return read_histogram(value, &latency->histogram, result, reterr);
}

static int read_latencies(const json_t *value, void *member, const struct result *result,
                          struct error *reterr)
{
    struct result *into = member;
    size_t count = json_array_size(value);
    if (!json_is_array(value))
        return json_field_refuse(value, "a list", reterr);
    into->latencies = memory_new(count + 1, sizeof(*into->latencies));
    into->latency_count = count;
    for (size_t i = 0; i < count; i++)
        if (read_latency(json_array_get(value, i), &into->latencies[i], result, reterr))
            return error_prefix(reterr, "entry %zu: ", i + 1);
    return 0;
}

const struct json_field_kind json_latencies = {write_latencies, read_latencies};
