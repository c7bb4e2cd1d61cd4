/* test_explore.c: seed after seed, until one fails. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "run/explore.h"
#include "run/explore_chaos.h"
#include "run/instance.h"
#include "scenario/load.h"

/* A hundredth of all seeds or so nack anything. */
#define RARE                                                                                       \
    "name: Rare\nbroker: {adapter: inline, retry_delay: 10ms}\ntime: virtual\n"                    \
    "producers: [{name: shop, stream: orders, count: 20}]\n"                                       \
    "consumers: [{name: billing, stream: orders, batch: 5, nack: 0.05%}]\n"

static struct scenario *load(const char *yaml)
{
    struct scenario_text source = {.path = "rare.yaml", .text = yaml, .size = strlen(yaml)};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct error error = {0};

    run_rules(&rules);
    if (scenario_load_text(&source, NULL, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    run_rules_release(&rules);
    return scenario;
}

static struct explored explore_text(const char *yaml, uint64_t seed, uint64_t seeds)
{
    struct scenario *scenario = load(yaml);
    const struct run_options run = {.scenario = scenario};
    const struct explore_options options = {.run = &run, .seed = seed, .seeds = seeds};
    struct explored found = {0};
    struct error error = {0};

    if (explore(&options, &found, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return found;
}

static struct result *run_seed(const char *yaml, uint64_t seed)
{
    struct scenario *scenario = load(yaml);
    const struct run_options options = {.scenario = scenario};
    struct result *result = NULL;
    struct error error = {0};

    scenario->seed = seed;
    scenario->has_seed = true;
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

static void the_first_seed_that_fails_ends_it_and_fails_by_itself(void **state)
{
    static const char yaml[] = RARE "expect: [no duplicates]\n";
    struct explored found = explore_text(yaml, 1, 10000);
    struct result *alone, *before;

    (void)state;
    assert_non_null(found.failed);
    assert_int_equal(found.failed->seed, found.runs);
    assert_true(found.runs > 1 && found.runs < 5000);
    assert_string_equal(found.failed->failed[0], "duplicates");
    assert_true(found.failed->latency_count > 0); /* measured in full, although explored without */
    alone = run_seed(yaml, found.failed->seed);
    before = run_seed(yaml, found.failed->seed - 1);
    assert_int_equal(alone->verdict, VERDICT_FAIL);
    assert_int_equal(before->verdict, VERDICT_PASS);
    result_free(alone);
    result_free(before);
    explored_release(&found);
}

static void it_ends_after_so_many_seeds(void **state)
{
    struct explored found = explore_text(RARE, 1, 300);

    (void)state;
    assert_null(found.failed);
    assert_int_equal(found.runs, 300);
    assert_int_equal(found.undecided, 0);
    explored_release(&found);
}

static void what_could_not_be_decided_is_counted(void **state)
{
    struct explored found = explore_text(RARE "expect: [redeliver.p99 < 10s]\n", 1, 50);

    (void)state;
    assert_null(found.failed);
    assert_int_equal(found.undecided, 50);
    assert_non_null(found.doubtful);
    explored_release(&found);
}

/* What is left out for speed is measured where an expectation asks for it. */
static void expectations_of_latency_are_decided_as_in_a_single_run(void **state)
{
    static const char yaml[] =
        "name: Slow\nbroker: inline\ntime: virtual\n"
        "producers: [{name: shop, stream: orders, count: 20, rate: 200/s, arrival: poisson}]\n"
        "consumers: [{name: billing, stream: orders, batch: 1, prefetch: 1, "
        "work: {exponential: 1ms}}]\nexpect: [deliver.max < 8ms]\n";
    struct explored found = explore_text(yaml, 1, 10000);
    struct result *before;

    (void)state;
    assert_non_null(found.failed);
    assert_string_equal(found.failed->failed[0], "deliver.max < 8ms");
    before = run_seed(yaml, found.failed->seed - 1);
    assert_int_equal(before->verdict, VERDICT_PASS);
    result_free(before);
    explored_release(&found);
}

static void what_is_known_to_fail_neither_ends_it_nor_must_fail(void **state)
{
    struct explored found = explore_text(
        RARE "expect: [no duplicates]\nknown: {fails: [duplicates], because: nacks}\n", 1, 500);

    (void)state;
    assert_null(found.failed);
    assert_int_equal(found.runs, 500);
    explored_release(&found);
    found = explore_text(RARE "expect: [no duplicates, sent == 7]\n"
                              "known: {fails: [duplicates], because: nacks}\n",
                         1, 500);
    assert_non_null(found.failed);
    assert_int_equal(found.failed->failed_count, 1);
    assert_string_equal(found.failed->failed[0], "sent == 7");
    explored_release(&found);
}

static volatile sig_atomic_t stop;

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    unsigned *runs = context;

    (void)adapter, (void)instance;
    stop = ++*runs == 7;
}

static void interrupted_it_counts_only_whole_runs(void **state)
{
    unsigned runs = 0;
    struct instance_decorator decorator = {.wrap = wrap, .context = &runs};
    struct scenario *scenario = load(RARE);
    const struct run_options run = {.scenario = scenario, .decorator = &decorator, .stop = &stop};
    const struct explore_options options = {.run = &run, .seed = 1, .seeds = 100};
    struct explored found = {0};

    (void)state;
    assert_int_equal(explore(&options, &found, NULL), 0);
    assert_int_equal(found.runs, 6);
    assert_null(found.failed);
    assert_null(found.doubtful);
    explored_release(&found);
    scenario_free(scenario);
}

/* A run of a minute, and no time for it. */
static void when_the_time_is_over_the_run_under_way_is_stopped_and_not_judged(void **state)
{
    struct scenario *scenario =
        load("name: Long\nbroker: inline\ntime: real\n"
             "producers: [{name: shop, stream: orders, for: 60s, rate: 50/s}]\n"
             "consumers: [{name: billing, stream: orders}]\n"
             "expect: [delivered > 1000, throughput > 40/s, lost <= 0]\n");
    const struct run_options run = {.scenario = scenario};
    const struct explore_options options = {.run = &run, .seed = 8, .for_ns = 100000000};
    struct explored found = {0};

    (void)state;
    assert_int_equal(explore(&options, &found, NULL), 0);
    assert_int_equal(found.runs, 0);
    assert_true(found.is_cut_short);
    assert_int_equal(found.cut_seed, 8);
    assert_null(found.failed);
    assert_null(found.doubtful);
    assert_true(found.elapsed_ns < 30000000000u);
    explored_release(&found);
    scenario_free(scenario);
}

static void only_brokers_in_this_process_suit_virtual_time(void **state)
{
    struct scenario *ours = load(RARE);
    struct scenario *server = load("broker: redis\nproducers: [{name: a, stream: b, count: 1}]\n");

    (void)state;
    assert_true(run_suits_virtual(ours));
    assert_false(run_suits_virtual(server));
    scenario_free(ours);
    scenario_free(server);
}

/* A crash costs a simple queue what was in hand: chaos finds it, in a scenario without faults. */
static void chaos_makes_faults_for_a_scenario_without_any(void **state)
{
    static const char yaml[] =
        "name: Simple\nbroker: {adapter: inline, message_timeout: 1s, redelivery_time: 1s}\n"
        "time: virtual\ndrain: 10s\n"
        "producers: [{name: shop, stream: orders, count: 200, rate: 2000/s}]\n"
        "consumers: [{name: billing, stream: orders, members: 2, batch: 20, work: 200us}]\n"
        "expect: [no duplicates]\n";
    struct scenario *plain = load(yaml);
    char *chaos = explore_chaos(plain);
    struct text text = {0};
    struct explored found;

    (void)state;
    assert_int_equal(strncmp(chaos, "faults=", 7), 0);
    text_appendf(&text, "%sfaults: %s\n", yaml, chaos + 7);
    found = explore_text(text_string(&text), 1, 500);
    assert_non_null(found.failed);
    assert_int_equal(found.undecided, 0);
    assert_true(found.failed->fault_count > 0);
    assert_int_equal(found.failed->ledger->anomalies[ANOMALY_DUPLICATED].disallowed, 0);
    explored_release(&found);
    text_release(&text);
    free(chaos);
    scenario_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_seed_that_fails_ends_it_and_fails_by_itself),
        cmocka_unit_test(it_ends_after_so_many_seeds),
        cmocka_unit_test(what_could_not_be_decided_is_counted),
        cmocka_unit_test(expectations_of_latency_are_decided_as_in_a_single_run),
        cmocka_unit_test(interrupted_it_counts_only_whole_runs),
        cmocka_unit_test(chaos_makes_faults_for_a_scenario_without_any),
        cmocka_unit_test(what_is_known_to_fail_neither_ends_it_nor_must_fail),
        cmocka_unit_test(when_the_time_is_over_the_run_under_way_is_stopped_and_not_judged),
        cmocka_unit_test(only_brokers_in_this_process_suit_virtual_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
