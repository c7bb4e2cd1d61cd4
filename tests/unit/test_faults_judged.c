/* test_faults_judged.c: judgement under faults: a broker that lies about what a fault left behind
   is caught by the check that names it, and an honest one by none, whatever is done to its clients.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "fakes/liar.h"
#include "run/instance.h"
#include "run/run.h"

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    liar_wrap(adapter, instance, context);
}

#define ACTORS                                                                                     \
    "time: virtual\n"                                                                              \
    "seed: 5\n"                                                                                    \
    "broker: {adapter: inline, redelivery_time: 200ms, message_timeout: 200ms, max_retries: "      \
    "1000}\n"                                                                                      \
    "producers: [{name: shop, stream: orders, count: 1000, rate: 2000/s}]\n"                       \
    "consumers: [{name: billing, stream: orders, members: 3, batch: 20, work: 300us}]\n"           \
    "drain: 5s\n"                                                                                  \
    "faults:\n"

static struct result *run_with(const char *lie, const char *fault)
{
    union {
        const struct lie *lie;
        void *context;
    } told = {.lie = lie ? lie_find(lie) : NULL};
    struct instance_decorator decorator = {.wrap = wrap, .context = told.context};
    struct scenario *scenario = NULL;
    struct run_options options = {.decorator = &decorator};
    struct result *result = NULL;
    struct scenario_rules rules;
    struct error error = {0};
    char path[] = "/tmp/gauntlet-test-judged-XXXXXX.yaml";
    int fd = mkstemps(path, 5);

    assert_true(!lie || told.lie);
    assert_true(fd >= 0);
    assert_true(dprintf(fd, "%s%s\n", ACTORS, fault) > 0);
    close(fd);
    run_rules(&rules);
    if (scenario_load(path, NULL, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    run_rules_release(&rules);
    unlink(path);
    options.scenario = scenario;
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

static const char CRASH[] = "  - {when: {consumer: billing-2, count: {event: receive, reaches: "
                            "100}}, do: {crash: before_ack, restart: true, name: new}}";
static const char DURING[] = "  - {when: {consumer: billing-1, count: {event: receive, reaches: "
                             "50}, times: 5}, do: {crash: during_ack, restart_after: 20ms}}";
static const char HANG[] =
    "  - {when: {op: ack, message: \"shop-1#100\"}, do: {consumer: billing, hang: true}}";
static const char SKIP[] =
    "  - {when: {at: 100ms}, do: {consumer: billing-1, skip_ack: {calls: 2}}}";
static const char LATE[] =
    "  - {when: {at: 100ms}, do: {consumer: billing-1, late_ack: {by: 600ms, calls: 2}}}";
static const char NACK[] =
    "  - {when: {at: 100ms, for: 200ms}, do: {consumer: billing-1, nack: 50%}}";
static const char TWICE[] =
    "  - {when: {at: 100ms, for: 200ms}, do: {consumer: billing, ack_twice: 100%}}";

static void an_honest_broker_is_caught_by_no_check_under_any_fault(void **state)
{
    static const char *const FAULTS[] = {CRASH, DURING, SKIP, LATE, NACK, TWICE};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(FAULTS); i++) {
        struct result *result = run_with(NULL, FAULTS[i]);

        for (size_t r = 0; r < result->reason_count; r++)
            print_message("# %s: %s\n", FAULTS[i], result->reasons[r].text);
        assert_int_equal(result->verdict, VERDICT_PASS);
        assert_true(result->faults[0].fired > 0);
        for (int a = 0; a < ANOMALY_FAMILIES; a++)
            assert_int_equal(result->ledger->anomalies[a].disallowed, 0);
        result_free(result);
    }
}

/* Which lie, under which fault, is what kind of offence; and what the first witness must say. */
static const struct {
    const char *lie, *fault;
    enum anomaly anomaly;
    const char *why;
} CASES[] = {
    {"drops_what_the_gone_held", CRASH, ANOMALY_STRANDED,
     "delivered to billing-2, in the hands of a member that crashed"},
    {"drops_what_timed_out", SKIP, ANOMALY_STRANDED, "delivered to billing-1, kept too long"},
    {"delivers_once_at_most", CRASH, ANOMALY_STRANDED, "in the hands of a member that crashed"},
    {"delivers_once_at_most", NACK, ANOMALY_STRANDED, "nacked"},
    {"forgets_acks", TWICE, ANOMALY_RESURRECTED, "acked by"},
    {"loses_the_backlog_with_a_crash", CRASH, ANOMALY_LOST, "accepted, and never delivered"},
};

static const struct witness *find_witness(const struct result *result, enum anomaly anomaly)
{
    for (size_t i = 0; i < result->ledger->witness_count; i++)
        if (result->ledger->witnesses[i].anomaly == anomaly)
            return &result->ledger->witnesses[i];
    return NULL;
}

static void a_broker_that_lies_about_what_a_fault_left_is_caught(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct result *result = run_with(CASES[i].lie, CASES[i].fault);
        const struct witness *witness = find_witness(result, CASES[i].anomaly);

        if (result->verdict != VERDICT_FAIL || !witness)
            fail_msg("%s was not caught: %s", CASES[i].lie, verdict_name(result->verdict));
        assert_true(result->ledger->anomalies[CASES[i].anomaly].disallowed > 0);
        if (!strstr(witness->why, CASES[i].why))
            fail_msg("%s: '%s' is not in '%s'", CASES[i].lie, CASES[i].why, witness->why);
        result_free(result);
    }
}

/* What the broker forgot is never caught up with: that is said, and no recovery is made up. */
static void recovery_is_not_claimed_where_something_is_missing(void **state)
{
    struct result *result = run_with("drops_what_the_gone_held", CRASH);

    (void)state;
    assert_int_equal(result->faults[0].window_count, 1);
    assert_true(result->faults[0].windows[0].end_ns > 0);
    assert_false(result->faults[0].windows[0].is_recovered);
    result_free(result);
}

/* A group that hangs as a whole goes on when the faults are healed, and drains only then. */
static void liveness_is_demanded_after_the_heal_only(void **state)
{
    struct result *result = run_with(NULL, HANG);

    (void)state;
    for (size_t r = 0; r < result->reason_count; r++)
        print_message("# %s\n", result->reasons[r].text);
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result->faults[0].fired, 3);
    assert_true(result->drain_ns < 2000000000);
    assert_int_equal(result->ledger->anomalies[ANOMALY_STRANDED].observed, 0);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_broker_is_caught_by_no_check_under_any_fault),
        cmocka_unit_test(a_broker_that_lies_about_what_a_fault_left_is_caught),
        cmocka_unit_test(recovery_is_not_claimed_where_something_is_missing),
        cmocka_unit_test(liveness_is_demanded_after_the_heal_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
