/* shrink.h: a failing scenario made smaller, as long as it fails in the same way (delta debugging
   over the lists, keys and numbers of its document). */
#ifndef RUN_SHRINK_H
#define RUN_SHRINK_H

#include "run/failure.h"
#include "run/run.h"

struct shrink_progress {
    uint64_t tried, kept;             /* candidates */
    uint64_t values, values_at_start; /* scalars in the document: now, and when it began */
    const char *what;                 /* the candidate under way: "without consumers.1" */
};

struct shrink_options {
    /* How each candidate is run; its scenario is ignored.  `stop` keeps the best so far. */
    const struct run_options *run;
    uint64_t tries;  /* runs of a candidate before it counts as not failing; 0: found out */
    uint64_t for_ns; /* real time; 0: until nothing is left to take away */
    void (*progress)(void *context, const struct shrink_progress *progress); /* NULL: none */
    void *context;
};

struct shrunk {
    struct scenario *scenario; /* the smallest that failed */
    struct result *result;     /* of its failing run */
    uint64_t tried, kept, runs, values, values_at_start;
    uint64_t tries;   /* as used */
    bool is_complete; /* nothing more could be taken away; false: out of time, or stopped */
};

/* Shrink a failure file.  0 and a result that may be the scenario itself; 1 when it did not fail
   again, so that there was nothing to shrink; -1 when it could not run.  Gives (shrunk_release). */
int shrink(const struct scenario *scenario, const struct shrink_options *options,
           struct shrunk *ret_shrunk, struct error *reterr);
void shrunk_release(struct shrunk *shrunk);

#endif
