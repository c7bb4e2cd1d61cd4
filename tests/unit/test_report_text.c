/* test_report_text.c: the terminal summary: its width, its colour, what it shows and what it
 * spares. */
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

#include "reports/page.h"
#include "support/unit.h"

#include "support/sample_result.h"

static char *summary_of(const struct result *result, bool colour)
{
    const struct result *const results[] = {result};
    const struct report_input input = {.results = results, .count = 1, .has_colour = colour};
    struct text text = {0};
    report_text(&input, &text);
    return text.data;
}

static void wraps_at_the_page_and_keeps_every_word(void **state)
{
    static const struct {
        const char *first, *string, *expected;
    } cases[] = {
        {"  - ", "one", "  - one\n"},
        {"", "", "\n"},
        {"  ", "a\nb\tc  d", "  a b c d\n"},
        {"> ", "\033[31mred", "> [31mred\n"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text text = {0};
        struct page page = {.text = &text};
        page_wrap(&page, cases[i].first, cases[i].string);
        assert_string_equal(text_string(&text), cases[i].expected);
        text_release(&text);
    }
}

static void no_line_is_wider_than_the_page(void **state)
{
    struct result *result = sample_result();
    (void)state;
    free(result->removal); /* is not wrapped, because it is there to be copied */
    result->removal = NULL;
    for (int i = 0; i < 30; i++)
        result_note(result,
                    "a long note that goes on and on %d and says the same thing again, "
                    "and again, until it must be broken somewhere: \xC3\xA9t\xC3\xA9",
                    i);
    char *text = summary_of(result, false);
    for (const char *line = text; line && *line;) {
        const char *end = strchrnul(line, '\n');
        char copy[512];
        text_copy(copy, sizeof(copy), line);
        copy[end - line < 511 ? end - line : 511] = '\0';
        if (page_columns(copy) > PAGE_WIDTH)
            fail_msg("%zu columns: %s", page_columns(copy), copy);
        line = *end ? end + 1 : NULL;
    }
    free(text);
    sample_free(result);
}

static void colour_comes_only_when_asked_for(void **state)
{
    struct result *result = sample_result();
    char *plain = summary_of(result, false), *coloured = summary_of(result, true);
    (void)state;
    assert_null(strchr(plain, '\033'));
    assert_non_null(strstr(coloured, "\033[31mFAIL\033[0m"));
    assert_int_equal(strncmp(plain, "FAIL  Quick start\n", 18), 0);
    free(plain);
    free(coloured);
    sample_free(result);
}

static void a_percentile_needs_enough_samples(void **state)
{
    static const struct {
        uint64_t count;
        size_t dashes;
    } cases[] = {{1, 3}, {9, 3}, {10, 2}, {99, 2}, {100, 1}, {999, 1}, {1000, 0}};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct result *result = memory_new(1, sizeof(*result));
        size_t dashes = 0;
        result->scenario_name = memory_string("s");
        result->latencies = memory_new(1, sizeof(*result->latencies));
        result->latency_count = 1;
        result->latencies[0] = sample_latency("publish", cases[i].count, 1000);
        char *text = summary_of(result, false);
        for (const char *at = strstr(text, "  publish"); (at = strstr(at, " -")); at++)
            dashes++;
        assert_int_equal(dashes, cases[i].dashes);
        free(text);
        result_free(result);
    }
}

static void what_is_forbidden_comes_before_what_is_allowed(void **state)
{
    struct result *result = sample_result();
    char *text = summary_of(result, false);
    const char *lost = strstr(text, "lost  shop-1#700 on orders, group billing\n");
    const char *again = strstr(text, "duplicates  shop-2#41 on orders, group billing  (allowed)");
    (void)state;
    assert_non_null(lost);
    assert_non_null(again);
    assert_true(lost < again);
    assert_non_null(strstr(text, "+0.100000 s  shop-1"));
    assert_non_null(strstr(text, "(known to the batch)"));
    assert_non_null(strstr(text, "no longer known"));
    free(text);
    sample_free(result);
}

static void only_three_witnesses_of_a_kind_are_shown(void **state)
{
    struct result *result = sample_result();
    struct ledger_report *ledger = result->ledger;
    (void)state;
    ledger->witnesses = memory_grow(ledger->witnesses, 10, sizeof(*ledger->witnesses));
    for (size_t i = 2; i < 10; i++) {
        ledger->witnesses[i] = ledger->witnesses[1];
        ledger->witnesses[i].sequence = 1000 + i;
    }
    ledger->witness_count = 10;
    char *text = summary_of(result, false);
    assert_non_null(strstr(text, "shop-1#1003"));
    assert_null(strstr(text, "shop-1#1004"));
    assert_non_null(strstr(text, "6 more witnesses are in result.json"));
    free(text);
    sample_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps_at_the_page_and_keeps_every_word),
        cmocka_unit_test(no_line_is_wider_than_the_page),
        cmocka_unit_test(colour_comes_only_when_asked_for),
        cmocka_unit_test(a_percentile_needs_enough_samples),
        cmocka_unit_test(what_is_forbidden_comes_before_what_is_allowed),
        cmocka_unit_test(only_three_witnesses_of_a_kind_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
