/* scenarios.h: the scenarios that a command line names, loaded and checked. */
#ifndef CLI_SCENARIOS_H
#define CLI_SCENARIOS_H

#include "cli/options.h"
#include "scenario/scenario.h"

struct scenarios {
    struct scenario **items;
    size_t count;
};

/* Load every scenario under the paths.  What is wrong is said on stderr, one line for each file;
   gives the number of files that were wrong. */
size_t scenarios_load(struct scenarios *scenarios, const struct option_list *paths,
                      const struct scenario_overrides *overrides);
/* The same for workloads of the OpenMessaging Benchmark. */
size_t scenarios_load_omb(struct scenarios *scenarios, const struct option_list *paths,
                          const struct scenario_overrides *overrides);
void scenarios_release(struct scenarios *scenarios);

#endif
