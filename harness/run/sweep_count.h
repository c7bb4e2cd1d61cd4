/* sweep_count.h: the exchanges of one run, in the order in which they began. */
#ifndef RUN_SWEEP_COUNT_H
#define RUN_SWEEP_COUNT_H

#include <pthread.h>

#include "link/fault.h"
#include "scenario/scenario.h"

struct sweep_exchange {
    char *link, *command; /* command: as it was sent, or the operation */
    bool is_spoken;       /* it is a command of a protocol that is understood */
    uint64_t index;
    uint64_t number, turn;             /* of its command, as a request (struct link_exchange) */
    uint64_t reply_number, reply_turn; /* and by its reply */
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
/* One of the harness's own, or a last word of a session that closes: nothing to cut. */
bool sweep_is_beside(const struct sweep_exchange *exchange);
/* "shop-1#7": the first message that it carries.  Gives (free); NULL: none. */
char *sweep_message(const struct scenario *scenario, const struct sweep_exchange *exchange);

#endif
