/* test_known.c: what is accepted (`some lost`, `lost <= 10`) and what is known to fail (`known`),
   on brokers that lie and on honest ones. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fakes/flawed.h"
#include "reports/report.h"
#include "run/instance.h"
#include "run/run.h"
#include "scenario/load.h"

/* 500 messages: a lie in every 100 is told five times at most. */
#define ACTORS                                                                                     \
    "name: Orders\ntime: virtual\nseed: 3\nbroker: inline\n"                                       \
    "producers: [{name: shop, stream: orders, count: 500}]\n"                                      \
    "consumers: [{name: billing, stream: orders, batch: 20}]\n"

#define NO_PRODUCERS                                                                               \
    "name: Orders\ntime: virtual\nseed: 3\nbroker: inline\n"                                       \
    "consumers: [{name: billing, stream: orders, batch: 20}]\n"

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    const enum flaw *flaw = context;

    flawed_wrap(adapter, instance, *flaw, 100);
}

static struct result *run_text(const char *yaml, enum flaw flaw)
{
    struct instance_decorator decorator = {.wrap = wrap, .context = &flaw};
    struct scenario_text source = {.path = "known.yaml", .text = yaml, .size = strlen(yaml)};
    struct run_options options = {.decorator = &decorator};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct result *result = NULL;
    struct error error = {0};

