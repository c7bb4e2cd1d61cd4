/* test_failure.c: a failed run written down as a scenario, and read back as the same one. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "fakes/flawed.h"
#include "run/failure.h"
#include "run/instance.h"
#include "run/run.h"
#include "scenario/load.h"

static struct scenario *load_with(const char *yaml, const struct scenario_overrides *overrides)
{
    struct scenario_text source = {.path = "/tmp/x.yaml", .text = yaml, .size = strlen(yaml)};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct error error = {0};

    run_rules(&rules);
    if (scenario_load_text(&source, overrides, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s\n%s", error.place.line, error.place.column, error.message, yaml);
    run_rules_release(&rules);
    return scenario;
}

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    const enum flaw *flaw = context;

    flawed_wrap(adapter, instance, *flaw, 100);
}

static struct result *run_with(const struct scenario *scenario, enum flaw flaw)
{
    struct instance_decorator decorator = {.wrap = wrap, .context = &flaw};
    struct run_options options = {.scenario = scenario, .decorator = &decorator};
    struct result *result = NULL;
    struct error error = {0};

    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    return result;
}

static char *write_failure(const struct scenario *scenario, const struct result *result)
{
    struct text text = {0};

    failure_write(scenario, result, &text);
    return text.data;
}

static void has(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("no '%s' in:\n%s", words, text);
}

static void has_not(const char *text, const char *words)
{
    if (strstr(text, words))
        fail_msg("'%s' in:\n%s", words, text);
}

#define ORDERS                                                                                     \
    "name: \"Orders: all of them #1\"\ndescription: 'it''s \"the\" one'\nbroker: inline\n"         \
    "producers: [{name: shop, stream: 'orders,{all}', count: 500}]\n"                              \
    "consumers: [{name: billing, stream: 'orders,{all}', batch: 20}]\nexpect: [no lost]\n"

static void a_failed_run_fails_in_the_same_way_from_its_file(void **state)
{
    static const char *const settings[] = {"producers.0.count=300", "drain=2s"};
    const struct scenario_overrides overrides = {
        .settings = settings, .setting_count = 2, .time = "virtual", .has_seed = true, .seed = 77};
    struct scenario *scenario = load_with(ORDERS, &overrides), *copy;
    struct result *result = run_with(scenario, FLAW_LOSES), *again;
    char *file = write_failure(scenario, result);
    struct failure failure;

    (void)state;
    has(file, "'gauntlet replay' with the name of this file");
    has(file, "# It failed: no lost: 3 lost");
    has(file, "\n  failed: [lost]\n");
    has(file, "lost shop-1#");
    has(file, "accepted, and never delivered");
    copy = load_with(file, NULL);
    assert_string_equal(copy->name, "Orders: all of them #1");
    assert_string_equal(copy->description, "it's \"the\" one");
    assert_string_equal(copy->streams[0].name, "orders,{all}");
    assert_int_equal(copy->producers[0].count, 300);
    assert_int_equal(copy->drain_ns, 2000000000u);
    assert_int_equal(copy->seed, 77);
    assert_int_equal(copy->time, SCENARIO_TIME_VIRTUAL);
    assert_int_equal(failure_read(copy, &failure, NULL), 0);
    again = run_with(copy, FLAW_LOSES);
    assert_true(failure_is_same(&failure, again));
    assert_int_equal(again->ledger->anomalies[ANOMALY_LOST].observed,
                     result->ledger->anomalies[ANOMALY_LOST].observed);
    failure_release(&failure);
    free(file);
    result_free(result);
    result_free(again);
    scenario_free(copy);
    scenario_free(scenario);
}

static void the_same_failure_is_the_same_anomaly_or_else_the_same_expectation(void **state)
{
    static const struct {
        const char *record;
        enum flaw flaw;
        bool is_same;
    } cases[] = {
        {"[lost]", FLAW_LOSES, true},
        {"[lost]", FLAW_NONE, false},
        {"[lost]", FLAW_DUPLICATES, false},
        {"[lost, duplicates]", FLAW_DUPLICATES, true},
        {"[lost, sent == 7]", FLAW_DUPLICATES, false}, /* sent == 7 fails, and is not the point */
        {"[sent == 7]", FLAW_NONE, true},
        {"[sent == 8]", FLAW_NONE, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text yaml = {0};
        struct scenario *scenario;
        struct result *result;
        struct failure failure;

        text_appendf(&yaml, ORDERS "  \ntime: virtual\nseed: 5\nfailure: {schema: 1, failed: %s}\n",
                     cases[i].record);
        scenario = load_with(text_string(&yaml),
                             &(struct scenario_overrides){
                                 .settings = (const char *const[]){"expect=[no lost, sent == 7]"},
                                 .setting_count = 1});
        result = run_with(scenario, cases[i].flaw);
        assert_int_equal(failure_read(scenario, &failure, NULL), 0);
        if (failure_is_same(&failure, result) != cases[i].is_same)
            fail_msg("case %zu", i);
        failure_release(&failure);
        result_free(result);
        scenario_free(scenario);
        text_release(&yaml);
    }
}

