/* test_scenario_override.c: what the command line replaces. */
#include <stdlib.h>
#include <string.h>

#include "scenario/load.h"
#include "support/scenario_rules.h"
#include "support/unit.h"

static const char DOCUMENT[] = "broker: {adapter: redis, uri: 'redis://127.0.0.1:6379/0', "
                               "reclaim_after: 5s}\n"
                               "seed: 1\n"
                               "producers:\n"
                               "  - {name: shop, stream: orders, count: 10, rate: 5/s}\n"
                               "  - {name: web, stream: orders, count: 20, payload: {size: 100}}\n"
                               "consumers:\n"
                               "  - {name: billing, stream: orders, work: {uniform: 1ms-2ms}}\n"
                               "expect:\n"
                               "  - no lost\n";

static int load(const char *document, const struct scenario_overrides *overrides,
                struct scenario **ret, struct error *reterr)
{
    struct scenario_text source = {"test.yaml", document, strlen(document)};

    return scenario_load_text(&source, overrides, &TEST_RULES, ret, reterr);
}

static struct scenario *load_with(const char *document, const char *const *settings, size_t count)
{
    struct scenario_overrides overrides = {.settings = settings, .setting_count = count};
    struct scenario *scenario = NULL;
    struct error error = {0};

    if (load(document, &overrides, &scenario, &error) != 0)
        fail_msg("%s", error.message);
    return scenario;
}

static void settings_replace_and_add_values_at_any_depth(void **state)
{
    static const char *const settings[] = {
        "producers.0.rate=2000/s",
        "producers.web.count=7",
        "producers.web.payload.size=300",
        "producers.0.payload={size: 100-200}",
        "consumers.billing.work.uniform=3ms-4ms",
        "consumers.0.members=4",
        "broker.reclaim_after=9s",
        "drain=5s",
        "expect.0=no duplicates",
        "seed=9",
        "producers.0.rate=3000/s",
    };
    struct scenario *scenario = load_with(DOCUMENT, settings, ARRAY_SIZE(settings));

    (void)state;
    assert_true(scenario->producers[0].rate == 3000);
    assert_int_equal(scenario->producers[0].payload_size_max, 200);
    assert_int_equal(scenario->producers[1].count, 7);
    assert_int_equal(scenario->producers[1].payload_size_min, 300);
    assert_int_equal(scenario->consumers[0].work_ns, 3000000);
    assert_int_equal(scenario->consumers[0].members, 4);
    assert_string_equal(scenario->brokers[0].options[0].text, "9s");
    assert_int_equal(scenario->drain_ns, 5000000000);
    assert_string_equal(scenario->expectations[0].word, "duplicates");
    assert_string_equal(scenario->expectations[0].place.file, "--set expect.0");
    assert_int_equal(scenario->seed, 9);
    assert_int_equal(scenario->override_count, ARRAY_SIZE(settings));
    assert_string_equal(scenario->overrides[0], settings[0]);
    assert_string_equal(scenario->text, DOCUMENT);
    scenario_free(scenario);
}

static void null_removes_a_key_or_an_entry(void **state)
{
    static const char *const settings[] = {"producers.0.count=null", "producers.0.for=2s",
                                           "producers.1=~", "consumers.0.group=null"};
    struct scenario *scenario = load_with(DOCUMENT, settings, ARRAY_SIZE(settings));

    (void)state;
    assert_int_equal(scenario->producer_count, 1);
    assert_int_equal(scenario->producers[0].count, 0);
    assert_int_equal(scenario->producers[0].for_ns, 2000000000);
    scenario_free(scenario);
}

static void a_value_with_two_names_is_replaced_under_one_of_them_only(void **state)
{
    static const char *const settings[] = {"producers.1.payload.size=999"};
    struct scenario *scenario =
        load_with("broker: inline\n"
                  "producers:\n"
                  "  - {name: a, stream: s, count: 1, payload: &p {size: 100}}\n"
                  "  - {name: b, stream: s, count: 1, payload: *p}\n",
                  settings, 1);

    (void)state;
    assert_int_equal(scenario->producers[0].payload_size_max, 100);
    assert_int_equal(scenario->producers[1].payload_size_max, 999);
    scenario_free(scenario);
}

