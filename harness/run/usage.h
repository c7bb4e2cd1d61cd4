/* usage.h: what a broker's own process takes of this machine, where it runs on it. */
#ifndef RUN_USAGE_H
#define RUN_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"

/* What a health document says of the process behind a broker; 0 and "" where it says nothing. */
struct usage_source {
    int64_t process_id;
    uint64_t memory_bytes, memory_limit_bytes; /* by the broker's own count */
    char program[32];
};

struct usage {
    uint64_t cpu_ns, rss_bytes;
};

/* Reads `details.resources` of a health document, which may be NULL. */
struct usage_source usage_source(const char *health);
/* False when there is no such process, or it is another program. */
bool usage_read(const struct usage_source *source, struct usage *ret_usage);
/* Time that all cores have worked so far; 0 when it is not known. */
uint64_t usage_machine_ns(void);
/* Is the broker on this machine, as far as its URI says? */
bool usage_is_local(const struct scenario_broker *broker);

#endif
