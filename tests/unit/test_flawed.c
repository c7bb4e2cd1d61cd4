/* test_flawed.c: every check is itself proved: a broker that tells one lie is caught by the check
   that names the lie, and an honest one by none. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakes/flawed.h"
#include "run/instance.h"
#include "run/run.h"

/* Slow enough that a forgotten ack comes back before the end, where messages time out soon. */
static const char yaml[] =
    "time: virtual\nseed: 11\ndrain: 20s\n"
    "broker: {adapter: inline, retry_delay: 10ms, message_timeout: %s, max_retries: 30}\n"
    "producers: [{name: shop, streams: [orders, refunds], count: 4000, rate: 20000/s, arrival: "
    "{burst: 40}, in_flight: 40}]\n"
    "consumers: [{name: billing, streams: [orders, refunds], batch: 20, nack: 5%%}]\n";

struct lie {
    enum flaw flaw;
    enum anomaly anomaly; /* that names it */
    const char *message_timeout;
};

static const struct lie lies[] = {
    {FLAW_LOSES, ANOMALY_LOST, "300s"},          {FLAW_DUPLICATES, ANOMALY_DUPLICATED, "300s"},
    {FLAW_SWAPS, ANOMALY_REORDERED, "300s"},     {FLAW_CORRUPTS, ANOMALY_CORRUPTED, "300s"},
    {FLAW_MISROUTES, ANOMALY_MISROUTED, "300s"}, {FLAW_RESURRECTS, ANOMALY_RESURRECTED, "40ms"},
    {FLAW_STRANDS, ANOMALY_STRANDED, "300s"},    {FLAW_DENIES, ANOMALY_PHANTOM, "300s"},
};

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    const enum flaw *flaw = context;

    flawed_wrap(adapter, instance, *flaw, *flaw == FLAW_STRANDS ? 50 : 500); /* nacks are fewer */
}

static struct scenario *load(const char *message_timeout)
{
    struct scenario_overrides overrides = {0};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct error error = {0};
    char path[] = "/tmp/gauntlet-test-flawed-XXXXXX.yaml";
    int fd = mkstemps(path, 5);

    assert_true(fd >= 0);
    assert_true(dprintf(fd, yaml, message_timeout) > 0);
    close(fd);
    run_rules(&rules);
    if (scenario_load(path, &overrides, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    run_rules_release(&rules);
    unlink(path);
    return scenario;
}

static struct result *run_with(enum flaw flaw, const char *message_timeout)
{
    struct instance_decorator decorator = {.wrap = wrap, .context = &flaw};
    struct scenario *scenario = load(message_timeout);
    struct run_options options = {.scenario = scenario, .decorator = &decorator};
    struct result *result = NULL;
    struct error error = {0};

    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

static void show(const struct result *result, enum flaw flaw)
{
    print_message("# %s:", flaw_name(flaw));
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        if (result->ledger->anomalies[i].observed > 0)
            print_message(" %s %llu (%llu forbidden)", anomaly_name((enum anomaly)i),
                          (unsigned long long)result->ledger->anomalies[i].observed,
                          (unsigned long long)result->ledger->anomalies[i].disallowed);
    print_message("\n");
}

static void an_honest_broker_is_caught_by_no_check(void **state)
{
    struct result *result = run_with(FLAW_NONE, "300s");

    (void)state;
    show(result, FLAW_NONE);
    assert_int_equal(result->verdict, VERDICT_PASS);
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        assert_int_equal(result->ledger->anomalies[i].disallowed, 0);
    result_free(result);
}

static void every_lie_is_caught_by_the_check_that_names_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
        struct result *result = run_with(lies[i].flaw, lies[i].message_timeout);

        show(result, lies[i].flaw);
        assert_int_equal(result->verdict, VERDICT_FAIL);
        assert_true(result->ledger->anomalies[lies[i].anomaly].disallowed > 0);
        result_free(result);
    }
}

static void a_witness_of_every_lie_has_a_history(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
        struct result *result = run_with(lies[i].flaw, lies[i].message_timeout);
        const struct ledger_report *report = result->ledger;
        size_t found = 0;

        for (size_t w = 0; w < report->witness_count; w++)
            if (report->witnesses[w].anomaly == lies[i].anomaly && !report->witnesses[w].is_allowed)
                found += report->witnesses[w].event_count > 0 && report->witnesses[w].why[0];
        assert_true(found > 0);
        result_free(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_broker_is_caught_by_no_check),
        cmocka_unit_test(every_lie_is_caught_by_the_check_that_names_it),
        cmocka_unit_test(a_witness_of_every_lie_has_a_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