    run_rules(&rules);
    if (scenario_load_text(&source, NULL, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s\n%s", error.place.line, error.place.column, error.message, yaml);
    run_rules_release(&rules);
    options.scenario = scenario;
    if (run_scenario(&options, &result, &error) < 0)
        fail_msg("%s", error.message);
    scenario_free(scenario);
    return result;
}

struct expected {
    const char *tail; /* of the scenario */
    enum flaw flaw;
    enum verdict verdict;
    bool has_failed_as_known;
    const char *reason; /* part of the first one, NULL: none */
};

static void check(const char *head, const struct expected *expected)
{
    struct text yaml = {0};
    struct result *result;

    text_appendf(&yaml, "%s%s", head, expected->tail);
    result = run_text(text_string(&yaml), expected->flaw);
    if (result->verdict != expected->verdict ||
        result->has_failed_as_known != expected->has_failed_as_known)
        fail_msg("%s, known %d: %s%s%s", verdict_name(result->verdict), result->has_failed_as_known,
                 expected->tail, result->reason_count ? ": " : "",
                 result->reason_count ? result->reasons[0].text : "");
    if (!expected->reason != (result->reason_count == 0) ||
        (expected->reason && !strstr(result->reasons[0].text, expected->reason)))
        fail_msg("%s: '%s' instead of '%s'", expected->tail,
                 result->reason_count ? result->reasons[0].text : "no reason",
                 expected->reason ? expected->reason : "none");
    result_free(result);
    text_release(&yaml);
}

static void an_accepted_anomaly_is_left_to_the_expectation_that_accepts_it(void **state)
{
    static const struct expected cases[] = {
        {"expect: [some lost]\n", FLAW_LOSES, VERDICT_PASS, false, NULL},
        {"expect: [some lost]\n", FLAW_NONE, VERDICT_FAIL, false, "there were no lost"},
        {"expect: [some lost, some duplicates]\n", FLAW_DUPLICATES, VERDICT_FAIL, false,
         "there were no lost"},
        {"expect: [some duplicates]\n", FLAW_DUPLICATES, VERDICT_PASS, false, NULL},
        {"expect: [some corrupted, some lost]\n", FLAW_CORRUPTS, VERDICT_PASS, false, NULL},
        {"expect: [lost <= 10]\n", FLAW_LOSES, VERDICT_PASS, false, NULL},
        {"expect: [lost <= 10]\n", FLAW_NONE, VERDICT_PASS, false, NULL},
        {"expect: [lost <= 10]\n", FLAW_CORRUPTS, VERDICT_FAIL, false, "corrupted"},
        {"expect: [lost <= 2]\n", FLAW_LOSES, VERDICT_FAIL, false, "lost <= 2: it was"},
        {"expect: [lost < 2]\n", FLAW_LOSES, VERDICT_FAIL, false, "lost < 2: it was"},
        {"expect: [lost < 1]\n", FLAW_LOSES, VERDICT_FAIL, false, "lost < 1: it was"},
        {"expect: [lost == 0]\n", FLAW_LOSES, VERDICT_FAIL, false, "lost == 0: it was"},
        {"expect: [some lost, lost <= 2]\n", FLAW_LOSES, VERDICT_FAIL, false, "lost <= 2"},
        {"expect: [some lost, lost <= 10]\n", FLAW_LOSES, VERDICT_PASS, false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check(ACTORS, &cases[i]);
}

static void a_bound_that_takes_none_leaves_the_contract_as_it_is(void **state)
{
    static const struct {
        const char *expect;
        enum verdict contract;
    } cases[] = {{"lost < 1", VERDICT_FAIL},  {"lost == 0", VERDICT_FAIL},
                 {"lost <= 0", VERDICT_FAIL}, {"lost < 2", VERDICT_PASS},
                 {"lost == 4", VERDICT_PASS}, {"lost > 0", VERDICT_PASS},
                 {"lost != 0", VERDICT_PASS}, {"corrupted <= 5", VERDICT_FAIL}};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text yaml = {0};
        struct result *result;

        text_appendf(&yaml, ACTORS "expect: [%s]\n", cases[i].expect);
        result = run_text(text_string(&yaml), FLAW_LOSES);
        if (result->expectations[1].verdict != cases[i].contract)
            fail_msg("%s: the contract said %s", cases[i].expect, result->expectations[1].measured);
        result_free(result);
        text_release(&yaml);
    }
}

#define KNOWN(list) "known: {fails: " list ", because: the index drops entries}\n"
#define NO_LONGER   "no longer fails: remove known"

static void what_is_known_must_fail_and_nothing_else_may(void **state)
{
    static const struct expected cases[] = {
        {KNOWN("[lost]"), FLAW_LOSES, VERDICT_PASS, true, NULL},
        {KNOWN("lost"), FLAW_LOSES, VERDICT_PASS, true, NULL},
        {KNOWN("[lost]"), FLAW_NONE, VERDICT_FAIL, false, "'lost' " NO_LONGER},
        {KNOWN("[lost]"), FLAW_CORRUPTS, VERDICT_FAIL, false, "corrupted"},
        {KNOWN("[lost, corrupted]"), FLAW_LOSES, VERDICT_FAIL, false, "'corrupted' " NO_LONGER},
        {"expect: [no lost]\n" KNOWN("[lost]"), FLAW_LOSES, VERDICT_PASS, true, NULL},
        {"expect: [no lost]\n" KNOWN("[no lost]"), FLAW_LOSES, VERDICT_FAIL, false,
         "nothing that the declared capabilities forbid"},
        {"expect: [no lost]\n" KNOWN("[lost]"), FLAW_NONE, VERDICT_FAIL, false, NO_LONGER},
        {"expect: [lost <= 2]\n" KNOWN("[lost]"), FLAW_LOSES, VERDICT_PASS, true, NULL},
        {"expect: [lost <= 10]\n" KNOWN("[lost]"), FLAW_LOSES, VERDICT_FAIL, false, NO_LONGER},
        {"expect: [sent == 7]\n" KNOWN("[sent == 7]"), FLAW_NONE, VERDICT_PASS, true, NULL},
        {"expect: [sent == 7]\n" KNOWN("[sent == 7]"), FLAW_LOSES, VERDICT_FAIL, false, "lost"},
        {"expect: [sent == 500]\n" KNOWN("[sent == 500]"), FLAW_NONE, VERDICT_FAIL, false,
         "'sent == 500' " NO_LONGER},
        {"expect: [sent == 7]\n" KNOWN("[lost]"), FLAW_LOSES, VERDICT_FAIL, false, "sent == 7"},
        {"expect: [no lost, sent == 7]\n" KNOWN("[lost, sent == 7]"), FLAW_LOSES, VERDICT_PASS,
         true, NULL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check(ACTORS, &cases[i]);
}

static void what_is_undecided_stays_inconclusive(void **state)
{
    static const struct expected cases[] = {
        /* It failed as known, and something else could not be decided. */
        {"expect: [no lost, redeliver.p99 < 1s]\n" KNOWN("[lost]"), FLAW_LOSES,
         VERDICT_INCONCLUSIVE, false, "redeliver.p99"},
        /* It did not fail, but then nobody could tell. */
        {"expect: [redeliver.p99 < 1s]\n" KNOWN("[redeliver.p99 < 1s]"), FLAW_NONE,
         VERDICT_INCONCLUSIVE, false, "redeliver.p99"},
        {"expect: [redeliver.p99 < 1s]\n" KNOWN("[lost]"), FLAW_NONE, VERDICT_INCONCLUSIVE, false,
         "redeliver.p99"},
    };
    static const struct expected nothing[] = {
        {"expect: [some phantom]\n", FLAW_NONE, VERDICT_INCONCLUSIVE, false,
         "nothing was delivered"},
        {"expect: [phantom <= 3]\n", FLAW_NONE, VERDICT_INCONCLUSIVE, false,
         "nothing was delivered"},
        {KNOWN("[phantom]"), FLAW_NONE, VERDICT_INCONCLUSIVE, false, "nothing was delivered"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check(ACTORS, &cases[i]);
    for (size_t i = 0; i < ARRAY_SIZE(nothing); i++)
        check(NO_PRODUCERS, &nothing[i]);
}

static void report_has(const struct result *result,
                       void (*write)(const struct report_input *, struct text *), const char *words)
{
    const struct report_input input = {.results = &result, .count = 1};
    struct text text = {0};

    write(&input, &text);
    if (!strstr(text_string(&text), words))
        fail_msg("no '%s' in:\n%s", words, text_string(&text));
    text_release(&text);
}

static void every_report_says_that_it_failed_as_known(void **state)
{
    struct result *result = run_text(ACTORS "expect: [no lost]\n" KNOWN("[lost]"), FLAW_LOSES);

    (void)state;
    report_has(result, report_text,
               "PASS  Orders  (failed as known)\n"
               "  failed as known: the index drops entries\n");
    report_has(result, report_text, "  known no lost");
    report_has(result, report_json,
               "\"known\": {\n  \"because\": \"the index drops entries\",\n"
               "  \"failed\": true\n }");
    report_has(result, report_json, "\"known\": true");
    report_has(result, report_junit, "tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"3\"");
    report_has(result, report_junit,
               "<skipped message=\"failed as known: the index drops entries\"/>");
    result_free(result);
}

static void a_run_that_passes_again_says_so_in_every_report(void **state)
{
    struct result *result = run_text(ACTORS KNOWN("[lost]"), FLAW_NONE);

    (void)state;
    report_has(result, report_text, "- known: 'lost' no longer fails: remove known\n");
    report_has(result, report_json, "  \"failed\": false");
    report_has(result, report_junit, "failures=\"1\" errors=\"0\" skipped=\"0\"");
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_accepted_anomaly_is_left_to_the_expectation_that_accepts_it),
        cmocka_unit_test(a_bound_that_takes_none_leaves_the_contract_as_it_is),
        cmocka_unit_test(what_is_known_must_fail_and_nothing_else_may),
        cmocka_unit_test(what_is_undecided_stays_inconclusive),
        cmocka_unit_test(every_report_says_that_it_failed_as_known),
        cmocka_unit_test(a_run_that_passes_again_says_so_in_every_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
