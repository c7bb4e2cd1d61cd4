/* resp.c: commands in the server's protocol, written without a format string. */
#include "resp.h"

#include <string.h>

char *redis_write_number(char *at, uint64_t number)
{
    char digits[20];
    char *first = digits + sizeof(digits);
    size_t size;

    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    size = (size_t)(digits + sizeof(digits) - first);
    memcpy(at, first, size);
    return at + size;
}

static char *write_length(char *at, char kind, size_t length)
{
    *at++ = kind;
    if (length < 10)
        *at++ = (char)('0' + length);
    else
        at = redis_write_number(at, length);
    *at++ = '\r';
    *at++ = '\n';
    return at;
}

char *redis_write_head(char *at, size_t argument_count)
{
    return write_length(at, '*', argument_count);
}

char *redis_write_length(char *at, size_t size)
{
    return write_length(at, '$', size);
}

char *redis_write_bulk(char *at, const void *bytes, size_t size)
{
    at = write_length(at, '$', size);
    memcpy(at, bytes, size);
    at += size;
    *at++ = '\r';
    *at++ = '\n';
    return at;
}

void redis_command(struct text *text, size_t argument_count)
{
    char head[REDIS_HEAD_SIZE];

    text_append(text, head, (size_t)(redis_write_head(head, argument_count) - head));
}

void redis_argument(struct text *text, const void *bytes, size_t size)
{
    char head[REDIS_HEAD_SIZE];

    text_append(text, head, (size_t)(write_length(head, '$', size) - head));
    if (size)
        text_append(text, bytes, size);
    text_append(text, "\r\n", 2);
}

void redis_argument_string(struct text *text, const char *string)
{
    redis_argument(text, string, strlen(string));
}

void redis_argument_number(struct text *text, int64_t number)
{
    char digits[24];
    char *at = digits;

    if (number < 0)
        *at++ = '-';
    at = redis_write_number(at, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
    redis_argument(text, digits, (size_t)(at - digits));
}

void redis_command_strings(struct text *text, const char *const *strings)
{
    size_t count = 0;

    while (strings[count])
        count++;
    redis_command(text, count);
    for (size_t i = 0; i < count; i++)
        redis_argument_string(text, strings[i]);
}
