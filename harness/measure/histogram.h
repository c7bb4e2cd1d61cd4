/* histogram.h: a log-linear histogram of nanoseconds with three significant digits, after
   HdrHistogram.  One per thread and metric; merged by adding.  Percentiles are never averaged. */
#ifndef MEASURE_HISTOGRAM_H
#define MEASURE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_SUB_BITS  10u /* 1024 linear steps per power of two: error under 0.1 % */
#define HISTOGRAM_ORDERS    33u /* up to 2^43 ns, 146 minutes; longer is recorded as that */
#define HISTOGRAM_VALUE_MAX ((1ull << (HISTOGRAM_SUB_BITS + HISTOGRAM_ORDERS)) - 1u)
#define HISTOGRAM_BUCKETS   ((HISTOGRAM_ORDERS + 1u) << HISTOGRAM_SUB_BITS)

struct histogram {
    uint64_t count, minimum, maximum; /* minimum is valid when count > 0 */
    uint64_t sum;                     /* for the mean */
    uint64_t *counts;                 /* HISTOGRAM_BUCKETS of them; 270 kB, touched lazily */
};

void histogram_init(struct histogram *histogram);
void histogram_release(struct histogram *histogram);
void histogram_clear(struct histogram *histogram);
void histogram_add(struct histogram *into, const struct histogram *from);
/* The value at or under which `share` (0 to 1) of all values lie; 0 when empty. */
uint64_t histogram_percentile(const struct histogram *histogram, double share);
double histogram_mean(const struct histogram *histogram);

/* Values under 1024 have a bucket each; of every power of two from there on, 1024 share it. */
static inline uint32_t histogram_bucket(uint64_t value_ns)
{
    uint32_t order;

    if (value_ns < (1u << HISTOGRAM_SUB_BITS))
        return (uint32_t)value_ns;
    if (value_ns > HISTOGRAM_VALUE_MAX)
        value_ns = HISTOGRAM_VALUE_MAX;
    order = 63u - HISTOGRAM_SUB_BITS - (uint32_t)__builtin_clzll(value_ns);
    return (order << HISTOGRAM_SUB_BITS) + (uint32_t)(value_ns >> order);
}

/* The lowest and the highest value that the bucket holds. */
static inline uint64_t histogram_bucket_begin(uint32_t bucket)
{
    uint32_t order = bucket >> HISTOGRAM_SUB_BITS;
    uint64_t steps = bucket & ((1u << HISTOGRAM_SUB_BITS) - 1u);

    return order == 0 ? bucket : ((1ull << HISTOGRAM_SUB_BITS) + steps) << (order - 1);
}

static inline uint64_t histogram_bucket_end(uint32_t bucket)
{
    return histogram_bucket_begin(bucket + 1) - 1;
}

static inline void histogram_record_many(struct histogram *histogram, uint64_t value_ns,
                                         uint64_t times)
{
    if (times == 0)
        return;
    if (histogram->count == 0 || value_ns < histogram->minimum)
        histogram->minimum = value_ns;
    if (value_ns > histogram->maximum)
        histogram->maximum = value_ns;
    histogram->count += times;
    histogram->sum += value_ns * times;
    histogram->counts[histogram_bucket(value_ns)] += times;
}

/* Under 2 ns. */
static inline void histogram_record(struct histogram *histogram, uint64_t value_ns)
{
    histogram_record_many(histogram, value_ns, 1);
}

#endif
