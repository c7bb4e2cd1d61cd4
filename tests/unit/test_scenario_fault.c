/* test_scenario_fault.c: good faults, field by field; what they come to as one line; chaos. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/load.h"
#include "support/scenario_rules.h"
#include "support/unit.h"

static struct scenario *load(const char *faults)
{
    struct text text = {0};
    struct scenario_text source = {.path = "tests/scenario/test.yaml"};
    struct scenario *scenario = NULL;
    struct error error = {0};
    int result;

    text_appendf(&text,
                 "broker: inline\n"
                 "producers: [{name: shop, stream: orders, count: 10}]\n"
                 "consumers: [{name: billing, stream: orders, members: 2}]\n"
                 "faults:\n%s\n",
                 faults);
    source.text = text_string(&text);
    source.size = text.size;
    result = scenario_load_text(&source, NULL, &TEST_RULES, &scenario, &error);
    text_release(&text);
    if (result != 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    return scenario;
}

static void a_fault_says_when_and_what(void **state)
{
    struct scenario *scenario = load("  - name: first\n"
                                     "    when: {consumer: billing-2, at: 1s, op: ack, edge: "
                                     "request, message: \"shop#7\", attempt: 2, times: 3}\n"
                                     "    do: {crash: before_ack, restart_after: 200ms}\n"
                                     "    expected: false");
    const struct scenario_fault *fault = &scenario->faults[0];

    (void)state;
    assert_int_equal(scenario->fault_count, 1);
    assert_string_equal(fault->name, "first");
    assert_false(fault->is_expected);
    assert_int_equal(fault->when.who.role, SCENARIO_CONSUMER);
    assert_string_equal(fault->when.who.name, "billing-2");
    assert_true(fault->when.has_at);
    assert_int_equal(fault->when.at_ns, 1000000000);
    assert_int_equal(fault->when.op, SCENARIO_OP_ACK);
    assert_int_equal(fault->when.edge, SCENARIO_EDGE_REQUEST);
    assert_string_equal(fault->when.message_producer, "shop-1");
    assert_int_equal(fault->when.message, 7);
    assert_int_equal(fault->when.attempt, 2);
    assert_int_equal(fault->when.times, 3);
    assert_string_equal(fault->action.word, "crash");
    assert_string_equal(fault->action.target.name, "billing-2"); /* borrowed from `when` */
    assert_int_equal(fault->action.option_count, 2);
    scenario_free(scenario);
}

/* What stands before, and the line it comes to. */
static const struct {
    const char *written, *text, *title;
} LINES[] = {
    {"  - {do: {link: billing, cut: rst}}", "{when: {}, do: {link: billing, cut: rst}}",
     "cut rst billing"},
    {"  - {when: {at: 1500ms, every: 500ms, times: 3}, do: {link: billing-1.read, cut: fin}}",
     "{when: {at: 1500ms, every: 500ms, times: 3}, do: {link: billing-1.read, cut: fin}}",
     "cut fin billing-1.read"},
    {"  - {name: x, when: {for: 2s, consumer: billing, count: {reaches: 7, event: settle}}, do: "
     "{hang: true}}",
     "{name: x, when: {consumer: billing, count: {event: settle, reaches: 7}, for: 2s}, do: "
     "{consumer: billing, hang: true}}",
     "x"},
    {"  - {when: {any: [{op: nack}, {all: [{at: 1s}, {message: \"shop#3\"}]}]}, do: {consumer: "
     "billing, crash: {restart_after: 1s}}}",
     "{when: {any: [{op: nack}, {all: [{at: 1s}, {message: \"shop-1#3\"}]}]}, do: {consumer: "
     "billing, crash: {restart_after: 1s}}}",
     "crash billing"},
    {"  - timeline: [{at: 1s, for: 20ms, link: billing, cut: rst, expected: false}]",
     "{when: {at: 1s, for: 20ms}, do: {link: billing, cut: rst}, expected: false}",
     "cut rst billing"},
};

