/* test_scenario_expect.c: the language of expectations, and the tables behind it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/load.h"
#include "scenario/tables.h"
#include "support/scenario_rules.h"
#include "support/unit.h"

static const char ACTORS[] = "brokers: {default: inline, analytics: redis}\n"
                             "producers:\n"
                             "  - {name: shop, stream: orders, count: 10, rate: 5/s}\n"
                             "consumers:\n"
                             "  - {name: billing, stream: orders}\n";

static int load(const char *actors, const char *expectation, struct scenario **ret,
                struct error *reterr)
{
    struct text text = {0};
    struct scenario_text source = {.path = "test.yaml"};
    int result;

    text_appendf(&text, "%sexpect:\n  - %s\n", actors, expectation);
    source.text = text_string(&text);
    source.size = text.size;
    result = scenario_load_text(&source, NULL, &TEST_RULES, ret, reterr);
    text_release(&text);
    return result;
}

static void each_expectation_is_read_as_what_it_says(void **state)
{
    static const struct {
        const char *text;
        enum scenario_subject subject;
        const char *word;
        double share;
        enum scenario_comparison comparison;
        enum scenario_unit unit;
        double value;
        size_t broker;
    } cases[] = {
        {"no lost", SCENARIO_ANOMALY, "lost", -1, 0, 0, 0, 0},
        {"some lost", SCENARIO_SOME, "lost", -1, 0, 0, 0, 0},
        {"no duplicates", SCENARIO_ANOMALY, "duplicates", -1, 0, 0, 0, 0},
        {"no foreign", SCENARIO_ANOMALY, "foreign", -1, 0, 0, 0, 0},
        {"duplicates only with cause", SCENARIO_CAUSED_ONLY, "duplicates", -1, 0, 0, 0, 0},
        {"duplicates   only with  cause", SCENARIO_CAUSED_ONLY, "duplicates", -1, 0, 0, 0, 0},
        {"duplicates<=5", SCENARIO_METRIC, "duplicates", -1, SCENARIO_LE, SCENARIO_UNIT_COUNT, 5,
         0},
        {"lost == 0", SCENARIO_METRIC, "lost", -1, SCENARIO_EQ, SCENARIO_UNIT_COUNT, 0, 0},
        {"lost==0", SCENARIO_METRIC, "lost", -1, SCENARIO_EQ, SCENARIO_UNIT_COUNT, 0, 0},
        {"sent != 1_000", SCENARIO_METRIC, "sent", -1, SCENARIO_NE, SCENARIO_UNIT_COUNT, 1000, 0},
        {"acked > 1e3", SCENARIO_METRIC, "acked", -1, SCENARIO_GT, SCENARIO_UNIT_COUNT, 1000, 0},
        {"drained within 10s", SCENARIO_DRAINED, "", -1, SCENARIO_LE, SCENARIO_UNIT_NS, 1e10, 0},
        {"deliver.p(99) < 50ms", SCENARIO_METRIC, "deliver", 0.99, SCENARIO_LT, SCENARIO_UNIT_NS,
         5e7, 0},
        {"deliver.p99.9 <= 50 ms", SCENARIO_METRIC, "deliver", 0.999, SCENARIO_LE, SCENARIO_UNIT_NS,
         5e7, 0},
        {"publish.p(50)<1ms", SCENARIO_METRIC, "publish", 0.5, SCENARIO_LT, SCENARIO_UNIT_NS, 1e6,
         0},
        {"publish_service.max >= 0", SCENARIO_METRIC, "publish_service", 1, SCENARIO_GE,
         SCENARIO_UNIT_NS, 0, 0},
        {"redeliver.mean > 1s", SCENARIO_METRIC, "redeliver", -2, SCENARIO_GT, SCENARIO_UNIT_NS,
         1e9, 0},
        {"lateness.min < 1us", SCENARIO_METRIC, "lateness", 0, SCENARIO_LT, SCENARIO_UNIT_NS, 1e3,
         0},
        {"throughput > 100000/s", SCENARIO_METRIC, "throughput", -1, SCENARIO_GT,
         SCENARIO_UNIT_PER_SECOND, 1e5, 0},
        {"publish_rate >= 20k/s", SCENARIO_METRIC, "publish_rate", -1, SCENARIO_GE,
         SCENARIO_UNIT_PER_SECOND, 2e4, 0},
        {"broker healthy", SCENARIO_HEALTHY, "", -1, 0, 0, 0, 0},
        {"broker analytics healthy", SCENARIO_HEALTHY, "", -1, 0, 0, 0, 1},
        {"broker ping within 50ms", SCENARIO_PING, "", -1, SCENARIO_LE, SCENARIO_UNIT_NS, 5e7, 0},
        {"broker analytics ping within 1s", SCENARIO_PING, "", -1, SCENARIO_LE, SCENARIO_UNIT_NS,
         1e9, 1},
        {"broker total_messages == 1000", SCENARIO_BROKER_COUNT, "total_messages", -1, SCENARIO_EQ,
         SCENARIO_UNIT_COUNT, 1000, 0},
        {"broker analytics dlq==0", SCENARIO_BROKER_COUNT, "dlq", -1, SCENARIO_EQ,
         SCENARIO_UNIT_COUNT, 0, 1},
        {"broker in_flight < 5", SCENARIO_BROKER_COUNT, "in_flight", -1, SCENARIO_LT,
         SCENARIO_UNIT_COUNT, 5, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct scenario *scenario = NULL;
        struct error error = {0};
        const struct scenario_expectation *read;

        if (load(ACTORS, cases[i].text, &scenario, &error) != 0)
            fail_msg("%s: %s", cases[i].text, error.message);
        read = &scenario->expectations[0];
        assert_int_equal(scenario->expectation_count, 1);
        assert_string_equal(read->text, cases[i].text);
        assert_int_equal(read->subject, cases[i].subject);
        assert_string_equal(read->word, cases[i].word);
        assert_true(fabs(read->share - cases[i].share) < 1e-12);
        assert_int_equal(read->comparison, cases[i].comparison);
        assert_int_equal(read->unit, cases[i].unit);
        assert_true(fabs(read->value - cases[i].value) < 1e-3);
        assert_int_equal(read->broker, cases[i].broker);
        assert_int_equal(read->place.line, 7);
        scenario_free(scenario);
    }
}

static void every_word_can_be_expected_where_it_can_be_decided(void **state)
{
    static const char *const values[] = {"== 0", "< 50ms", "> 10/s"};
    const struct scenario_word *word;

    (void)state;
    for (size_t i = 0; (word = scenario_word_at(i)) != NULL; i++) {
        struct scenario *scenario = NULL;
        struct error error = {0};
        char text[80];

        if (word->needs & (SCENARIO_NEEDS_SEARCH | SCENARIO_NEEDS_FAULTS))
            continue; /* here is no rate to be found, and no fault */
        (void)snprintf(text, sizeof(text), "%s%s %s", word->name,
                       word->unit == SCENARIO_UNIT_NS && !word->is_single ? ".p99" : "",
                       values[word->unit]);
        if (load(ACTORS, text, &scenario, &error) != 0)
            fail_msg("%s: %s", text, error.message);
        assert_string_equal(scenario->expectations[0].word, word->name);
        scenario_free(scenario);
    }
}

