/* series.c: windows that double when time runs past the last one. */
#include "measure/series.h"

#include <assert.h>
#include <stddef.h>

void series_init(struct series *series, uint64_t start_ns, uint64_t window_ns)
{
    assert(window_ns > 0);
    *series = (struct series){.start_ns = start_ns, .window_ns = window_ns};
}

static void widen(struct series *series)
{
    for (size_t i = 0; i < SERIES_WINDOWS / 2; i++)
        series->counts[i] = series->counts[2 * i] + series->counts[2 * i + 1];
    for (uint32_t i = SERIES_WINDOWS / 2; i < SERIES_WINDOWS; i++)
        series->counts[i] = 0;
    series->used = (series->used + 1) / 2;
    series->window_ns *= 2;
}

void series_record(struct series *series, uint64_t now_ns, uint64_t count)
{
    uint64_t elapsed_ns = now_ns > series->start_ns ? now_ns - series->start_ns : 0;
    uint32_t window;

    while (elapsed_ns / series->window_ns >= SERIES_WINDOWS)
        widen(series);
    window = (uint32_t)(elapsed_ns / series->window_ns);
    series->counts[window] += count;
    if (series->used <= window)
        series->used = window + 1;
}

void series_add(struct series *into, const struct series *from)
{
    while (from->used > 0 && into->window_ns < from->window_ns)
        widen(into);
    for (uint32_t i = 0; i < from->used; i++)
        series_record(into, from->start_ns + i * from->window_ns, from->counts[i]);
}
