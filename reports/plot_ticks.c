/* plot_ticks.c: round places on an axis, and what stands beside them. */
#include "reports/plot.h"

#include <math.h>
#include <stdio.h>

struct scale {
    double factor;
    const char *unit;
};

static const struct scale counts[] = {{1, ""}, {1e3, " k"}, {1e6, " M"}, {1e9, " G"}};
static const struct scale rates[] = {{1, "/s"}, {1e3, " k/s"}, {1e6, " M/s"}, {1e9, " G/s"}};
static const struct scale durations[] = {{1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}};
static const struct scale clocks[] = {{1, " ns"},  {1e3, " us"},   {1e6, " ms"},
                                      {1e9, " s"}, {60e9, " min"}, {3600e9, " h"}};

static const struct {
    const struct scale *scales;
    size_t count;
} units[] = {
    [PLOT_COUNT] = {counts, 4}, [PLOT_RATE] = {rates, 4},   [PLOT_DURATION] = {durations, 4},
    [PLOT_CLOCK] = {clocks, 6}, [PLOT_SHARE] = {counts, 1},
};

static const struct scale *scale_of(enum plot_unit unit, double value)
{
    size_t i = 0;
    while (i + 1 < units[unit].count && fabs(value) >= units[unit].scales[i + 1].factor * 0.999999)
        i++;
    return &units[unit].scales[i];
}

/* 1/(1-p): 10 is 90 %, 1000 is 99.9 %.  Where there is little room the sign is left out. */
static void show_share(double value, char *words, size_t capacity)
{
    snprintf(words, capacity, value < 9999 ? "%.10g %%" : "%.10g", 100.0 - 100.0 / value);
}

static void add(const struct plot_axis *axis, double at, const struct scale *scale,
                struct plot_tick *ticks, size_t *count)
{
    double slack = (axis->high - axis->low) * 1e-6;
    if (*count == PLOT_TICKS_MAX || at < axis->low - slack || at > axis->high + slack)
        return;
    struct plot_tick *tick = &ticks[(*count)++];
    tick->at = at;
    if (axis->unit == PLOT_SHARE)
        show_share(at, tick->words, sizeof(tick->words));
    else if (at == 0)
        snprintf(tick->words, sizeof(tick->words), "0");
    else
        snprintf(tick->words, sizeof(tick->words), "%.6g%s", at / scale->factor, scale->unit);
}

/* 1, 2 or 5 times a power of ten; minutes go by the steps of a clock. */
static double round_step(const struct plot_axis *axis, double rough)
{
    static const double minutes[] = {30e9, 60e9, 120e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9};
    if (axis->unit == PLOT_CLOCK && rough > 20e9)
        for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++)
            if (minutes[i] >= rough)
                return minutes[i];
    double power = pow(10, floor(log10(rough)));
    double share = rough / power;
    return power * (share <= 1.1    ? 1
                    : share <= 2.2  ? 2
                    : share <= 2.75 ? 2.5
                    : share <= 5.5  ? 5
                                    : 10);
}

static size_t linear_ticks(const struct plot_axis *axis, size_t wanted, struct plot_tick *ticks)
{
    double step = round_step(axis, (axis->high - axis->low) / (double)wanted);
    const struct scale *scale = scale_of(axis->unit, axis->high);
    size_t count = 0;
    if (axis->unit == PLOT_COUNT && step < 1)
        step = 1;
    double first = ceil(axis->low / step - 1e-9);
    for (unsigned i = 0; i < PLOT_TICKS_MAX && (first + i) * step <= axis->high + step * 1e-6; i++)
        add(axis, (first + i) * step, scale, ticks, &count);
    return count;
}

/* Powers of ten; what lies between them too, when they alone would be few. */
static size_t log_ticks(const struct plot_axis *axis, size_t wanted, struct plot_tick *ticks)
{
    static const double between[] = {1, 2, 5};
    double decades = log10(axis->high / axis->low);
    size_t finer = decades <= 1.5 ? 3 : decades <= 3.2 ? 2 : 1;
    double first = floor(log10(axis->low) + 1e-9), last = log10(axis->high) + 1e-6;
    unsigned jump = decades > (double)wanted * 1.5 ? 2 : 1;
    size_t count = 0;
    if (axis->unit == PLOT_SHARE)
        finer = 1;
    for (unsigned order = 0; first + order <= last && count < PLOT_TICKS_MAX; order += jump)
        for (size_t i = 0; i < 3; i += 4 - finer) {
            double at = pow(10, first + order) * between[i];
            add(axis, at, scale_of(axis->unit, at), ticks, &count);
        }
    return count;
}

size_t plot_ticks(const struct plot_axis *axis, size_t wanted, struct plot_tick *ret_ticks)
{
    if (!(axis->high > axis->low) || !isfinite(axis->high) || !isfinite(axis->low))
        return 0;
    if (axis->is_log && axis->low > 0)
        return log_ticks(axis, wanted, ret_ticks);
    return linear_ticks(axis, wanted, ret_ticks);
}
