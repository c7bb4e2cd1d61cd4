/* test_series.c: windows that widen and lose nothing. */
#include "measure/series.h"
#include "support/unit.h"

static uint64_t sum_of(const struct series *series)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < SERIES_WINDOWS; i++)
        sum += series->counts[i];
    return sum;
}

static void puts_counts_into_their_windows(void **state)
{
    struct series series;

    (void)state;
    series_init(&series, 1000, 10);
    assert_int_equal(series.used, 0);
    series_record(&series, 1000, 1);
    series_record(&series, 1009, 2);
    series_record(&series, 1010, 4);
    series_record(&series, 1039, 8);
    series_record(&series, 500, 16); /* before the start: into the first */
    assert_int_equal(series.counts[0], 19);
    assert_int_equal(series.counts[1], 4);
    assert_int_equal(series.counts[2], 0);
    assert_int_equal(series.counts[3], 8);
    assert_int_equal(series.used, 4);
    assert_int_equal(series.window_ns, 10);
}

static void widens_when_the_last_window_is_passed(void **state)
{
    struct series series;

    (void)state;
    series_init(&series, 0, 10);
    for (uint64_t i = 0; i < SERIES_WINDOWS; i++)
        series_record(&series, i * 10, i);
    assert_int_equal(series.window_ns, 10);
    assert_int_equal(series.used, SERIES_WINDOWS);
    series_record(&series, SERIES_WINDOWS * 10, 7);
    assert_int_equal(series.window_ns, 20);
    assert_int_equal(series.used, SERIES_WINDOWS / 2 + 1);
    for (uint64_t i = 0; i < SERIES_WINDOWS / 2; i++)
        assert_int_equal(series.counts[i], 4 * i + 1);
    assert_int_equal(series.counts[SERIES_WINDOWS / 2], 7);
}

static void widens_as_often_as_needed(void **state)
{
    struct series series;

    (void)state;
    series_init(&series, 0, 1);
    series_record(&series, 3, 5);
    series_record(&series, UINT64_MAX / 4, 6);
    assert_int_equal(sum_of(&series), 11);
    assert_int_equal(series.counts[0], 5);
    assert_true(series.used <= SERIES_WINDOWS);
    assert_int_equal(series.counts[series.used - 1], 6);
}

static void merges_series_of_different_widths(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct series narrow, wide;
        struct series *into = turn == 0 ? &narrow : &wide;
        struct series *from = turn == 0 ? &wide : &narrow;

        series_init(&narrow, 0, 10);
        series_init(&wide, 0, 10);
        for (uint64_t i = 0; i < 8; i++)
            series_record(&narrow, i * 10, 1);
        series_record(&wide, 25, 100);
        series_record(&wide, SERIES_WINDOWS * 30, 1000);
        assert_int_equal(wide.window_ns, 40);
        series_add(into, from);
        assert_int_equal(into->window_ns, 40);
        assert_int_equal(into->counts[0], 104);
        assert_int_equal(into->counts[1], 4);
        assert_int_equal(into->counts[SERIES_WINDOWS * 3 / 4], 1000);
        assert_int_equal(into->used, SERIES_WINDOWS * 3 / 4 + 1);
        assert_int_equal(sum_of(into), 1108);
    }
}

static void leaves_the_other_and_itself_alone_when_there_is_nothing_to_add(void **state)
{
    struct series into, from;

    (void)state;
    series_init(&into, 0, 10);
    series_init(&from, 0, 10);
    series_record(&into, 50, 3);
    from.window_ns = 80;
    series_add(&into, &from);
    assert_int_equal(into.window_ns, 10);
    assert_int_equal(into.used, 6);
    assert_int_equal(from.used, 0);
    assert_int_equal(sum_of(&into), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_counts_into_their_windows),
        cmocka_unit_test(widens_when_the_last_window_is_passed),
        cmocka_unit_test(widens_as_often_as_needed),
        cmocka_unit_test(merges_series_of_different_widths),
        cmocka_unit_test(leaves_the_other_and_itself_alone_when_there_is_nothing_to_add),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
