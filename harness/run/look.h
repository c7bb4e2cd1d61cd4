/* look.h: what is measured, looked at while the run lasts: for the live view, and for expectations
   that end a run.  Workers copy what they have when they are asked to, so that nothing is shared
   that is written at every message. */
#ifndef RUN_LOOK_H
#define RUN_LOOK_H

#include "run/phases.h"
#include "run/worker.h"

struct stage;

struct glance; /* one worker's copy */

struct look {
    struct glance *glances; /* one for each worker; NULL: nobody looks */
    size_t count;
    uint64_t asked_ns;
    struct meter seen; /* all copies together */
    bool has_seen;
    struct slice_latency recent[SLICES_METRICS]; /* of about the last slice */
    /* The expectation that ended the run, NULL; and its value then. */
    const struct scenario_expectation *broken;
    double broken_value;
};

/* Begin to look, if anybody wants to.  Before the workers' threads are started. */
void look_open(struct stage *stage);
/* After the threads have ended. */
void look_close(struct stage *stage);
/* Now and then, on the run's thread: ask, gather, decide. */
void look_turn(struct stage *stage, uint64_t now_ns);
/* Has this expectation ended the run? */
bool look_broke(const struct stage *stage, const struct scenario_expectation *expectation);

#endif
