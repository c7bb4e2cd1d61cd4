/* expect.h: one expectation against what was found. */
#ifndef RUN_EXPECT_H
#define RUN_EXPECT_H

#include "run/stage.h"

/* Decide one expectation of the scenario; fills in verdict, measured and reason. */
void expect_decide(struct stage *stage, const struct scenario_expectation *expectation,
                   struct result_expectation *ret);
/* The contract that always holds: nothing that the declared capabilities forbid. */
void expect_contract(struct stage *stage, struct result_expectation *ret);
/* Is the word of an expectation one of an anomaly? */
bool expect_is_anomaly(const char *word);
/* Was the contract broken by this family (enum anomaly)? */
bool expect_contract_breaks(const struct stage *stage, int family);

#endif
