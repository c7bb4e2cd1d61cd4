/* test_script_expect.c: every matcher holds where it should, and fails where it should. */
#include "support/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "actors/script_expect.h"
#include "actors/value_json.h"
#include "support/script_stage.h"

struct row {
    const char *expectation; /* YAML */
    const char *answer;      /* JSON */
    const char *why;         /* NULL: it holds; otherwise a part of what is said */
};

/* Asks with $m = {"id": "1-0", "payload": {"n": 1}} and $all = [1, 2, 3] in sight. */
static void bind(struct scope *scope)
{
    static const char message[] = "{\"id\":\"1-0\",\"payload\":{\"n\":1}}";
    struct value *m = value_parse(message, strlen(message));

    m->role = VALUE_MESSAGE;
    scope_bind(scope, "m", m);
    scope_bind(scope, "all", value_parse("[1,2,3]", 7));
}

/* As the one item of a list: a document cannot be null. */
static void parse_expectation(const char *yaml, struct tree *ret_list)
{
    struct text text = {0};

    text_appendf(&text, "[%s]", yaml);
    stage_parse(text_string(&text), ret_list);
    text_release(&text);
}

static void ask_row(const struct row *row)
{
    struct scope scope = {0};
    struct script_ask ask = {.sight = {&scope, "run:"}};
    struct value *answer = value_parse(row->answer, strlen(row->answer));
    struct tree tree;
    bool holds;

    assert_non_null(answer);
    bind(&scope);
    if (value_get(answer, "outcome"))
        answer->role = VALUE_ERROR;
    parse_expectation(row->expectation, &tree);
    holds = script_expect(&ask, tree.children, answer);
    if (ask.is_broken)
        fail_msg("%s: %s", row->expectation, ask.error.message);
    if (holds != !row->why || (row->why && !strstr(text_string(&ask.why), row->why)))
        fail_msg("%s on %s: %s, %s", row->expectation, row->answer, holds ? "holds" : "fails",
                 text_string(&ask.why));
    if (holds && ask.why.size > 0)
        fail_msg("%s holds and says '%s'", row->expectation, text_string(&ask.why));
    tree_release(&tree);
    script_ask_release(&ask);
    scope_release(&scope);
    value_drop(answer);
}

#define CONNECTION "{\"error\":\"connection\",\"outcome\":\"unknown\",\"detail\":\"reset\"}"

