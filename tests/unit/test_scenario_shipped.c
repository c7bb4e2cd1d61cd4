/* test_scenario_shipped.c: the scenarios that come with the harness load, and say what they must.
 */
#include <stdlib.h>
#include <string.h>

#include "support/scenario_rules.h"
#include "support/unit.h"

static struct scenario *load(const char *path, const struct scenario_overrides *overrides)
{
    struct scenario *scenario = NULL;
    struct error error = {0};

    if (scenario_load(path, overrides, &TEST_RULES, &scenario, &error) != 0)
        fail_msg("%s:%d:%d: %s", path, error.place.line, error.place.column, error.message);
    return scenario;
}

static void each_shipped_scenario_loads(void **state)
{
    static const char *const names[] = {"quickstart",  "nack-and-retry", "slow-consumer",
                                        "two-brokers", "steady-rate",    "queuing"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        char path[100];
        struct scenario *scenario;

        (void)snprintf(path, sizeof(path), "scenarios/%s.yaml", names[i]);
        scenario = load(path, NULL);
        assert_true(scenario->expectation_count > 0);
        assert_string_equal(scenario->brokers[0].adapter, "inline");
        scenario_free(scenario);
    }
}

static void each_load_scenario_is_for_a_redis_broker(void **state)
{
    static const char *const names[] = {"steady",           "ramp",     "burst",
                                        "fan-out",          "backlog",  "large-payloads",
                                        "many-connections", "find-max", "soak"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        char path[100];
        struct scenario *scenario;

        (void)snprintf(path, sizeof(path), "scenarios/load/%s.yaml", names[i]);
        scenario = load(path, NULL);
        assert_true(scenario->expectation_count > 0);
        assert_string_equal(scenario->brokers[0].adapter, "redis");
        assert_int_equal(scenario->search.is_wanted, strcmp(names[i], "find-max") == 0);
        scenario_free(scenario);
    }
}

static void the_quickstart_sends_a_million_messages_to_two_groups_of_four(void **state)
{
    static const struct scenario_overrides overrides = {.adapter = "redis",
                                                        .uri = "redis://127.0.0.1:6379/0"};
    struct scenario *scenario = load("scenarios/quickstart.yaml", &overrides);

    (void)state;
    assert_int_equal(scenario->producer_count, 1);
    assert_int_equal(scenario->producers[0].members, 4);
    assert_int_equal(scenario->producers[0].count, 1000000);
    assert_int_equal(scenario->consumer_count, 2);
    assert_int_equal(scenario->consumers[0].members, 4);
    assert_int_equal(scenario->consumers[1].members, 4);
    assert_string_not_equal(scenario->consumers[0].group, scenario->consumers[1].group);
    assert_string_equal(scenario->brokers[0].adapter, "redis");
    scenario_free(scenario);
}

static void the_queuing_scenario_has_one_group_of_four(void **state)
{
    static const struct scenario_overrides overrides = {.adapter = "redis_pubsub"};
    struct scenario *scenario = load("scenarios/queuing.yaml", &overrides);

    (void)state;
    assert_int_equal(scenario->producers[0].count, 200000);
    assert_int_equal(scenario->consumer_count, 1);
    assert_int_equal(scenario->consumers[0].members, 4);
    scenario_free(scenario);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shipped_scenario_loads),
        cmocka_unit_test(each_load_scenario_is_for_a_redis_broker),
        cmocka_unit_test(the_quickstart_sends_a_million_messages_to_two_groups_of_four),
        cmocka_unit_test(the_queuing_scenario_has_one_group_of_four),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
