/* error.c: filling in an error, and putting words in front of one. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *reterr, enum error_kind kind, const char *format, ...)
{
    va_list arguments;

    if (!reterr)
        return -1;
    reterr->kind = kind;
    reterr->place = (struct source_place){0};
    va_start(arguments, format);
    (void)vsnprintf(reterr->message, sizeof(reterr->message), format, arguments);
    va_end(arguments);
    return -1;
}

int error_set_at(struct error *reterr, struct source_place place, const char *format, ...)
{
    va_list arguments;

    if (!reterr)
        return -1;
    reterr->kind = ERROR_SCENARIO;
    reterr->place = place;
    va_start(arguments, format);
    (void)vsnprintf(reterr->message, sizeof(reterr->message), format, arguments);
    va_end(arguments);
    return -1;
}

int error_prefix(struct error *reterr, const char *format, ...)
{
    char old[sizeof(reterr->message)];
    va_list arguments;
    size_t size;

    if (!reterr)
        return -1;
    memcpy(old, reterr->message, sizeof(old));
    va_start(arguments, format);
    (void)vsnprintf(reterr->message, sizeof(reterr->message), format, arguments);
    va_end(arguments);
    size = strlen(reterr->message);
    (void)snprintf(reterr->message + size, sizeof(reterr->message) - size, "%s", old);
    return -1;
}
