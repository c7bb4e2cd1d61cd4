/* test_json_scan.c: JSON read where it lies: what is well-formed, and members as text. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_members.h"
#include "base/json_scan.h"
#include "base/memory.h"

/* --- What is well-formed ---------------------------------------------------------------------- */

static void json_objects_are_told_from_everything_else(void **state)
{
    static const struct {
        const char *text;
        bool is_strict, is_python;
    } cases[] = {
        {"{}", true, true},
        {" { \"a\" : [ 1 , -0.5e+3 , { } , [ ] ] , \"b\" : \"\\u00e9\\n\" } ", true, true},
        {"{\"a\":123456789012345678901234567890}", true, true},
        {"{\"\xf0\x9f\x98\x80\":null,\"b\":true,\"c\":false}", true, true},
        {"{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity}", false, true},
        {"{\"a\":01}", false, false},
        {"{\"a\":1.}", false, false},
        {"{\"a\":.5}", false, false},
        {"{\"a\":1e}", false, false},
        {"{\"a\":-}", false, false},
        {"{\"a\":nul}", false, false},
        {"{\"a\":1,}", false, false},
        {"{,}", false, false},
        {"{\"a\" 1}", false, false},
        {"{\"a\":1]", false, false},
        {"{\"a\":[1}", false, false},
        {"{\"a\":1", false, false},
        {"{\"a\":\"\\x\"}", false, false},
        {"{\"a\":\"\\u12\"}", false, false},
        {"{\"a\":\"\n\"}", false, false},
        {"{\"a\":\"\xc0\x80\"}", false, false},
        {"{\"a\":\"\xed\xa0\x80\"}", false, false},
        {"{\"a\":\"\xe2\x82\"}", false, false},
        {"{\"a\":1}{}", false, false},
        {"[1]", false, false},
        {"\"x\"", false, false},
        {"null", false, false},
        {"", false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *text = cases[i].text;
        char *exact = malloc(strlen(text) + 1); /* reading past the end is seen */

        memcpy(exact, text, strlen(text) + 1);
        assert_int_equal(json_members_is_object(exact, strlen(text), 0), cases[i].is_strict);
        assert_int_equal(json_members_is_object(exact, strlen(text), JSON_SCAN_PYTHON),
                         cases[i].is_python);
        free(exact);
    }
}
/* Strings are passed eight bytes at a time: what ends them, or makes them wrong, is seen at every
   place and behind every byte. */
static void every_byte_is_seen_at_every_place(void **state)
{
    enum { SIZE_MAX_HERE = 20 };

    (void)state;
    for (size_t size = 1; size <= SIZE_MAX_HERE; size++)
        for (size_t place = 0; place < size; place++)
            for (unsigned byte = 0; byte < 256; byte++) {
                char *json = memory_new(size + 2, 1);
                struct json_scan scan = {.at = json, .end = json + size + 2};
                bool is_plain = byte >= 0x20 && byte < 0x80 && byte != '\\';

                memset(json, 'g', size + 2); /* no escape and no digit */
                json[0] = json[size + 1] = '"';
                json[1 + place] = (char)byte;
                assert_int_equal(json_scan_string(&scan), is_plain);
                if (byte == '"')
                    assert_ptr_equal(scan.at, json + place + 2);
                free(json);
            }
}

static void a_message_is_a_well_formed_object_with_a_member(void **state)
{
    static const struct {
        const char *json;
        bool expected;
    } cases[] = {
        {"{\"a\":1}", true},
        {" \t\r\n{ \"a\" : [ ] , \"b\" : { } } \n", true},
        {"{\"\":-0.0e-10,\"b\":[true,false,null,\"\\u00e4\\n\"]}", true},
        {"{\"a\":\"\xf4\x8f\xbf\xbf\xc3\xa4\"}", true},
        {"{}", false},
        {"", false},
        {"[]", false},
        {"{\"a\"}", false},
        {"{\"a\":1,}", false},
        {"{,\"a\":1}", false},
        {"{\"a\":[1,]}", false},
        {"{\"a\":[1}", false},
        {"{\"a\":{\"b\":1]}", false},
        {"{\"a\":1}}", false},
        {"{\"a\":+1}", false},
        {"{\"a\":1.}", false},
        {"{\"a\":.5}", false},
        {"{\"a\":1e}", false},
        {"{\"a\":-}", false},
        {"{\"a\":00}", false},
        {"{\"a\":NaN}", false},
        {"{\"a\":-Infinity}", false},
        {"{\"a\":True}", false},
        {"{\"a\":\"\\x\"}", false},
        {"{\"a\":\"\\u12g4\"}", false},
        {"{\"a\":\"\t\"}", false},
        {"{\"a\":\"}", false},
        {"{\"a\":\"\xc0\x80\"}", false},
        {"{\"a\":\"\xed\xa0\x80\"}", false},
        {"{\"a\":\"\xf4\x90\x80\x80\"}", false},
        {"{\"a\":\"\xc3\"}", false},
        {"{\"a\":\"\x80\"}", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        /* In memory that ends where the text ends, so that reading past it is noticed. */
        size_t size = strlen(cases[i].json);
        char *copy = memory_new(size, 1);

        memcpy(copy, cases[i].json, size);
        if (json_members_is_message(copy, size) != cases[i].expected)
            fail_msg("'%s' is judged wrongly", cases[i].json);
        for (size_t cut = 0; cases[i].expected && copy[0] == '{' && cut < size - 1; cut++)
            assert_false(json_members_is_message(copy, cut));
        free(copy);
    }
}

static void objects_nest_a_thousand_levels_and_no_more(void **state)
{
    char json[4096] = "{\"a\":";
    size_t size = 5;

    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        size_t depth = 999 + (size_t)extra;

        memset(json + size, '[', depth);
        json[size + depth] = '1';
        memset(json + size + depth + 1, ']', depth);
        json[size + 2 * depth + 1] = '}';
        assert_int_equal(json_members_is_message(json, size + 2 * depth + 2), !extra);
    }
}

static void a_member_is_taken_out_and_the_rest_keeps_its_text(void **state)
{
    static const struct {
        const char *json, *expected; /* NULL: there is no such member */
    } cases[] = {
        {"{\"k\": 1}", "{}"},
        {"{ \"k\": 1 }", "{ }"},
        {"{\"a\": 1.0, \"k\": {\"x\": [1, 2]}}", "{\"a\": 1.0}"},
        {"{\"k\": \"}\", \"b\": 2}", "{\"b\": 2}"},
        {"{\"a\":1,\"k\":2,\"b\":3}", "{\"a\":1,\"b\":3}"},
        {"{\"a\":1 , \"\\u006b\" : 2 , \"b\":3}", "{\"a\":1 , \"b\":3}"},
        {"{\"k\": 1, \"a\": 9007199254740993, \"k\": 2}", "{\"k\": 1, \"a\": 9007199254740993}"},
        {"{\"a\": {\"k\": 1}}", NULL},
        {"{\"kk\": 1, \"K\": 2, \"\": 3, \"\\n\": 4}", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct json_member member;
        struct text text = {0};
        size_t size = strlen(cases[i].json);
        bool found = json_members_find(cases[i].json, size, "k", &member);

        assert_int_equal(found, cases[i].expected != NULL);
        if (found) {
            json_members_without(&text, cases[i].json, size, &member);
            assert_string_equal(text_string(&text), cases[i].expected);
        }
        text_release(&text);
    }
}

static void a_member_that_was_added_is_taken_out_without_a_trace(void **state)
{
    static const char *const jsons[] = {"{\"a\": 1}", "{\"a\":[1,2] } \n",
                                        "{\"k\": {\"own\": 1}, \"b\": \"}\"}"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(jsons); i++) {
        struct text with = {0}, without = {0};
        struct json_member member;

        json_members_with(&with, jsons[i], strlen(jsons[i]), "k", "{\"x\": 1}");
        assert_true(json_members_is_message(with.data, with.size));
        assert_true(json_members_find(with.data, with.size, "k", &member));
        assert_memory_equal(member.value, "{\"x\": 1}", 8);
        json_members_without(&without, with.data, with.size, &member);
        assert_string_equal(text_string(&without), jsons[i]);
        text_release(&with);
        text_release(&without);
    }
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_objects_are_told_from_everything_else),
        cmocka_unit_test(every_byte_is_seen_at_every_place),
        cmocka_unit_test(a_message_is_a_well_formed_object_with_a_member),
        cmocka_unit_test(objects_nest_a_thousand_levels_and_no_more),
        cmocka_unit_test(a_member_is_taken_out_and_the_rest_keeps_its_text),
        cmocka_unit_test(a_member_that_was_added_is_taken_out_without_a_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
