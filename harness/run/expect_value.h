/* expect_value.h: what an expectation asks of a value, at the end of a run and while it lasts. */
#ifndef RUN_EXPECT_VALUE_H
#define RUN_EXPECT_VALUE_H

#include "run/phases.h"

bool expect_compares(enum scenario_comparison comparison, double left, double right);
/* Samples that a percentile needs to mean something; 1 for the mean and the maximum. */
uint64_t expect_samples(double share);
/* The statistic that a share stands for: -2 is the mean. */
double expect_statistic(const struct histogram *histogram, double share);
/* The part of the run that it is about. */
struct phase_choice expectation_phase(const struct scenario_expectation *expectation);

#endif
