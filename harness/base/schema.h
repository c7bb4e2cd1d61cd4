/* schema.h: options as tables (key, type, unit, bounds, default, help), so that a room can say what
   it takes and the scenario loader can check it without knowing the room. */
#ifndef BASE_SCHEMA_H
#define BASE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The same values, in the same order, as enum adapter_option_type in adapters/adapter.h. */
enum schema_type {
    SCHEMA_TEXT,
    SCHEMA_BOOLEAN,
    SCHEMA_INTEGER,
    SCHEMA_NUMBER,
    SCHEMA_DURATION, /* value in nanoseconds */
    SCHEMA_SIZE,     /* value in bytes */
    SCHEMA_RATE,     /* value per second, in `real` */
    SCHEMA_PERCENT,  /* value 0 to 1, in `real` */
    SCHEMA_CHOICE    /* one of `choices`, separated by '|'; value is its index */
};

struct schema_option {
    const char *key;
    enum schema_type type;
    const char *choices;      /* SCHEMA_CHOICE only */
    double minimum, maximum;  /* both 0: no bounds */
    const char *default_text; /* NULL: absent unless given */
    const char *help;         /* one line */
};

struct schema {
    const char *subject; /* "adapter redis", for messages */
    const struct schema_option *options;
    size_t option_count;
};

struct schema_value {
    const struct schema_option *option;
    char *text;     /* as written, or the default; NULL when absent */
    int64_t number; /* integer, boolean, duration (ns), size (bytes), choice (index) */
    double real;    /* number, rate, percent; also `number` as a double */
    int is_given;   /* written by the user rather than defaulted */
};

/* Fails when the table contradicts itself (a default that it refuses, a type that does not exist):
   for tables that come from outside, before anything else is done with them. */
int schema_check(const struct schema *schema, struct error *reterr);

/* A value for every option, in the table's order, defaults filled in.  Gives it
   (schema_values_free). */
struct schema_value *schema_values_new(const struct schema *schema);
void schema_values_free(struct schema_value *values, size_t count);

/* Set one option by key.  Fails on an unknown key (with a suggestion), a wrong unit, or a value out
   of bounds; the message says what would be right. */
int schema_set(const struct schema *schema, struct schema_value *values, const char *key,
               const char *text, struct error *reterr);

/* The value under a key; asserts that the key exists. */
const struct schema_value *schema_get(const struct schema *schema,
                                      const struct schema_value *values, const char *key);

#endif
