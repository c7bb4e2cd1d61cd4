/* expect_value.c: comparisons, statistics and parts of a run. */
#include "run/expect_value.h"

#include <math.h>

bool expect_compares(enum scenario_comparison comparison, double left, double right)
{
    switch (comparison) {
    case SCENARIO_LT:
        return left < right;
    case SCENARIO_LE:
        return left <= right;
    case SCENARIO_GE:
        return left >= right;
    case SCENARIO_GT:
        return left > right;
    case SCENARIO_NE:
        return fabs(left - right) > 0.0;
    case SCENARIO_EQ:
    default:
        return !(fabs(left - right) > 0.0);
    }
}

/* One beyond it: p99.9 of fewer than 1,000 would only be the maximum under another name. */
uint64_t expect_samples(double share)
{
    if (share < 0.0 || share >= 1.0)
        return 1;
    return (uint64_t)(1.0 / (1.0 - share) + 0.5);
}

double expect_statistic(const struct histogram *histogram, double share)
{
    return share < -1.5 ? histogram_mean(histogram)
                        : (double)histogram_percentile(histogram, share);
}

struct phase_choice expectation_phase(const struct scenario_expectation *expectation)
{
    struct phase_choice choice = {.what = PHASE_MEASURED};

    if (expectation->when == SCENARIO_BEFORE_FAULTS)
        choice.what = PHASE_BEFORE;
    else if (expectation->when == SCENARIO_DURING_FAULTS)
        choice.what = PHASE_DURING;
    else if (expectation->when == SCENARIO_AFTER_FAULTS)
        choice.what = PHASE_AFTER;
    else if (expectation->when == SCENARIO_DURING_STAGE)
        choice = (struct phase_choice){.what = PHASE_STAGE, .stage = expectation->stage - 1};
    return choice;
}
