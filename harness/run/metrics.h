/* metrics.h: values that expectations ask for by name, looked up in the result. */
#ifndef RUN_METRICS_H
#define RUN_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "run/stage.h"

/* The latency histogram of a metric ("deliver"), or NULL when nothing was measured. */
const struct histogram *metric_latency(const struct result *result, const char *word);
/* A count ("sent", "lost") or a rate ("throughput"); false when there is no such metric. */
bool metric_value(const struct stage *stage, const char *word, double *ret_value);
/* A number in health_stats' details.message_counts of one broker; false when it did not say. */
bool metric_broker_count(const struct result_broker *broker, const char *word, double *ret_value);
/* Its status: "healthy", "degraded", "unhealthy"; copied into `status`; false when it did not say.
 */
bool metric_broker_status(const struct result_broker *broker, char *status, size_t capacity);

#endif
