/* json.h: result.json in parts.  Keys stand in the order in which they are put. */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <stdint.h>

#include <jansson.h>

#include "run/result.h"

/* null for NULL; bytes that are no UTF-8 become U+FFFD. */
json_t *json_text(const char *string);
/* A count; one past 2^63 - 1 stays at that. */
json_t *json_count(uint64_t count);
/* null when it is not finite. */
json_t *json_rate(double per_second);
/* Put a value that was just made under a key. */
void json_put(json_t *object, const char *key, json_t *value);

/* What the ledger found: json_ledger.c. */
void json_put_ledger(json_t *root, const struct result *result);
/* Latencies and series: json_measures.c. */
void json_put_measures(json_t *root, const struct result *result);

#endif
