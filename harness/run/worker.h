/* worker.h: one thread with one loop, and what the actors on it measure.  Worker 0 is the calling
   thread: its loop is run by whoever waits for something. */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include <pthread.h>
#include <stdbool.h>

#include "actors/endpoint.h"
#include "actors/meter.h"
#include "base/error.h"
#include "link/fault.h"

struct worker {
    struct endpoint_place place; /* loop, dialer, log, seed */
    struct meter meter;
    pthread_t thread;
    bool has_thread, has_meter;
};

struct workers {
    struct worker *items;
    size_t count;
};

struct workers_plan {
    size_t count;
    bool is_virtual;
    uint64_t spin_ns, seed;
    struct log *log;
    struct link_faults *faults; /* on the links of all actors; NULL: none; outlives the workers */
    bool is_proxied;            /* some links go through proxies of real sockets */
    const struct timeline *timeline; /* of what they measure; must live as long */
};

int workers_open(struct workers *workers, const struct workers_plan *plan, struct error *reterr);
/* Start the threads of all but worker 0. */
int workers_start(struct workers *workers, struct error *reterr);
/* Stop the loops and wait for the threads. */
void workers_stop(struct workers *workers);
void workers_close(struct workers *workers);

#endif
