/* omb.h: a workload of the OpenMessaging Benchmark as a scenario.  Source of the keys:
   Workload.java of github.com/openmessaging/benchmark. */
#ifndef SCENARIO_OMB_H
#define SCENARIO_OMB_H

#include "scenario/scenario.h"

/* Load a workload file; the default broker is that of the overrides.  What cannot be honoured is
   named in the scenario's description.  Strict: a key that OMB does not know is an error. */
int scenario_load_omb(const char *path, const struct scenario_overrides *overrides,
                      const struct scenario_rules *rules, struct scenario **ret_scenario,
                      struct error *reterr);

#endif
