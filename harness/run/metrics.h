/* metrics.h: values that expectations ask for by name, looked up in the result. */
#ifndef RUN_METRICS_H
#define RUN_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "run/stage.h"

/* Add the latencies of a metric ("deliver") in a part of the run to `into`. */
void metric_phase_latency(const struct stage *stage, const struct meter *meter,
                          struct phase_choice choice, const char *word, struct histogram *into);
/* What a rate counts. */
enum meter_flow metric_flow(const struct stage *stage, const char *word);
/* A rate ("throughput") over a part of the run. */
double metric_phase_rate(const struct stage *stage, struct phase_choice choice, const char *word);
/* A count ("sent", "lost") or a rate ("throughput"); false when there is no such metric. */
bool metric_value(const struct stage *stage, const char *word, double *ret_value);
/* A number in health_stats' details.message_counts of one broker; false when it did not say. */
bool metric_broker_count(const struct result_broker *broker, const char *word, double *ret_value);
/* Its status: "healthy", "degraded", "unhealthy"; copied into `status`; false when it did not say.
 */
bool metric_broker_status(const struct result_broker *broker, char *status, size_t capacity);

#endif
