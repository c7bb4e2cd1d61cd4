/* test_report_html.c: report.html: its order, its drawings, and what it does not let through. */
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"

#include "support/sample_result.h"

static char program[] = "/tmp/gauntlet-test-XXXXXX";

static int make_program(void **state)
{
    int fd = mkstemp(program);
    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_program(void **state)
{
    (void)state;
    return unlink(program);
}

/* Something that stands for gnuplot. */
static void use_program(const char *script)
{
    FILE *file = fopen(program, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(program, 0700), 0);
    setenv("GAUNTLET_GNUPLOT", program, 1);
}

static char *page_of(const struct result *result)
{
    const struct report_input input = {.results = &result, .count = 1};
    struct text text = {0};
    report_html(&input, &text);
    report_scrub(&text);
    return text.data;
}

static size_t count_of(const char *page, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(page, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

static void verdict_and_reasons_come_first(void **state)
{
    static const char *const order[] = {
        "<title>fail: Quick start</title>",
        "<header id=\"verdict\">",
        "no lost: 1 message was lost",
        "id=\"expectations\"",
        "publish.p(99) &lt; 5ms",
        "id=\"charts\"",
        "id=\"phases\"",
        "id=\"numbers\"",
        "id=\"faults\"",
        "id=\"anomalies\"",
        "class=\"sequence\"",
        "known to the batch",
        "id=\"environment\"",
        "id=\"scenario\"",
        "<footer>",
        "</html>",
    };
    struct result *result = sample_result();
    (void)state;
    setenv("GAUNTLET_GNUPLOT", "", 1);
    char *page = page_of(result);
    const char *at = page;
    for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
        const char *found = strstr(at, order[i]);
        if (!found)
            fail_msg("'%s' is missing, or out of order", order[i]);
        at = found;
    }
    free(page);
    sample_free(result);
}

static void nothing_of_the_outside_is_needed(void **state)
{
    static const char *const words[] = {
        "<script", "<link", "<img", "http:", "https:", "@import", "url(", "s3cret"};
    struct result *result = sample_result();
    (void)state;
    unsetenv("GAUNTLET_GNUPLOT");
    char *page = page_of(result);
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (strstr(page, words[i]))
            fail_msg("the page has '%s'", words[i]);
    free(page);
    sample_free(result);
}

/* A real gnuplot where there is one; the build wants it, a strange machine may not have it. */
static void every_chart_is_drawn_with_its_faults(void **state)
{
    static const char *const titles[] = {
        "Messages per second",   "Backlog",         "Publish latency over time",
        "Delivery latency over", "Latency by perc", "Latency by rate",
    };
    struct result *result = sample_result();
    (void)state;
    unsetenv("GAUNTLET_GNUPLOT");
    char *page = page_of(result);
    if (strstr(page, "gnuplot is not installed here")) {
        free(page);
        sample_free(result);
        skip();
    }
    for (size_t i = 0; i < ARRAY_SIZE(titles); i++)
        assert_non_null(strstr(page, titles[i]));
    assert_int_equal(count_of(page, "<svg viewBox"), ARRAY_SIZE(titles) + 1); /* the sequence */
    assert_int_equal(count_of(page, "<svg "), count_of(page, "</svg>"));
    assert_int_equal(count_of(page, "<g"), count_of(page, "</g>"));
    /* Named on the four charts over time, and shaded twice on each. */
    assert_int_equal(count_of(page, "<text>crash billing-1</text>"), 4);
    assert_int_equal(count_of(page, "class=\"f32\""), 4 * 2 + 1);     /* and where the goal broke */
    assert_null(strstr(page, "cut &lt;billing&gt; &amp; co</text>")); /* it never fired */
    free(page);
    sample_free(result);
}

static void without_drawings_the_page_says_so(void **state)
{
    static const struct {
        const char *script, *expected;
    } cases[] = {
        {"exit 1", "There are no charts: gnuplot could not draw them."},
        {"cat >/dev/null; echo '<svg viewBox=\"0 0 1 1\">'", "gnuplot could not draw them."},
        {"cat >/dev/null; echo '<svg viewBox=\"0 0 1 1\"></svg>'", "gnuplot could not draw them."},
        {"exec sleep 1000", "gnuplot did not answer within 5 s."},
    };
    struct result *result = sample_result();
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        use_program(cases[i].script);
        char *page = page_of(result);
        if (!strstr(page, cases[i].expected))
            fail_msg("not said: %s", cases[i].expected);
        assert_int_equal(count_of(page, "<svg "), 1); /* our own */
        assert_non_null(strstr(page, "</html>"));
        free(page);
    }
    setenv("GAUNTLET_GNUPLOT", "/nowhere/gnuplot", 1);
    char *page = page_of(result);
    assert_non_null(strstr(page, "There are no charts: gnuplot is not installed here."));
    free(page);
    sample_free(result);
}

static void a_drawing_brings_no_script(void **state)
{
    struct result *result = sample_result();
    (void)state;
    use_program("cat >/dev/null; for i in 1 2 3 4 5 6 7 8; do echo '<svg viewBox=\"0 0 1 1\">"
                "<script>alert(1)</script><path onload=\"x\" d=\"M0,0\"/></svg>'; done");
    char *page = page_of(result);
    assert_int_equal(count_of(page, "<path d=\"M0,0\"/></svg>"), 6);
    assert_null(strstr(page, "alert"));
    assert_null(strstr(page, "onload"));
    free(page);
    sample_free(result);
}

static void a_short_run_has_no_charts_over_time(void **state)
{
    struct result *result = sample_result();
    (void)state;
    unsetenv("GAUNTLET_GNUPLOT");
    result->window_count = 2;
    char *page = page_of(result);
    assert_null(strstr(page, "Backlog"));
    assert_null(strstr(page, "latency over time"));
    assert_non_null(strstr(page, "The run was too short for charts over time."));
    free(page);
    sample_free(result);
}

static void spoil(char **string)
{
    free(*string);
    *string = memory_string("<script>\"'&</pre></style>");
}

static void what_others_wrote_is_escaped(void **state)
{
    struct result *result = sample_result();
    const char *const name = "<script>\"'&";
    (void)state;
    char **const texts[] = {
        &result->scenario_name,
        &result->scenario_path,
        &result->scenario_text,
        &result->description,
        &result->command_line,
        &result->run_id,
        &result->stop_reason,
        &result->removal,
        &result->environment.version,
        &result->environment.host,
        &result->environment.kernel,
        &result->environment.started,
        &result->known_because,
        &result->reasons[0].text,
        &result->notes[0].text,
        &result->expectations[0].text,
        &result->expectations[0].measured,
        &result->expectations[0].reason,
        &result->brokers[0].name,
        &result->brokers[0].adapter,
        &result->brokers[0].uri,
        &result->brokers[0].tier,
        &result->actors[0].name,
        &result->actors[1].group,
        &result->actors[0].last_error,
        &result->latencies[0].metric,
        &result->faults[0].name,
        &result->faults[0].text,
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        spoil(texts[i]);
    result->ledger->groups[0].name = name;
    for (size_t i = 0; i < result->ledger->witness_count; i++) {
        struct witness *witness = &result->ledger->witnesses[i];
        witness->producer = witness->stream = witness->group = name;
        text_copy(witness->why, sizeof(witness->why), name);
    }
    unsetenv("GAUNTLET_GNUPLOT");
    char *page = page_of(result);
    assert_null(strstr(page, "<script"));
    assert_int_equal(count_of(page, "</style>"), 1);
    assert_int_equal(count_of(page, "</pre>"), count_of(page, "<pre"));
    free(page);
    sample_free(result);
}

static void no_id_stands_twice(void **state)
{
    struct result *result = sample_result();
    (void)state;
    unsetenv("GAUNTLET_GNUPLOT");
    char *page = page_of(result);
    for (const char *at = strstr(page, " id=\""); at; at = strstr(at + 1, " id=\"")) {
        char id[64];
        text_copy(id, sizeof(id), at);
        id[strcspn(id + 5, "\"") + 6] = '\0';
        if (count_of(page, id) != 1)
            fail_msg("%s stands %zu times", id, count_of(page, id));
    }
    free(page);
    sample_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict_and_reasons_come_first),
        cmocka_unit_test(nothing_of_the_outside_is_needed),
        cmocka_unit_test(every_chart_is_drawn_with_its_faults),
        cmocka_unit_test(without_drawings_the_page_says_so),
        cmocka_unit_test(a_drawing_brings_no_script),
        cmocka_unit_test(a_short_run_has_no_charts_over_time),
        cmocka_unit_test(what_others_wrote_is_escaped),
        cmocka_unit_test(no_id_stands_twice),
    };
    return cmocka_run_group_tests(tests, make_program, remove_program);
}