static void what_needs_consumers_or_producers_is_refused_without_them(void **state)
{
    static const char *const values[] = {"== 0", "< 50ms", "> 10/s"};
    static const struct {
        const char *actors;
        unsigned missing;
    } cases[] = {
        {"broker: inline\nproducers:\n  - {name: shop, stream: orders, count: 10, rate: 5/s}\n",
         SCENARIO_NEEDS_CONSUMERS},
        {"broker: inline\nconsumers:\n  - {name: billing, stream: orders}\n",
         SCENARIO_NEEDS_PRODUCERS},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct scenario_word *word;

        for (size_t w = 0; (word = scenario_word_at(w)) != NULL; w++) {
            struct scenario *scenario = NULL;
            struct error error = {0};
            char text[80];
            int result;

            if (word->needs & (SCENARIO_NEEDS_SEARCH | SCENARIO_NEEDS_FAULTS))
                continue;
            (void)snprintf(text, sizeof(text), "%s%s %s", word->name,
                           word->unit == SCENARIO_UNIT_NS && !word->is_single ? ".p99" : "",
                           values[word->unit]);
            result = load(cases[i].actors, text, &scenario, &error);
            assert_int_equal(result, word->needs & cases[i].missing ? -1 : 0);
            if (result != 0)
                assert_non_null(strstr(error.message, "can never be decided"));
            scenario_free(scenario);
        }
    }
}

static void a_drain_that_is_not_written_lasts_as_long_as_is_expected(void **state)
{
    struct scenario *scenario = NULL;
    struct error error = {0};

    (void)state;
    assert_int_equal(load(ACTORS, "drained within 2m", &scenario, &error), 0);
    assert_int_equal(scenario->drain_ns, 120000000000);
    scenario_free(scenario);
}

static void every_key_has_a_line_of_help(void **state)
{
    const struct schema *const schemas[] = {
        scenario_schema_top(),          scenario_schema_broker(),  scenario_schema_producer(),
        scenario_schema_consumer(),     scenario_schema_payload(), scenario_schema_arrival(),
        scenario_schema_payload_size(), scenario_schema_work(),    scenario_schema_start(),
        scenario_schema_known(),        scenario_schema_spawn(),   scenario_schema_control(),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(schemas); i++) {
        assert_true(schemas[i]->option_count > 0);
        for (size_t j = 0; j < schemas[i]->option_count; j++) {
            assert_non_null(schemas[i]->options[j].key);
            assert_true(strlen(schemas[i]->options[j].help) > 3);
        }
        schema_values_free(schema_values_new(schemas[i]), schemas[i]->option_count);
    }
    for (size_t i = 0; scenario_word_at(i); i++)
        assert_true(strlen(scenario_word_at(i)->help) > 3);
    assert_string_equal(scenario_broker_word_at(0)->name, "total_messages");
    assert_null(scenario_broker_word_at(3));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_expectation_is_read_as_what_it_says),
        cmocka_unit_test(every_word_can_be_expected_where_it_can_be_decided),
        cmocka_unit_test(what_needs_consumers_or_producers_is_refused_without_them),
        cmocka_unit_test(a_drain_that_is_not_written_lasts_as_long_as_is_expected),
        cmocka_unit_test(every_key_has_a_line_of_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
