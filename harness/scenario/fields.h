/* fields.h: a mapping read by a table: which keys it may have, and who reads the value of each. */
#ifndef SCENARIO_FIELDS_H
#define SCENARIO_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/schema.h"
#include "scenario/loader.h"

/* Reads one value into *target. */
typedef int field_read(struct loader *loader, const struct schema *schema,
                       const struct schema_option *option, const struct node *node, void *target);

struct field {
    const char *key;  /* of the schema; a test proves that each has one field */
    field_read *read; /* NULL: the form's owner reads it by itself */
    size_t offset;    /* of the target */
    bool is_required;
};

struct form {
    const struct schema *schema;
    const char *article; /* "a producer" */
    const struct field *fields;
    size_t field_count;
};

/* Read every key in the order written, then the defaults of those that are absent. */
int fields_read(struct loader *loader, const struct form *form, const struct node *mapping,
                void *target);

/* Refuse a key that is not in the schema: "unknown key 'x' in a consumer: did you mean 'y'?". */
int fields_refuse_key(struct loader *loader, const struct schema *schema, const char *article,
                      const struct node_key *key);

/* ": did you mean 'near'?", or ": `lead` a, b, c" when no word is near.  Borrowed from `buffer`. */
const char *fields_suggest(const char *word, const char *const *words, size_t count,
                           const char *lead, char *buffer, size_t capacity);

/* The text of a scalar that is not part of a broker.  NULL, and the error is set, when the node is
   no scalar, says nothing, or has a reference to the environment. */
const char *fields_text(struct loader *loader, const char *key, const struct node *node);

/* Read a scalar by the type of its option.  The value's text is NULL. */
int fields_value(struct loader *loader, const struct schema *schema,
                 const struct schema_option *option, const struct node *node,
                 struct schema_value *ret_value);

field_read field_text; /* char * */
/* char *, for a shell: ${...} is left to it, so that no secret is kept here. */
field_read field_command;
field_read field_count;   /* uint64_t: integers, sizes, durations */
field_read field_real;    /* double: numbers, rates, shares */
field_read field_choice;  /* an enum */
field_read field_boolean; /* bool */

#endif
