/* json.h: result.json in parts: tables of fields, and lists that stand in them. */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <stdint.h>

#include <jansson.h>

#include "base/text.h"
#include "reports/json_field.h"

/* null for NULL; bytes that are no UTF-8 become U+FFFD. */
json_t *json_text(const char *string);
/* A count; one past 2^63 - 1 stays at that. */
json_t *json_count(uint64_t count);
/* Put a value that was just made under a key. */
void json_put(json_t *object, const char *key, json_t *value);

/* Everything of a result, in the order of result.json. */
extern const struct json_field_table json_result_table;

/* Kinds for whole parts of a result.  The member is the result itself, unless said otherwise. */
extern const struct json_field_kind json_messages, json_groups, json_anomalies,
    json_witnesses;                                                         /* json_ledger.c */
extern const struct json_field_kind json_rates, json_latencies;             /* json_measures.c */
extern const struct json_field_kind json_series;                            /* json_series.c */
extern const struct json_field_kind json_windows, json_points, json_phases; /* json_windows.c */
extern const struct json_field_kind json_cuts;                              /* json_sweep.c */
extern const struct json_field_kind json_faults;                            /* json_faults.c */
extern const struct json_field_kind json_brokers;                           /* json_brokers.c */
extern const struct json_field_kind json_environment, json_actors,
    json_operations; /* json_actors.c */
/* Names that were read one by one move into the report's own block, where ledger_report_free looks
   for them.  To be called once, before a ledger that was read is freed. */
void json_settle_names(struct ledger_report *ledger);

/* Written out: one key a line, and a list of nothing but numbers on one line. */
void json_lay_out(json_t *root, struct text *text);

#endif