static const struct row rows[] = {
    /* literals */
    {"1", "1", NULL},
    {"1", "1.0", "expected 1"},
    {"'1'", "\"1\"", NULL},
    {"'1'", "1", "expected \"1\""},
    {"true", "true", NULL},
    {"'true'", "true", "expected \"true\""},
    {"null", "null", NULL},
    {"null", "[]", "expected null"},
    {"[]", "[]", NULL},
    {"[1, two]", "[1,\"two\"]", NULL},
    {"[1, 2]", "[2,1]", "[0] is 2, expected 1"},
    {"{a: 1, b: {c: [x]}}", "{\"b\":{\"c\":[\"x\"]},\"a\":1}", NULL},
    {"{a: 1, b: {c: [x]}}", "{\"b\":{\"c\":[\"y\"]},\"a\":1}", "b.c[0] is \"y\", expected \"x\""},
    {"$m", "{\"id\":\"1-0\",\"payload\":{\"n\":1}}", NULL},
    {"$m", "{\"id\":\"1-0\",\"payload\":{\"n\":2}}", "payload.n is 2, expected 1"},
    {"$m.id", "\"1-0\"", NULL},
    {"$m.payload.n", "2", "expected 1"},
    {"'$all[1]'", "2", NULL},
    {"'$all[-1]'", "3", NULL},
    {"[$m.id, $all]", "[\"1-0\",[1,2,3]]", NULL},
    {"any", "null", NULL},
    {"any", CONNECTION, "expected no error"},
    {"{prefixed: s}", "\"run:s\"", NULL},
    {"{prefixed: '{s}:dlq'}", "\"run:s:dlq\"", NULL},
    /* equal */
    {"{equal: {count: 3}}", "{\"count\":3}", NULL},
    {"{equal: {count: 3}}", "[1,2,3]", "expected {\"count\": 3}"},
    /* set, subset_of, prefix_of, subsequence_of */
    {"{set: [3, 1, 2]}", "[1,2,3]", NULL},
    {"{set: $all}", "[1,3,2]", NULL},
    {"{set: [1, 1, 2]}", "[1,2,2]", "1 missing: 1, 1 too many: 2"},
    {"{set: [1]}", "null", "expected a list, got null"},
    {"{subset_of: $all}", "[3,1]", NULL},
    {"{subset_of: $all}", "[]", NULL},
    {"{subset_of: $all}", "[3,3]", "1 too many: 3"},
    {"{prefix_of: $all}", "[1,2]", NULL},
    {"{prefix_of: $all}", "[2]", "at [0]: it is 2, expected 1"},
    {"{prefix_of: $all}", "[1,2,3,4]", "at most 3 items, got 4"},
    {"{subsequence_of: $all}", "[1,3]", NULL},
    {"{subsequence_of: $all}", "[3,1]", "[1] is not: 1"},
    /* contains */
    {"{contains: 2}", "[1,2]", NULL},
    {"{contains: 4}", "[1,2]", "expected 4 among its 2 items"},
    {"{contains: {fields: {n: 1}}}", "[{\"n\":2},{\"n\":1}]", NULL},
    {"{contains: {fields: {n: 3}}}", "[{\"n\":2},{\"n\":1}]", "none of its 2 items"},
    {"{contains: out}", "\"timeout\"", NULL},
    {"{contains: in}", "\"timeout\"", "a text with \"in\" in it"},
    /* numbers */
    {"{count: 3}", "[1,2,3]", NULL},
    {"{count: 3}", "[1,2]", "2 items, expected 3"},
    {"{count: {at_least: 1}}", "[1]", NULL},
    {"{count: 1}", "7", "something to count, got 7"},
    {"{at_least: 3}", "3", NULL},
    {"{at_least: 3}", "2", "at least 3, got 2"},
    {"{at_least: 2}", "[1,2]", NULL},
    {"{at_least: 3}", "[1,2]", "at least 3 items, got 2"},
    {"{at_least: 1}", "\"x\"", "at least 1, got \"x\""},
    {"{at_most: 3}", "3", NULL},
    {"{at_most: 3}", "3.5", "at most 3, got 3.5"},
    {"{between: [1, 3]}", "3", NULL},
    {"{between: [1, 3]}", "0", "at least 1, got 0"},
    {"{between: [1, 3]}", "4", "at most 3, got 4"},
    {"{at_least: 3, at_most: 5}", "4", NULL},
    {"{at_least: 3, at_most: 5}", "6", "at most 5"},
    /* combinations */
    {"{one_of: [1, {type: list}]}", "[]", NULL},
    {"{one_of: [1, {type: list}]}", "2", "expected 1; or expected the type list, got 2"},
    {"{not: 1}", "2", NULL},
    {"{not: 1}", "1", "anything but that, got 1"},
    {"{not: {contains: 1}}", "[2]", NULL},
    {"{not: 1}", CONNECTION, "expected no error"},
    {"{all: [{at_least: 1}, {at_most: 2}]}", "2", NULL},
    {"{all: [{at_least: 1}, {at_most: 2}]}", "3", "at most 2"},
    {"{each: {at_least: 2}}", "[2,3]", NULL},
    {"{each: {at_least: 2}}", "[2,1]", "[1]: expected at least 2, got 1"},
    {"{each: 1}", "[]", NULL},
    {"{first: 1}", "[1,2]", NULL},
    {"{first: 1}", "[2,1]", "[0]: expected 1"},
    {"{first: 1}", "[]", "at least one item"},
    {"{last: 2}", "[1,2]", NULL},
    {"{last: 2}", "[2,1]", "[1]: expected 2"},
    {"{last: 2}", "[]", "at least one item"},
    {"{fields: {a.b: 1, c: {empty: true}}}", "{\"a\":{\"b\":1},\"x\":2}", NULL},
    {"{fields: {a.b: 1}}", "{\"a\":{\"b\":2}}", "a.b: expected 1"},
    {"{fields: {'{s}.n': 1}}", "{\"run:s\":{\"n\":1}}", NULL},
    {"{fields: {'{s}.n': 1}}", "{\"s\":{\"n\":1}}", "{s}.n: expected 1"},
    /* kinds */
    {"{empty: true}", "{}", NULL},
    {"{empty: true}", "\"\"", NULL},
    {"{empty: true}", "0", "nothing, got 0"},
    {"{empty: false}", "[0]", NULL},
    {"{empty: false}", "null", "something, got null"},
    {"{type: string}", "\"\"", NULL},
    {"{type: string}", "1", "the type string, got 1"},
    {"{type: integer}", "123456789012345678901", NULL},
    {"{type: integer}", "1.0", "the type integer"},
    {"{type: [number, 'null']}", "null", NULL},
    {"{type: [number, 'null']}", "true", "number or null, got true"},
    {"{type: object}", "{}", NULL},
    {"{type: list}", "{}", "the type list"},
    {"{type: boolean}", "false", NULL},
    {"{matches_start: run}", "\"run:1\"", NULL},
    {"{matches_start: run}", "\"ru\"", "begins with \"run\""},
    /* errors */
    {"{error: connection}", CONNECTION, NULL},
    {"{error: any}", CONNECTION, NULL},
    {"{error: [validation, connection]}", CONNECTION, NULL},
    {"{error: validation}", CONNECTION, "an error of kind validation"},
    {"{error: any}", "null", "an error of kind any, got null"},
    {"{outcome: unknown}", CONNECTION, NULL},
    {"{outcome: refused}", CONNECTION, "outcome refused"},
    {"{outcome: [refused, unknown]}", CONNECTION, NULL},
    {"{one_of: [true, {error: connection}]}", CONNECTION, NULL},
    {"{error: any, fields: {detail: {contains: res}}}", CONNECTION, NULL},
    {"{fields: {detail: reset}}", CONNECTION, "expected no error"},
    /* sequences */
    {"{distinct: true}", "[1,2]", NULL},
    {"{distinct: true}", "[1,2,1]", "1 repeated: 1"},
    {"{distinct: id}", "[{\"id\":1,\"n\":1},{\"id\":2,\"n\":1}]", NULL},
    {"{distinct: n}", "[{\"id\":1,\"n\":1},{\"id\":2,\"n\":1}]", "1 repeated: 1"},
    {"{increasing: true}", "[1,2,10]", NULL},
    {"{increasing: true}", "[1,1]", "[0] is 1, [1] is 1"},
    {"{increasing: true}", "[\"9-1\",\"10-0\"]", NULL},
    {"{increasing: a.n}", "[{\"a\":{\"n\":2}},{\"a\":{\"n\":1}}]", "[0] is 2, [1] is 1"},
    {"{increasing: true}", "[1,null]", "increasing items"},
};

