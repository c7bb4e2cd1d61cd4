/* statistic.h: is it more than noise?  Intervals for the ratio of two sets of runs. */
#ifndef REPORTS_STATISTIC_H
#define REPORTS_STATISTIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct statistic_ratio {
    double ratio;     /* of the geometric means, second over first */
    bool has_value;   /* both sides have runs, and all are over 0 */
    bool is_decided;  /* there are enough runs for an interval; otherwise low and high are 0 */
    double low, high; /* 95 %, by bootstrap */
};

/* The bootstrap: runs are drawn again from each side, with replacement, 9999 times, keyed by
   `seed`, so that equal input gives equal output.  The ends are expanded percentiles (T.
   Hesterberg, "What Teachers Should Know About the Bootstrap", 2015, section 5.3), because plain
   ones are too narrow for few runs. */
struct statistic_ratio statistic_compare(const double *first, size_t first_count,
                                         const double *second, size_t second_count, uint64_t seed);

/* Could any outcome at all be 95 % sure?  Only when chance alone separates the sides completely in
   fewer than one of 20 cases: with n and m runs it does so in 2 of (n + m)!/(n! m!).  Four and four
   are enough, three and five too. */
bool statistic_is_enough(size_t first_count, size_t second_count);

/* The share of a normal distribution below `z`, and the t value that 97.5 % lie below. */
double statistic_normal(double z);
double statistic_t(size_t degrees);
double statistic_geometric_mean(const double *values, size_t count);

#endif