static void a_fault_is_written_as_one_line_that_loads_to_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
        struct scenario *scenario = load(LINES[i].written);
        char *text = scenario_fault_text(&scenario->faults[0]);
        char *title = scenario_fault_title(&scenario->faults[0]);
        struct text again = {0};
        struct scenario *second;
        char *copy;

        assert_string_equal(text, LINES[i].text);
        assert_string_equal(title, LINES[i].title);
        text_appendf(&again, "  - %s", text);
        second = load(text_string(&again));
        copy = scenario_fault_text(&second->faults[0]);
        assert_string_equal(copy, text);
        free(copy);
        free(text);
        free(title);
        text_release(&again);
        scenario_free(second);
        scenario_free(scenario);
    }
}

static void one_fault_can_wait_for_another(void **state)
{
    struct scenario *scenario = load("  - {when: {after: second}, do: {link: billing, cut: rst}}\n"
                                     "  - {name: second, do: {broker: default, flush: true}}");

    (void)state;
    assert_int_equal(scenario->faults[0].when.after, 1);
    assert_int_equal(scenario->faults[1].when.after, SCENARIO_NO_FAULT);
    scenario_free(scenario);
}

static const char CHAOS[] =
    "  - chaos: {budget: 40, every: 200ms, from: 1s, on: 20ms-80ms, off: 50ms, menu: [{link: "
    "billing, cut: rst, weight: 3}, {consumer: billing-1, crash: now}, {consumer: billing-2, hang: "
    "true}]}";

static char *draw(const struct scenario_chaos *chaos, uint64_t seed, size_t *ret_words)
{
    size_t count = 0, kinds = 0;
    struct scenario_fault *faults = scenario_chaos_expand(chaos, seed, &count);
    struct text all = {0};
    char *copy;

    assert_int_equal(count, chaos->budget);
    for (size_t i = 0; i < count; i++) {
        char *text = scenario_fault_text(&faults[i]);
        const struct scenario_trigger *when = &faults[i].when;
        bool lasts = strcmp(faults[i].action.word, "crash") != 0;

        kinds |= 1u << faults[i].action.word[0] % 8;
        assert_true(when->at_ns >= 1000000000);
        assert_int_equal(lasts, when->for_ns > 0);
        assert_true(when->for_ns <= 80000000);
        assert_true(!lasts || when->for_ns >= 20000000);
        if (i > 0) /* one at a time, with some quiet behind it */
            assert_true(when->at_ns >=
                        faults[i - 1].when.at_ns + faults[i - 1].when.for_ns + 49000000);
        assert_int_equal(faults[i].is_expected, i == 0);
        text_appendf(&all, "%s\n", text);
        free(text);
    }
    scenario_faults_free(faults, count);
    copy = strdup(text_string(&all));
    text_release(&all);
    *ret_words = kinds;
    return copy;
}

static void equal_seeds_draw_equal_faults_and_swarms_differ(void **state)
{
    struct scenario *scenario = load(CHAOS);
    size_t words = 0, seen[9] = {0};
    char *first = draw(&scenario->chaoses[0], 1, &words);
    char *again = draw(&scenario->chaoses[0], 1, &words);
    char *other = draw(&scenario->chaoses[0], 2, &words);
    size_t distinct = 0;

    (void)state;
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(again);
    free(other);
    for (uint64_t seed = 0; seed < 40; seed++) {
        free(draw(&scenario->chaoses[0], seed, &words));
        seen[words % 9] = 1;
    }
    for (size_t i = 0; i < 9; i++)
        distinct += seen[i];
    assert_true(distinct > 2); /* different parts of the menu */
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_says_when_and_what),
        cmocka_unit_test(a_fault_is_written_as_one_line_that_loads_to_the_same),
        cmocka_unit_test(one_fault_can_wait_for_another),
        cmocka_unit_test(equal_seeds_draw_equal_faults_and_swarms_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
