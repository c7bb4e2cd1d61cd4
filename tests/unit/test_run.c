/* test_run.c: whole scenarios on the inline broker, most of them in virtual time. */
#include "support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "measure/slices.h"
#include "run/instance.h"
#include "run/run.h"

/* --- Helpers --------------------------------------------------------------------------------- */

static int load(const char *yaml, uint64_t seed, struct scenario **ret, struct error *reterr)
{
    struct scenario_overrides overrides = {.has_seed = true, .seed = seed};
    struct scenario_rules rules;
    char path[] = "/tmp/gauntlet-test-run-XXXXXX.yaml";
    int fd = mkstemps(path, 5), result;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
    close(fd);
    run_rules(&rules);
    result = scenario_load(path, &overrides, &rules, ret, reterr);
    run_rules_release(&rules);
    unlink(path);
    return result;
}

static struct result *run_wrapped(const char *yaml, uint64_t seed,
                                  const struct instance_decorator *decorator)
{
    struct scenario *scenario = NULL;
    struct result *result = NULL;
    struct error error = {0};
    struct run_options options = {.decorator = decorator};

    if (load(yaml, seed, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    options.scenario = scenario;
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

static struct result *run_yaml(const char *yaml, uint64_t seed)
{
    return run_wrapped(yaml, seed, NULL);
}

static void run_fails(const char *yaml, const char *words)
{
    struct scenario *scenario = NULL;
    struct result *result = NULL;
    struct error error = {0};
    struct run_options options = {0};

    assert_int_equal(load(yaml, 1, &scenario, &error), 0);
    options.scenario = scenario;
    assert_int_equal(run_scenario(&options, &result, &error), -1);
    if (!strstr(error.message, words))
        fail_msg("expected '%s' in '%s'", words, error.message);
    assert_int_equal(error.kind, ERROR_SCENARIO);
    scenario_free(scenario);
}

static void show_reasons(const struct result *result)
{
    for (size_t i = 0; i < result->reason_count; i++)
        print_message("# %s\n", result->reasons[i].text);
}

#define SMALL                                                                                      \
    "broker: inline\n"                                                                             \
    "producers: [{name: shop, stream: orders, members: 2, count: 5000}]\n"                         \
    "consumers: [{name: billing, stream: orders, members: 3, batch: 50}]\n"

/* --- The order of reads and acknowledgements ---------------------------------------------------
 */

static struct {
    struct broker_adapter adapter;
    const struct broker_adapter *inner;
    struct text calls; /* 'r' and 'a', as they start */
} noted;

static void note_read(struct adapter_session *session, struct adapter_call *call)
{
    text_append(&noted.calls, "r", 1);
    noted.inner->read_blocking(session, call);
}

static void note_ack(struct adapter_session *session, struct adapter_call *call)
{
    text_append(&noted.calls, "a", 1);
    noted.inner->ack(session, call);
}

static void note_calls(void *context, const struct broker_adapter **adapter,
                       struct adapter_instance **instance)
{
    (void)context, (void)instance;
    noted.inner = *adapter;
    noted.adapter = **adapter;
    noted.adapter.read_blocking = note_read;
    noted.adapter.ack = note_ack;
    *adapter = &noted.adapter;
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void every_message_is_accounted_for_in_virtual_time(void **state)
{
    struct result *result =
        run_yaml("time: virtual\n" SMALL "expect: [no lost, no duplicates]\n", 1);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->accepted, 5000);
    assert_int_equal(result->ledger->groups[0].first, 5000);
    assert_int_equal(result->ledger->groups[0].settled, 5000);
    assert_string_equal(result->stop_reason, "every message is accounted for");
    result_free(result);
}

static void the_same_runs_in_real_time_on_two_threads(void **state)
{
    struct result *result = run_yaml("workers: 2\n" SMALL, 1);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->groups[0].settled, 5000);
    result_free(result);
}

static void nacked_messages_come_back_with_a_cause(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: {adapter: inline, retry_delay: 10ms}\n"
                 "producers: [{name: shop, stream: orders, count: 2000}]\n"
                 "consumers: [{name: billing, stream: orders, members: 2, batch: 20, nack: 20%}]\n"
                 "expect: [no lost, duplicates only with cause, no resurrected]\n",
                 3);
    const struct ledger_group_report *group = &result->ledger->groups[0];

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_true(group->nacked > 300 && group->nacked < 700);
    assert_int_equal(group->anomalies[ANOMALY_DUPLICATED].caused, group->again);
    assert_true(group->again > 0);
    result_free(result);
}

static void what_is_always_nacked_ends_as_a_dead_letter(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: {adapter: inline, retry_delay: 1ms, max_retries: 2}\n"
                 "producers: [{name: shop, stream: orders, count: 100}]\n"
                 "consumers: [{name: billing, stream: orders, nack: 100%, max_retries: 100}]\n",
                 3);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->ledger->groups[0].dead_lettered, 100);
    assert_int_equal(result->ledger->groups[0].settled, 0);
    assert_int_equal(result->verdict, VERDICT_PASS);
    result_free(result);
}

