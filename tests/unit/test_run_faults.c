/* test_run_faults.c: faults of consumers in whole runs, on the inline broker in virtual time: what
   each of them does, that it is booked as a cause, and that it is over in the end. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "run/run.h"

/* --- Helpers --------------------------------------------------------------------------------- */

static int load(const char *yaml, struct scenario **ret, struct error *reterr)
{
    struct scenario_overrides overrides = {.has_seed = true, .seed = 7};
    struct scenario_rules rules;
    char path[] = "/tmp/gauntlet-test-faults-XXXXXX.yaml";
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

#define ACTORS                                                                                     \
    "time: virtual\n"                                                                              \
    "broker: {adapter: inline, redelivery_time: 300ms, message_timeout: 300ms}\n"                  \
    "producers: [{name: shop, stream: orders, count: 2000, rate: 2000/s}]\n"                       \
    "consumers: [{name: billing, stream: orders, members: 3, batch: 20, work: 200us}]\n"           \
    "drain: 10s\n"

static struct result *run_text(const char *head, const char *faults)
{
    struct scenario *scenario = NULL;
    struct result *result = NULL;
    struct error error = {0};
    struct run_options options = {0};
    struct text yaml = {0};

    text_appendf(&yaml, "%sfaults:\n%s\n", head, faults);
    if (load(text_string(&yaml), &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    options.scenario = scenario;
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    text_release(&yaml);
    return result;
}

static struct result *run_faults(const char *faults)
{
    return run_text(ACTORS, faults);
}

static void show_reasons(const struct result *result)
{
    for (size_t i = 0; i < result->reason_count; i++)
        print_message("# %s\n", result->reasons[i].text);
}

static uint64_t caused_by(const struct result *result, size_t cause)
{
    return result->ledger->groups[0].duplicates_by_cause[cause];
}

enum { BY_NACK, BY_CRASH, BY_CONNECTION, BY_EXPIRY, BY_RETRY, BY_UNKNOWN_ACK };

/* Nothing is lost or stranded, every redelivery has a cause, and the faults are healed. */
static void assert_sound(const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;

    if (result->verdict != VERDICT_PASS)
        show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(ledger->anomalies[ANOMALY_LOST].observed, 0);
    assert_int_equal(ledger->anomalies[ANOMALY_UNSEEN].observed, 0);
    assert_int_equal(ledger->anomalies[ANOMALY_STRANDED].observed, 0);
    assert_int_equal(ledger->anomalies[ANOMALY_RESURRECTED].observed, 0);
    assert_int_equal(ledger->anomalies[ANOMALY_DUPLICATED].observed,
                     ledger->anomalies[ANOMALY_DUPLICATED].caused);
    for (size_t i = 0; i < result->fault_count; i++)
        for (size_t w = 0; w < result->faults[i].window_count; w++) {
            assert_true(result->faults[i].windows[w].end_ns > 0);
            assert_true(result->faults[i].windows[w].is_recovered);
        }
}

/* --- Crashes --------------------------------------------------------------------------------- */

static void a_crash_before_an_ack_brings_its_messages_back_with_a_cause(void **state)
{
    struct result *result =
        run_faults("  - {when: {consumer: billing-2, count: {event: receive, reaches: 300}}, do: "
                   "{crash: before_ack, restart_after: 50ms}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    assert_int_equal(result->faults[0].window_count, 1);
    assert_non_null(strstr(result->faults[0].windows[0].hit, "billing-2, "));
    assert_true(result->faults[0].windows[0].end_ns - result->faults[0].windows[0].begin_ns >=
                50000000);
    assert_true(caused_by(result, BY_CRASH) > 0);
    result_free(result);
}

static void a_crash_during_an_ack_leaves_it_in_doubt(void **state)
{
    struct result *result =
        run_faults("  - {when: {consumer: billing-1, count: {event: receive, reaches: 100}}, do: "
                   "{crash: during_ack}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    result_free(result);
}

static void a_crash_after_an_ack_repeats_nothing_that_was_acked(void **state)
{
    struct result *result =
        run_faults("  - {when: {consumer: billing-1, count: {event: receive, reaches: 100}}, do: "
                   "{crash: after_ack, name: new}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    result_free(result);
}

static void who_never_comes_back_leaves_its_messages_to_the_others(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 300ms}, do: {consumer: billing-3, crash: {moment: before_ack, "
                   "restart: false}}}\n"
                   "  - {when: {at: 600ms}, do: {consumer: billing-2, leave: true}}");

    (void)state;
    assert_non_null(result->faults);
    assert_int_equal(result->faults[0].fired, 1);
    assert_int_equal(result->faults[1].fired, 1);
    assert_int_equal(result->ledger->anomalies[ANOMALY_STRANDED].observed, 0);
    assert_int_equal(result->ledger->anomalies[ANOMALY_LOST].observed, 0);
    assert_true(caused_by(result, BY_CRASH) + caused_by(result, BY_CONNECTION) > 0);
    result_free(result);
}

static void a_repeated_crash_fires_as_often_as_it_says(void **state)
{
    struct result *result = run_faults("  - {when: {at: 100ms, every: 200ms, times: 3}, do: "
                                       "{consumer: billing-1, crash: now, restart_after: 20ms}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 3);
    assert_int_equal(result->faults[0].window_count, 3);
    result_free(result);
}

/* Over when it is healed, and back when its moment has come, not at once. */
static void a_lasting_fault_comes_again_when_its_moment_comes(void **state)
{
    struct result *result = run_faults(
        "  - {when: {at: 100ms, every: 300ms, times: 3, for: 20ms}, do: {consumer: billing-1, "
        "slow: 5ms}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 3);
    assert_int_equal(result->faults[0].window_count, 3);
    for (size_t i = 1; i < 3; i++)
        assert_int_equal(result->faults[0].windows[i].begin_ns -
                             result->faults[0].windows[i - 1].begin_ns,
                         300000000);
    result_free(result);
}

static void a_whole_group_can_crash(void **state)
{
    struct result *result = run_faults("  - {when: {at: 500ms}, do: {consumer: billing, crash: "
                                       "before_ack, restart_after: 100ms}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 3);
    result_free(result);
}

static void a_producer_that_crashes_leaves_unknown_outcomes_and_goes_on(void **state)
{
    struct result *result =
        run_text("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, members: 2, count: 3000}]\n"
                 "consumers: [{name: billing, stream: orders}]\n",
                 "  - {when: {producer: shop, count: {event: send, reaches: 500}, times: 3}, do: "
                 "{producer: shop-1, crash: {restart_after: 50ms}}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 3);
    assert_int_equal(result->ledger->attempted, 3000);
    assert_true(result->ledger->unknown + result->ledger->refused > 0);
    assert_non_null(strstr(result->faults[0].windows[0].hit, "shop-1, "));
    assert_int_equal(result->faults[0].windows[0].end_ns - result->faults[0].windows[0].begin_ns,
                     50000000);
    result_free(result);
}

/* Who is away already meets nothing more; that fault is over at once, and holds up nobody. */
static void a_producer_that_is_away_cannot_crash_again(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 100ms}, do: {producer: shop, crash: {restart_after: 100ms}}}\n"
                   "  - {when: {at: 150ms}, do: {producer: shop, crash: true}, expected: false}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    assert_int_equal(result->faults[1].fired, 0);
    result_free(result);
}

/* --- Lasting troubles ------------------------------------------------------------------------ */

static void who_hangs_keeps_its_messages_until_others_get_them(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 200ms, for: 800ms}, do: {consumer: billing-1, hang: true}}");

    (void)state;
    assert_sound(result);
    assert_true(caused_by(result, BY_EXPIRY) > 0); /* 300 ms are too long to keep them */
    result_free(result);
}

static void a_slow_group_shows_how_long_it_takes_to_catch_up(void **state)
{
    struct result *result =
        run_text("time: virtual\nbroker: inline\n"
                 "producers: [{name: shop, stream: orders, count: 4000, rate: 2000/s}]\n"
                 "consumers: [{name: billing, stream: orders, batch: 20, work: 100us}]\n",
                 "  - {when: {at: 500ms, for: 500ms}, do: {consumer: billing, slow: 5ms}}");

    (void)state;
    assert_sound(result);
    assert_true(result->faults[0].windows[0].recovery_ns > 50000000);
    assert_true(result->faults[0].settled < result->faults[0].accepted);
    result_free(result);
}

static void nacks_by_share_and_by_message_come_again(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 200ms, for: 300ms}, do: {consumer: billing-1, nack: 50%}}\n"
                   "  - {do: {consumer: billing, nack: {message: \"shop-1#500\", calls: 1}}}");

    (void)state;
    assert_sound(result);
    assert_true(result->faults[0].fired > 0);
    assert_true(result->faults[1].fired >= 1);
    assert_true(caused_by(result, BY_NACK) > 0);
    result_free(result);
}

static void a_poison_message_ends_in_the_dead_letter_queue(void **state)
{
    struct result *result =
        run_faults("  - {do: {consumer: billing, nack: {message: \"shop-1#500\"}}}");

    (void)state;
    if (result->verdict != VERDICT_PASS)
        show_reasons(result);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->ledger->groups[0].dead_lettered, 1);
    assert_true(result->faults[0].fired > 1);
    result_free(result);
}

/* --- Acknowledgements ------------------------------------------------------------------------ */

static void acks_that_come_twice_or_for_nothing_do_no_harm(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 100ms, for: 400ms}, do: {consumer: billing-1, ack_twice: "
                   "100%}}\n"
                   "  - {when: {at: 300ms}, do: {consumer: billing-2, ack_unknown: 77-7}}");

    (void)state;
    assert_sound(result);
    assert_true(result->faults[0].fired > 1);
    assert_int_equal(result->faults[1].fired, 1);
    assert_int_equal(result->ledger->anomalies[ANOMALY_DUPLICATED].observed, 0);
    result_free(result);
}

static void a_forgotten_ack_brings_the_messages_back(void **state)
{
    struct result *result = run_faults("  - {when: {at: 100ms}, do: {consumer: billing-1, "
                                       "skip_ack: {calls: 2}}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 2);
    assert_true(caused_by(result, BY_EXPIRY) > 0);
    result_free(result);
}

static void a_late_ack_comes_after_somebody_else_got_the_message(void **state)
{
    struct result *result = run_faults("  - {when: {at: 100ms}, do: {consumer: billing-1, "
                                       "late_ack: {by: 700ms, calls: 1}}}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    assert_true(caused_by(result, BY_EXPIRY) > 0);
    result_free(result);
}

/* --- Triggers -------------------------------------------------------------------------------- */

static void triggers_combine(void **state)
{
    struct result *result =
        run_faults("  - {name: first, when: {all: [{at: 300ms}, {consumer: billing, count: {event: "
                   "settle, reaches: 100}}]}, do: {consumer: billing-1, crash: now, restart_after: "
                   "100ms}}\n"
                   "  - {when: {after: first}, do: {consumer: billing-2, crash: now}}\n"
                   "  - {when: {any: [{at: 10m}, {op: ack, message: \"shop-1#77\"}]}, do: "
                   "{consumer: billing-3, crash: now}}\n"
                   "  - {when: {producer: shop, count: {event: accept, reaches: 500}, times: 3}, "
                   "do: {consumer: billing-3, crash: now, restart_after: 10ms}}");
    const struct result_fault *faults = result->faults;

    (void)state;
    assert_sound(result);
    assert_int_equal(faults[0].windows[0].begin_ns / 1000000 - result->start_ns / 1000000, 300);
    assert_true(faults[1].windows[0].begin_ns >= faults[0].windows[0].end_ns);
    assert_int_equal(faults[2].fired, 1);
    assert_int_equal(faults[3].fired, 3);
    result_free(result);
}

static void a_fault_that_never_happens_makes_the_run_inconclusive(void **state)
{
    static const char *const NEVER[] = {
        "  - {when: {consumer: billing, count: {event: receive, reaches: 100000}}, do: {crash: "
        "now}}",
        "  - {when: {op: nack}, do: {consumer: billing, crash: now}}",
        "  - {when: {at: 10m}, do: {consumer: billing, crash: now}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(NEVER) / sizeof(NEVER[0]); i++) {
        struct result *result = run_faults(NEVER[i]);
        struct text unexpected = {0};

        assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
        assert_non_null(strstr(result->reasons[0].text, "never happened"));
        result_free(result);
        text_appendf(&unexpected, "%s\n    expected: false",
                     "  - do: {consumer: billing, crash: now}\n    when: {at: 10m}");
        result = run_faults(text_string(&unexpected));
        assert_int_equal(result->verdict, VERDICT_PASS);
        result_free(result);
        text_release(&unexpected);
    }
}

static void what_cannot_be_done_is_refused_before_the_run(void **state)
{
    static const struct {
        const char *head, *fault, *words;
    } CASES[] = {
        {ACTORS, "  - {do: {link: billing, cut: rst}}", "is in this process, so there is no link"},
        {"broker: {adapter: inline, declare: SIMPLE_QUEUING}\nproducers: [{name: shop, "
         "stream: "
         "orders, count: 5}]\nconsumers: [{name: billing, stream: orders}]\n",
         "  - {do: {consumer: billing, skip_ack: true}}", "does not declare ACK_NACK"},
        {"broker: inline\nproducers: [{name: shop, stream: orders, count: 5}]\nconsumers: [{name: "
         "billing, stream: orders, ack: none}]\n",
         "  - {do: {consumer: billing, crash: before_ack}}", "settles nothing"},
        {ACTORS, "  - {when: {op: connect}, do: {consumer: billing, crash: now}}",
         "faults of links only"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct scenario *scenario = NULL;
        struct result *result = NULL;
        struct error error = {0};
        struct run_options options = {0};
        struct text yaml = {0};

        text_appendf(&yaml, "%sfaults:\n%s\n", CASES[i].head, CASES[i].fault);
        if (load(text_string(&yaml), &scenario, &error) < 0)
            fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
        options.scenario = scenario;
        assert_int_equal(run_scenario(&options, &result, &error), -1);
        if (!strstr(error.message, CASES[i].words))
            fail_msg("expected '%s' in '%s'", CASES[i].words, error.message);
        assert_true(error.place.line > 0);
        scenario_free(scenario);
        text_release(&yaml);
    }
}

/* --- Chaos ----------------------------------------------------------------------------------- */

static void chaos_resolves_to_a_list_and_equal_seeds_to_equal_runs(void **state)
{
    static const char CHAOS[] =
        "  - chaos: {budget: 6, every: 100ms, on: 20ms-60ms, off: 20ms, menu: [{consumer: "
        "billing-1, crash: now, restart_after: 20ms}, {consumer: billing-2, hang: true}, "
        "{consumer: billing, slow: 2ms}]}";
    struct result *one = run_faults(CHAOS), *two = run_faults(CHAOS);

    (void)state;
    assert_sound(one);
    assert_int_equal(one->fault_count, 6);
    assert_int_equal(one->fault_count, two->fault_count);
    assert_int_equal(one->elapsed_ns, two->elapsed_ns);
    for (size_t i = 0; i < one->fault_count; i++) {
        assert_string_equal(one->faults[i].text, two->faults[i].text);
        assert_int_equal(one->faults[i].fired, two->faults[i].fired);
    }
    result_free(one);
    result_free(two);
}

/* --- Several threads ------------------------------------------------------------------------- */

static void faults_come_and_go_on_several_threads(void **state)
{
    struct result *result = run_text(
        "workers: 4\n"
        "broker: {adapter: inline, redelivery_time: 30ms, message_timeout: 200ms}\n"
        "producers: [{name: shop, stream: orders, members: 3, count: 6000, rate: 20000/s}]\n"
        "consumers: [{name: billing, stream: orders, members: 6, batch: 20, work: 20us}]\n"
        "drain: 20s\n",
        "  - {when: {consumer: billing, count: {event: receive, reaches: 500}, times: 5}, do: "
        "{consumer: billing-2, crash: now, restart_after: 5ms}}\n"
        "  - {when: {producer: shop, count: {event: accept, reaches: 400}, times: 5}, do: "
        "{consumer: billing-3, crash: before_ack, restart_after: 5ms}}\n"
        "  - {when: {op: ack, message: \"shop-1#77\"}, do: {consumer: billing-4, hang: true}}\n"
        "  - {when: {at: 50ms, for: 50ms}, do: {consumer: billing, slow: 1ms}}\n"
        "  - {when: {at: 20ms, every: 30ms, times: 4}, do: {consumer: billing-5, crash: {moment: "
        "during_ack, restart_after: 5ms}}}\n");

    (void)state;
    if (result->verdict == VERDICT_FAIL)
        show_reasons(result);
    assert_int_not_equal(result->verdict, VERDICT_FAIL);
    for (size_t i = 0; i < result->fault_count; i++)
        assert_true(result->faults[i].fired > 0);
    result_free(result);
}

static void what_befalls_one_who_is_away_meets_nobody_and_is_over(void **state)
{
    struct result *result = run_faults(
        "  - {when: {at: 200ms}, do: {consumer: billing-1, crash: now}}\n"
        "  - {when: {at: 250ms}, do: {consumer: billing-1, crash: now}, expected: false}\n"
        "  - {when: {at: 250ms}, do: {consumer: billing-1, leave: }, expected: false}\n");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    assert_int_equal(result->faults[1].fired, 0);
    assert_int_equal(result->faults[2].fired, 0);
    result_free(result);
}

static void the_next_crash_at_the_moment_of_return_leaves_both_healed(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 200ms}, do: {consumer: billing-1, crash: now}}\n"
                   "  - {when: {at: 300ms}, do: {consumer: billing-1, crash: now}}\n");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    assert_int_equal(result->faults[1].fired, 1);
    result_free(result);
}

/* Their acks were postponed, or forgotten, when the consumer died: that is why they come again. */
static void what_waited_for_a_late_or_no_ack_comes_again_with_a_cause(void **state)
{
    static const char *const kinds[] = {"late_ack: {by: 150ms}", "skip_ack: 50%"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct text faults = {0};
        struct result *result;

        text_appendf(&faults,
                     "  - {when: {at: 100ms, for: 200ms}, do: {consumer: billing-1, %s}}\n"
                     "  - {when: {at: 220ms}, do: {consumer: billing-1, crash: now}}",
                     kinds[i]);
        result = run_faults(text_string(&faults));
        assert_sound(result);
        assert_true(result->ledger->anomalies[ANOMALY_DUPLICATED].caused > 0);
        result_free(result);
        text_release(&faults);
    }
}

static void a_producer_that_is_away_is_not_crashed_again(void **state)
{
    struct result *result =
        run_faults("  - {when: {at: 200ms}, do: {producer: shop, crash: }}\n"
                   "  - {when: {at: 250ms}, do: {producer: shop, crash: }, expected: false}");

    (void)state;
    assert_sound(result);
    assert_int_equal(result->faults[0].fired, 1);
    assert_int_equal(result->faults[1].fired, 0);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_producer_that_is_away_is_not_crashed_again),
        cmocka_unit_test(what_waited_for_a_late_or_no_ack_comes_again_with_a_cause),
        cmocka_unit_test(the_next_crash_at_the_moment_of_return_leaves_both_healed),
        cmocka_unit_test(what_befalls_one_who_is_away_meets_nobody_and_is_over),
        cmocka_unit_test(a_crash_before_an_ack_brings_its_messages_back_with_a_cause),
        cmocka_unit_test(a_crash_during_an_ack_leaves_it_in_doubt),
        cmocka_unit_test(a_crash_after_an_ack_repeats_nothing_that_was_acked),
        cmocka_unit_test(who_never_comes_back_leaves_its_messages_to_the_others),
        cmocka_unit_test(a_repeated_crash_fires_as_often_as_it_says),
        cmocka_unit_test(a_lasting_fault_comes_again_when_its_moment_comes),
        cmocka_unit_test(a_whole_group_can_crash),
        cmocka_unit_test(a_producer_that_crashes_leaves_unknown_outcomes_and_goes_on),
        cmocka_unit_test(a_producer_that_is_away_cannot_crash_again),
        cmocka_unit_test(who_hangs_keeps_its_messages_until_others_get_them),
        cmocka_unit_test(a_slow_group_shows_how_long_it_takes_to_catch_up),
        cmocka_unit_test(nacks_by_share_and_by_message_come_again),
        cmocka_unit_test(a_poison_message_ends_in_the_dead_letter_queue),
        cmocka_unit_test(acks_that_come_twice_or_for_nothing_do_no_harm),
        cmocka_unit_test(a_forgotten_ack_brings_the_messages_back),
        cmocka_unit_test(a_late_ack_comes_after_somebody_else_got_the_message),
        cmocka_unit_test(triggers_combine),
        cmocka_unit_test(a_fault_that_never_happens_makes_the_run_inconclusive),
        cmocka_unit_test(what_cannot_be_done_is_refused_before_the_run),
        cmocka_unit_test(faults_come_and_go_on_several_threads),
        cmocka_unit_test(chaos_resolves_to_a_list_and_equal_seeds_to_equal_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
