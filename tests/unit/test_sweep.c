/* test_sweep.c: a sweep finds what is lost when a connection is cut at one place only, and nothing
   where nothing is wrong.  On a real Redis. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "fakes/fickle.h"
#include "fakes/forgetful.h"
#include "run/failure.h"
#include "run/instance.h"
#include "run/run.h"
#include "scenario/load.h"
#include "support/redis_fixture.h"

enum { REPLAYS = 10 };

static const char text[] =
    "name: Swept\n"
    "broker: {adapter: redis, uri: '%s', redelivery_time: 200ms}\n"
    "seed: 5\n"
    "drain: 4s\n"
    "workers: 1\n"
    "producers: [{name: shop, stream: orders, count: 2, batch: 1, in_flight: 1}]\n"
    "consumers: [{name: billing, stream: orders, batch: 1}]\n"
    "expect: [no lost, duplicates only with cause]\n"
    "%s";

static struct scenario *load(const char *yaml)
{
    struct scenario_text source = {.path = "swept.yaml", .text = yaml, .size = strlen(yaml)};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct error error = {0};

    run_rules(&rules);
    if (scenario_load_text(&source, NULL, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    run_rules_release(&rules);
    return scenario;
}

static struct scenario *load_swept(void **state, const char *sweep)
{
    char yaml[1024];

    (void)snprintf(yaml, sizeof(yaml), text, redis_fixture_of(state)->server.uri, sweep);
    return load(yaml);
}

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    (void)context, (void)instance;
    forgetful_wrap(adapter);
}

static struct result *run(const struct scenario *scenario, bool is_forgetful)
{
    const struct instance_decorator decorator = {.wrap = wrap};
    const struct run_options options = {.scenario = scenario,
                                        .decorator = is_forgetful ? &decorator : NULL};
    struct result *result = NULL;
    struct error error = {0};

    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    return result;
}

static size_t count_cuts(const struct result *result, const char *command, const char *edge)
{
    size_t count = 0;

    for (size_t i = 0; i < result->cut_count; i++)
        count += strcmp(result->cuts[i].command, command) == 0 &&
                 strcmp(result->cuts[i].edge_name, edge) == 0;
    return count;
}

static void an_honest_adapter_survives_a_cut_anywhere(void **state)
{
    struct scenario *scenario = load_swept(state, "sweep: {cut: [request, reply, mid_reply]}\n");
    struct result *result = run(scenario, false);

    if (result->verdict != VERDICT_PASS)
        fail_msg("%s", result->reasons[0].text);
    assert_true(count_cuts(result, "XADD", "request") >= 2);
    assert_true(count_cuts(result, "XADD", "reply") >= 2);
    assert_true(count_cuts(result, "XREADGROUP", "mid_reply") >= 2);
    assert_true(count_cuts(result, "XACK", "reply") >= 1);
    assert_true(count_cuts(result, "CLIENT", "reply") >= 2);
    assert_true(result->exchange_count * 3 >= result->cut_count);
    assert_int_equal(result->fault_count, 0);
    result_free(result);
    scenario_free(scenario);
}

/* In a child of its own: they wait side by side. */
static pid_t begin_replay(const struct scenario *scenario)
{
    struct result *result;
    pid_t child = fork();
    bool has_failed;

    assert_true(child >= 0);
    if (child > 0)
        return child;
    result = run(scenario, true);
    has_failed = result->verdict == VERDICT_FAIL && result->faults[0].fired == 1 &&
                 strstr(result->reasons[0].text, "lost");
    _exit(has_failed ? 7 : 0);
}

/* Each time that the file is replayed. */
static void assert_comes_back(const struct scenario *scenario, const struct result *found)
{
    struct text file = {0};
    struct scenario *again;
    pid_t children[REPLAYS];

    failure_write(scenario, found, &file);
    assert_null(strstr(text_string(&file), "sweep:"));
    assert_non_null(strstr(text_string(&file), "exchange: "));
    again = load(text_string(&file));
    for (unsigned i = 0; i < REPLAYS; i++)
        children[i] = begin_replay(again);
    for (unsigned i = 0; i < REPLAYS; i++) {
        int status = 0;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 7);
    }
    scenario_free(again);
    text_release(&file);
}

