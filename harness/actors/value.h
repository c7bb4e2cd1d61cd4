/* value.h: JSON values that lose nothing: numbers keep their text, strings may hold NUL bytes,
   objects keep the order of their keys.  Shared by counting; a value is changed only by whoever
   makes it, before anybody else has it. */
#ifndef ACTORS_VALUE_H
#define ACTORS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_NULL,
    VALUE_BOOLEAN,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_LIST,
    VALUE_OBJECT,
};

/* What a value stands for, beside what it is. */
enum value_role {
    VALUE_PLAIN,
    VALUE_MESSAGE, /* object: id, payload and perhaps attempt, in this order */
    VALUE_ERROR,   /* object: error, outcome, detail */
    VALUE_RAW,     /* string: a payload that is no JSON text */
};

struct value_key {
    char *text;
    size_t size;
};

struct value {
    enum value_kind kind;
    enum value_role role;
    size_t references;
    bool boolean;
    const char *text; /* number and string, with a NUL behind */
    size_t size;      /* of text */
    struct value **items;
    struct value_key *keys; /* objects: one for each item */
    size_t count, capacity; /* of items */
};

/* All give a value with one reference. */
struct value *value_null(void);
struct value *value_boolean(bool boolean);
struct value *value_integer(int64_t number);
struct value *value_number(const char *text, size_t size);
struct value *value_string(const char *bytes, size_t size);
struct value *value_text(const char *string);
struct value *value_list(void);
struct value *value_object(void);

/* One reference more; gives the value back, for the caller's convenience. */
struct value *value_keep(struct value *value);
/* One reference less; NULL is fine. */
void value_drop(struct value *value);

/* Add to a list or an object; takes the item, copies the key. */
void value_append(struct value *list, struct value *item);
void value_set(struct value *object, const char *key, struct value *item);
void value_set_sized(struct value *object, const char *key, size_t size, struct value *item);

/* Borrowed; NULL when absent, or when the value is no object. */
struct value *value_get(const struct value *object, const char *key);
struct value *value_find(const struct value *object, const char *key, size_t size);

/* An integer that fits; false for everything else. */
bool value_to_integer(const struct value *value, int64_t *ret_number);

/* "null", "boolean", "number", "string", "list", "object". */
const char *value_kind_name(const struct value *value);

#endif
