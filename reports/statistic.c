/* statistic.c: geometric means, drawn again and again. */
#include "reports/statistic.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

#define DRAWS 9999u

double statistic_normal(double z)
{
    return 0.5 * erfc(-z / sqrt(2.0));
}

/* Two-sided 95 %, from the usual table; past it the normal's own. */
double statistic_t(size_t degrees)
{
    static const double table[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                   2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                   2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                   2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    static const size_t last = sizeof(table) / sizeof(table[0]);
    if (degrees == 0)
        return (double)INFINITY;
    return degrees <= last ? table[degrees - 1] : 1.96 + 2.4 / (double)degrees;
}

bool statistic_is_enough(size_t first_count, size_t second_count)
{
    double ways = 1;
    if (first_count < 3 || second_count < 3)
        return false;
    for (size_t i = 1; i <= first_count && ways < 40; i++)
        ways = ways * (double)(second_count + i) / (double)i;
    return ways >= 40;
}

double statistic_geometric_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += log(values[i]);
    return count > 0 ? exp(sum / (double)count) : 0;
}

static bool are_positive(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(values[i] > 0) || !isfinite(values[i]))
            return false;
    return count > 0;
}

/* The mean logarithm of as many runs, each drawn from all. */
static double draw_mean(const double *values, size_t count, uint64_t seed, uint64_t side,
                        uint64_t draw)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = random_keyed(seed, side, draw, i);
        sum += log(values[random_below(bits, count)]);
    }
    return sum / (double)count;
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The outermost share on each side, given that so few runs stand for many. */
static double tail_of(size_t count)
{
    double n = (double)count;
    return statistic_normal(-sqrt(n / (n - 1)) * statistic_t(count - 1));
}

static double quantile(const double *sorted, double share)
{
    double place = share * (DRAWS - 1);
    size_t below = (size_t)place;
    double rest = place - (double)below;
    return below + 1 < DRAWS ? sorted[below] * (1 - rest) + sorted[below + 1] * rest
                             : sorted[DRAWS - 1];
}

struct statistic_ratio statistic_compare(const double *first, size_t first_count,
                                         const double *second, size_t second_count, uint64_t seed)
{
    struct statistic_ratio result = {0};
    if (!are_positive(first, first_count) || !are_positive(second, second_count))
        return result;
    result.has_value = true;
    result.ratio = statistic_geometric_mean(second, second_count) /
                   statistic_geometric_mean(first, first_count);
    if (!statistic_is_enough(first_count, second_count))
        return result;
    double *draws = memory_new(DRAWS, sizeof(*draws));
    for (size_t i = 0; i < DRAWS; i++)
        draws[i] =
            draw_mean(second, second_count, seed, 2, i) - draw_mean(first, first_count, seed, 1, i);
    qsort(draws, DRAWS, sizeof(*draws), compare_numbers);
    double tail = tail_of(first_count < second_count ? first_count : second_count);
    result.is_decided = true;
    result.low = exp(quantile(draws, tail));
    result.high = exp(quantile(draws, 1 - tail));
    free(draws);
    return result;
}
