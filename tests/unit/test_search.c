/* test_search.c: the knee of a curve of rate and latency. */
#include "support/unit.h"

#include "run/search.h"

static struct result_point point(double rate, uint64_t p99_ms)
{
    return (struct result_point){.rate = rate,
                                 .deliver = {.count = 1000, .p99_ns = p99_ms * 1000000}};
}

static void the_knee_is_where_latency_begins_to_rise(void **state)
{
    const struct result_point points[] = {point(100, 1),  point(200, 1),  point(300, 2),
                                          point(400, 2),  point(450, 4),  point(480, 30),
                                          point(500, 90), point(510, 150)};

    (void)state;
    assert_int_equal(search_knee(points, ARRAY_SIZE(points)), 4);
}

static void a_flat_curve_has_its_knee_at_the_end(void **state)
{
    const struct result_point points[] = {point(100, 2), point(200, 2), point(300, 2)};

    (void)state;
    assert_int_equal(search_knee(points, ARRAY_SIZE(points)), 2);
    assert_int_equal(search_knee(points, 1), 0);
}

static void where_nothing_is_delivered_publishing_counts(void **state)
{
    struct result_point points[] = {point(100, 1), point(200, 1), point(300, 9)};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
        points[i].publish = points[i].deliver;
        points[i].deliver = (struct result_quantiles){0};
    }
    assert_int_equal(search_knee(points, ARRAY_SIZE(points)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_knee_is_where_latency_begins_to_rise),
        cmocka_unit_test(a_flat_curve_has_its_knee_at_the_end),
        cmocka_unit_test(where_nothing_is_delivered_publishing_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