static void payload_files_are_in_it(void **state)
{
    char path[] = "/tmp/gauntlet-payload-XXXXXX.json";
    int fd = mkstemps(path, 5);
    struct text yaml = {0};
    struct scenario *scenario, *copy;
    struct result *result;
    char *file;

    (void)state;
    assert_true(fd >= 0);
    assert_true(dprintf(fd, "{\"order\": 17, \"note\": \"a: \\\"b\\\" ${HOME} # c\\n\"}") > 0);
    close(fd);
    text_appendf(&yaml,
                 "broker: inline\ntime: virtual\nseed: 1\n"
                 "producers: [{name: shop, stream: orders, count: 10, payload: {file: %s}}]\n"
                 "expect: [sent == 11]\n",
                 path);
    scenario = load_with(text_string(&yaml), NULL);
    unlink(path);
    result = run_with(scenario, FLAW_NONE);
    file = write_failure(scenario, result);
    has_not(file, path);
    copy = load_with(file, NULL);
    assert_string_equal(copy->producers[0].payload_body, scenario->producers[0].payload_body);
    free(file);
    result_free(result);
    scenario_free(copy);
    scenario_free(scenario);
    text_release(&yaml);
}

static void no_secret_is_in_it_and_references_are(void **state)
{
    static const struct {
        const char *broker, *shown;
    } cases[] = {
        {"{adapter: redis, uri: \"redis://bob:s3cret@localhost:1/0\"}", "bob:***@localhost:1/0"},
        {"{adapter: redis, uri: \"redis://:${E2E_PASSWORD:-s3cret}@localhost:1\"}",
         ":***@localhost"},
        {"{adapter: redis, uri: \"${E2E_URI:-redis://:s3cret@localhost}\"}",
         "${E2E_URI:-redis://:***@localhost}"},
        {"{adapter: redis, uri: \"${E2E_FULL}\"}", "\"${E2E_FULL}\""},
        {"{adapter: redis, spawn: {command: redis-server, config: {requirepass: s3cret}}}", "***"},
        {"{adapter: redis, spawn: {command: redis-server, config: {requirepass: \"${E2E_FULL}\"}}}",
         "requirepass: \"${E2E_FULL}\""},
    };
    (void)state;
    setenv("E2E_FULL", "redis://:s3cret@localhost", 1);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct result result = {.verdict = VERDICT_FAIL};
        struct text yaml = {0};
        struct scenario *scenario;
        char *file;

        text_appendf(&yaml, "broker: %s\nproducers: [{name: shop, stream: orders, count: 10}]\n",
                     cases[i].broker);
        scenario = load_with(text_string(&yaml), NULL);
        file = write_failure(scenario, &result);
        has_not(file, "s3cret");
        has_not(scenario->text, "s3cret");
        has(file, cases[i].shown);
        free(file);
        scenario_free(scenario);
        text_release(&yaml);
    }
}

