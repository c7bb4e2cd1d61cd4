/* json_scan.h: looking into JSON text without taking it apart, so that numbers keep their digits,
   keys their order and strings their escapes. */
#ifndef REDIS_JSON_SCAN_H
#define REDIS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "adapter.h"

enum redis_json_dialect {
    REDIS_JSON_STRICT,
    REDIS_JSON_PYTHON /* NaN, Infinity and -Infinity are numbers too */
};

/* Behind the value that starts at `at` (spaces before it allowed), or NULL when there is none. */
const char *redis_json_skip(const char *at, const char *end, enum redis_json_dialect dialect);
/* Is the whole text one object? */
bool redis_json_is_object(const char *text, size_t size, enum redis_json_dialect dialect);
/* Is it an object without members?  (Only of text that is an object.) */
bool redis_json_is_empty(const char *text, size_t size);

/* One member of an object; the spans point into the text. */
struct redis_json_member {
    struct adapter_text key;   /* as written between the quotes */
    struct adapter_text value; /* as written */
    const char *start, *end;   /* from the key's quote to behind the value */
};

/* Go through the members of a valid object: start with `member` all zero. */
bool redis_json_next_member(const char *text, size_t size, struct redis_json_member *member);
/* The value under a key, or {NULL, 0}. */
struct adapter_text redis_json_find(const char *text, size_t size, const char *key);
/* Go through the elements of a valid array: start with `element` {NULL, 0}. */
bool redis_json_next_element(const char *text, size_t size, struct adapter_text *element);

#endif
