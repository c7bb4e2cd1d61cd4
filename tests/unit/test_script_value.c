/* test_script_value.c: JSON values: reading, writing, comparing, following paths. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "actors/value.h"
#include "actors/value_compare.h"
#include "actors/value_json.h"
#include "actors/value_path.h"
#include "base/memory.h"

static struct value *parse(const char *text)
{
    struct value *value = value_parse(text, strlen(text));

    if (!value)
        fail_msg("'%s' was not read", text);
    return value;
}

static void assert_written(const struct value *value, const char *expected)
{
    struct text text = {0};

    value_write(&text, value);
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

/* --- Reading and writing --------------------------------------------------------------------- */

static void what_is_read_is_written_with_every_digit(void **state)
{
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"null", "null"},
        {" true ", "true"},
        {"false", "false"},
        {"0", "0"},
        {"-0.0", "-0.0"},
        {"9007199254740993", "9007199254740993"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"1e308", "1e308"},
        {"5e-324", "5e-324"},
        {"1.0E+2", "1.0E+2"},
        {"\"\"", "\"\""},
        {"\"a\\u0000b\"", "\"a\\u0000b\""},
        {"\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\""},
        {"\"\\u00e9 \\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\xC3\xA9 \\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[1,[2,{\"a\":[]}]]", "[1, [2, {\"a\": []}]]"},
        {"{\"b\":1,\"a\":{\"\":null}}", "{\"b\": 1, \"a\": {\"\": null}}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *value = parse(rows[i].text);

        assert_written(value, rows[i].written);
        value_drop(value);
    }
}

static void what_is_no_json_is_refused(void **state)
{
    static const char *const rows[] = {
        "",       " ",       "nul",      "nulll", "tru",      "01",        "1.",       ".5",
        "+1",     "1e",      "-",        "NaN",   "Infinity", "'a'",       "\"a",      "\"\\x\"",
        "\"\n\"", "\"\\u12", "[1,]",     "[1 2]", "[",        "{\"a\"}",   "{\"a\":}", "{a:1}",
        "{,}",    "1 2",     "{\"a\":1", "[1]]",  "\"\\",     "{\"a\" 1}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *value = value_parse(rows[i], strlen(rows[i]));

        if (value)
            fail_msg("'%s' was read", rows[i]);
    }
    assert_null(value_parse(NULL, 0));
}

static char *nest(size_t depth)
{
    char *text = memory_new(depth * 2 + 1, 1);

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return text;
}

static void depth_has_an_end(void **state)
{
    char *deep = nest(1000), *deeper = nest(100000);
    struct value *value = value_parse(deep, strlen(deep));

    (void)state;
    assert_non_null(value);
    assert_null(value_parse(deeper, strlen(deeper)));
    value_drop(value);
    free(deep);
    free(deeper);
}

static void a_large_string_survives(void **state)
{
    size_t size = 4u << 20;
    char *bytes = memory_new(size, 1);
    struct text text = {0};
    struct value *value, *again;

    (void)state;
    memset(bytes, 'x', size);
    bytes[77] = '\0';
    value = value_string(bytes, size);
    value_write(&text, value);
    again = value_parse(text.data, text.size);
    assert_true(value_equal(value, again));
    text_release(&text);
    value_drop(again);
    value_drop(value);
    free(bytes);
}

static void showing_is_short_and_never_cuts_a_character(void **state)
{
    struct value *value = parse("{\"name\": \"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\", \"n\": 1}");
    struct text text = {0};

    (void)state;
    value_show(&text, value, 100);
    assert_string_equal(text_string(&text),
                        "{\"name\": \"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\", \"n\": 1}");
    for (size_t limit = 1; limit < 20; limit++) {
        struct text quoted = {0};

        text_clear(&text);
        value_show(&text, value, limit);
        assert_true(text.size <= limit + 3);
        assert_string_equal(text_string(&text) + text.size - 3, "...");
        text_append_json(&quoted, text.data, text.size); /* U+FFFD for what is no UTF-8 */
        assert_null(strstr(text_string(&quoted), "\xEF\xBF\xBD"));
        text_release(&quoted);
    }
    text_release(&text);
    value_drop(value);
}