static void faults_are_those_that_the_run_came_to(void **state)
{
    struct result_fault faults[2] = {
        {.text = (char[]){"{when: {at: 1s}, do: {crash: before_ack}}"}},
        {.text = (char[]){"{when: {at: 2s}, do: {kill: 9}}"}}};
    struct result result = {.verdict = VERDICT_FAIL, .faults = faults, .fault_count = 2};
    struct scenario *scenario = load_with(ORDERS, NULL);
    struct tree document;
    const struct tree *list;

    (void)state;
    failure_compose(scenario, &result, &document);
    list = tree_get(&document, "faults");
    assert_non_null(list);
    assert_int_equal(list->count, 2);
    assert_string_equal(tree_text(tree_get(&list->children[1], "when"), "at"), "2s");
    tree_release(&document);
    scenario_free(scenario);
}

static void every_difference_from_then_is_named(void **state)
{
    struct result_broker broker = {.name = (char[]){"default"},
                                   .adapter = (char[]){"redis"},
                                   .uri = (char[]){"redis://localhost:2"},
                                   .health =
                                       (char[]){"{\"details\": {\"redis_version\": \"7.2.0\"}}"}};
    struct result result = {.brokers = &broker, .broker_count = 1};
    struct scenario *scenario;
    struct failure failure;
    struct text lines = {0};

    (void)state;
    result.environment.version = (char[]){GAUNTLET_VERSION};
    result.environment.host = (char[]){"here"};
    result.environment.kernel = (char[]){"Linux 6"};
    result.environment.cores = 2;
    result.environment.workers = 1;
    scenario =
        load_with(ORDERS "failure:\n  schema: 1\n  gauntlet: 0.0.9\n  brokers:\n"
                         "    - {name: default, adapter: inline, uri: 'redis://localhost:1', "
                         "version: 7.0.15}\n"
                         "  machine: {host: there, kernel: Linux 6, cores: 8, workers: 1}\n",
                  NULL);
    assert_int_equal(failure_read(scenario, &failure, NULL), 0);
    failure_differences(&failure, &result, &lines);
    assert_string_equal(
        text_string(&lines),
        "  gauntlet: 0.0.9 then, " GAUNTLET_VERSION " now\n"
        "  adapter of broker default: inline then, redis now\n"
        "  uri of broker default: redis://localhost:1 then, redis://localhost:2 now\n"
        "  version of broker default: 7.0.15 then, 7.2.0 now\n"
        "  host: there then, here now\n"
        "  cores: 8 then, 2 now\n");
    text_release(&lines);
    failure_release(&failure);
    scenario_free(scenario);
}

static void a_file_without_a_record_or_of_another_time_is_refused(void **state)
{
    static const struct {
        const char *tail, *words;
    } cases[] = {
        {"", "is no failure file"},
        {"failure: {failed: [lost]}\n", "schema none"},
        {"failure: {schema: 2, failed: [lost]}\n", "schema 2"},
        {"failure: lost\n", "schema none"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text yaml = {0};
        struct scenario *scenario;
        struct failure failure;
        struct error error = {0};

        text_appendf(&yaml, ORDERS "%s", cases[i].tail);
        scenario = load_with(text_string(&yaml), NULL);
        assert_int_equal(failure_read(scenario, &failure, &error), -1);
        assert_int_equal(error.kind, ERROR_SCENARIO);
        has(error.message, cases[i].words);
        scenario_free(scenario);
        text_release(&yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_run_fails_in_the_same_way_from_its_file),
        cmocka_unit_test(the_same_failure_is_the_same_anomaly_or_else_the_same_expectation),
        cmocka_unit_test(payload_files_are_in_it),
        cmocka_unit_test(no_secret_is_in_it_and_references_are),
        cmocka_unit_test(faults_are_those_that_the_run_came_to),
        cmocka_unit_test(every_difference_from_then_is_named),
        cmocka_unit_test(a_file_without_a_record_or_of_another_time_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
