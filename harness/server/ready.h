/* ready.h: free ports, and whether somebody serves on one. */
#ifndef SERVER_READY_H
#define SERVER_READY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A loopback port that nobody listens on, below those that the system gives to clients, so that no
   connection takes it while its server is down.  0 when there is none. */
uint16_t ready_free_port(void);

struct ready_place {
    uint16_t port;
    const char *log_path;
    uint64_t log_from; /* what stands before is of an earlier start */
};

/* Is this a way of looking: "tcp", "redis", "log:TEXT"? */
int ready_check(const char *way, struct error *reterr);
/* Look once, for a moment at most. */
bool ready_look(const char *way, const struct ready_place *place);

/* One line to whoever serves there, and the first line of the answer.  -1 when there is none in so
   long. */
int ready_ask(uint16_t port, const char *line, int timeout_ms, char *answer, size_t capacity);

/* A file from a place in it on, the last `size_max` bytes of that.  Gives (free); NULL when there
   is none. */
char *ready_read(const char *path, uint64_t from, size_t size_max);
/* The last lines of a file behind `from`, cut to `capacity`, with " | " between them. */
void ready_tail(const char *path, uint64_t from, int lines, char *text, size_t capacity);

#endif
