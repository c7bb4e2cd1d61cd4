/* test_variant.c: variants, right and wrong. */
#include "cli/variant.h"

#include <string.h>

#include "support/unit.h"

#define SETTINGS_MAX 4

static int parse(const char *first, const char *second, struct variants *ret_variants,
                 struct error *reterr)
{
    struct option_list texts = {0};
    option_list_add(&texts, first);
    if (second)
        option_list_add(&texts, second);
    int result = variants_parse(&texts, ret_variants, reterr);
    option_list_release(&texts);
    return result;
}

static void reads_a_name_and_settings(void **state)
{
    static const struct {
        const char *text, *name, *settings[SETTINGS_MAX];
    } cases[] = {
        {"old: a.b=1", "old", {"a.b=1"}},
        {" large batches :a.0.b=1,c=2 , d=3 ", "large batches", {"a.0.b=1", "c=2", "d=3"}},
        {"as it stands:", "as it stands", {NULL}},
        {"a.b=1", "a.b=1", {"a.b=1"}},
        {"a=1,b=2", "a=1, b=2", {"a=1", "b=2"}},
        {"x: a=one, two, b=2", "x", {"a=one, two", "b=2"}},
        {"x: a={b: 1, c=2}, d=[1, e=2]", "x", {"a={b: 1, c=2}", "d=[1, e=2]"}},
        {"x: a='1, b=2', c=\"3, d=4\"", "x", {"a='1, b=2'", "c=\"3, d=4\""}},
        {"a=redis://h:1/0", "a=redis://h:1/0", {"a=redis://h:1/0"}},
        {"broker.uri=redis://:secret@h",
         "broker.uri=redis://:***@h",
         {"broker.uri=redis://:secret@h"}},
        {"a=1,", "a=1,", {"a=1,"}},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct variants variants = {0};
        struct error error = {0};
        assert_int_equal(parse(cases[i].text, "another:", &variants, &error), 0);
        assert_int_equal(variants.count, 2);
        assert_string_equal(variants.items[0].name, cases[i].name);
        for (size_t k = 0; k < variants.items[0].setting_count; k++)
            assert_string_equal(variants.items[0].settings[k], cases[i].settings[k]);
        assert_null(cases[i].settings[variants.items[0].setting_count]);
        variants_release(&variants);
    }
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *first, *second, *message;
    } cases[] = {
        {"a: b=1", NULL, "--variant: one variant has nothing to stand beside"},
        {"old", "new:", "--variant: 'old' is a name without settings: say 'old: KEY=VALUE'"},
        {"", "new:", "--variant: '' is a name without settings"},
        {": a=1", "new:", "--variant: there is no name before ':'"},
        {"a: b", "new:", "--variant: behind the name stands KEY=VALUE"},
        {"a: =1", "new:", "--variant: behind the name stands KEY=VALUE"},
        {"a: b=1", "a: b=2", "--variant: two are called 'a': give each a name of its own"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct variants variants = {0};
        struct error error = {0};
        assert_int_equal(parse(cases[i].first, cases[i].second, &variants, &error), -1);
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_memory_equal(error.message, cases[i].message, strlen(cases[i].message));
        assert_int_equal(variants.count, 0);
    }
}

static void none_is_none(void **state)
{
    const struct option_list texts = {0};
    struct variants variants = {0};
    struct error error = {0};
    (void)state;
    assert_int_equal(variants_parse(&texts, &variants, &error), 0);
    assert_int_equal(variants.count, 0);
    variants_release(&variants);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_name_and_settings),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(none_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
