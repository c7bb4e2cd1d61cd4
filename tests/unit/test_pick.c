/* test_pick.c: how often each of several things comes. */
#include "support/unit.h"

#include <math.h>

#include "actors/pick.h"
#include "base/random.h"

#define DRAWS 200000u

static void zipf_thing_k_comes_one_kth_as_often_as_the_first(void **state)
{
    struct pick pick = pick_make(PICK_ZIPF, 1000);
    unsigned counts[1000] = {0};
    double harmonic = 0.0;

    (void)state;
    for (unsigned i = 1; i <= 1000; i++)
        harmonic += 1.0 / i;
    for (unsigned i = 0; i < DRAWS; i++)
        counts[pick_draw(&pick, random_keyed(1, 2, 3, i), i)]++;
    for (unsigned k = 0; k < 20; k++) {
        double expected = DRAWS / harmonic / (k + 1);

        assert_true(fabs(counts[k] - expected) < 5.0 * sqrt(expected));
    }
}

static void uniform_things_come_equally_often(void **state)
{
    struct pick pick = pick_make(PICK_UNIFORM, 10);
    unsigned counts[10] = {0};

    (void)state;
    for (unsigned i = 0; i < DRAWS; i++)
        counts[pick_draw(&pick, random_keyed(1, 2, 3, i), i)]++;
    for (unsigned k = 0; k < 10; k++)
        assert_true(counts[k] > DRAWS / 10 - 800 && counts[k] < DRAWS / 10 + 800);
}

static void one_thing_is_always_the_same_and_turns_are_taken(void **state)
{
    struct pick one = pick_make(PICK_ZIPF, 1), turns = pick_make(PICK_ROUND_ROBIN, 3);

    (void)state;
    assert_int_equal(pick_draw(&one, 77, 5), 0);
    for (unsigned i = 0; i < 9; i++)
        assert_int_equal(pick_draw(&turns, 77, i), i % 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zipf_thing_k_comes_one_kth_as_often_as_the_first),
        cmocka_unit_test(uniform_things_come_equally_often),
        cmocka_unit_test(one_thing_is_always_the_same_and_turns_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