/* --- Comparing ------------------------------------------------------------------------------- */

static void equality_looks_at_values_and_not_at_their_layout(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_equal;
    } rows[] = {
        {"{\"a\":1,\"b\":2}", "{ \"b\" : 2, \"a\" : 1 }", true},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"1", "1.0", false},
        {"1", "\"1\"", false},
        {"0", "-0.0", false},
        {"9007199254740993", "9007199254740992", false},
        {"[1,2]", "[2,1]", false},
        {"[1,2]", "[1,2]", true},
        {"[]", "{}", false},
        {"null", "false", false},
        {"\"a\\u0000b\"", "\"a\\u0000c\"", false},
        {"\"\\u00e9\"", "\"\xC3\xA9\"", true},
        {"{\"x\":{\"b\":[{}],\"a\":1}}", "{\"x\":{\"a\":1,\"b\":[{}]}}", true},
        {"{\"x\":{\"b\":[{}],\"a\":1}}", "{\"x\":{\"a\":1,\"b\":[[]]}}", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *a = parse(rows[i].a), *b = parse(rows[i].b);

        if (value_equal(a, b) != rows[i].is_equal || value_equal(b, a) != rows[i].is_equal)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
        assert_int_equal(value_order(a, b) == 0, rows[i].is_equal);
        assert_true((value_order(a, b) < 0) == (value_order(b, a) > 0));
        value_drop(a);
        value_drop(b);
    }
}

static struct value *message(const char *text)
{
    struct value *value = parse(text);

    value->role = VALUE_MESSAGE;
    return value;
}

static void messages_are_compared_by_id_and_payload(void **state)
{
    struct value *published = message("{\"id\":\"1\",\"payload\":{}}");
    struct value *first = message("{\"id\":\"1\",\"payload\":{},\"attempt\":1}");
    struct value *second = message("{\"id\":\"1\",\"payload\":{},\"attempt\":2}");
    struct value *other = message("{\"id\":\"2\",\"payload\":{},\"attempt\":1}");
    struct value *short_form = parse("{\"id\":\"1\",\"payload\":{}}");
    struct value *named = parse("{\"id\":\"1\",\"payload\":{},\"attempt\":2}");

    (void)state;
    assert_true(value_equal(published, first));
    assert_true(value_equal(first, second));
    assert_false(value_equal(first, other));
    assert_true(value_equal(first, short_form));
    assert_true(value_equal(short_form, first));
    assert_true(value_equal(second, named));
    assert_false(value_equal(first, named));
    value_drop(published);
    value_drop(first);
    value_drop(second);
    value_drop(other);
    value_drop(short_form);
    value_drop(named);
}

static void sorting_brings_equal_items_together(void **state)
{
    struct value *list = parse("[3, {\"b\":1,\"a\":2}, \"x\", 3, {\"a\":2,\"b\":1}, \"x\", null]");
    struct value **sorted = value_sorted(list);
    size_t pairs = 0;

    (void)state;
    for (size_t i = 1; i < list->count; i++) {
        assert_true(value_order(sorted[i - 1], sorted[i]) <= 0);
        pairs += value_equal(sorted[i - 1], sorted[i]);
    }
    assert_int_equal(pairs, 3);
    free(sorted);
    value_drop(list);
}

