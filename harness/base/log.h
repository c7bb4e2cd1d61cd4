/* log.h: where diagnostics go.  No global: the command makes one and hands it down. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log {
    enum log_level level; /* lines above it are dropped */
    void (*write)(struct log *log, enum log_level level, const char *line); /* any thread */
    void *context;
};

/* Nothing happens on a NULL log. */
void log_line(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
