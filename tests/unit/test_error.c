/* test_error.c: errors, memory and log lines. */
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "support/child.h"
#include "support/unit.h"

static void gives_minus_one_and_the_words(void **state)
{
    struct error error = {.place = {"old.yaml", 3, 4}};

    (void)state;
    assert_int_equal(error_set(&error, ERROR_USAGE, "no such option '%s'", "--x"), -1);
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_int_equal(error.place.line, 0);
    assert_null(error.place.file);
    assert_string_equal(error.message, "no such option '--x'");
}

static void keeps_the_place_in_a_document(void **state)
{
    struct error error = {0};

    (void)state;
    assert_int_equal(error_set_at(&error, (struct source_place){"a.yaml", 7, 9}, "bad"), -1);
    assert_int_equal(error.kind, ERROR_SCENARIO);
    assert_string_equal(error.place.file, "a.yaml");
    assert_int_equal(error.place.line, 7);
    assert_int_equal(error.place.column, 9);
}

static void a_prefix_keeps_kind_place_and_words(void **state)
{
    struct error error = {0};

    (void)state;
    error_set_at(&error, (struct source_place){"a.yaml", 7, 9}, "is missing");
    assert_int_equal(error_prefix(&error, "producer %s: ", "shop"), -1);
    assert_string_equal(error.message, "producer shop: is missing");
    assert_int_equal(error.kind, ERROR_SCENARIO);
    assert_int_equal(error.place.line, 7);
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, ERROR_SYSTEM, "x"), -1);
    assert_int_equal(error_set_at(NULL, (struct source_place){0}, "x"), -1);
    assert_int_equal(error_prefix(NULL, "x"), -1);
}

static void long_messages_are_cut_and_terminated(void **state)
{
    struct error error = {0};
    char long_text[2000];

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    error_set(&error, ERROR_SYSTEM, "%s", long_text);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
    error_prefix(&error, "%s", long_text);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
}

static void new_memory_is_zeroed_and_never_null(void **state)
{
    const unsigned char zeroes[64] = {0};
    void *block = memory_new(8, 8), *nothing = memory_new(0, 0);

    (void)state;
    assert_memory_equal(block, zeroes, sizeof(zeroes));
    assert_non_null(nothing);
    block = memory_grow(block, 1000, 8);
    assert_memory_equal(block, zeroes, sizeof(zeroes));
    free(block);
    free(nothing);
}

static void strings_are_copied_and_formatted(void **state)
{
    char *copy = memory_string("orders"), *formatted = memory_format("%s-%d", "billing", 2);

    (void)state;
    assert_string_equal(copy, "orders");
    assert_string_equal(formatted, "billing-2");
    assert_null(memory_string(NULL));
    free(copy);
    free(formatted);
}

static void ask_for_too_much(void)
{
    free(memory_grow(NULL, SIZE_MAX / 2, 16));
}

static void running_out_of_memory_ends_the_program_with_one_line(void **state)
{
    char output[256];

    (void)state;
    assert_int_equal(child_run(ask_for_too_much, output, sizeof(output)), 3);
    assert_non_null(strstr(output, "out of memory"));
    assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
}

static void keep_line(struct log *log, enum log_level level, const char *line)
{
    (void)level;
    strncat(log->context, line, 100);
}

static void lines_above_the_level_are_dropped(void **state)
{
    char lines[512] = "";
    struct log log = {.level = LOG_WARNING, .write = keep_line, .context = lines};

    (void)state;
    log_line(&log, LOG_ERROR, "%d;", 1);
    log_line(&log, LOG_WARNING, "%d;", 2);
    log_line(&log, LOG_INFO, "%d;", 3);
    log_line(&log, LOG_DEBUG, "%d;", 4);
    log_line(NULL, LOG_ERROR, "nobody");
    assert_string_equal(lines, "1;2;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_minus_one_and_the_words),
        cmocka_unit_test(keeps_the_place_in_a_document),
        cmocka_unit_test(a_prefix_keeps_kind_place_and_words),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(long_messages_are_cut_and_terminated),
        cmocka_unit_test(new_memory_is_zeroed_and_never_null),
        cmocka_unit_test(strings_are_copied_and_formatted),
        cmocka_unit_test(running_out_of_memory_ends_the_program_with_one_line),
        cmocka_unit_test(lines_above_the_level_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
