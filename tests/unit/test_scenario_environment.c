/* test_scenario_environment.c: references to the environment, and secrets that stay inside. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/load.h"
#include "support/scenario_rules.h"
#include "support/unit.h"

#define SECRET "s3cr3t"

static int set_up(void **state)
{
    (void)state;
    setenv("GAUNTLET_TEST_URI", "redis://user:" SECRET "@10.0.0.1:6379/0", 1);
    setenv("GAUNTLET_TEST_PASSWORD", SECRET, 1);
    setenv("GAUNTLET_TEST_HOST", "example.org", 1);
    setenv("GAUNTLET_TEST_PORT", "7000", 1);
    setenv("GAUNTLET_TEST_ADAPTER", "redis", 1);
    setenv("GAUNTLET_TEST_DELAY", SECRET, 1);
    setenv("GAUNTLET_TEST_EMPTY", "", 1);
    unsetenv("GAUNTLET_TEST_UNSET");
    return 0;
}

static int load(const char *broker, struct scenario **ret, struct error *reterr)
{
    struct text text = {0};
    struct scenario_text source = {.path = "test.yaml"};
    int result;

    text_appendf(&text, "broker: %s\nproducers:\n  - {name: shop, stream: orders, count: 1}\n",
                 broker);
    source.text = text_string(&text);
    source.size = text.size;
    result = scenario_load_text(&source, NULL, &TEST_RULES, ret, reterr);
    text_release(&text);
    return result;
}

static void references_are_replaced_and_kept_for_showing(void **state)
{
    static const struct {
        const char *written, *uri, *shown;
    } cases[] = {
        {"${GAUNTLET_TEST_URI}", "redis://user:" SECRET "@10.0.0.1:6379/0", "${GAUNTLET_TEST_URI}"},
        {"redis://u:${GAUNTLET_TEST_PASSWORD}@h:1/0", "redis://u:" SECRET "@h:1/0",
         "redis://u:${GAUNTLET_TEST_PASSWORD}@h:1/0"},
        {"redis://:${GAUNTLET_TEST_PASSWORD}@${GAUNTLET_TEST_HOST}:${GAUNTLET_TEST_PORT}/0",
         "redis://:" SECRET "@example.org:7000/0",
         "redis://:${GAUNTLET_TEST_PASSWORD}@${GAUNTLET_TEST_HOST}:${GAUNTLET_TEST_PORT}/0"},
        {"redis://u:x${GAUNTLET_TEST_PASSWORD}@h:1/0", "redis://u:x" SECRET "@h:1/0",
         "redis://u:***@h:1/0"},
        {"redis://u:" SECRET "@${GAUNTLET_TEST_HOST}/0", "redis://u:" SECRET "@example.org/0",
         "redis://u:***@${GAUNTLET_TEST_HOST}/0"},
        {"redis://u:" SECRET "@h:1/0", "redis://u:" SECRET "@h:1/0", "redis://u:***@h:1/0"},
        {"redis://u:p$$w@h:1/0", "redis://u:p$w@h:1/0", "redis://u:***@h:1/0"},
        {"redis://u:${GAUNTLET_TEST_UNSET:-" SECRET "}@h/0", "redis://u:" SECRET "@h/0",
         "redis://u:***@h/0"},
        {"${GAUNTLET_TEST_UNSET:-redis://u:" SECRET "@h/0}", "redis://u:" SECRET "@h/0",
         "${GAUNTLET_TEST_UNSET:-redis://u:***@h/0}"},
        {"${GAUNTLET_TEST_UNSET:-redis://127.0.0.1:6379/0}", "redis://127.0.0.1:6379/0",
         "${GAUNTLET_TEST_UNSET:-redis://127.0.0.1:6379/0}"},
        {"${GAUNTLET_TEST_EMPTY:-redis://h/0}", "redis://h/0",
         "${GAUNTLET_TEST_EMPTY:-redis://h/0}"},
        {"${GAUNTLET_TEST_HOST:-other}", "example.org", "${GAUNTLET_TEST_HOST:-other}"},
        {"unix:///tmp/a$b.sock", "unix:///tmp/a$b.sock", "unix:///tmp/a$b.sock"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct scenario *scenario = NULL;
        struct error error = {0};
        char broker[300];

        (void)snprintf(broker, sizeof(broker), "{adapter: redis, uri: '%s'}", cases[i].written);
        if (load(broker, &scenario, &error) != 0)
            fail_msg("%s: %s", cases[i].written, error.message);
        assert_string_equal(scenario->brokers[0].uri, cases[i].uri);
        assert_string_equal(scenario->brokers[0].uri_shown, cases[i].shown);
        assert_null(strstr(scenario->brokers[0].uri_shown, SECRET));
        assert_null(strstr(scenario->text, SECRET));
        scenario_free(scenario);
    }
}

static void every_value_of_a_broker_may_refer_to_the_environment(void **state)
{
    struct scenario *scenario = NULL;
    struct error error = {0};

    (void)state;
    assert_int_equal(load("{adapter: '${GAUNTLET_TEST_ADAPTER}', label: "
                          "'a ${GAUNTLET_TEST_HOST} $$ ${GAUNTLET_TEST_UNSET:-b}'}",
                          &scenario, &error),
                     0);
    assert_string_equal(scenario->brokers[0].adapter, "redis");
    assert_string_equal(scenario->brokers[0].options[0].text, "a example.org $ b");
    scenario_free(scenario);
}

static void messages_never_hold_a_value_from_the_environment_or_a_password(void **state)
{
    static const struct {
        const char *broker, *message;
    } cases[] = {
        {"{adapter: inline, retry_delay: '${GAUNTLET_TEST_DELAY}'}",
         "'retry_delay': the value from the environment is not a duration such as 250ms"},
        {"{adapter: redis, uri: '${GAUNTLET_TEST_UNSET}'}",
         "the environment variable GAUNTLET_TEST_UNSET is not set: set it, or give a default with "
         "${GAUNTLET_TEST_UNSET:-...}"},
        {"{adapter: redis, uri: '${GAUNTLET_TEST_EMPTY}'}", "'uri' is empty"},
        {"'redis://:" SECRET "@127.0.0.1:6379/0'",
         "an address is no adapter: say {adapter: NAME, uri: ADDRESS}"},
        {"{adapter: redis, uri: 'redis://:" SECRET "@h', urii: 1}",
         "unknown key 'urii' in a broker with adapter 'redis': did you mean 'uri'?"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct scenario *scenario = NULL;
        struct error error = {0};

        assert_int_equal(load(cases[i].broker, &scenario, &error), -1);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.place.line, 1);
        assert_null(strstr(error.message, SECRET));
    }
}

static void the_text_that_is_kept_spells_out_no_password(void **state)
{
    static const struct {
        const char *broker, *shown;
    } cases[] = {
        {"{adapter: redis, uri: 'redis://u:" SECRET "@h:1/0'}",
         "broker: {adapter: redis, uri: 'redis://u:***@h:1/0'}"},
        {"{adapter: redis, uri: \"redis://u:s3\\x63r3t@h:1/0\"}",
         "# not shown: it spells out a password"},
        {"{adapter: redis, uri: 'redis://u:" SECRET "@h/0', label: 'redis://u:" SECRET "@h/0'}",
         "broker: {adapter: redis, uri: 'redis://u:***@h/0', label: 'redis://u:***@h/0'}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct scenario *scenario = NULL;
        struct error error = {0};

        if (load(cases[i].broker, &scenario, &error) != 0)
            fail_msg("%s", error.message);
        assert_non_null(strstr(scenario->text, cases[i].shown));
        assert_null(strstr(scenario->text, "s3"));
        scenario_free(scenario);
    }
}

/* A configuration may hold secrets; commands leave their references to the shell. */
static void a_server_of_the_runs_own_is_read_with_its_configuration(void **state)
{
    struct scenario *scenario = NULL;
    struct error error = {0};
    const struct scenario_spawn *spawn;

    (void)state;
    assert_int_equal(
        load("{adapter: redis, spawn: {command: redis-server, ready: 'log:up', timeout: "
             "2s, replica: yes, config: {save: [900 1, 60 5], requirepass: "
             "'${GAUNTLET_TEST_PASSWORD}', bind-source-addr: ''}}, "
             "control: {kill: 'pkill ${WHOM}'}}",
             &scenario, &error),
        0);
    spawn = &scenario->brokers[0].spawn;
    assert_string_equal(spawn->command, "redis-server");
    assert_string_equal(spawn->ready, "log:up");
    assert_true(spawn->replica);
    assert_int_equal(spawn->timeout_ns, 2000000000);
    assert_int_equal(spawn->config_count, 4);
    assert_string_equal(spawn->config[0].text, "900 1");
    assert_string_equal(spawn->config[1].key, "save");
    assert_string_equal(spawn->config[1].text, "60 5");
    assert_string_equal(spawn->config[2].text, SECRET);
    assert_string_equal(spawn->config[3].text, "\"\"");
    assert_string_equal(scenario->brokers[0].control.kill, "pkill ${WHOM}");
    assert_null(scenario->brokers[0].control.start);
    scenario_free(scenario);
    assert_int_equal(
        load("{adapter: redis, spawn: redis-server --appendonly yes}", &scenario, &error), 0);
    assert_string_equal(scenario->brokers[0].spawn.command, "redis-server --appendonly yes");
    assert_null(scenario->brokers[0].uri);
    scenario_free(scenario);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_replaced_and_kept_for_showing),
        cmocka_unit_test(a_server_of_the_runs_own_is_read_with_its_configuration),
        cmocka_unit_test(every_value_of_a_broker_may_refer_to_the_environment),
        cmocka_unit_test(messages_never_hold_a_value_from_the_environment_or_a_password),
        cmocka_unit_test(the_text_that_is_kept_spells_out_no_password),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
