/* test_compare.c: two sets of runs side by side, and the rules they are held to. */
#include "reports/compare.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#include "support/sample_result.h"

#define RUNS 4u

/* Runs whose publish rate is about `rate`, and whose latency lies along `step_ns`. */
static struct compare_side make_side(const char *name, double rate, uint64_t step_ns)
{
    struct compare_side side = {.name = name, .count = RUNS};
    side.results = memory_new(RUNS, sizeof(*side.results));
    for (size_t i = 0; i < RUNS; i++) {
        struct result *result = side.results[i] = sample_result();
        result->publish_rate = rate * (1 + 0.01 * (double)i);
        histogram_release(&result->latencies[0].histogram);
        free(result->latencies[0].metric);
        result->latencies[0] = sample_latency("publish", 1000, step_ns + i * 10);
    }
    return side;
}

static void free_side(struct compare_side *side)
{
    for (size_t i = 0; i < RUNS; i++)
        sample_free(side->results[i]);
    free(side->results);
}

static const struct compare_metric *find(const struct comparison *comparison, const char *name)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (strcmp(comparison->metrics[i].name, name) == 0)
            return &comparison->metrics[i];
    fail_msg("no metric %s", name);
    return NULL;
}

static void what_changed_is_told_from_noise(void **state)
{
    static const struct {
        const char *metric;
        enum compare_change change;
    } cases[] = {
        {"throughput", COMPARE_SAME},    {"publish_rate", COMPARE_WORSE}, /* less of it */
        {"publish.p50", COMPARE_BETTER},                                  /* shorter */
        {"publish.max", COMPARE_BETTER}, {"publish.p99.9", COMPARE_BETTER},
        {"deliver.p50", COMPARE_SAME},   {"drain", COMPARE_SAME},
        {"recovery", COMPARE_SAME},
    };
    struct compare_side base = make_side("base", 1000, 5000);
    struct compare_side current = make_side("current", 800, 4000);
    struct comparison comparison;
    (void)state;
    compare_sides(&comparison, &base, &current);
    assert_true(comparison.is_enough);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        if (compare_change_of(find(&comparison, cases[i].metric)) != cases[i].change)
            fail_msg("%s is called %s", cases[i].metric,
                     compare_change_name(compare_change_of(find(&comparison, cases[i].metric))));
    for (size_t i = 0; i < comparison.metric_count; i++) /* 50 samples have no p99 */
        assert_string_not_equal(comparison.metrics[i].name, "deliver.p99");
    compare_release(&comparison);
    free_side(&base);
    free_side(&current);
}

static void one_run_a_side_cannot_tell(void **state)
{
    struct compare_side base = make_side("base", 1000, 5000);
    struct compare_side current = make_side("current", 800, 4000);
    struct comparison comparison;
    struct text text = {0};
    (void)state;
    base.count = current.count = 1;
    compare_sides(&comparison, &base, &current);
    assert_false(comparison.is_enough);
    assert_int_equal(compare_change_of(find(&comparison, "publish_rate")), COMPARE_UNDECIDED);
    compare_text(&comparison, &text);
    assert_non_null(strstr(text_string(&text), "So few runs cannot tell a change from noise"));
    assert_non_null(strstr(text_string(&text), "-20.0 %"));
    text_release(&text);
    compare_release(&comparison);
    free_side(&base);
    free_side(&current);
}