static void an_open_loop_keeps_its_rate(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, members: 3, rate: 1000/s, for: 4s}]\n"
                 "consumers: [{name: billing, stream: orders, work: 1ms, members: 4}]\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->ledger->attempted, 4000);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_true(result->publish_rate > 999.0 && result->publish_rate < 1001.5);
    result_free(result);
}

static void a_load_in_stages_has_phases_and_leaves_its_warm_up_out(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\nwarm_up: 1s\n"
                 "producers: [{name: shop, stream: orders, stages: [{rate: 1000/s, for: 2s}, "
                 "{rate: 3000/s, for: 2s, ramp: linear}]}]\n"
                 "consumers: [{name: billing, stream: orders}]\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->attempted, 6000);
    assert_int_equal(result->phase_count, 3);
    assert_string_equal(result->phases[0].name, "warm-up");
    assert_int_equal(result->phases[0].publish.count, 1000);
    assert_string_equal(result->phases[1].name, "stage 1");
    assert_int_equal(result->phases[1].publish.count, 1000);
    assert_string_equal(result->phases[2].name, "stage 2");
    assert_int_equal(result->phases[2].publish.count, 4000);
    assert_int_equal(result->phases[2].duration_ns / 1000000, 2000);
    assert_int_equal(result->latencies[0].histogram.count, 5000);
    assert_true(result->publish_rate > 1660 && result->publish_rate < 1670);
    result_free(result);
}

static void windows_have_no_gaps_and_hold_everything(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, rate: 100/s, for: 3m}]\n"
                 "consumers: [{name: billing, stream: orders}]\n",
                 5);
    uint64_t sent = 0, delivered = 0, latencies = 0;

    (void)state;
    assert_true(result->window_count > 100 && result->window_count <= SLICES_MAX);
    for (size_t i = 0; i < result->window_count; i++) {
        const struct result_window *window = &result->windows[i];

        assert_int_equal(window->end_ns - window->begin_ns, 1000000000);
        assert_true(i == 0 || window->begin_ns == result->windows[i - 1].end_ns);
        sent += window->sent;
        delivered += window->delivered;
        latencies += window->deliver.count;
    }
    assert_int_equal(sent, 18000);
    assert_int_equal(delivered, 18000);
    assert_int_equal(latencies, 18000);
    result_free(result);
}

static void a_backlog_is_built_and_then_drained(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, rate: 1000/s, for: 5s}]\n"
                 "consumers: [{name: billing, stream: orders, start: {after: 3000}}]\n",
                 5);
    uint64_t highest = 0, first_at = 0;

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    for (size_t i = 0; i < result->window_count; i++) {
        if (result->windows[i].backlog > highest)
            highest = result->windows[i].backlog;
        if (first_at == 0 && result->windows[i].delivered > 0)
            first_at = result->windows[i].end_ns - result->start_ns;
    }
    assert_true(highest > 2500);
    assert_true(first_at >= 3000000000ull && first_at < 4000000000ull);
    result_free(result);
}

static bool has_note(const struct result *result, const char *words)
{
    for (size_t i = 0; i < result->note_count; i++)
        if (strstr(result->notes[i].text, words))
            return true;
    return false;
}

static const struct result_expectation *find_expectation(const struct result *result,
                                                         const char *text)
{
    for (size_t i = 0; i < result->expectation_count; i++)
        if (strcmp(result->expectations[i].text, text) == 0)
            return &result->expectations[i];
    fail_msg("no expectation '%s'", text);
    return NULL;
}

static enum verdict verdict_of(const struct result *result, const char *text)
{
    return find_expectation(result, text)->verdict;
}

#define SLOW_STAGES                                                                                \
    "time: virtual\nbroker: inline\nproducers: [{name: shop, stream: orders, stages: "             \
    "[{rate: 100/s, for: 20s}, {rate: 1500/s, for: 10s}, {rate: 10/s, for: 2s}]}]\n"               \
    "consumers: [{name: billing, stream: orders, batch: 1, prefetch: 1, work: 1ms}]\n"

