/* meter.c: metrics by name, and adding up. */
#include "actors/meter.h"

#include <stdio.h>

#include "port.h"

#define FIRST_WINDOW_NS 100000000u /* 100 ms */

const char *meter_metric_name(enum meter_metric metric)
{
    static const char *const names[METER_METRICS] = {
        [METER_PUBLISH] = "publish",     [METER_SERVICE] = "publish_service",
        [METER_LATENESS] = "lateness",   [METER_DELIVER] = "deliver",
        [METER_REDELIVER] = "redeliver",
    };

    return names[metric];
}

void meter_init(struct meter *meter, uint64_t start_ns)
{
    for (int i = 0; i < METER_METRICS; i++)
        histogram_init(&meter->metrics[i]);
    for (int i = 0; i < METER_FLOWS; i++)
        series_init(&meter->flows[i], start_ns, FIRST_WINDOW_NS);
}

void meter_release(struct meter *meter)
{
    for (int i = 0; i < METER_METRICS; i++)
        histogram_release(&meter->metrics[i]);
}

void meter_add(struct meter *into, const struct meter *from)
{
    for (int i = 0; i < METER_METRICS; i++)
        histogram_add(&into->metrics[i], &from->metrics[i]);
    for (int i = 0; i < METER_FLOWS; i++)
        series_add(&into->flows[i], &from->flows[i]);
}

void tally_error(struct tally *tally, const char *operation, uint32_t error, const char *detail)
{
    atomic_fetch_add_explicit(&tally->errors, 1, memory_order_relaxed);
    snprintf(tally->last_error, sizeof(tally->last_error), "%s: %s", operation,
             detail ? detail : port_error_name(error));
}
