/* json_members.h: the members of an object and the elements of an array as text, so that numbers
   keep their digits, keys their order and strings their escapes. */
#ifndef BASE_JSON_MEMBERS_H
#define BASE_JSON_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Is the whole text one object by these rules (of enum json_scan_rule)? */
bool json_members_is_object(const char *json, size_t size, unsigned rules);
/* ... in strict JSON, and with a member at least: what may be published. */
bool json_members_is_message(const char *json, size_t size);

/* A member of an object, or an element of an array: then without key.  All point into the text. */
struct json_member {
    const char *begin;   /* the quote of its key, or the value */
    const char *key_end; /* behind the quote that ends its key */
    const char *value, *end;
};

/* Go through a well-formed object or array: start with `member` all zero. */
bool json_members_next(const char *json, size_t size, struct json_member *member);
bool json_elements_next(const char *json, size_t size, struct json_member *element);

/* The last member named `key` (ASCII; escapes in the text are understood) of a well-formed object:
   that is the one which counts where a key comes twice, as Python reads it. */
bool json_members_find(const char *json, size_t size, const char *key, struct json_member *ret);
/* Append the object without this member and the comma that went with it, or with one more at its
   end; the object then must have a member already. */
void json_members_without(struct text *text, const char *json, size_t size,
                          const struct json_member *member);
void json_members_with(struct text *text, const char *json, size_t size, const char *key,
                       const char *value);

#endif
