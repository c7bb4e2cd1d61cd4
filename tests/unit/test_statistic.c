/* test_statistic.c: what is known of the numbers behind a comparison. */
#include "reports/statistic.h"

#include <math.h>
#include <stdbool.h>

#include "base/random.h"
#include "support/unit.h"

static void assert_near(double found, double expected, double slack)
{
    if (!(fabs(found - expected) <= slack))
        fail_msg("%.9g is not within %g of %.9g", found, slack, expected);
}

static void tables_agree_with_the_books(void **state)
{
    (void)state;
    assert_near(statistic_normal(0), 0.5, 1e-12);
    assert_near(statistic_normal(-1.959963985), 0.025, 1e-9);
    assert_near(statistic_normal(1.644853627), 0.95, 1e-9);
    assert_near(statistic_t(1), 12.706, 1e-9);
    assert_near(statistic_t(4), 2.776, 1e-9);
    assert_near(statistic_t(30), 2.042, 1e-9);
    assert_near(statistic_t(60), 2.000, 1e-3);
    assert_near(statistic_t(120), 1.980, 1e-3);
    assert_near(statistic_geometric_mean((const double[]){1, 4, 2}, 3), 2, 1e-12);
}

static void four_and_four_are_enough(void **state)
{
    static const struct {
        size_t first, second;
        bool is_enough;
    } cases[] = {
        {0, 0, false}, {1, 1, false}, {1, 100, false},  {2, 50, false},
        {3, 3, false}, {3, 4, false}, {3, 5, true},     {5, 3, true},
        {4, 4, true},  {5, 5, true},  {500, 500, true},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        if (statistic_is_enough(cases[i].first, cases[i].second) != cases[i].is_enough)
            fail_msg("%zu and %zu", cases[i].first, cases[i].second);
}

static void what_never_varies_is_exact(void **state)
{
    const double ones[] = {1, 1, 1, 1}, twos[] = {2, 2, 2, 2};
    struct statistic_ratio ratio = statistic_compare(ones, 4, twos, 4, 1);
    (void)state;
    assert_true(ratio.has_value && ratio.is_decided);
    assert_near(ratio.ratio, 2, 1e-12);
    assert_near(ratio.low, 2, 1e-12);
    assert_near(ratio.high, 2, 1e-12);
}

/* With four runs the interval reaches as far as the draws do: the ends are those of the extremes.
 */
static void few_runs_give_their_extremes(void **state)
{
    const double first[] = {1, 2, 3, 4}, second[] = {8, 10, 12, 16};
    struct statistic_ratio ratio = statistic_compare(first, 4, second, 4, 1);
    (void)state;
    assert_near(ratio.ratio, pow(8.0 * 10 * 12 * 16 / (1.0 * 2 * 3 * 4), 0.25), 1e-9);
    assert_true(ratio.low >= 2 && ratio.low < 2.7);    /* 8/4 */
    assert_true(ratio.high <= 16 && ratio.high > 9.5); /* 16/1 */
}

static void equal_input_gives_equal_output(void **state)
{
    const double first[] = {1, 1.5, 1.2, 1.1, 1.3}, second[] = {1.1, 1.4, 1.3, 1.2, 1.6};
    struct statistic_ratio one = statistic_compare(first, 5, second, 5, 7);
    struct statistic_ratio other = statistic_compare(first, 5, second, 5, 7);
    (void)state;
    assert_memory_equal(&one.low, &other.low, sizeof(one.low));
    assert_memory_equal(&one.high, &other.high, sizeof(one.high));
}

static void too_few_or_unfit_runs_decide_nothing(void **state)
{
    const double some[] = {1, 2, 3, 4}, with_zero[] = {1, 0, 3, 4},
                 wrong[] = {1, (double)NAN, 2, 3};
    struct statistic_ratio one = statistic_compare(some, 1, some + 1, 1, 1);
    (void)state;
    assert_true(one.has_value && !one.is_decided);
    assert_near(one.ratio, 2, 1e-12);
    assert_false(statistic_compare(some, 4, with_zero, 4, 1).has_value);
    assert_false(statistic_compare(wrong, 4, some, 4, 1).has_value);
    assert_false(statistic_compare(some, 0, some, 4, 1).has_value);
}

/* --- How often it is wrong ----------------------------------------------------------------------
 */

static void draw(double *values, size_t count, uint64_t experiment, uint64_t side, double factor)
{
    for (size_t i = 0; i < count; i++)
        values[i] = factor * exp(0.1 * random_normal(random_keyed(99, experiment, side, i)));
}

static size_t count_changes(size_t runs, double factor, size_t experiments)
{
    size_t changes = 0;
    for (size_t i = 0; i < experiments; i++) {
        double first[8], second[8];
        draw(first, runs, i, 1, 1);
        draw(second, runs, i, 2, factor);
        struct statistic_ratio ratio = statistic_compare(first, runs, second, runs, i);
        changes += ratio.low > 1 || ratio.high < 1;
    }
    return changes;
}

/* 10 % noise: what did not change is called changed in about one of 20 cases, as 95 % promises;
   what changed by half is nearly always seen. */
static void noise_is_rarely_called_a_change(void **state)
{
    (void)state;
    assert_in_range(count_changes(5, 1.0, 150), 0, 11);
    assert_in_range(count_changes(8, 1.0, 100), 0, 9);
    assert_in_range(count_changes(5, 1.5, 60), 57, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_agree_with_the_books),
        cmocka_unit_test(four_and_four_are_enough),
        cmocka_unit_test(what_never_varies_is_exact),
        cmocka_unit_test(few_runs_give_their_extremes),
        cmocka_unit_test(equal_input_gives_equal_output),
        cmocka_unit_test(too_few_or_unfit_runs_decide_nothing),
        cmocka_unit_test(noise_is_rarely_called_a_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
