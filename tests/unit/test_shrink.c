/* test_shrink.c: a failing scenario is reduced to what it fails of, and to nothing else. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fakes/flawed.h"
#include "run/instance.h"
#include "run/shrink.h"
#include "scenario/load.h"

static const char LARGE[] =
    "name: Large\n"
    "description: All that a shop has.\n"
    "broker: {adapter: inline, retry_delay: 10ms}\n"
    "seed: 5\n"
    "time: virtual\n"
    "drain: 20s\n"
    "streams: [orders, refunds, letters]\n"
    "producers:\n"
    "  - {name: shop, stream: orders, members: 3, count: 5_000, rate: 9000/s, "
    "arrival: poisson, payload: {size: 100-4KiB}, keys: 10}\n"
    "  - {name: till, stream: refunds, count: 700, in_flight: 16}\n"
    "  - {name: desk, stream: letters, count: 300}\n"
    "consumers:\n"
    "  - {name: billing, stream: orders, members: 4, batch: 50, nack: 1%%}\n"
    "  - {name: shipping, stream: orders, work: 10us}\n"
    "  - {name: office, streams: [refunds, letters], ack: each}\n"
    "expect:\n"
    "  - sent == 6000\n"
    "  - drained within 10s\n"
    "  - %s\n"
    "failure: {schema: 1, failed: [%s]}\n";

struct liar {
    enum flaw flaw;
    unsigned every;
};

static void wrap(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance)
{
    const struct liar *liar = context;

    flawed_wrap(adapter, instance, liar->flaw, liar->every);
}

static struct scenario *load(const char *expectation, const char *failed)
{
    struct text yaml = {0};
    struct scenario_text source = {.path = "/tmp/large.yaml"};
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct error error = {0};

    text_appendf(&yaml, LARGE, expectation, failed);
    source.text = text_string(&yaml);
    source.size = yaml.size;
    run_rules(&rules);
    if (scenario_load_text(&source, NULL, &rules, &scenario, &error) < 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    run_rules_release(&rules);
    text_release(&yaml);
    return scenario;
}

static struct shrunk shrink_with(struct liar liar, const char *expectation, const char *failed,
                                 int expected)
{
    struct instance_decorator decorator = {.wrap = wrap, .context = &liar};
    const struct run_options run = {.decorator = &decorator};
    const struct shrink_options options = {.run = &run};
    struct scenario *scenario = load(expectation, failed);
    struct shrunk shrunk = {0};
    struct error error = {0};
    int result = shrink(scenario, &options, &shrunk, &error);

    if (result != expected)
        fail_msg("%d: %s", result, error.message);
    scenario_free(scenario);
    return shrunk;
}

static void show(const struct shrunk *shrunk)
{
    struct text text = {0};

    failure_write(shrunk->scenario, shrunk->result, &text);
    print_message("# %llu tried, %llu runs\n", (unsigned long long)shrunk->tried,
                  (unsigned long long)shrunk->runs);
    if (getenv("SHOW"))
        print_message("%s\n", text_string(&text));
    text_release(&text);
}

/* The hundredth message of a session goes missing: a hundred are needed, of one producer, and
   somebody who misses it. */
static void a_lost_message_needs_its_producer_and_one_who_misses_it(void **state)
{
    struct shrunk shrunk = shrink_with((struct liar){FLAW_LOSES, 100}, "no lost", "lost", 0);
    const struct scenario *scenario = shrunk.scenario;

    (void)state;
    show(&shrunk);
    assert_true(shrunk.is_complete);
    assert_int_equal(shrunk.result->verdict, VERDICT_FAIL);
    assert_string_equal(shrunk.result->failed[0], "lost");
    assert_int_equal(scenario->producer_count, 1);
    assert_int_equal(scenario->producers[0].members, 1);
    assert_int_equal(scenario->producers[0].count, 100);
    assert_int_equal(scenario->consumer_count, 1);
    assert_int_equal(scenario->consumers[0].members, 1);
    assert_int_equal(scenario->expectation_count, 0); /* the contract alone finds it */
    assert_true(shrunk.values < shrunk.values_at_start / 3);
    shrunk_release(&shrunk);
}

/* The lie is told at a nack: nacks must stay. */
static void what_the_failure_needs_stays(void **state)
{
    struct shrunk shrunk =
        shrink_with((struct liar){FLAW_STRANDS, 5}, "no stranded", "stranded", 0);
    const struct scenario *scenario = shrunk.scenario;

    (void)state;
    show(&shrunk);
    assert_int_equal(scenario->producer_count, 1);
    assert_int_equal(scenario->consumer_count, 1);
    assert_true(scenario->consumers[0].nack > 0);
    assert_true(scenario->producers[0].count <= 5000);
    assert_non_null(tree_get(&scenario->document, "broker"));
    assert_string_equal(tree_text(tree_get(&scenario->document, "broker"), "retry_delay"), "10ms");
    shrunk_release(&shrunk);
}

static void only_the_same_failure_counts(void **state)
{
    /* `sent == 6000` fails for every candidate with less: it must not take the place of the loss.
     */
    struct shrunk shrunk = shrink_with((struct liar){FLAW_DUPLICATES, 50},
                                       "duplicates only with cause", "duplicates", 0);

    (void)state;
    assert_string_equal(shrunk.result->failed[0], "duplicates");
    assert_true(shrunk.result->ledger->anomalies[ANOMALY_DUPLICATED].observed > 0);
    shrunk_release(&shrunk);
}

static void what_does_not_fail_again_is_not_shrunk(void **state)
{
    struct shrunk shrunk = shrink_with((struct liar){FLAW_NONE, 1}, "no lost", "lost", 1);

    (void)state;
    assert_null(shrunk.result);
    assert_int_equal(shrunk.runs, 1);
    shrunk_release(&shrunk);
}

static volatile sig_atomic_t stop;

static void stop_after(void *context, const struct shrink_progress *progress)
{
    (void)context;
    stop = progress->kept >= 3;
}

static void stopped_it_keeps_the_best_so_far(void **state)
{
    struct liar liar = {FLAW_LOSES, 100};
    struct instance_decorator decorator = {.wrap = wrap, .context = &liar};
    const struct run_options run = {.decorator = &decorator, .stop = &stop};
    const struct shrink_options options = {.run = &run, .progress = stop_after};
    struct scenario *scenario = load("no lost", "lost");
    struct shrunk shrunk = {0};

    (void)state;
    assert_int_equal(shrink(scenario, &options, &shrunk, NULL), 0);
    assert_false(shrunk.is_complete);
    assert_int_equal(shrunk.kept, 3);
    assert_true(shrunk.scenario->producers[0].count < 5000);
    assert_string_equal(shrunk.result->failed[0], "lost");
    shrunk_release(&shrunk);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_message_needs_its_producer_and_one_who_misses_it),
        cmocka_unit_test(what_the_failure_needs_stays),
        cmocka_unit_test(only_the_same_failure_counts),
        cmocka_unit_test(what_does_not_fail_again_is_not_shrunk),
        cmocka_unit_test(stopped_it_keeps_the_best_so_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
