/* test_run_search.c: `rate: max` against brokers of known capacity, in virtual time. */
#include "support/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/run.h"

#define GOAL "deliver.p99 < 50ms"

/* A consumer is the broker's capacity: so much work a message. */
struct capacity {
    const char *work, *faults;
    double limit; /* per second, where there is no noise; 0: what fixed rates show */
};

static const struct capacity capacities[] = {
    {"1ms", "", 1000.0},
    {"200us", "", 5000.0},
    {"{exponential: 1ms}", "", 0.0},
    {"{lognormal: 1ms, sigma: 1}", "", 0.0},
    /* Held up now and then, as on a machine that others use too. */
    {"1ms",
     "faults: [{when: {at: 300ms, every: 1s, for: 30ms}, do: {consumer: billing-1, hang: true}}]\n",
     0.0},
    {"{exponential: 500us}",
     "faults: [{when: {at: 700ms, every: 3s, for: 45ms}, do: {consumer: billing-1, hang: true}}]\n",
     0.0},
};

static volatile sig_atomic_t stop;

static struct result *run_rate(const struct capacity *capacity, const char *rate,
                               const char *expect, uint64_t seed)
{
    struct scenario_overrides overrides = {.has_seed = true, .seed = seed};
    struct run_options options = {.stop = &stop};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct result *result = NULL;
    struct error error = {0};
    char path[] = "/tmp/gauntlet-test-search-XXXXXX.yaml";
    int fd = mkstemps(path, 5);

    assert_true(fd >= 0);
    dprintf(fd,
            "time: virtual\nbroker: inline\nwarm_up: 500ms\n"
            "producers: [{name: shop, stream: orders, for: 6s, rate: %s}]\n"
            "consumers: [{name: billing, stream: orders, batch: 10, work: %s}]\n%s"
            "expect: [no lost%s]\n",
            rate, capacity->work, capacity->faults, expect);
    close(fd);
    run_rules(&rules);
    if (scenario_load(path, &overrides, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    run_rules_release(&rules);
    unlink(path);
    options.scenario = scenario;
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

/* Of five runs at a fixed rate, each with luck of its own, how many keep the goal? */
static unsigned count_held(const struct capacity *capacity, double rate)
{
    unsigned held = 0;
    char words[32];

    (void)snprintf(words, sizeof(words), "%.0f/s", rate);
    for (uint64_t seed = 100; seed < 105; seed++) {
        struct result *result = run_rate(capacity, words, ", " GOAL, seed);

        held += result->verdict == VERDICT_PASS;
        result_free(result);
    }
    return held;
}

static void what_is_found_is_what_fixed_rates_show(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(capacities); i++) {
        const struct capacity *capacity = &capacities[i];
        struct result *result =
            run_rate(capacity, "max, while: " GOAL " and backlog is stable", "", 5);
        double found = result->max_rate;
        unsigned below = count_held(capacity, found * 0.93), at = count_held(capacity, found);
        unsigned above = count_held(capacity, found * 1.1);

        printf("# %zu: found %.0f/s; of 5 at 0.93 of it, at it, at 1.1 of it held: %u, %u, %u\n", i,
               found, below, at, above);
        assert_int_equal(below, 5);
        assert_true(at >= 3);
        assert_int_equal(above, 0);
        assert_true(capacity->limit == 0.0 ||
                    (found <= capacity->limit * 1.01 && found >= capacity->limit / 1.05));
        result_free(result);
    }
}

/* Without a latency in the goal it is the backlog alone that tells. */
static void a_backlog_that_grows_is_seen_without_a_latency(void **state)
{
    static const struct capacity capacity = {"1ms", "", 1000.0};
    struct result *result = run_rate(&capacity, "max, while: backlog is stable", "", 5);

    (void)state;
    printf("# found %.0f/s\n", result->max_rate);
    assert_true(result->max_rate <= 1050.0 && result->max_rate >= 950.0);
    result_free(result);
}

/* What was not found yet is not zero. */
static void a_search_that_is_interrupted_decides_nothing(void **state)
{
    static const struct capacity capacity = {"1ms", "", 1000.0};
    struct result *result;

    (void)state;
    stop = 1;
    result = run_rate(&capacity, "max", ", max_rate > 10/s", 5);
    stop = 0;
    assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
    assert_true(result->is_partial);
    assert_true(result->drain_ns <= result->elapsed_ns);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_is_what_fixed_rates_show),
        cmocka_unit_test(a_search_that_is_interrupted_decides_nothing),
        cmocka_unit_test(a_backlog_that_grows_is_seen_without_a_latency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
