/* sweep_count.h: the exchanges of a run, in the order in which they began. */
#ifndef RUN_SWEEP_COUNT_H
#define RUN_SWEEP_COUNT_H

#include <pthread.h>

#include "link/fault.h"
#include "scenario/scenario.h"

struct sweep_exchange {
    char *link, *command; /* command: as it was sent, or the operation */
    uint64_t index;
    bool has_reply, delivers;
    bool has_owner; /* it belongs to some call */
    bool has_message;
    uint32_t track;
    uint64_t sequence;
};

/* Zero-initialised but for the mutex. */
struct sweep_count {
    pthread_mutex_t mutex; /* links live on several threads */
    struct sweep_exchange *items;
    size_t count;
};

void sweep_count_init(struct sweep_count *count);
void sweep_count_release(struct sweep_count *count);
/* A link watcher's function; context: the count. */
void sweep_count_exchange(void *context, const struct link_exchange *exchange);
/* Leave out the harness's own links, last words of sessions that close, and reads that find nothing
   behind the second in a row: one is like the other, and how many there are is chance. */
void sweep_count_thin(struct sweep_count *count);
/* "shop-1#7": the first message that it carries.  Gives (free); NULL: none. */
char *sweep_message(const struct scenario *scenario, const struct sweep_exchange *exchange);

#endif
