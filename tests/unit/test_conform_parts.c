/* test_conform_parts.c: facts of two profiles, steps looked at from outside, and a server driven.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/conform_facts.h"
#include "run/conform_steps.h"
#include "support/conform_suite.h"

/* --- Facts ----------------------------------------------------------------------------------- */

static void facts_of_the_adapter_and_on_file_are_one(void **state)
{
    static const struct {
        const char *wanted;
        bool holds;
    } cases[] = {
        {"trims", true},
        {"retry_budget", false}, /* on file: no */
        {"redelivery_time_ms", true},
        {"redelivery_time_ms=9", true},
        {"redelivery_time_ms=4000", false},
        {"block_cap_ms", false},
        {"in_process", true},
        {"dlq_populated_by=broker", true},
        {"dlq_populated_by=caller", false},
        {"dlq_populated_by", true},
        {"moon", false},
    };
    const struct adapter_profile profile = {
        .redelivery_time_ms = 4000, .retry_budget = 1, .trims = 1, .dlq_populated_by = "broker"};
    char time[] = "redelivery_time_ms", nine[] = "9", budget[] = "retry_budget", no[] = "false";
    struct clause_fact written[] = {{time, nine}, {budget, no}};
    const struct clause_profile on_file = {.facts = written, .fact_count = 2};
    struct conform_facts facts;
    struct adapter_profile merged = conform_profile(&profile, &on_file);

    (void)state;
    conform_facts_read(&facts, registry_find("inline", NULL), &profile, &on_file);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        if (conform_fact_holds(&facts, cases[i].wanted) != cases[i].holds)
            fail_msg("%s", cases[i].wanted);
    assert_string_equal(conform_fact(&facts, "block_cap_ms"), "");
    assert_int_equal(merged.redelivery_time_ms, 9);
    assert_int_equal(merged.retry_budget, 0);
    assert_int_equal(merged.trims, 1);
    assert_int_equal(conform_profile(NULL, NULL).trims, 0);
}

/* --- Steps ----------------------------------------------------------------------------------- */

static void steps_are_searched_at_every_depth(void **state)
{
    struct clauses clauses =
        suite_read("clause: X-1\nsays: x\nsteps:\n"
                   "  - publish: {stream: s, message: {data_reset: 1, server: kill}}\n"
                   "  - parallel:\n"
                   "      - - repeat: {times: 2, steps: [{tamper: {verb: wipe, stream: s}}]}\n"
                   "      - - server: kill\n"
                   "        - wait: 300ms\n"
                   "        - server: restart\n");
    const struct tree *steps = &clauses.items[0].steps;

    (void)state;
    assert_true(conform_steps_use(steps, "tamper"));
    assert_true(conform_steps_use(steps, "server"));
    assert_true(conform_steps_use(steps, "publish"));
    assert_false(conform_steps_use(steps, "data_reset"));
    assert_string_equal(conform_steps_verb(steps, 0), "kill");
    assert_string_equal(conform_steps_verb(steps, 1), "restart");
    assert_null(conform_steps_verb(steps, 2));
    clauses_release(&clauses);
}

static void the_shortest_time_decides_how_quiet_it_must_be(void **state)
{
    static const struct {
        const char *steps;
        uint64_t ns;
    } cases[] = {
        {"[{ping: {}}]", 0},
        {"[{wait: 300ms}]", 300000000},
        {"[{wait: 300ms}, {ping: {within: 2s}}, {wait: 40ms}]", 40000000},
        {"[{ping: {took: {min: 380ms, max: 700ms}}}]", 320000000},
        {"[{ping: {took: {max: 100ms}}}]", 100000000},
        {"[{parallel: [[{wait: 1s}], [{ping: {never: 90ms}}]]}]", 90000000},
        {"[{repeat: {for: 2s, every: 20ms, steps: [{ping: {}}]}}]", 20000000},
        {"[{wait: \"${limit}ms\"}]", 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text text = {0};
        struct clauses clauses;

        text_appendf(&text, "clause: X-1\nsays: x\nsteps: %s\n", cases[i].steps);
        clauses = suite_read(text_string(&text));
        assert_int_equal(conform_steps_shortest_ns(&clauses.items[0].steps), cases[i].ns);
        clauses_release(&clauses);
        text_release(&text);
    }
}

static void raw_calls_are_taken_away_and_raw_texts_stay(void **state)
{
    struct clauses clauses = suite_read("clause: X-1\nsays: x\nsteps:\n"
                                        "  - ack: {stream: s, raw: true, id: x}\n"
                                        "  - tamper: {verb: put_raw, stream: s, raw: \"true\"}\n");
    struct tree *steps = &clauses.items[0].steps;

    (void)state;
    conform_steps_gate(steps);
    assert_null(tree_get(&steps->children[0].children[0], "raw"));
    assert_string_equal(tree_text(&steps->children[0].children[0], "id"), "x");
    assert_string_equal(tree_text(&steps->children[1].children[0], "raw"), "true");
    clauses_release(&clauses);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_of_the_adapter_and_on_file_are_one),
        cmocka_unit_test(steps_are_searched_at_every_depth),
        cmocka_unit_test(the_shortest_time_decides_how_quiet_it_must_be),
        cmocka_unit_test(raw_calls_are_taken_away_and_raw_texts_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
