/* test_report.c: every format of one result, compared with the text in tests/golden.  With
   GOLDEN_UPDATE=1 in the environment the texts are written anew: read the difference before
   committing it. */
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#include "support/sample_result.h"

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct text text = {0};
    char buffer[4096];
    size_t size;
    if (!file)
        return NULL;
    while ((size = fread(buffer, 1, sizeof(buffer), file)) > 0)
        text_append(&text, buffer, size);
    fclose(file);
    return text.data;
}

static void compare(const char *path, const struct text *text)
{
    if (getenv("GOLDEN_UPDATE")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text_string(text), 1, text->size, file), text->size);
        assert_int_equal(fclose(file), 0);
    }
    char *golden = read_file(path);
    if (!golden)
        fail_msg("%s is missing: GOLDEN_UPDATE=1 makes it", path);
    if (strcmp(golden, text_string(text)) != 0)
        fail_msg("%s differs from what was written now:\n%s", path, text_string(text));
    free(golden);
}

/* The first part of those that come in several; "hgrm" has publish.hgrm first. */
static void write_format(const struct report_format *format, const struct result *result,
                         struct text *name, struct text *text)
{
    const struct report_input input = {.results = &result, .count = 1, .has_colour = false};
    if (format->write_part) {
        (void)format->write_part(&input, 0, name, text);
        return;
    }
    text_append_string(name, format->file_name);
    format->write(&input, text);
}

static void every_format_writes_what_it_always_wrote(void **state)
{
    struct result *result = sample_result();
    const struct report_format *format;
    (void)state;
    for (size_t i = 0; (format = report_format_at(i)) != NULL; i++) {
        struct text text = {0}, path = {0};
        text_append_string(&path, "tests/golden/");
        write_format(format, result, &path, &text);
        report_scrub(&text);
        compare(text_string(&path), &text);
        text_release(&path);
        text_release(&text);
    }
    sample_free(result);
}

static void no_format_lets_a_password_out(void **state)
{
    struct result *result = sample_result();
    const struct result *const results[] = {result};
    const struct report_input input = {.results = results, .count = 1, .has_colour = true};
    const struct report_format *format;
    (void)state;
    for (size_t i = 0; (format = report_format_at(i)) != NULL; i++) {
        struct text text = {0};
        if (format->write)
            format->write(&input, &text);
        report_scrub(&text);
        assert_null(strstr(text_string(&text), "s3cret"));
        text_release(&text);
    }
    sample_free(result);
}

/* A scenario that could not run has little to say; every format must live with that. */
static void a_result_without_a_run_is_written_too(void **state)
{
    struct result *result = memory_new(1, sizeof(*result));
    const struct result *const results[] = {result};
    const struct report_input input = {.results = results, .count = 1};
    const struct report_format *format;
    (void)state;
    result->scenario_name = memory_string("never ran");
    result_judge(result, VERDICT_INCONCLUSIVE, "could not run: no server");
    for (size_t i = 0; (format = report_format_at(i)) != NULL; i++) {
        struct text text = {0};
        if (!format->write)
            continue; /* nothing was measured */
        format->write(&input, &text);
        assert_true(text.size > 0);
        if (strcmp(format->name, "csv") != 0 && strcmp(format->name, "hlog") != 0)
            assert_non_null(strstr(text_string(&text), "could not run: no server"));
        text_release(&text);
    }
    result_free(result);
}

static void virtual_time_leaves_no_trace_of_the_machine(void **state)
{
    struct result *result = sample_result();
    const struct result *const results[] = {result};
    const struct report_input input = {.results = results, .count = 1};
    struct text text = {0};
    (void)state;
    result->is_virtual = true;
    report_json(&input, &text);
    assert_non_null(strstr(text_string(&text), "\"environment\": {}"));
    assert_null(strstr(text_string(&text), "Linux"));
    text_release(&text);
    sample_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_writes_what_it_always_wrote),
        cmocka_unit_test(no_format_lets_a_password_out),
        cmocka_unit_test(a_result_without_a_run_is_written_too),
        cmocka_unit_test(virtual_time_leaves_no_trace_of_the_machine),
    };
    /* Drawings are gnuplot's, and differ with its version: test_report_html has them. */
    setenv("GAUNTLET_GNUPLOT", "", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
