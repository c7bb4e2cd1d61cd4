/* error.h: what went wrong, said once, in words that lead out of it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,    /* the command line */
    ERROR_SCENARIO, /* a YAML document */
    ERROR_ADAPTER,  /* the broker, or the code that speaks to it */
    ERROR_SYSTEM    /* memory, files, sockets */
};

/* Where in a document; line 0 means nowhere in particular.  `file` is borrowed. */
struct source_place {
    const char *file;
    int line, column; /* both from 1 */
};

struct error {
    enum error_kind kind;
    struct source_place place;
    char message[400];
};

/* Fill in the error and return -1, so that a failing path is one line.  NULL reterr is allowed. */
int error_set(struct error *reterr, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with a place in a document. */
int error_set_at(struct error *reterr, struct source_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put words in front of the message ("producer shop: ..."), keep kind and place; returns -1. */
int error_prefix(struct error *reterr, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
