/* gauge.c: samples of a value; when they are full, every second one goes. */
#include "run/phases.h"

#define FIRST_PERIOD_NS 50000000u /* 50 ms */

static void thin(struct gauge *gauge)
{
    for (size_t i = 0; i < GAUGE_SAMPLES / 2; i++)
        gauge->samples[i] = gauge->samples[2 * i];
    gauge->count = GAUGE_SAMPLES / 2;
    gauge->period_ns *= 2;
}

void gauge_note(struct gauge *gauge, uint64_t now_ns, uint64_t value)
{
    if (gauge->period_ns == 0)
        gauge->period_ns = FIRST_PERIOD_NS;
    if (gauge->count > 0 && now_ns - gauge->last_ns < gauge->period_ns)
        return;
    if (gauge->count == GAUGE_SAMPLES)
        thin(gauge);
    gauge->last_ns = now_ns;
    gauge->samples[gauge->count++] = (struct gauge_sample){.at_ns = now_ns, .value = value};
}

uint64_t gauge_at(const struct gauge *gauge, uint64_t moment_ns)
{
    uint64_t value = 0;

    for (size_t i = 0; i < gauge->count && gauge->samples[i].at_ns <= moment_ns; i++)
        value = gauge->samples[i].value;
    return value;
}
