/* test_random.c: luck that depends on who asks, and on nothing else. */
#include "base/random.h"

#include <math.h>
#include <string.h>

#include "support/unit.h"

#define DRAWS 20000

static void equal_keys_give_equal_bits(void **state)
{
    (void)state;
    assert_true(random_keyed(1, 2, 3, 4) == random_keyed(1, 2, 3, 4));
    assert_true(random_key("arrival") == random_key("arrival"));
    assert_true(random_key("arrival") != random_key("arrivals"));
}

/* A recorded seed must mean the same run tomorrow: these never change. */
static void the_bits_of_a_key_are_fixed_for_ever(void **state)
{
    (void)state;
    assert_true(random_keyed(0, 0, 0, 0) == 0x2130748AAAC80268ull);
    assert_true(random_keyed(42, random_key("billing-2"), random_key("nack"), 7) ==
                0x2226DA9D15E03622ull);
}

static void every_part_of_the_key_matters(void **state)
{
    static const uint64_t KEYS[][4] = {{1, 2, 3, 4}, {2, 1, 3, 4}, {1, 3, 2, 4}, {1, 2, 4, 3},
                                       {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
        for (size_t j = 0; j < i; j++)
            assert_true(random_keyed(KEYS[i][0], KEYS[i][1], KEYS[i][2], KEYS[i][3]) !=
                        random_keyed(KEYS[j][0], KEYS[j][1], KEYS[j][2], KEYS[j][3]));
}

static void neighbours_differ_in_about_half_of_their_bits(void **state)
{
    int flipped = 0;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        flipped += __builtin_popcountll(random_keyed(7, 1, 1, i) ^ random_keyed(7, 1, 1, i + 1));
    assert_in_range(flipped, 31000, 33000);
}

static void a_unit_is_never_one(void **state)
{
    (void)state;
    assert_true(random_unit(0) == 0);
    assert_true(random_unit(UINT64_MAX) < 1);
    assert_true(random_unit(UINT64_MAX) > 0.999999);
    assert_true(random_unit(1ull << 63) == 0.5);
}

static void stays_below_the_bound_and_reaches_both_ends(void **state)
{
    static const uint64_t BOUNDS[] = {1, 2, 3, 10, 1ull << 32, (1ull << 32) + 1, UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(BOUNDS); i++) {
        assert_true(random_below(0, BOUNDS[i]) == 0);
        assert_true(random_below(UINT64_MAX, BOUNDS[i]) == BOUNDS[i] - 1);
    }
    assert_true(random_below(1ull << 63, 1000) == 500);
    assert_true(random_below(1ull << 63, UINT64_MAX) == UINT64_MAX / 2);
}

static void every_value_below_the_bound_is_about_as_likely(void **state)
{
    int seen[10] = {0};

    (void)state;
    for (uint64_t i = 0; i < DRAWS; i++)
        seen[random_below(random_keyed(1, 2, 3, i), ARRAY_SIZE(seen))]++;
    for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
        assert_in_range(seen[i], DRAWS / 10 - 200, DRAWS / 10 + 200);
}

static void exponentials_and_normals_have_their_mean_and_spread(void **state)
{
    double exponential = 0, square = 0, normal = 0, normal_square = 0;

    (void)state;
    for (uint64_t i = 0; i < DRAWS; i++) {
        double e = random_exponential(random_keyed(9, 1, 1, i));
        double n = random_normal(random_keyed(9, 1, 2, i));

        assert_true(e >= 0 && isfinite(e) && isfinite(n));
        exponential += e / DRAWS;
        square += e * e / DRAWS;
        normal += n / DRAWS;
        normal_square += n * n / DRAWS;
    }
    assert_close(exponential, 1, 0.03);
    assert_close(square, 2, 0.15);
    assert_close(normal, 0, 0.03);
    assert_close(normal_square, 1, 0.05);
    assert_true(isfinite(random_exponential(UINT64_MAX)));
    assert_true(isfinite(random_normal(UINT64_MAX)) && isfinite(random_normal(0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_keys_give_equal_bits),
        cmocka_unit_test(the_bits_of_a_key_are_fixed_for_ever),
        cmocka_unit_test(every_part_of_the_key_matters),
        cmocka_unit_test(neighbours_differ_in_about_half_of_their_bits),
        cmocka_unit_test(a_unit_is_never_one),
        cmocka_unit_test(stays_below_the_bound_and_reaches_both_ends),
        cmocka_unit_test(every_value_below_the_bound_is_about_as_likely),
        cmocka_unit_test(exponentials_and_normals_have_their_mean_and_spread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
