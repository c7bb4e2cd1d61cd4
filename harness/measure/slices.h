/* slices.h: what happened in each slice of time: counts, and coarse histograms of two latencies.
   Slices widen when the run is long, so their number is bounded.  One set per thread, over the same
   slices; merged by adding. */
#ifndef MEASURE_SLICES_H
#define MEASURE_SLICES_H

#include <stdint.h>

#include "measure/histogram.h"

#define SLICES_MAX          240u /* even */
#define SLICES_FLOWS        4u
#define SLICES_METRICS      2u
#define SLICES_COARSE_SHIFT 4u /* of a histogram's bucket: 64 steps a power of two, under 1.6 % */
#define SLICES_BUCKETS      (HISTOGRAM_BUCKETS >> SLICES_COARSE_SHIFT)

struct slice_latency {
    uint64_t count, maximum;
    uint32_t counts[SLICES_BUCKETS];
};

struct slice {
    uint64_t flows[SLICES_FLOWS];
    struct slice_latency latencies[SLICES_METRICS];
};

struct slices {
    uint64_t start_ns, width_ns;     /* width doubles when the last slice would be passed */
    uint32_t used;                   /* slices begun */
    struct slice *items[SLICES_MAX]; /* NULL: nothing happened in it */
};

void slices_init(struct slices *slices, uint64_t start_ns, uint64_t width_ns);
void slices_release(struct slices *slices);
/* The slice of a moment; made when it is missing. */
struct slice *slices_at(struct slices *slices, uint64_t now_ns);
/* Both must have begun at the same time with the same width; both are brought to the wider one. */
void slices_add(struct slices *into, struct slices *from);

static inline void slice_record(struct slice_latency *latency, uint64_t value_ns, uint32_t times)
{
    latency->count += times;
    if (value_ns > latency->maximum)
        latency->maximum = value_ns;
    latency->counts[histogram_bucket(value_ns) >> SLICES_COARSE_SHIFT] += times;
}

void slice_latency_add(struct slice_latency *into, const struct slice_latency *from);
/* The value at or under which `share` of all values lie; 0 when empty. */
uint64_t slice_percentile(const struct slice_latency *latency, double share);

#endif
