/* clause_profile.h: what clauses need to know of a broker and cannot see through the port, as a
   small YAML document beside its adapter. */
#ifndef SCENARIO_CLAUSE_PROFILE_H
#define SCENARIO_CLAUSE_PROFILE_H

#include <stddef.h>

#include "base/error.h"
#include "scenario/control.h"

struct clause_fact {
    char *key;  /* "trims", "redelivery_time_ms" */
    char *text; /* "true", "4000", "broker" */
};

struct clause_profile {
    struct clause_fact *facts;
    size_t fact_count;
    struct scenario_control control;
};

/* Strict, like scenarios. */
int clause_profile_load(const char *path, struct clause_profile *ret_profile, struct error *reterr);
void clause_profile_release(struct clause_profile *profile);

#endif
