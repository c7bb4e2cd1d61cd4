/* slices.c: slices of time that double in width. */
#include "measure/slices.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/memory.h"

void slices_init(struct slices *slices, uint64_t start_ns, uint64_t width_ns)
{
    assert(width_ns > 0);
    *slices = (struct slices){.start_ns = start_ns, .width_ns = width_ns};
}

void slices_release(struct slices *slices)
{
    for (uint32_t i = 0; i < slices->used; i++)
        free(slices->items[i]);
    *slices = (struct slices){0};
}

void slice_latency_add(struct slice_latency *into, const struct slice_latency *from)
{
    if (from->count == 0)
        return;
    into->count += from->count;
    into->maximum = from->maximum > into->maximum ? from->maximum : into->maximum;
    for (uint32_t bucket = 0; bucket < SLICES_BUCKETS; bucket++)
        into->counts[bucket] += from->counts[bucket];
}

static void add_slice(struct slice *into, const struct slice *from)
{
    for (uint32_t i = 0; i < SLICES_FLOWS; i++)
        into->flows[i] += from->flows[i];
    for (uint32_t i = 0; i < SLICES_METRICS; i++)
        slice_latency_add(&into->latencies[i], &from->latencies[i]);
}

/* One slice of two; takes both. */
static struct slice *join(struct slice *first, struct slice *second)
{
    if (!first)
        return second;
    if (second)
        add_slice(first, second);
    free(second);
    return first;
}

static void widen(struct slices *slices)
{
    for (size_t i = 0; i < SLICES_MAX / 2; i++) {
        struct slice *joined = join(slices->items[2 * i], slices->items[2 * i + 1]);

        slices->items[2 * i] = slices->items[2 * i + 1] = NULL;
        slices->items[i] = joined;
    }
    slices->used = (slices->used + 1) / 2;
    slices->width_ns *= 2;
}

struct slice *slices_at(struct slices *slices, uint64_t now_ns)
{
    uint64_t elapsed = now_ns > slices->start_ns ? now_ns - slices->start_ns : 0;
    uint32_t index;

    while (elapsed / slices->width_ns >= SLICES_MAX)
        widen(slices);
    index = (uint32_t)(elapsed / slices->width_ns);
    if (!slices->items[index])
        slices->items[index] = memory_new(1, sizeof(*slices->items[index]));
    if (slices->used <= index)
        slices->used = index + 1;
    return slices->items[index];
}

void slices_add(struct slices *into, struct slices *from)
{
    if (from->used == 0)
        return;
    while (into->width_ns < from->width_ns)
        widen(into);
    while (from->width_ns < into->width_ns)
        widen(from);
    for (uint32_t i = 0; i < from->used; i++)
        if (from->items[i])
            add_slice(slices_at(into, into->start_ns + i * into->width_ns), from->items[i]);
}

/* The highest value of a bucket: where the one after it begins. */
static uint64_t bucket_end(uint32_t coarse)
{
    uint64_t bucket = (uint64_t)(coarse + 1) << SLICES_COARSE_SHIFT;
    uint64_t order = bucket >> HISTOGRAM_SUB_BITS;
    uint64_t steps = bucket & ((1u << HISTOGRAM_SUB_BITS) - 1u);

    if (order == 0)
        return bucket - 1;
    return (((1ull << HISTOGRAM_SUB_BITS) + steps) << (order - 1)) - 1;
}

uint64_t slice_percentile(const struct slice_latency *latency, double share)
{
    uint64_t seen = 0, rank = (uint64_t)(share * (double)latency->count);
    uint32_t bucket = 0;

    if (latency->count == 0)
        return 0;
    if ((double)rank < share * (double)latency->count)
        rank++;
    for (; bucket < SLICES_BUCKETS - 1; bucket++) {
        seen += latency->counts[bucket];
        if (seen >= rank && seen > 0)
            break;
    }
    return bucket_end(bucket) < latency->maximum ? bucket_end(bucket) : latency->maximum;
}
