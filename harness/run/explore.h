/* explore.h: one scenario under many seeds, until one fails. */
#ifndef RUN_EXPLORE_H
#define RUN_EXPLORE_H

#include "run/run.h"

struct explore_progress {
    uint64_t runs, undecided, seed, elapsed_ns;
};

struct explore_options {
    const struct run_options *run; /* with the scenario; `stop` ends it */
    uint64_t seed;                 /* the first; each run has the next one */
    uint64_t seeds;                /* how many runs at most; 0: as many as time allows */
    uint64_t for_ns;               /* real time; 0: no limit */
    void (*progress)(void *context, const struct explore_progress *progress); /* NULL: none */
    void *context; /* called at most every 200 ms */
};

struct explored {
    uint64_t runs, undecided; /* all runs; those that decided nothing */
    uint64_t elapsed_ns;
    bool is_cut_short; /* a run was under way when the time was over or the user ended it: it was
                          stopped and counts for nothing */
    uint64_t cut_seed; /* its seed */
    struct result *failed;   /* of the first that failed; NULL: none did */
    struct result *doubtful; /* of the first that decided nothing; NULL: none */
};

/* 0 when it was over, with or without a failure; -1 when a run could not be made.  Gives
   (explored_release). */
int explore(const struct explore_options *options, struct explored *ret_explored,
            struct error *reterr);
void explored_release(struct explored *explored);

/* A first seed, drawn: a small number is easier to say again. */
uint64_t explore_seed(void);

#endif