static void expectations_are_about_a_part_of_the_run(void **state)
{
    struct result *result = run_yaml(SLOW_STAGES "expect:\n"
                                                 "- deliver.p99 < 5ms during stage 1\n"
                                                 "- deliver.p99 < 5ms during stage 2\n"
                                                 "- deliver.p99 < 5ms\n"
                                                 "- deliver.p99.9 < 5s during stage 3\n"
                                                 "- publish_rate > 1490/s during stage 2\n"
                                                 "- publish_rate > 110/s during stage 1\n",

                                     5);

    (void)state;
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms during stage 1"), VERDICT_PASS);
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms during stage 2"), VERDICT_FAIL);
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms"), VERDICT_FAIL);
    assert_int_equal(verdict_of(result, "deliver.p99.9 < 5s during stage 3"),
                     VERDICT_INCONCLUSIVE); /* 20 samples */
    assert_int_equal(verdict_of(result, "publish_rate > 1490/s during stage 2"), VERDICT_PASS);
    assert_int_equal(verdict_of(result, "publish_rate > 110/s during stage 1"), VERDICT_FAIL);
    result_free(result);
}

static void a_fault_divides_the_run_and_recovery_is_judged(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, rate: 1000/s, for: 6s}]\n"
                 "consumers: [{name: billing, stream: orders}]\n"
                 "faults:\n"
                 "- when: {at: 2s, for: 1s}\n"
                 "  do: {consumer: billing, hang: true}\n"
                 "expect:\n"
                 "- deliver.p99 < 5ms before faults\n"
                 "- deliver.p99 < 5ms during faults\n"
                 "- deliver.p99 < 5ms after faults\n"
                 "- deliver.p50 > 100ms during faults\n"
                 "- recovery < 1s\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms before faults"), VERDICT_PASS);
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms during faults"), VERDICT_FAIL);
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms after faults"), VERDICT_PASS);
    assert_int_equal(verdict_of(result, "deliver.p50 > 100ms during faults"), VERDICT_PASS);
    assert_int_equal(verdict_of(result, "recovery < 1s"), VERDICT_PASS);
    assert_int_equal(result->phase_count, 3);
    assert_string_equal(result->phases[0].name, "before faults");
    assert_string_equal(result->phases[1].name, "after faults");
    result_free(result);
}

static void a_broken_expectation_ends_the_run(void **state)
{
    struct result *result = run_yaml(SLOW_STAGES "expect:\n"
                                                 "- {expect: 'deliver.p99 < 5ms', abort: true}\n"
                                                 "- {expect: 'sent < 100000', abort: true}\n",
                                     5);

    (void)state;
    assert_int_equal(result->verdict, VERDICT_FAIL);
    assert_int_equal(verdict_of(result, "deliver.p99 < 5ms"), VERDICT_FAIL);
    assert_int_equal(verdict_of(result, "sent < 100000"), VERDICT_PASS);
    assert_string_equal(result->stop_reason, "'deliver.p99 < 5ms' was broken");
    assert_non_null(strstr(find_expectation(result, "deliver.p99 < 5ms")->reason, "ended the run"));
    assert_true(result->ledger->attempted < 6000); /* of 17,020 */
    assert_int_equal(result->ledger->attempted, result->ledger->groups[0].settled);
    result_free(result);
}

static void a_count_that_is_too_high_ends_the_run_at_once(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, rate: 100/s, for: 60s}]\n"
                 "consumers: [{name: billing, stream: orders}]\n"
                 "expect: [{expect: 'sent <= 500', abort: true}]\n",
                 5);

    (void)state;
    assert_int_equal(result->verdict, VERDICT_FAIL);
    assert_true(result->ledger->attempted > 500 && result->ledger->attempted < 650);
    result_free(result);
}

