/* test_report_junit.c: junit.xml: its counts, and text that XML cannot hold as it is. */
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#include "support/sample_result.h"

static char *junit_of(const struct result *const *results, size_t count)
{
    const struct report_input input = {.results = results, .count = count};
    struct text text = {0};
    report_junit(&input, &text);
    return text.data;
}

static void whatever_a_name_holds_stays_well_formed(void **state)
{
    static const struct {
        const char *name, *expected;
    } cases[] = {
        {"plain", "name=\"plain\""},
        {"a<b>&\"c'", "name=\"a&lt;b&gt;&amp;&quot;c&apos;\""},
        {"line\nbreak\ttab\r", "name=\"line&#10;break&#9;tab&#13;\""},
        {"bell\a", "name=\"bell\xEF\xBF\xBD\""},
        {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xB0", "name=\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xB0\""},
        {"cut\xC3", "name=\"cut\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", "name=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xEF\xBF\xBF", "name=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xC0\x80", "name=\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"]]>", "name=\"]]&gt;\""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct result *result = memory_new(1, sizeof(*result));
        const struct result *const results[] = {result};
        result->scenario_name = memory_string(cases[i].name);
        char *text = junit_of(results, 1);
        if (!strstr(text, cases[i].expected))
            fail_msg("no %s in:\n%s", cases[i].expected, text);
        free(text);
        result_free(result);
    }
}

static void failures_and_inconclusive_are_counted_apart(void **state)
{
    struct result *one = sample_result(), *other = memory_new(1, sizeof(*other));
    const struct result *const results[] = {one, other};
    (void)state;
    other->scenario_name = memory_string("other");
    result_judge(other, VERDICT_INCONCLUSIVE, "interrupted");
    char *text = junit_of(results, 2);
    assert_non_null(strstr(text, "<testsuites name=\"gauntlet\" tests=\"6\" failures=\"2\" "
                                 "errors=\"2\""));
    assert_non_null(strstr(text, "tests=\"5\" failures=\"2\" errors=\"1\""));
    assert_non_null(strstr(text, "<error type=\"inconclusive\" message=\"interrupted\">"));
    assert_non_null(strstr(text, "<failure type=\"fail\" message=\"1 message was accepted and "
                                 "never delivered (measured: 1)\">"));
    free(text);
    result_free(other);
    sample_free(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_name_holds_stays_well_formed),
        cmocka_unit_test(failures_and_inconclusive_are_counted_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
