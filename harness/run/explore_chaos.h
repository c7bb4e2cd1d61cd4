/* explore_chaos.h: a menu of faults for a scenario that has none. */
#ifndef RUN_EXPLORE_CHAOS_H
#define RUN_EXPLORE_CHAOS_H

#include "scenario/scenario.h"

/* A setting for scenario_load ("faults=[{chaos: ...}]"): its consumers crash, hang, slow down and
   leave, and where the broker is a server, their links are delayed, stalled and cut; as many
   faults, and as long ones, as suit the time that the scenario takes.  Gives (free). */
char *explore_chaos(const struct scenario *scenario);

#endif
