/* test_histogram.c: percentiles within a thousandth, and what happens at the edges. */
#include "measure/histogram.h"
#include "support/unit.h"

static void answers_nothing_when_empty(void **state)
{
    struct histogram histogram;

    (void)state;
    histogram_init(&histogram);
    assert_int_equal(histogram.count, 0);
    assert_int_equal(histogram_percentile(&histogram, 0.0), 0);
    assert_int_equal(histogram_percentile(&histogram, 0.5), 0);
    assert_int_equal(histogram_percentile(&histogram, 1.0), 0);
    assert_true(histogram_mean(&histogram) < 1e-9);
    histogram_release(&histogram);
    histogram_release(&histogram);
}

static void is_exact_below_two_thousand_and_forty_eight(void **state)
{
    struct histogram histogram;

    (void)state;
    histogram_init(&histogram);
    for (uint64_t value = 0; value < 2048; value++) {
        histogram_clear(&histogram);
        histogram_record(&histogram, value);
        histogram_record(&histogram, 5000);
        assert_int_equal(histogram_percentile(&histogram, 0.5), value);
    }
    histogram_release(&histogram);
}

static void errs_by_less_than_a_thousandth(void **state)
{
    struct histogram histogram;

    (void)state;
    histogram_init(&histogram);
    for (uint64_t value = 1; value < HISTOGRAM_VALUE_MAX / 2; value += value / 37 + 1) {
        uint64_t median;

        histogram_clear(&histogram);
        histogram_record(&histogram, value);
        histogram_record(&histogram, HISTOGRAM_VALUE_MAX); /* so that the maximum does not help */
        median = histogram_percentile(&histogram, 0.5);
        assert_true(median >= value);
        assert_true((median - value) * 1000 <= value);
    }
    histogram_release(&histogram);
}

static void gives_neighbours_neighbouring_buckets(void **state)
{
    uint32_t last = 0;

    (void)state;
    for (uint64_t value = 0; value < 1 << 20; value++) {
        uint32_t bucket = histogram_bucket(value);

        assert_true(bucket == last || bucket == last + 1);
        last = bucket;
    }
    assert_int_equal(histogram_bucket(HISTOGRAM_VALUE_MAX), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(HISTOGRAM_VALUE_MAX + 1), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static void finds_percentiles_by_rank(void **state)
{
    static const struct {
        double share;
        uint64_t expected;
    } rows[] = {{-1.0, 1},  {0.0, 1},     {0.001, 1},   {0.01, 1},  {0.011, 2},
                {0.07, 7},  {0.29, 29},   {0.5, 50},    {0.57, 57}, {0.9, 90},
                {0.99, 99}, {0.991, 100}, {0.999, 100}, {1.0, 100}, {2.0, 100}};
    struct histogram histogram;

    (void)state;
    histogram_init(&histogram);
    for (uint64_t value = 100; value > 0; value--)
        histogram_record(&histogram, value);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(histogram_percentile(&histogram, rows[i].share), rows[i].expected);
    assert_int_equal(histogram.minimum, 1);
    assert_int_equal(histogram.maximum, 100);
    assert_true(histogram_mean(&histogram) > 50.49 && histogram_mean(&histogram) < 50.51);
    histogram_release(&histogram);
}

static void never_answers_more_than_the_maximum(void **state)
{
    static const uint64_t values[] = {0, 1, 1000, 1025, 4097, 123456789, 1ull << 50, UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        struct histogram histogram;

        histogram_init(&histogram);
        histogram_record(&histogram, values[i]);
        assert_true(histogram_percentile(&histogram, 0.0) == values[i]);
        assert_true(histogram_percentile(&histogram, 0.5) == values[i]);
        assert_true(histogram_percentile(&histogram, 1.0) == values[i]);
        histogram_release(&histogram);
    }
}

static void records_many_at_once(void **state)
{
    struct histogram histogram;

    (void)state;
    histogram_init(&histogram);
    histogram_record_many(&histogram, 7, 0);
    assert_int_equal(histogram.count, 0);
    histogram_record_many(&histogram, 10, 99);
    histogram_record_many(&histogram, 500, 1);
    assert_int_equal(histogram.count, 100);
    assert_int_equal(histogram.sum, 1490);
    assert_int_equal(histogram_percentile(&histogram, 0.99), 10);
    assert_int_equal(histogram_percentile(&histogram, 0.995), 500);
    histogram_release(&histogram);
}

static void merges_by_adding(void **state)
{
    struct histogram whole, even, odd;

    (void)state;
    histogram_init(&whole);
    histogram_init(&even);
    histogram_init(&odd);
    histogram_add(&even, &odd); /* nothing to nothing */
    assert_int_equal(even.count, 0);
    for (uint64_t i = 1; i <= 10000; i++) {
        histogram_record(&whole, i * i);
        histogram_record(i % 2 == 0 ? &even : &odd, i * i);
    }
    histogram_add(&even, &odd);
    assert_int_equal(even.count, whole.count);
    assert_int_equal(even.sum, whole.sum);
    assert_int_equal(even.minimum, whole.minimum);
    assert_int_equal(even.maximum, whole.maximum);
    assert_memory_equal(even.counts, whole.counts, HISTOGRAM_BUCKETS * sizeof(*whole.counts));
    histogram_release(&whole);
    histogram_release(&even);
    histogram_release(&odd);
}

static void is_empty_again_when_cleared(void **state)
{
    struct histogram histogram;

    (void)state;
    histogram_init(&histogram);
    histogram_record(&histogram, 12345);
    histogram_clear(&histogram);
    assert_int_equal(histogram.count, 0);
    assert_int_equal(histogram_percentile(&histogram, 0.5), 0);
    histogram_record(&histogram, 99);
    assert_int_equal(histogram.minimum, 99);
    assert_int_equal(histogram_percentile(&histogram, 1.0), 99);
    histogram_release(&histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_nothing_when_empty),
        cmocka_unit_test(is_exact_below_two_thousand_and_forty_eight),
        cmocka_unit_test(errs_by_less_than_a_thousandth),
        cmocka_unit_test(gives_neighbours_neighbouring_buckets),
        cmocka_unit_test(finds_percentiles_by_rank),
        cmocka_unit_test(never_answers_more_than_the_maximum),
        cmocka_unit_test(records_many_at_once),
        cmocka_unit_test(merges_by_adding),
        cmocka_unit_test(is_empty_again_when_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
