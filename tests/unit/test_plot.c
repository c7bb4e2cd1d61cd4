/* test_plot.c: axes, and the words that gnuplot gets. */
#include "reports/plot.h"

#include <math.h>
#include <string.h>

#include "support/unit.h"

static void ticks_are_round_and_few(void **state)
{
    static const struct {
        struct plot_axis axis;
        const char *expected;
    } cases[] = {
        {{PLOT_COUNT, false, 0, 106}, "0 20 40 60 80 100"},
        {{PLOT_COUNT, false, 0, 1.06}, "0 1"},
        {{PLOT_COUNT, false, 0, 1484}, "0 0.5 k 1 k"},
        {{PLOT_RATE, false, 0, 106000}, "0 20 k/s 40 k/s 60 k/s 80 k/s 100 k/s"},
        {{PLOT_CLOCK, false, 0, 1.5e9}, "0 0.5 s 1 s 1.5 s"},
        {{PLOT_CLOCK, false, 0, 20e6}, "0 5 ms 10 ms 15 ms 20 ms"},
        {{PLOT_CLOCK, false, 0, 600e9}, "0 2 min 4 min 6 min 8 min 10 min"},
        {{PLOT_DURATION, true, 8e5, 1.2e8}, "1 ms 5 ms 10 ms 50 ms 100 ms"},
        {{PLOT_DURATION, true, 1e5, 3e6}, "100 us 200 us 500 us 1 ms 2 ms"},
        {{PLOT_DURATION, true, 1e2, 2e9}, "100 ns 1 us 10 us 100 us 1 ms 10 ms 100 ms 1 s"},
        {{PLOT_SHARE, true, 1, 10000}, "0 % 90 % 99 % 99.9 % 99.99"},
        {{PLOT_COUNT, false, 5, 5}, ""},
        {{PLOT_COUNT, false, 0, (double)INFINITY}, ""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct plot_tick ticks[PLOT_TICKS_MAX];
        struct text words = {0};
        size_t count = plot_ticks(&cases[i].axis, 5, ticks);
        for (size_t k = 0; k < count; k++)
            text_appendf(&words, "%s%s", k ? " " : "", ticks[k].words);
        assert_string_equal(text_string(&words), cases[i].expected);
        text_release(&words);
    }
}

static void names_cannot_leave_their_quotes(void **state)
{
    struct plot plot = {.title = "t"};
    struct text script = {0};
    (void)state;
    plot_add_bar(&plot, (struct plot_bar){"a'; system \"x\" #\nb %d", 1, 5});
    plot_add_bar(&plot,
                 (struct plot_bar){"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
                                   "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
                                   "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9-\xC3\xA9\xC3\xA9",
                                   1, 5});
    assert_true(plot_fit(&plot));
    plot_script(&plot, &script);
    assert_non_null(strstr(text_string(&script), "'a''; sys\xE2\x80\xA6# b %%d' 0"));
    assert_null(strstr(text_string(&script), "\xC3\xE2")); /* no half characters */
    assert_null(strstr(text_string(&script), "\xA6\xA9"));
    text_release(&script);
    plot_release(&plot);
}

/* Names above a chart have six lanes; what has none is counted in the last. */
static void many_shades_share_the_last_lane(void **state)
{
    struct plot plot = {.title = "t"};
    struct text script = {0};
    (void)state;
    plot_add_point(plot_add_line(&plot, "l", 1), 1, 1);
    plot.x.high = 100;
    for (unsigned i = 0; i < 9; i++)
        plot_add_shade(&plot, (struct plot_shade){i, i + 5.0, i == 4 ? "it's 50%" : "x", i});
    assert_true(plot_fit(&plot));
    plot_script(&plot, &script);
    assert_non_null(strstr(text_string(&script), "set label 5 sprintf('it''s 50%%')"));
    assert_non_null(strstr(text_string(&script), "set label 6 sprintf('and 4 more')"));
    assert_null(strstr(text_string(&script), "set label 7"));
    assert_non_null(strstr(text_string(&script), "set object 9"));
    text_release(&script);
    plot_release(&plot);
}

static void a_value_that_is_unknown_breaks_the_line(void **state)
{
    struct plot plot = {.title = "t"};
    struct plot_line *line = plot_add_line(&plot, "l", 1);
    struct text script = {0};
    (void)state;
    plot_add_point(line, 0, 1);
    plot_add_point(line, 1, (double)NAN);
    plot_add_point(line, 2, (double)NAN);
    plot_add_point(line, 3, 2);
    assert_true(plot_fit(&plot));
    assert_true(plot.y.high > 2 && plot.y.high < 2.5);
    plot_script(&plot, &script);
    assert_non_null(strstr(text_string(&script), "$l0 << EOD\n0 1\n\n3 2\nEOD\n"));
    text_release(&script);
    plot_release(&plot);
}

static void a_plot_without_values_is_none(void **state)
{
    struct plot plot = {.title = "t"};
    (void)state;
    assert_false(plot_fit(&plot));
    plot_add_point(plot_add_line(&plot, "l", 1), 1, (double)NAN);
    assert_false(plot_fit(&plot));
    plot_release(&plot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_and_few),
        cmocka_unit_test(names_cannot_leave_their_quotes),
        cmocka_unit_test(many_shades_share_the_last_lane),
        cmocka_unit_test(a_value_that_is_unknown_breaks_the_line),
        cmocka_unit_test(a_plot_without_values_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
