/* histogram.c: merging, and reading percentiles back. */
#include "measure/histogram.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void histogram_init(struct histogram *histogram)
{
    *histogram = (struct histogram){.counts = memory_new(HISTOGRAM_BUCKETS, sizeof(uint64_t))};
}

void histogram_release(struct histogram *histogram)
{
    free(histogram->counts);
    *histogram = (struct histogram){0};
}

void histogram_clear(struct histogram *histogram)
{
    uint64_t *counts = histogram->counts;

    if (histogram->count > 0)
        memset(counts, 0, HISTOGRAM_BUCKETS * sizeof(*counts));
    *histogram = (struct histogram){.counts = counts};
}

void histogram_add(struct histogram *into, const struct histogram *from)
{
    uint32_t last;

    if (from->count == 0)
        return;
    last = histogram_bucket(from->maximum);
    for (uint32_t i = histogram_bucket(from->minimum); i <= last; i++)
        into->counts[i] += from->counts[i];
    if (into->count == 0 || from->minimum < into->minimum)
        into->minimum = from->minimum;
    if (from->maximum > into->maximum)
        into->maximum = from->maximum;
    into->count += from->count;
    into->sum += from->sum;
}

/* How many of `count` values make up the share; at least one.  What binary fractions add to a
   product that should be whole is taken off again. */
static uint64_t rank_of(double share, uint64_t count)
{
    double exact = share * (double)count * (1.0 - 1e-12);
    uint64_t rank = (uint64_t)exact;

    if ((double)rank < exact)
        rank++;
    return rank > 0 ? rank : 1;
}

uint64_t histogram_percentile(const struct histogram *histogram, double share)
{
    uint64_t rank, seen = 0, end;
    uint32_t bucket;

    if (histogram->count == 0)
        return 0;
    if (share >= 1.0)
        return histogram->maximum;
    rank = rank_of(share > 0.0 ? share : 0.0, histogram->count);
    bucket = histogram_bucket(histogram->minimum);
    for (; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen >= rank)
            break;
    }
    end = bucket < HISTOGRAM_BUCKETS - 1 ? histogram_bucket_end(bucket) : histogram->maximum;
    return end < histogram->maximum ? end : histogram->maximum;
}

double histogram_mean(const struct histogram *histogram)
{
    return histogram->count > 0 ? (double)histogram->sum / (double)histogram->count : 0.0;
}
