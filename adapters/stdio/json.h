/* json.h: one line of JSON as tokens that point into it.  No memory is taken for a message once the
   array of tokens is large enough, and strings are unescaped in place, when they are asked for.

   It stands beside jansson, which the harness uses elsewhere, because every message of an outside
   adapter passes through it: a line of ten messages of 200 bytes takes 1.8 us here and 23 us with
   jansson, which allocates and copies each value. */
#ifndef ADAPTERS_STDIO_JSON_H
#define ADAPTERS_STDIO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"

enum stdio_kind {
    STDIO_NULL,
    STDIO_FALSE,
    STDIO_TRUE,
    STDIO_NUMBER,
    STDIO_STRING,
    STDIO_ARRAY,
    STDIO_OBJECT
};

struct stdio_token {
    uint32_t kind;       /* enum stdio_kind */
    uint32_t begin, end; /* in the bytes; of a string without its quotes */
    uint32_t next;       /* the index of the token behind this value and all inside it */
    uint32_t count;      /* elements or members */
    bool has_escape;     /* strings: not yet unescaped */
};

/* Zero-initialised is ready; released by stdio_json_release. */
struct stdio_json {
    char *bytes; /* the line; borrowed */
    struct stdio_token *tokens;
    size_t count, capacity;
    const char *wrong; /* after a failure: what was expected */
    size_t wrong_at;   /* ... and where, in bytes */
};

/* Read one value and nothing behind it but blanks.  Strict: UTF-8, no lone surrogates, no deeper
   than 200.  -1 with `wrong` and `wrong_at` when it is none.  Borrows the bytes until the next
   read; they are changed by stdio_json_text. */
int stdio_json_read(struct stdio_json *json, char *bytes, size_t size);
void stdio_json_release(struct stdio_json *json);

/* The whole value. */
struct stdio_token *stdio_json_root(const struct stdio_json *json);
/* The value of a member, NULL when there is none or `object` is no object (or NULL). */
struct stdio_token *stdio_json_get(const struct stdio_json *json, const struct stdio_token *object,
                                   const char *key);
/* The first element or key inside; then the one after `token` (after a key: its value).  No check
   is made: count them. */
struct stdio_token *stdio_json_first(const struct stdio_json *json, struct stdio_token *token);
struct stdio_token *stdio_json_after(const struct stdio_json *json,
                                     const struct stdio_token *token);

/* The bytes of a string, unescaped; empty for anything else. */
struct adapter_text stdio_json_text(struct stdio_json *json, struct stdio_token *token);
/* The value as it was written. */
struct adapter_text stdio_json_raw(const struct stdio_json *json, const struct stdio_token *token);
/* A whole number that fits, or a truth value as 0 or 1. */
bool stdio_json_integer(const struct stdio_json *json, const struct stdio_token *token,
                        int64_t *ret_number);
bool stdio_json_is(struct stdio_json *json, struct stdio_token *token, const char *string);
/* "a string", "nothing" for NULL. */
const char *stdio_json_kind(const struct stdio_token *token);

#endif
