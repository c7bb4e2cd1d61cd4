/* test_hunt.c: searches for a limit that is known, on machines that hiccup and drift. */
#include "run/hunt.h"

#include <math.h>
#include <stdio.h>

#include "base/random.h"
#include "support/unit.h"

#define LIMIT  480e3 /* per second */
#define HUNTS  2000u
#define PERIOD 20.0 /* tries */

struct machine {
    double limit;
    double noise;   /* of the limit, from try to try: a standard deviation */
    double drift;   /* slow waves of the limit, their height */
    double hiccups; /* the share of tries that miss whatever their rate */
};

static double uniform(uint64_t seed, uint64_t index, uint64_t purpose)
{
    return random_unit(random_keyed(seed, 1, purpose, index));
}

static bool holds(const struct machine *machine, double rate, uint64_t seed, size_t index)
{
    double phase = uniform(seed, 0, 1) + (double)index / PERIOD;
    double limit =
        machine->limit * (1.0 + machine->noise * random_normal(random_keyed(seed, 1, 3, index)) +
                          machine->drift * sin(phase * 6.283185307179586));

    return rate <= limit && uniform(seed, index, 2) >= machine->hiccups;
}

static double hunt_on(const struct machine *machine, uint64_t seed, size_t *ret_full,
                      size_t *ret_short)
{
    struct hunt hunt = {0};
    struct hunt_try next;

    while (hunt_next(&hunt, &next)) {
        bool is_held = holds(machine, next.rate, seed, hunt.try_count);

        *(next.is_short ? ret_short : ret_full) += 1;
        hunt_tell(&hunt, &next, is_held ? HUNT_HELD : HUNT_MISSED, false);
    }
    assert_non_null(hunt_held(&hunt));
    return hunt_held(&hunt)->rate;
}

static void the_limit_is_found_however_the_machine_behaves(void **state)
{
    static const struct {
        struct machine machine;
        double close, far; /* from the limit, at most: 95 of 100 hunts, and 98 */
        double tries;      /* at full length, on average, at most */
    } cases[] = {
        {{LIMIT, 0.0, 0.0, 0.0}, 0.05, 0.05, 9.0},    {{17.0, 0.0, 0.0, 0.0}, 0.05, 0.05, 11.0},
        {{9.1e6, 0.0, 0.0, 0.0}, 0.05, 0.05, 9.0},    {{LIMIT, 0.03, 0.0, 0.0}, 0.07, 0.10, 12.0},
        {{LIMIT, 0.03, 0.0, 0.1}, 0.10, 0.15, 15.0},  {{LIMIT, 0.02, 0.05, 0.05}, 0.10, 0.15, 15.0},
        {{LIMIT, 0.05, 0.05, 0.1}, 0.15, 0.20, 18.0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        size_t full = 0, brief = 0, close = 0, far = 0;
        double sum = 0.0;

        for (uint64_t seed = 0; seed < HUNTS; seed++) {
            double ratio = hunt_on(&cases[i].machine, seed, &full, &brief) / cases[i].machine.limit;

            close += fabs(ratio - 1.0) <= cases[i].close;
            far += fabs(ratio - 1.0) > cases[i].far;
            sum += ratio;
        }
        printf("# %zu: mean %.3f, close %.3f, far %.4f, tries %.1f and %.1f short\n", i,
               sum / HUNTS, (double)close / HUNTS, (double)far / HUNTS, (double)full / HUNTS,
               (double)brief / HUNTS);
        assert_true(close >= HUNTS * 95 / 100);
        assert_true(far <= HUNTS * 2 / 100);
        assert_true(sum / HUNTS > 0.95 && sum / HUNTS < 1.02);
        assert_true((double)full / HUNTS <= cases[i].tries);
    }
}

/* Both far below the limit: a leap that was missed by a hiccup, and then once more. */
static void a_hiccup_far_below_the_limit_is_outvoted(void **state)
{
    for (size_t first = 0; first < 12; first++) {
        struct hunt hunt = {0};
        struct hunt_try next;

        (void)state;
        while (hunt_next(&hunt, &next)) {
            bool is_hiccup = hunt.try_count == first;

            hunt_tell(&hunt, &next, next.rate <= LIMIT && !is_hiccup ? HUNT_HELD : HUNT_MISSED,
                      false);
        }
        assert_true(hunt_held(&hunt)->rate <= LIMIT);
        assert_true(hunt_held(&hunt)->rate >= LIMIT / HUNT_CLOSE_ENOUGH);
        assert_true(hunt_missed(&hunt)->rate > LIMIT);
        assert_true(hunt_missed(&hunt)->rate <= hunt_held(&hunt)->rate * HUNT_CLOSE_ENOUGH);
    }
}

/* What may be the machine's fault is no vote, but not for ever. */
static void doubts_are_no_votes_and_do_not_last(void **state)
{
    struct hunt hunt = {0};
    struct hunt_try next;

    (void)state;
    assert_true(hunt_next(&hunt, &next));
    for (int i = 0; i < 2; i++) {
        next.is_short = false;
        hunt_tell(&hunt, &next, HUNT_DOUBTFUL, true);
        assert_null(hunt_missed(&hunt));
        assert_true(hunt_next(&hunt, &next));
        assert_true(next.rate == hunt.rates[0].rate);
    }
    hunt_tell(&hunt, &next, HUNT_DOUBTFUL, true);
    assert_non_null(hunt_missed(&hunt));
    assert_true(hunt_missed(&hunt)->is_own_limit);
}

static void a_hunt_ends_where_nothing_holds_or_nothing_is_missed(void **state)
{
    for (int holds = 0; holds < 2; holds++) {
        struct hunt hunt = {0};
        struct hunt_try next;

        (void)state;
        while (hunt_next(&hunt, &next))
            hunt_tell(&hunt, &next, holds ? HUNT_HELD : HUNT_MISSED, false);
        assert_true(hunt.try_count < HUNT_TRIES_MAX);
        assert_int_equal(hunt_held(&hunt) != NULL, holds);
        assert_int_equal(hunt_missed(&hunt) != NULL, !holds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_found_however_the_machine_behaves),
        cmocka_unit_test(a_hiccup_far_below_the_limit_is_outvoted),
        cmocka_unit_test(doubts_are_no_votes_and_do_not_last),
        cmocka_unit_test(a_hunt_ends_where_nothing_holds_or_nothing_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
