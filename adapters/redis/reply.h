/* reply.h: what the server answered, as a tree in an arena: a reply costs no allocation. */
#ifndef REDIS_REPLY_H
#define REDIS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum redis_reply_type { /* hiredis's numbers */
                        REDIS_STRING = 1,
                        REDIS_ARRAY,
                        REDIS_INTEGER,
                        REDIS_NIL,
                        REDIS_STATUS,
                        REDIS_ERROR
};

struct redis_reply {
    enum redis_reply_type type;
    size_t size; /* bytes of a text, elements of an array; otherwise 0 */
    union {
        const char *text; /* not NUL-terminated */
        struct redis_reply *elements;
        int64_t number;
    };
};

/* The protocol parser, fed by hand.  Zero-initialised is closed. */
struct redis_reader {
    struct redisReader *parser;
    struct redis_arena arena;
};

/* Ready for a new connection; what was half read is forgotten.  -1 when memory ran out. */
int redis_reader_open(struct redis_reader *reader);
void redis_reader_release(struct redis_reader *reader);
/* Hand bytes over (copies).  -1 when memory ran out. */
int redis_reader_feed(struct redis_reader *reader, const char *bytes, size_t size);
/* 1 and the next complete reply, which lives until redis_reader_forget; 0 when more bytes are
   needed; -1 when this is not the protocol (redis_reader_problem says how). */
int redis_reader_next(struct redis_reader *reader, const struct redis_reply **ret_reply);
void redis_reader_forget(struct redis_reader *reader);
/* Has it no part of a reply in hand? */
bool redis_reader_is_between(const struct redis_reader *reader);
const char *redis_reader_problem(const struct redis_reader *reader);

/* The short way, for bytes that begin with a reply and a reader that is between two: how many bytes
   it takes, and the reply, which borrows them.  0 when it has parts, is not all there or anything
   else: then the reader is to have the bytes. */
size_t redis_reply_flat(const char *bytes, size_t size, struct redis_reply *ret_reply);

/* Is it an error that begins with this word ("NOGROUP")? */
bool redis_reply_is_error(const struct redis_reply *reply, const char *word);
bool redis_reply_is_text(const struct redis_reply *reply); /* a string or a status */
bool redis_reply_equals(const struct redis_reply *reply, const char *text);
/* Element `index` of an array, or NULL. */
const struct redis_reply *redis_reply_at(const struct redis_reply *reply, size_t index);
/* The value behind a name in a flat array of names and values (XINFO), or NULL. */
const struct redis_reply *redis_reply_find(const struct redis_reply *reply, const char *name);
/* An integer, or a text that is one; otherwise `otherwise`. */
int64_t redis_reply_number(const struct redis_reply *reply, int64_t otherwise);

#endif
