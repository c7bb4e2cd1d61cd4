/* test_report_scrub.c: no password leaves the house. */
#include "reports/report.h"

#include "support/unit.h"

static void takes_passwords_out_of_any_text(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"nothing to hide", "nothing to hide"},
        {"redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"},
        {"redis://bob@h:1/0", "redis://bob@h:1/0"},
        {"redis://:pw@h", "redis://:***@h"},
        {"redis://bob:pw@h:1/0 and more", "redis://bob:***@h:1/0 and more"},
        {"a redis://u:p@h, b redis://v:q@i.", "a redis://u:***@h, b redis://v:***@i."},
        {"\"redis://u:p@@:x@h\"", "\"redis://u:***@h\""},
        {"redis://u:p,;|`x@h", "redis://u:***@h"},
        {"redis://u:p\\q@h", "redis://u:***@h"},
        {"\"redis://u:p\\\\q@h\\nb: c@d\"", "\"redis://u:***@h\\nb: c@d\""},
        {"redis://:${REDIS_PASSWORD}@h", "redis://:${REDIS_PASSWORD}@h"},
        {"redis://:${A}x${B}@h", "redis://:***@h"},
        {"redis://h:1 mail a@b", "redis://h:1 mail a@b"},
        {"redis://:@h", "redis://:@h"},
        {"://", "://"},
        {"uri: redis://u:p@h\nredis://u:p@h", "uri: redis://u:***@h\nredis://u:***@h"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text text = {0};
        text_append_string(&text, cases[i].text);
        report_scrub(&text);
        assert_string_equal(text_string(&text), cases[i].expected);
        text_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_passwords_out_of_any_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
