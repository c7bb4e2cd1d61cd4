/* reply_flat.c: replies without parts, read where they lie.  Most of a server's answers are short
   texts that arrive whole: these need no parser that copies them first. */
#include <string.h>

#include "reply.h"

#define DIGITS_MAX 9u /* nothing overflows; what is longer goes to the parser */

/* Digits up to an end of line; gives the place behind it, NULL when this is something else or not
   all there yet. */
static const char *read_number(const char *at, const char *end, uint32_t *ret_number)
{
    const char *first = at;
    uint32_t number = 0;

    for (; at < end && (unsigned char)(*at - '0') < 10; at++)
        number = number * 10 + (uint32_t)(*at - '0');
    if (at == first || at - first > (ptrdiff_t)DIGITS_MAX || end - at < 2 || at[0] != '\r' ||
        at[1] != '\n')
        return NULL;
    *ret_number = number;
    return at + 2;
}

static size_t read_string(const char *bytes, const char *end, struct redis_reply *reply)
{
    uint32_t size;
    const char *text = read_number(bytes + 1, end, &size);

    if (!text || (size_t)(end - text) < size + 2u || text[size] != '\r' || text[size + 1] != '\n')
        return 0;
    reply->type = REDIS_STRING;
    reply->size = size;
    reply->text = text;
    return (size_t)(text + size + 2 - bytes);
}

static size_t read_integer(const char *bytes, const char *end, struct redis_reply *reply)
{
    uint32_t number;
    const char *next = read_number(bytes + 1, end, &number);

    if (!next)
        return 0;
    reply->type = REDIS_INTEGER;
    reply->size = 0;
    reply->number = number;
    return (size_t)(next - bytes);
}

size_t redis_reply_flat(const char *bytes, size_t size, struct redis_reply *ret_reply)
{
    if (size > 0 && bytes[0] == '$')
        return read_string(bytes, bytes + size, ret_reply);
    if (size > 0 && bytes[0] == ':')
        return read_integer(bytes, bytes + size, ret_reply);
    return 0;
}
