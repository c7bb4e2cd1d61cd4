/* conform_facts.h: what is known of the broker besides what it declares: its adapter's profile,
   with a profile on file above it. */
#ifndef RUN_CONFORM_FACTS_H
#define RUN_CONFORM_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "adapter.h"
#include "scenario/clause_profile.h"

enum { CONFORM_FACT_COUNT = 7, CONFORM_FACT_SIZE = 32 };

struct conform_facts {
    char texts[CONFORM_FACT_COUNT][CONFORM_FACT_SIZE]; /* "true", "4000"; "" not known */
};

/* on_file: NULL when there is none. */
void conform_facts_read(struct conform_facts *facts, const struct broker_adapter *adapter,
                        const struct adapter_profile *profile,
                        const struct clause_profile *on_file);
/* The adapter's profile (NULL: nothing is known) with the facts on file above it. */
struct adapter_profile conform_profile(const struct adapter_profile *profile,
                                       const struct clause_profile *on_file);
/* "" when it is not known, or when there is no such fact. */
const char *conform_fact(const struct conform_facts *facts, const char *key);
/* "trims" holds when it is known and neither false nor 0; "dlq_populated_by=broker" when equal. */
bool conform_fact_holds(const struct conform_facts *facts, const char *wanted);

#endif
