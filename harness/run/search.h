/* search.h: `rate: max`: many runs of one scenario, at rates that close in on the highest one that
   holds its goal. */
#ifndef RUN_SEARCH_H
#define RUN_SEARCH_H

#include "run/run.h"

/* As run_scenario, for a scenario that searches. */
int search_run(const struct run_options *options, struct result **ret_result, struct error *reterr);
/* run.c: one run at the rates that the scenario says. */
int run_once(const struct run_options *options, struct result **ret_result, struct error *reterr);

/* The knee of a curve: the index of the point that lies furthest under the diagonal of the box that
   the curve fills (Kneedle).  At least one point; they rise in rate. */
size_t search_knee(const struct result_point *points, size_t count);

#endif
