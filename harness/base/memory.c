/* memory.c: allocation that either succeeds or ends the program with one line. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "Could not run", by the table of exit codes.  Without atexit handlers: other threads still run.
 */
#define EXIT_COULD_NOT_RUN 3

_Noreturn void memory_give_up(size_t count, size_t size)
{
    (void)fprintf(stderr, "gauntlet: out of memory (%zu x %zu bytes were asked for)\n", count,
                  size);
    _exit(EXIT_COULD_NOT_RUN);
}

void *memory_new(size_t count, size_t size)
{
    /* Never NULL, even for nothing: callers then need no second case. */
    void *block = calloc(count ? count : 1, size ? size : 1);

    if (!block)
        memory_give_up(count, size);
    return block;
}

void *memory_grow(void *block, size_t count, size_t size)
{
    void *grown;

    if (size && count > SIZE_MAX / size)
        memory_give_up(count, size);
    grown = realloc(block, count && size ? count * size : 1);
    if (!grown)
        memory_give_up(count, size);
    return grown;
}

char *memory_string(const char *string)
{
    size_t size;

    if (!string)
        return NULL;
    size = strlen(string) + 1;
    return memcpy(memory_new(1, size), string, size);
}

char *memory_format(const char *format, ...)
{
    char *string = NULL;
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vasprintf(&string, format, arguments);
    va_end(arguments);
    if (size < 0)
        memory_give_up(1, strlen(format));
    return string;
}