static void what_is_forgotten_on_a_reconnect_is_found_and_comes_back(void **state)
{
    struct scenario *scenario = load_swept(state, "sweep: {cut: reply}\n");
    struct result *result = run(scenario, true);
    size_t failed = 0;

    assert_int_equal(result->verdict, VERDICT_FAIL);
    for (size_t i = 0; i < result->cut_count; i++) {
        const struct result_cut *cut = &result->cuts[i];

        if (cut->verdict == VERDICT_FAIL) {
            failed++;
            assert_string_equal(cut->command, "XREADGROUP");
            assert_non_null(strstr(cut->reason, "lost"));
            assert_non_null(cut->message);
        }
    }
    assert_in_range(failed, 1, 2);
    assert_comes_back(scenario, result);
    result_free(result);
    scenario_free(scenario);
}

/* --- A broker whose runs are not alike ------------------------------------------------------- */

static void wrap_fickle(void *context, const struct broker_adapter **adapter,
                        struct adapter_instance **instance)
{
    (void)context, (void)instance;
    fickle_wrap(adapter);
}

/* runs: those that have an exchange more for each message. */
static struct result *sweep_fickle(void **state, uint64_t runs)
{
    struct scenario *scenario = load_swept(state, "sweep: {cut: request}\n");
    const struct instance_decorator decorator = {.wrap = wrap_fickle};
    const struct run_options options = {.scenario = scenario, .decorator = &decorator};
    struct result *result = NULL;
    struct error error = {0};

    fickle_begin(runs);
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

static bool has_note(const struct result *result, const char *words)
{
    for (size_t i = 0; i < result->note_count; i++)
        if (strstr(result->notes[i].text, words))
            return true;
    return false;
}

static void what_comes_in_some_runs_only_is_left_out_and_counted(void **state)
{
    struct result *result = sweep_fickle(state, 2); /* the second of three that are counted */

    if (result->verdict != VERDICT_PASS)
        fail_msg("%s", result->reasons[0].text);
    assert_int_equal(count_cuts(result, "XLEN", "request"), 0);
    assert_int_equal(count_cuts(result, "XADD", "request"), 2);
    assert_true(result->exchanges_irregular >= 2);
    assert_true(has_note(result, "did not come in each of 3 runs"));
    assert_true(has_note(result, "XLEN 2"));
    result_free(result);
}

static void what_came_while_it_was_counted_and_never_again_is_not_called_a_pass(void **state)
{
    struct result *result = sweep_fickle(state, 7); /* all three, and none that is cut */

    assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(result->reasons[0].text, "cuts never came about"));
    assert_int_equal(count_cuts(result, "XLEN", "request"), 2);
    for (size_t i = 0; i < result->cut_count; i++)
        if (strcmp(result->cuts[i].command, "XLEN") == 0)
            assert_int_equal(result->cuts[i].fired, 0);
    result_free(result);
}

static void without_a_link_there_is_nothing_to_cut(void **state)
{
    struct scenario *scenario = load("name: Swept\n"
                                     "broker: inline\n"
                                     "producers: [{name: shop, stream: orders, count: 2}]\n"
                                     "sweep: {cut: reply}\n");
    const struct run_options options = {.scenario = scenario};
    struct result *result = NULL;
    struct error error = {0};

    (void)state;
    assert_int_equal(run_scenario(&options, &result, &error), -1);
    assert_non_null(strstr(error.message, "there is no link to it"));
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_adapter_survives_a_cut_anywhere),
        cmocka_unit_test(what_is_forgotten_on_a_reconnect_is_found_and_comes_back),
        cmocka_unit_test(what_comes_in_some_runs_only_is_left_out_and_counted),
        cmocka_unit_test(what_came_while_it_was_counted_and_never_again_is_not_called_a_pass),
        cmocka_unit_test(without_a_link_there_is_nothing_to_cut),
    };

    if (redis_fixture_must_skip("test_sweep"))
        return 0;
    return cmocka_run_group_tests(tests, redis_fixture_start, redis_fixture_stop);
}