static void rules_are_read_strictly(void **state)
{
    static const struct {
        const char *text, *metric;
        double limit; /* 0: refused */
    } cases[] = {
        {"publish.p99 +10%", "publish.p99", 1.1},
        {"publish.p99+10%", "publish.p99", 1.1},
        {"throughput -5%", "throughput", 0.95},
        {"publish.p99.9 + 0.5%", "publish.p99.9", 1.005},
        {"drain +0%", "drain", 1},
        {"drain +250%", "drain", 3.5},
        {"", "", 0},
        {"drain", "", 0},
        {"drain 10%", "", 0},
        {"drain +10", "", 0},
        {"drain -100%", "", 0},
        {"drain +-5%", "", 0},
        {"+10%", "", 0},
        {"drain +10% now", "", 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct compare_rule rule = {0};
        struct error error = {0};
        int failed = compare_rule_parse(cases[i].text, &rule, &error);
        if ((failed != 0) != (cases[i].limit == 0))
            fail_msg("'%s' is %s", cases[i].text, failed ? "refused" : "taken");
        if (failed) {
            assert_int_equal(error.kind, ERROR_USAGE);
            assert_non_null(strstr(error.message, "is no rule: say a metric"));
            continue;
        }
        assert_string_equal(rule.metric, cases[i].metric);
        assert_true(rule.limit > cases[i].limit - 1e-9 && rule.limit < cases[i].limit + 1e-9);
    }
}

static void rules_are_held_against_the_whole_interval(void **state)
{
    static const struct {
        const char *rule;
        double low, high;
        bool is_decided;
        enum verdict verdict;
    } cases[] = {
        {"drain +10%", 1.12, 1.2, true, VERDICT_FAIL},
        {"drain +10%", 1.05, 1.2, true, VERDICT_INCONCLUSIVE},
        {"drain +10%", 1.02, 1.09, true, VERDICT_PASS},
        {"drain +10%", 0.5, 0.6, true, VERDICT_PASS},
        {"drain -10%", 0.5, 0.6, true, VERDICT_FAIL},
        {"drain -10%", 0.85, 0.95, true, VERDICT_INCONCLUSIVE},
        {"drain -10%", 0.95, 1.5, true, VERDICT_PASS},
        {"drain +10%", 0, 0, false, VERDICT_INCONCLUSIVE},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct compare_metric metric = {.name = "drain",
                                        .ratio = {.ratio = 1.1,
                                                  .has_value = true,
                                                  .is_decided = cases[i].is_decided,
                                                  .low = cases[i].low,
                                                  .high = cases[i].high}};
        const struct comparison comparison = {.metrics = &metric, .metric_count = 1};
        struct compare_rule rule;
        struct text reason = {0};
        enum verdict verdict;
        assert_int_equal(compare_rule_parse(cases[i].rule, &rule, NULL), 0);
        assert_int_equal(compare_rule_judge(&rule, &comparison, &verdict, &reason, NULL), 0);
        if (verdict != cases[i].verdict)
            fail_msg("case %zu: %s", i, verdict_name(verdict));
        text_release(&reason);
    }
}

static void what_else_differs_is_named(void **state)
{
    struct compare_side base = make_side("base", 1000, 5000);
    struct compare_side current = make_side("current", 1000, 5000);
    struct comparison comparison;
    struct text text = {0}, page = {0};
    (void)state;
    free(current.results[2]->environment.kernel);
    current.results[2]->environment.kernel = memory_string("Linux <7>");
    current.results[0]->environment.cores = 8;
    compare_sides(&comparison, &base, &current);
    compare_text(&comparison, &text);
    assert_non_null(strstr(text_string(&text), "kernel: Linux 6.1, then Linux 6.1 and Linux <7>"));
    assert_non_null(strstr(text_string(&text), "cores: 2, then 8 and 2"));
    assert_null(strstr(text_string(&text), "host:"));
    setenv("GAUNTLET_GNUPLOT", "", 1);
    compare_html(&comparison, &page);
    assert_non_null(strstr(text_string(&page), "Linux 6.1 and Linux &lt;7&gt;"));
    assert_null(strstr(text_string(&page), "<7>"));
    text_release(&text);
    text_release(&page);
    compare_release(&comparison);
    free_side(&base);
    free_side(&current);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changed_is_told_from_noise),
        cmocka_unit_test(one_run_a_side_cannot_tell),
        cmocka_unit_test(rules_are_read_strictly),
        cmocka_unit_test(rules_are_held_against_the_whole_interval),
        cmocka_unit_test(what_else_differs_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
