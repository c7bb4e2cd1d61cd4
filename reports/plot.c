/* plot.c: a chart as data, and its limits. */
#include "reports/plot.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct plot_line *plot_add_line(struct plot *plot, const char *name, unsigned colour)
{
    plot->lines = memory_grow(plot->lines, plot->line_count + 1, sizeof(*plot->lines));
    plot->lines[plot->line_count] = (struct plot_line){.name = name, .colour = colour};
    return &plot->lines[plot->line_count++];
}

void plot_add_point(struct plot_line *line, double x, double y)
{
    if (line->count == line->capacity) {
        line->capacity = line->capacity ? 2 * line->capacity : 64;
        line->points = memory_grow(line->points, line->capacity, 2 * sizeof(double));
    }
    line->points[2 * line->count] = x;
    line->points[2 * line->count + 1] = y;
    line->count++;
}

void plot_add_shade(struct plot *plot, struct plot_shade shade)
{
    plot->shades = memory_grow(plot->shades, plot->shade_count + 1, sizeof(*plot->shades));
    plot->shades[plot->shade_count++] = shade;
}

void plot_add_bar(struct plot *plot, struct plot_bar bar)
{
    plot->bars = memory_grow(plot->bars, plot->bar_count + 1, sizeof(*plot->bars));
    plot->bars[plot->bar_count++] = bar;
}

void plot_release(struct plot *plot)
{
    for (size_t i = 0; i < plot->line_count; i++)
        free(plot->lines[i].points);
    free(plot->lines);
    free(plot->shades);
    free(plot->bars);
    *plot = (struct plot){0};
}

/* --- Limits -------------------------------------------------------------------------------------
 */

struct range {
    double low, high;
    bool is_any;
};

static void widen(struct range *range, double value, bool is_log)
{
    if (!isfinite(value) || (is_log && value <= 0))
        return;
    range->low = !range->is_any || value < range->low ? value : range->low;
    range->high = !range->is_any || value > range->high ? value : range->high;
    range->is_any = true;
}

/* A logarithmic axis spans half a decade at least; a linear one begins at 0. */
static void give_air(struct range *range, bool is_log)
{
    if (!is_log) {
        range->low = range->low > 0 ? 0 : range->low;
        range->high = range->high > 0 ? range->high * 1.06 : 1;
        return;
    }
    range->low /= 1.25;
    range->high *= 1.25;
    if (range->high < range->low * 3.2)
        range->high = range->low * 3.2;
}

static struct range range_of(const struct plot *plot, size_t coordinate, bool is_log)
{
    struct range range = {0};
    for (size_t i = 0; i < plot->line_count; i++)
        for (size_t point = 0; point < plot->lines[i].count; point++)
            widen(&range, plot->lines[i].points[2 * point + coordinate], is_log);
    for (size_t i = 0; i < plot->bar_count && coordinate == 0; i++)
        widen(&range, plot->bars[i].value, is_log);
    return range;
}

bool plot_fit(struct plot *plot)
{
    struct range x = range_of(plot, 0, plot->x.is_log), y = range_of(plot, 1, plot->y.is_log);
    if (!x.is_any || (!y.is_any && plot->bar_count == 0))
        return false;
    give_air(&y, plot->y.is_log);
    if (plot->bar_count > 0)
        give_air(&x, plot->x.is_log);
    if (!(plot->x.high > plot->x.low)) {
        plot->x.low = x.low;
        plot->x.high = x.high > x.low ? x.high : x.low + 1;
    }
    plot->y.low = y.low;
    plot->y.high = y.high;
    return true;
}