static void a_bad_setting_is_named_with_what_would_be_right(void **state)
{
    static const struct {
        const char *setting, *message;
        enum error_kind kind;
    } cases[] = {
        {"producers.0.rate=200",
         "--set producers.0.rate: producer: rate: '200' has no period: say /s, /m or /h (such as "
         "200/s)",
         ERROR_SCENARIO},
        {"producers.0.rat=200/s",
         "--set producers.0.rat: unknown key 'rat' in a producer: did you mean 'rate'?",
         ERROR_SCENARIO},
        {"producer.0.rate=1/s",
         "--set producer.0.rate: the scenario has no 'producer': did you mean 'producers'?",
         ERROR_SCENARIO},
        {"producers.shp.rate=1/s",
         "--set producers.shp.rate: 'producers' has no 'shp': did you mean 'shop'?",
         ERROR_SCENARIO},
        {"producers.elsewhere.rate=1/s",
         "--set producers.elsewhere.rate: 'producers' has no 'elsewhere': it has shop, web",
         ERROR_SCENARIO},
        {"producers.2.rate=1/s",
         "--set producers.2.rate: 'producers' has no '2': it has 2, counted from 0",
         ERROR_SCENARIO},
        {"expect.1=no phantom", "--set expect.1: 'expect' has no '1': it has 1, counted from 0",
         ERROR_SCENARIO},
        {"producers.0.rate.x=1",
         "--set producers.0.rate.x: 'producers.0.rate' is one value and has no 'x' in it: set it "
         "as a whole",
         ERROR_SCENARIO},
        {"seed.x.y=1",
         "--set seed.x.y: 'seed' is one value and has no 'x' in it: set it as a whole",
         ERROR_SCENARIO},
        {"producers.1.payload.sizes.min=1",
         "--set producers.1.payload.sizes.min: 'producers.1.payload' has no 'sizes': did you mean "
         "'size'?",
         ERROR_SCENARIO},
        {"seed=", "--set seed: there is nothing after '=': say a value, or null to remove the key",
         ERROR_SCENARIO},
        {"seed=[1", "--set seed: this is not YAML: flow sequence without a closing bracket",
         ERROR_SCENARIO},
        {"seed", "--set 'seed': say key=value, such as producers.0.rate=2000/s", ERROR_USAGE},
        {"=1", "--set '=1': say key=value, such as producers.0.rate=2000/s", ERROR_USAGE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct scenario_overrides overrides = {.settings = &cases[i].setting, .setting_count = 1};
        struct scenario *scenario = NULL;
        struct error error = {0};

        assert_int_equal(load(DOCUMENT, &overrides, &scenario, &error), -1);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.kind, cases[i].kind);
        assert_int_equal(error.place.line, 0);
        assert_null(scenario);
    }
}

static void a_new_adapter_drops_what_was_written_for_the_old_one(void **state)
{
    static const char *const documents[] = {
        DOCUMENT,
        "broker: redis\nproducers:\n  - {name: a, stream: s, count: 1}\n",
        "brokers: {default: redis, other: redis}\nproducers:\n  - {name: a, stream: s, count: 1}\n",
        "producers:\n  - {name: a, stream: s, count: 1}\n",
    };
    static const char *const settings[] = {"broker.max_retries=5"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
        struct scenario_overrides overrides = {
            .adapter = "inline", .settings = settings, .setting_count = i == 2 ? 0 : 1};
        struct scenario *scenario = NULL;
        struct error error = {0};

        if (load(documents[i], &overrides, &scenario, &error) != 0)
            fail_msg("%zu: %s", i, error.message);
        assert_string_equal(scenario->brokers[0].adapter, "inline");
        assert_null(scenario->brokers[0].uri);
        assert_int_equal(scenario->brokers[0].option_count, i == 2 ? 0 : 1);
        scenario_free(scenario);
    }
}

static void adapter_uri_seed_and_time_come_from_the_command_line(void **state)
{
    struct scenario_overrides overrides = {.adapter = "redis_pubsub",
                                           .uri = "redis://:secret@127.0.0.1:7000/0",
                                           .has_seed = true,
                                           .seed = UINT64_MAX,
                                           .time = "virtual"};
    struct scenario *scenario = NULL;
    struct error error = {0};

    (void)state;
    assert_int_equal(load(DOCUMENT, &overrides, &scenario, &error), 0);
    assert_string_equal(scenario->brokers[0].adapter, "redis_pubsub");
    assert_string_equal(scenario->brokers[0].uri, "redis://:secret@127.0.0.1:7000/0");
    assert_string_equal(scenario->brokers[0].uri_shown, "redis://:***@127.0.0.1:7000/0");
    assert_true(scenario->has_seed && scenario->seed == UINT64_MAX);
    assert_true(scenario->has_time);
    assert_int_equal(scenario->time, SCENARIO_TIME_VIRTUAL);
    scenario_free(scenario);
    overrides.time = "simulated";
    assert_int_equal(load(DOCUMENT, &overrides, &scenario, &error), -1);
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_string_equal(error.message, "--time 'simulated': say real or virtual");
    overrides.adapter = "inlin";
    assert_int_equal(load(DOCUMENT, &overrides, &scenario, &error), -1);
    assert_string_equal(error.message, "--adapter: there is no adapter 'inlin': did you mean "
                                       "'inline'?");
}

static void a_password_in_a_setting_is_not_kept(void **state)
{
    static const char *const settings[] = {"broker.uri=redis://user:hunter2@127.0.0.1:1/0"};
    struct scenario *scenario = load_with(DOCUMENT, settings, 1);

    (void)state;
    assert_string_equal(scenario->brokers[0].uri, "redis://user:hunter2@127.0.0.1:1/0");
    assert_string_equal(scenario->overrides[0], "broker.uri=redis://user:***@127.0.0.1:1/0");
    scenario_free(scenario);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_replace_and_add_values_at_any_depth),
        cmocka_unit_test(null_removes_a_key_or_an_entry),
        cmocka_unit_test(a_value_with_two_names_is_replaced_under_one_of_them_only),
        cmocka_unit_test(a_bad_setting_is_named_with_what_would_be_right),
        cmocka_unit_test(a_new_adapter_drops_what_was_written_for_the_old_one),
        cmocka_unit_test(adapter_uri_seed_and_time_come_from_the_command_line),
        cmocka_unit_test(a_password_in_a_setting_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