static void a_missed_rate_decides_nothing_about_latency_and_all_about_messages(void **state)
{
    struct result *result =
        run_yaml("workers: 1\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, rate: 50M/s, for: 200ms}]\n"
                 "consumers: [{name: billing, stream: orders}]\n"
                 "expect: [no lost, publish.p99 < 1ns, publish_rate > 1/s]\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(verdict_of(result, "no lost"), VERDICT_PASS);
    assert_int_equal(verdict_of(result, "publish.p99 < 1ns"), VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_of(result, "publish_rate > 1/s"), VERDICT_PASS); /* it was reached */
    assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
    result_free(result);
}

/* One consumer with 1 ms of work takes 1000/s, and not more. */
static void the_highest_rate_that_holds_a_goal_is_found(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, rate: max, for: 10s, "
                 "while: deliver.p99 < 50ms and backlog is stable}]\n"
                 "consumers: [{name: billing, stream: orders, batch: 10, work: 1ms}]\n"
                 "expect: [no lost, max_rate > 900/s, max_rate < 1100/s]\n",
                 5);
    bool has_missed = false;

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_true(result->max_rate > 950.0 && result->max_rate < 1050.0);
    assert_true(result->point_count >= 10);
    for (size_t i = 0; i < result->point_count; i++) {
        assert_true(i == 0 || result->points[i].rate > result->points[i - 1].rate);
        assert_true(result->points[i].rate > 1010.0 || result->points[i].holds);
        has_missed = has_missed || !result->points[i].holds;
    }
    assert_true(has_missed);
    assert_true(result->knee_rate > 700.0 && result->knee_rate <= result->max_rate);
    result_free(result);
}

static void a_goal_that_no_rate_holds_fails(void **state)
{
    struct result *result = run_yaml("time: virtual\nbroker: {adapter: inline, retry_delay: 10ms}\n"
                                     "producers: [{name: shop, stream: orders, rate: max, for: 2s, "
                                     "while: redeliver.p50 < 1ms}]\n"
                                     "consumers: [{name: billing, stream: orders, nack: 50%}]\n",
                                     5);

    (void)state;
    assert_int_equal(result->verdict, VERDICT_FAIL);
    assert_non_null(strstr(result->reasons[0].text, "no rate held 'redeliver.p50 < 1ms'"));
    result_free(result);
}

static void what_is_settled_is_trimmed_and_nothing_is_lost(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: inline\nretain: 1000\n"
                 "producers: [{name: shop, stream: orders, rate: 1000/s, for: 20s}]\n"
                 "consumers:\n"
                 "- {name: billing, stream: orders}\n"
                 "- {name: slow, stream: orders, start: {after: 5000}, nack: 1%}\n"
                 "expect: [no lost, duplicates only with cause]\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->groups[1].first, 20000);
    assert_true(result->brokers[0].stored >= 1000 && result->brokers[0].stored < 10000);
    assert_true(has_note(result, "that every group had settled were trimmed"));
    result_free(result);
}

/* A broker whose list of pending messages is short reads faster. */
static void a_batch_is_acknowledged_before_the_next_is_asked_for(void **state)
{
    struct instance_decorator decorator = {.wrap = note_calls};
    struct result *result =
        run_wrapped("time: virtual\nbroker: inline\n"
                    "producers: [{name: shop, stream: orders, count: 40}]\n"
                    "consumers: [{name: billing, stream: orders, batch: 10, start: {after: 40}}]\n",
                    5, &decorator);

    (void)state;
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_memory_equal(text_string(&noted.calls), "rarararar", 9);
    text_release(&noted.calls);
    result_free(result);
}

static void several_streams_and_brokers_live_in_one_run(void **state)
{
    struct result *result =
        run_yaml("time: virtual\n"
                 "brokers: {default: inline, other: {adapter: inline, declare: SIMPLE_QUEUING}}\n"
                 "producers:\n"
                 "- {name: shop, streams: [orders, refunds], count: 1001}\n"
                 "- {name: news, stream: mails, broker: other, count: 500}\n"
                 "consumers:\n"
                 "- {name: billing, streams: [orders, refunds], members: 2}\n"
                 "- {name: audit, stream: orders}\n"
                 "- {name: post, stream: mails, broker: other}\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->accepted, 1501);
    assert_int_equal(result->ledger->group_count, 3);
    assert_int_equal(result->ledger->groups[0].first, 1001);
    assert_int_equal(result->ledger->groups[2].first, 500);
    result_free(result);
}

static void a_broker_without_groups_is_subscribed_to(void **state)
{
    struct result *result =
        run_yaml("time: virtual\nbroker: {adapter: inline, declare: BASIC_PUBSUB}\n"
                 "producers: [{name: shop, stream: orders, count: 300}]\n"
                 "consumers: [{name: screen, stream: orders, members: 2}]\n",
                 5);

    (void)state;
    show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->group_count, 2);
    assert_int_equal(result->ledger->groups[0].first, 300);
    assert_int_equal(result->ledger->groups[1].first, 300);
    result_free(result);
}

