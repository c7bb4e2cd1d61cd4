/* log.c: one formatted line handed to whoever writes it. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE_MAX 1024

void log_line(struct log *log, enum log_level level, const char *format, ...)
{
    char line[LINE_SIZE_MAX];
    va_list arguments;

    if (!log || !log->write || level > log->level)
        return;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    log->write(log, level, line);
}
