/* test_stdio_json.c: lines of JSON as tokens; what is none is refused with what was expected. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/json.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"

static int read_text(struct stdio_json *json, const char *text, char **ret_copy)
{
    *ret_copy = memory_string(text);
    return stdio_json_read(json, *ret_copy, strlen(text));
}

static void members_and_elements_are_found(void **state)
{
    struct stdio_json json = {0};
    char *copy;
    int64_t number = 0;

    (void)state;
    assert_int_equal(
        read_text(&json, " {\"id\": -12, \"list\": [[1], \"b\"], \"in\": {\"id\": true}} ", &copy),
        0);
    struct stdio_token *root = stdio_json_root(&json);
    assert_true(stdio_json_integer(&json, stdio_json_get(&json, root, "id"), &number));
    assert_int_equal(number, -12);
    struct stdio_token *list = stdio_json_get(&json, root, "list");
    assert_int_equal(list->count, 2);
    struct stdio_token *second = stdio_json_after(&json, stdio_json_first(&json, list));
    assert_true(stdio_json_is(&json, second, "b"));
    struct stdio_token *inner = stdio_json_get(&json, stdio_json_get(&json, root, "in"), "id");
    assert_true(stdio_json_integer(&json, inner, &number));
    assert_int_equal(number, 1);
    assert_null(stdio_json_get(&json, root, "nothing"));
    assert_null(stdio_json_get(&json, list, "id"));
    struct adapter_text raw = stdio_json_raw(&json, list);
    assert_int_equal(raw.size, strlen("[[1], \"b\"]"));
    stdio_json_release(&json);
    free(copy);
}

static void strings_are_unescaped(void **state)
{
    static const struct {
        const char *line, *text;
        size_t size;
    } cases[] = {
        {"\"\"", "", 0},
        {"\"plain\"", "plain", 5},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
        {"\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10},
        {"\"a\\u0000b\"", "a\0b", 3},
        {"\"\xF0\x9F\x98\x80 \\\"\"", "\xF0\x9F\x98\x80 \"", 6},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stdio_json json = {0};
        char *copy;

        assert_int_equal(read_text(&json, cases[i].line, &copy), 0);
        for (int twice = 0; twice < 2; twice++) {
            struct adapter_text text = stdio_json_text(&json, stdio_json_root(&json));

            assert_int_equal(text.size, cases[i].size);
            assert_memory_equal(text.data, cases[i].text, text.size);
        }
        stdio_json_release(&json);
        free(copy);
    }
}

static void what_is_no_json_is_refused_with_what_was_expected(void **state)
{
    static const struct {
        const char *line, *wrong;
        size_t at;
    } cases[] = {
        {"", "a value", 0},
        {"hello", "a value", 0},
        {"{\"id\":1", "a comma or a closing brace", 7},
        {"{\"id\" 1}", "a colon after the key", 6},
        {"{id:1}", "a key in quotes", 1},
        {"[1,]", "a value", 3},
        {"{\"a\":1,}", "a key in quotes", 7},
        {"{} {}", "the end of the line", 3},
        {"01", "the end of the line", 1},
        {"1.", "digits after the point", 2},
        {"1e", "digits of the exponent", 2},
        {"NaN", "a value", 0},
        {"\"a", "the end of the string", 2},
        {"\"a\tb\"", "\\u and four digits for a control character", 2},
        {"\"\\x\"", "one of \" \\ / b f n r t u after a backslash", 2},
        {"\"\\u12g4\"", "four hexadecimal digits after \\u", 3},
        {"\"\\ud800\"", "the second half of a character after its first", 3},
        {"\"\\udc00\"", "a character, not the second half of one", 3},
        {"\"\xFF\"", "UTF-8", 1},
        {"\"\xC0\x80\"", "UTF-8", 1},
        {"\"\xED\xA0\x80\"", "UTF-8", 1},
        {"\"\xE2\x82\"", "UTF-8", 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stdio_json json = {0};
        char *copy;

        assert_int_equal(read_text(&json, cases[i].line, &copy), -1);
        assert_string_equal(json.wrong, cases[i].wrong);
        assert_int_equal(json.wrong_at, cases[i].at);
        stdio_json_release(&json);
        free(copy);
    }
}

static void depth_has_an_end(void **state)
{
    struct stdio_json json = {0};
    char deep[1001];

    (void)state;
    memset(deep, '[', 1000);
    assert_int_equal(stdio_json_read(&json, deep, 1000), -1);
    assert_string_equal(json.wrong, "less depth");
    stdio_json_release(&json);
}

/* What is written is read back, byte for byte. */
static void bytes_survive_the_way_there_and_back(void **state)
{
    static const struct adapter_text cases[] = {
        {"", 0},
        {"{\"n\": \"\\u00e9\"}", 15},
        {"a\0\x01\x1f\"\\\n", 7},
        {"\xC3\xA9\xF0\x9F\x98\x80\xEF\xBF\xBD", 9},
        {"\xFF", 1},
        {"\xFF\xFE", 2},
        {"abc\xFF\xEF\xBF\xBD", 7},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stdio_json json = {0};
        struct text line = {0};

        stdio_write_bytes(&line, cases[i].data, cases[i].size);
        assert_int_equal(stdio_json_read(&json, line.data, line.size), 0);
        struct stdio_token *root = stdio_json_root(&json);
        struct stdio_token *digits = stdio_json_get(&json, root, "base64");
        struct adapter_text text = stdio_json_text(&json, digits ? digits : root);
        if (digits)
            text.size = (size_t)stdio_base64_decode(line.data + (text.data - line.data), text.size);
        assert_int_equal(text.size, cases[i].size);
        assert_memory_equal(text.data, cases[i].data, text.size);
        stdio_json_release(&json);
        text_release(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_elements_are_found),
        cmocka_unit_test(strings_are_unescaped),
        cmocka_unit_test(what_is_no_json_is_refused_with_what_was_expected),
        cmocka_unit_test(depth_has_an_end),
        cmocka_unit_test(bytes_survive_the_way_there_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