static void a_failed_expectation_fails_the_run_and_says_why(void **state)
{
    struct result *result = run_yaml("time: virtual\n" SMALL "expect: [delivered == 4999]\n", 1);

    (void)state;
    assert_int_equal(result->verdict, VERDICT_FAIL);
    assert_non_null(strstr(result->reasons[0].text, "delivered == 4999"));
    result_free(result);
}

static void a_run_without_deliveries_proves_nothing(void **state)
{
    struct result *result = run_yaml("time: virtual\nbroker: inline\ndrain: 1s\n"
                                     "producers: [{name: shop, stream: orders, count: 10}]\n"
                                     "consumers: [{name: billing, stream: others}]\n",

                                     1);

    (void)state;
    assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
    result_free(result);
}

static void an_interrupted_run_is_partial_and_inconclusive(void **state)
{
    struct scenario *scenario = NULL;
    struct result *result = NULL;
    struct error error = {0};
    const volatile sig_atomic_t stop = 1;
    struct run_options options = {.stop = &stop};

    (void)state;
    assert_int_equal(load("time: virtual\n" SMALL, 1, &scenario, &error), 0);
    options.scenario = scenario;
    assert_int_equal(run_scenario(&options, &result, &error), 0);
    assert_true(result->is_partial);
    assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
    assert_string_equal(result->stop_reason, "interrupted");
    result_free(result);
    scenario_free(scenario);
}

static void what_cannot_be_is_refused_with_words(void **state)
{
    (void)state;
    run_fails("time: virtual\nbroker: {adapter: redis, uri: 'redis://127.0.0.1:1/0'}\n"
              "producers: [{name: shop, stream: orders, count: 1}]\n",
              "virtual time");
    run_fails("broker: {adapter: inline, declare: SIMPLE_QUEUING}\n"
              "producers: [{name: shop, stream: orders, count: 1}]\n"
              "consumers: [{name: billing, stream: orders, nack: 1%}]\n",
              "ACK_NACK");
    run_fails("broker: 'null'\nproducers: [{name: shop, stream: orders, count: 1}]\n"
              "consumers: [{name: billing, stream: orders}]\n",
              "SUBSCRIBE");
}

static void *run_in_thread(void *context)
{
    struct result **slot = context;

    *slot = run_yaml("time: virtual\n" SMALL, 9);
    return NULL;
}

static void two_runs_live_in_one_process(void **state)
{
    struct result *results[2] = {0};
    pthread_t threads[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_in_thread, &results[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_string_equal(results[0]->run_id, results[1]->run_id);
    assert_int_equal(results[0]->elapsed_ns, results[1]->elapsed_ns);
    assert_int_equal(results[0]->verdict, VERDICT_PASS);
    result_free(results[0]);
    result_free(results[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_accounted_for_in_virtual_time),
        cmocka_unit_test(the_same_runs_in_real_time_on_two_threads),
        cmocka_unit_test(nacked_messages_come_back_with_a_cause),
        cmocka_unit_test(what_is_always_nacked_ends_as_a_dead_letter),
        cmocka_unit_test(an_open_loop_keeps_its_rate),
        cmocka_unit_test(a_load_in_stages_has_phases_and_leaves_its_warm_up_out),
        cmocka_unit_test(windows_have_no_gaps_and_hold_everything),
        cmocka_unit_test(a_backlog_is_built_and_then_drained),
        cmocka_unit_test(expectations_are_about_a_part_of_the_run),
        cmocka_unit_test(a_fault_divides_the_run_and_recovery_is_judged),
        cmocka_unit_test(a_broken_expectation_ends_the_run),
        cmocka_unit_test(a_count_that_is_too_high_ends_the_run_at_once),
        cmocka_unit_test(a_missed_rate_decides_nothing_about_latency_and_all_about_messages),
        cmocka_unit_test(the_highest_rate_that_holds_a_goal_is_found),
        cmocka_unit_test(a_goal_that_no_rate_holds_fails),
        cmocka_unit_test(what_is_settled_is_trimmed_and_nothing_is_lost),
        cmocka_unit_test(a_batch_is_acknowledged_before_the_next_is_asked_for),
        cmocka_unit_test(several_streams_and_brokers_live_in_one_run),
        cmocka_unit_test(a_broker_without_groups_is_subscribed_to),
        cmocka_unit_test(a_failed_expectation_fails_the_run_and_says_why),
        cmocka_unit_test(a_run_without_deliveries_proves_nothing),
        cmocka_unit_test(an_interrupted_run_is_partial_and_inconclusive),
        cmocka_unit_test(what_cannot_be_is_refused_with_words),
        cmocka_unit_test(two_runs_live_in_one_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
