/* sweep.h: a scenario run once to count its exchanges with the broker, and then once for each of
   them and each way of cutting there. */
#ifndef RUN_SWEEP_H
#define RUN_SWEEP_H

#include "run/run.h"

/* As run_scenario.  The result is that of the first cut that failed (its fault is in it, so that it
   can be replayed), or else of the run without a cut; its `sweep` lists all of them. */
int sweep_scenario(const struct run_options *options, struct result **ret_result,
                   struct error *reterr);

#endif
