/* resp.h: commands in the server's protocol: arrays of texts with their lengths in front. */
#ifndef REDIS_RESP_H
#define REDIS_RESP_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Bytes that a text costs beyond its own, and that the head of a command costs, at most. */
#define REDIS_BULK_OVERHEAD 26u
#define REDIS_HEAD_SIZE     24u

/* Into memory that is large enough; all give the place behind what they wrote. */
char *redis_write_number(char *at, uint64_t number);
char *redis_write_head(char *at, size_t argument_count);
char *redis_write_bulk(char *at, const void *bytes, size_t size);
/* The head of a text whose bytes, and the end of line behind them, the caller writes. */
char *redis_write_length(char *at, size_t size);

/* Into a growing text: for commands that are not sent a million times a second. */
void redis_command(struct text *text, size_t argument_count);
void redis_argument(struct text *text, const void *bytes, size_t size);
void redis_argument_string(struct text *text, const char *string);
void redis_argument_number(struct text *text, int64_t number);
/* A whole command of strings, up to a NULL. */
void redis_command_strings(struct text *text, const char *const *strings);
#define REDIS_COMMAND(text, ...)                                                                   \
    redis_command_strings((text), (const char *const[]){__VA_ARGS__, NULL})

#endif
