/* test_text.c: growing text, JSON strings, copies that fit, and the nearest word. */
#include "base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "support/unit.h"

static void is_empty_text_before_the_first_append(void **state)
{
    struct text text = {0};

    (void)state;
    assert_string_equal(text_string(&text), "");
    text_clear(&text);
    text_release(&text);
    text_release(NULL);
}

static void grows_as_it_is_appended_to(void **state)
{
    struct text text = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        text_appendf(&text, "%d,", i);
    assert_int_equal(text.size, 10 * 2 + 90 * 3 + 900 * 4);
    assert_int_equal(strlen(text_string(&text)), text.size);
    assert_memory_equal(text.data, "0,1,2,", 6);
    assert_string_equal(text.data + text.size - 8, "998,999,");
    text_release(&text);
}

static void formats_what_is_longer_than_its_memory(void **state)
{
    char word[5000];
    struct text text = {0};

    (void)state;
    memset(word, 'w', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    text_append_string(&text, "<");
    text_appendf(&text, "%s>", word);
    assert_int_equal(text.size, sizeof(word) + 1);
    assert_int_equal(text.data[text.size - 1], '>');
    text_release(&text);
}

static void keeps_bytes_that_are_not_text(void **state)
{
    struct text text = {0};

    (void)state;
    text_append(&text, "a\0b", 3);
    text_append(&text, NULL, 0);
    assert_int_equal(text.size, 3);
    assert_memory_equal(text.data, "a\0b", 4);
    text_clear(&text);
    assert_string_equal(text_string(&text), "");
    text_release(&text);
}

static void writes_any_bytes_as_a_json_string(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *json;
    } CASES[] = {
        {"", 0, "\"\""},
        {"plain", 5, "\"plain\""},
        {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
        {"\0\x1f\x7f", 3, "\"\\u0000\\u001f\\u007f\""},
        {"\xC3\xA4", 2, "\"\xC3\xA4\""},
        {"\xF0\x9F\x98\x80!", 5, "\"\xF0\x9F\x98\x80!\""},
        {"\xFF", 1, "\"\xEF\xBF\xBD\""},
        {"\xC3", 1, "\"\xEF\xBF\xBD\""},                 /* cut short */
        {"\xC0\xAF", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* overlong */
        {"\xE0\x9F\xBF", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* surrogate */
        {"\xF4\x90\x80\x80", 4, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xE2\x82z", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBDz\""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct text text = {0};

        text_append_json(&text, CASES[i].bytes, CASES[i].size);
        assert_string_equal(text_string(&text), CASES[i].json);
        text_release(&text);
    }
}

static void a_json_reader_reads_every_pair_of_bytes(void **state)
{
    struct text text = {0};

    (void)state;
    for (unsigned pair = 0; pair < 0x10000; pair += 7) {
        const char bytes[2] = {(char)(pair >> 8), (char)pair};
        json_t *value;

        text_clear(&text);
        text_append_json(&text, bytes, sizeof(bytes));
        value = json_loadb(text.data, text.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(value);
        json_decref(value);
    }
    text_release(&text);
}

static void copies_what_fits(void **state)
{
    char target[4] = "zzz";

    (void)state;
    text_copy(target, 0, "abc");
    assert_string_equal(target, "zzz");
    text_copy(target, sizeof(target), "abc");
    assert_string_equal(target, "abc");
    text_copy(target, sizeof(target), "abcd");
    assert_string_equal(target, "abc");
    text_copy(target, sizeof(target), "");
    assert_string_equal(target, "");
}

static void finds_the_word_that_was_meant(void **state)
{
    static const char *const WORDS[] = {"members", "member", "batch", "rate", "ack", "streams"};
    static const struct {
        const char *word, *meant;
    } CASES[] = {
        {"membres", "members"}, {"memebrs", "members"},
        {"membr", "member"},    {"bacth", "batch"},
        {"strems", "streams"},  {"rat", "rate"},
        {"akc", "ack"},         {"", NULL},
        {"payload", NULL},      {"x", NULL},
        {"zzzzzzz", NULL},      {"rates", "rate"},
        {"members", "members"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        const char *nearest = text_nearest(CASES[i].word, WORDS, ARRAY_SIZE(WORDS));

        if (CASES[i].meant && nearest)
            assert_string_equal(nearest, CASES[i].meant);
        else
            assert_ptr_equal(nearest, CASES[i].meant);
    }
    assert_null(text_nearest("word", NULL, 0));
}

static void words_of_any_length_are_compared(void **state)
{
    char long_word[500];
    const char *const words[] = {long_word, "batch"};

    (void)state;
    memset(long_word, 'b', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    assert_string_equal(text_nearest("batc", words, ARRAY_SIZE(words)), "batch");
    assert_null(text_nearest(long_word, words + 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_empty_text_before_the_first_append),
        cmocka_unit_test(grows_as_it_is_appended_to),
        cmocka_unit_test(formats_what_is_longer_than_its_memory),
        cmocka_unit_test(keeps_bytes_that_are_not_text),
        cmocka_unit_test(writes_any_bytes_as_a_json_string),
        cmocka_unit_test(a_json_reader_reads_every_pair_of_bytes),
        cmocka_unit_test(copies_what_fits),
        cmocka_unit_test(finds_the_word_that_was_meant),
        cmocka_unit_test(words_of_any_length_are_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
