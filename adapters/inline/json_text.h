/* json_text.h: the text of a JSON object, checked and edited as text: numbers, order and spaces of
   what is not touched stay as they were written. */
#ifndef INLINE_JSON_TEXT_H
#define INLINE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Is it one JSON object with at least one member?  Strict: no NaN, no comments, valid UTF-8; deeper
   than 1000 levels is refused. */
bool json_text_is_message(const char *json, size_t size);

/* Offsets of one member of the outermost object. */
struct json_member {
    size_t begin;                  /* the quote of its key */
    size_t value_begin, value_end; /* also its end */
};

/* The last member named `key` (ASCII) of a well-formed object. */
bool json_text_find(const char *json, size_t size, const char *key, struct json_member *ret);
/* Append the object without this member, or with one more at its end. */
void json_text_without(struct text *text, const char *json, size_t size,
                       const struct json_member *member);
void json_text_with(struct text *text, const char *json, size_t size, const char *key,
                    const char *value);

#endif
