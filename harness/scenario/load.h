/* load.h: a scenario from memory, for tests and for fuzzing. */
#ifndef SCENARIO_LOAD_H
#define SCENARIO_LOAD_H

#include "scenario/scenario.h"

struct scenario_text {
    const char *path; /* for messages, and for the files that the text names */
    const char *text;
    size_t size;
};

/* As scenario_load, with the text at hand. */
int scenario_load_text(const struct scenario_text *source,
                       const struct scenario_overrides *overrides,
                       const struct scenario_rules *rules, struct scenario **ret_scenario,
                       struct error *reterr);

#endif