static void the_first_difference_is_told_as_a_path(void **state)
{
    static const struct {
        const char *actual, *expected, *told;
    } rows[] = {
        {"1", "2", "it is 1, expected 2"},
        {"{\"a\":{\"b\":[1,2]}}", "{\"a\":{\"b\":[1,3]}}", "a.b[1] is 2, expected 3"},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", "b is missing, expected 2"},
        {"{\"a\":1,\"b\":2}", "{\"a\":1}", "b is 2, expected nothing there"},
        {"[1]", "[1,2]", "[1] is missing, expected 2 (1 items, expected 2)"},
        {"[1,2]", "[1]", "[1] is 2, expected nothing there (2 items, expected 1)"},
        {"{\"n\":1.0}", "{\"n\":1}", "n is 1.0, expected 1"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *actual = parse(rows[i].actual), *expected = parse(rows[i].expected);
        struct text text = {0};

        value_difference(&text, actual, expected);
        assert_string_equal(text_string(&text), rows[i].told);
        text_release(&text);
        value_drop(actual);
        value_drop(expected);
    }
}

static void ranks_are_those_of_a_reader(void **state)
{
    static const struct {
        const char *a, *b;
        int order; /* 9: cannot be compared */
    } rows[] = {
        {"1", "2", -1},
        {"10", "9", 1},
        {"1.5", "1", 1},
        {"-3", "2", -1},
        {"123456789012345678901", "123456789012345678902", -1},
        {"7", "7", 0},
        {"\"9-1\"", "\"10-0\"", -1},
        {"\"10-2\"", "\"10-10\"", -1},
        {"\"10-0\"", "\"10-0\"", 0},
        {"\"b\"", "\"a\"", 1},
        {"\"a\"", "1", 9},
        {"[]", "[]", 9},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *a = parse(rows[i].a), *b = parse(rows[i].b);
        int order = 9;

        if (value_rank(a, b, &order))
            order = (order > 0) - (order < 0);
        if (order != rows[i].order)
            fail_msg("%s and %s: %d", rows[i].a, rows[i].b, order);
        value_drop(a);
        value_drop(b);
    }
}

/* --- Paths ----------------------------------------------------------------------------------- */

static char *shout(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "{x.y}") == 0 ? memory_string("a.b") : memory_string(name);
}

static void paths_lead_into_values(void **state)
{
    static const struct {
        const char *path, *found; /* NULL: no path */
    } rows[] = {
        {"", "{\"list\": [{\"n\": 1}, {\"n\": 2}, {}], \"a.b\": {\"c\": true}}"},
        {"list[0].n", "1"},
        {".list[-2].n", "2"},
        {"list.n", "[1, 2, null]"},
        {"list[1:].n", "[2, null]"},
        {"list[:1]", "[{\"n\": 1}]"},
        {"list[0:-1].n", "[1, 2]"},
        {"list[7]", "null"},
        {"list[-7]", "null"},
        {"list[5:9]", "[]"},
        {"nothing.at.all", "null"},
        {"list[0][0]", "null"},
        {"{x.y}.c", "true"},
        {"list[", NULL},
        {"list[a]", NULL},
        {"list[0", NULL},
        {"..", NULL},
    };
    struct value *value = parse("{\"list\":[{\"n\":1},{\"n\":2},{}],\"a.b\":{\"c\":true}}");

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *found = value_follow(value, rows[i].path, shout, NULL);

        if (!rows[i].found)
            assert_null(found);
        else
            assert_written(found, rows[i].found);
        value_drop(found);
    }
    value_drop(value);
}

static void integers_are_told_from_other_numbers(void **state)
{
    static const struct {
        const char *text;
        bool is_integer;
        int64_t number;
    } rows[] = {
        {"7", true, 7},      {"-7", true, -7},
        {"7.0", false, 0},   {"1e3", false, 0},
        {"\"7\"", false, 0}, {"9223372036854775807", true, INT64_MAX},
        {"null", false, 0},  {"9223372036854775808", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct value *value = parse(rows[i].text);
        int64_t number = 0;

        assert_int_equal(value_to_integer(value, &number), rows[i].is_integer);
        assert_int_equal(number, rows[i].number);
        value_drop(value);
    }
    assert_false(value_to_integer(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_with_every_digit),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(depth_has_an_end),
        cmocka_unit_test(a_large_string_survives),
        cmocka_unit_test(showing_is_short_and_never_cuts_a_character),
        cmocka_unit_test(equality_looks_at_values_and_not_at_their_layout),
        cmocka_unit_test(messages_are_compared_by_id_and_payload),
        cmocka_unit_test(sorting_brings_equal_items_together),
        cmocka_unit_test(the_first_difference_is_told_as_a_path),
        cmocka_unit_test(ranks_are_those_of_a_reader),
        cmocka_unit_test(paths_lead_into_values),
        cmocka_unit_test(integers_are_told_from_other_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
