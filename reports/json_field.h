/* json_field.h: the fields of result.json as tables, from which both the writer and the reader
   live: what is written can be read back, and a new field is one line. */
#ifndef REPORTS_JSON_FIELD_H
#define REPORTS_JSON_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "run/result.h"

/* How one kind of member looks in JSON.  `member` is what the field's offset leads to. */
struct json_field_kind {
    /* Gives a new reference. */
    json_t *(*write)(const void *member, const struct result *result);
    /* Fills in the member, copying.  Fails (ERROR_USAGE) when the value is of another form; what is
       there then can still be freed. */
    int (*read)(const json_t *value, void *member, const struct result *result,
                struct error *reterr);
};

struct json_field {
    const char *key;
    const struct json_field_kind *kind;
    size_t offset; /* of the member in its record */
};

struct json_field_table {
    const struct json_field *fields;
    size_t count;
    size_t record_size; /* of the struct that the offsets are in */
};

#define JSON_FIELDS(array, type)                                                                   \
    {                                                                                              \
        .fields = (array), .count = sizeof(array) / sizeof((array)[0]),                            \
        .record_size = sizeof(type)                                                                \
    }

/* A kind for each type of member. */
extern const struct json_field_kind json_field_text;     /* char *; null for NULL */
extern const struct json_field_kind json_field_word;     /* char *; never NULL */
extern const struct json_field_kind json_field_count;    /* uint64_t; stays at 2^63 - 1 */
extern const struct json_field_kind json_field_unsigned; /* unsigned */
extern const struct json_field_kind json_field_integer;  /* int */
extern const struct json_field_kind json_field_known;    /* int64_t; null when negative */
extern const struct json_field_kind json_field_flag;     /* bool */
extern const struct json_field_kind json_field_real;     /* double; null when not finite */
extern const struct json_field_kind json_field_verdict;  /* enum verdict */
extern const struct json_field_kind
    json_field_moment; /* uint64_t on the run's clock; counts from its start */
extern const struct json_field_kind json_field_end; /* the same; null for 0 */

/* An object with the table's keys, in its order.  Gives a new reference. */
json_t *json_field_write(const struct json_field_table *table, const void *record,
                         const struct result *result);
/* Fills in a zeroed record.  Unknown keys are passed over.  Fails when the value is no object, a
   key is missing or unfit; the message begins with the key. */
int json_field_read(const struct json_field_table *table, const json_t *object, void *record,
                    const struct result *result, struct error *reterr);

/* The same for an array of records.  The reader gives (free) as many as there are, and sets both
   even when it fails, so that they can be freed. */
json_t *json_field_write_list(const struct json_field_table *table, const void *items, size_t count,
                              const struct result *result);
int json_field_read_list(const struct json_field_table *table, const json_t *array,
                         void **ret_items, size_t *ret_count, const struct result *result,
                         struct error *reterr);

/* "a whole number is wanted, not text"; returns -1. */
int json_field_refuse(const json_t *value, const char *wanted, struct error *reterr);

#endif