static void matchers_hold_and_fail_as_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        ask_row(&rows[i]);
}

/* A matcher that cannot fail proves nothing, and one that cannot hold is of no use. */
static void every_matcher_is_seen_to_hold_and_to_fail(void **state)
{
    const struct script_matcher *matcher;

    (void)state;
    for (size_t m = 0; (matcher = script_matcher_at(m)) != NULL; m++) {
        size_t hold_count = 0, fail_count = 0;
        char word[40];

        (void)snprintf(word, sizeof(word), "{%s:", matcher->name);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
            bool is_about = strncmp(rows[i].expectation, word, strlen(word)) == 0;

            hold_count += is_about && !rows[i].why;
            fail_count += is_about && rows[i].why;
        }
        if (hold_count == 0 || fail_count == 0)
            fail_msg("%s: %zu rows hold, %zu fail", matcher->name, hold_count, fail_count);
    }
}

static void expectations_without_sense_are_broken_and_not_failed(void **state)
{
    static const struct {
        const char *expectation, *answer, *message;
    } broken[] = {
        {"$nobody", "1", "$nobody has no value here"},
        {"{set: 3}", "[]", "set wants a list"},
        {"{between: [1]}", "1", "between wants two numbers"},
        {"{at_least: x}", "1", "at_least wants numbers"},
        {"{empty: maybe}", "1", "empty is true or false"},
        {"{increasing: [a]}", "[]", "increasing wants true, or a path"},
        {"{distinct: 'a['}", "[{}]", "is no path"},
        {"{fields: {'a[': 1}}", "{}", "is no path"},
        {"{not: $nobody}", "1", "$nobody has no value here"},
        {"{one_of: [$nobody]}", "1", "$nobody has no value here"},
        {"{contains: $nobody}", "[1]", "$nobody has no value here"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        struct scope scope = {0};
        struct script_ask ask = {.sight = {&scope, ""}};
        struct value *answer = value_parse(broken[i].answer, strlen(broken[i].answer));
        struct tree tree;

        parse_expectation(broken[i].expectation, &tree);
        assert_false(script_expect(&ask, tree.children, answer));
        if (!ask.is_broken || !strstr(ask.error.message, broken[i].message))
            fail_msg("%s: %s", broken[i].expectation, ask.error.message);
        tree_release(&tree);
        script_ask_release(&ask);
        value_drop(answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matchers_hold_and_fail_as_they_say),
        cmocka_unit_test(every_matcher_is_seen_to_hold_and_to_fail),
        cmocka_unit_test(expectations_without_sense_are_broken_and_not_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
