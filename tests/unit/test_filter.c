/* test_filter.c: another program between two texts: what it says, and what becomes of it. */
#include "reports/filter.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"

#include "base/memory.h"

#define SECOND 1000000000ull

static char path[] = "/tmp/gauntlet-test-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);
    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_program(const char *script)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

static enum filter_end run(const char *script, const char *input, uint64_t limit_ns,
                           struct text *output)
{
    struct text given = {0};
    write_program(script);
    text_append_string(&given, input);
    enum filter_end end = filter_run(path, &given, limit_ns, output);
    text_release(&given);
    return end;
}

static void what_it_prints_is_gathered(void **state)
{
    struct text output = {0};
    (void)state;
    assert_int_equal(run("tr a-z A-Z", "hello", 10 * SECOND, &output), FILTER_DONE);
    assert_string_equal(text_string(&output), "HELLO");
    text_release(&output);
    assert_int_equal(run("echo no >&2", "", 10 * SECOND, &output), FILTER_DONE);
    assert_string_equal(text_string(&output), "");
    text_release(&output);
}

/* More than any buffer between the two, in both directions at once. */
static void much_goes_through_at_once(void **state)
{
    struct text input = {0}, output = {0};
    (void)state;
    for (int i = 0; i < 500000; i++)
        text_append_string(&input, "0123456789");
    assert_int_equal(run("cat", text_string(&input), 60 * SECOND, &output), FILTER_DONE);
    assert_int_equal(output.size, input.size);
    assert_string_equal(text_string(&output), text_string(&input));
    text_release(&input);
    text_release(&output);
}

static void one_that_reads_nothing_is_no_trouble(void **state)
{
    struct text input = {0}, output = {0};
    (void)state;
    for (int i = 0; i < 500000; i++)
        text_append_string(&input, "0123456789");
    assert_int_equal(run("exec <&-; echo done", text_string(&input), 60 * SECOND, &output),
                     FILTER_DONE);
    assert_string_equal(text_string(&output), "done\n");
    text_release(&input);
    text_release(&output);
}

static void one_that_is_missing_is_said_so(void **state)
{
    struct text input = {0}, output = {0};
    (void)state;
    assert_int_equal(filter_run("/nowhere/gnuplot", &input, SECOND, &output), FILTER_MISSING);
    assert_int_equal(filter_run("no-such-program-anywhere", &input, SECOND, &output),
                     FILTER_MISSING);
    text_release(&output);
}

static bool is_alive(long pid)
{
    return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

static void one_that_hangs_is_killed_with_all_it_started(void **state)
{
    struct text output = {0};
    long first = 0, second = 0;
    (void)state;
    assert_int_equal(
        run("trap '' TERM INT; sleep 1000 & echo $$ $!; wait", "", SECOND / 2, &output),
        FILTER_LATE);
    assert_int_equal(sscanf(text_string(&output), "%ld %ld", &first, &second), 2);
    assert_true(first > 1 && second > 1);
    assert_false(is_alive(first));
    for (int i = 0; is_alive(second) && i < 1000; i++) /* init has yet to bury it */
        usleep(10000);
    assert_false(is_alive(second));
    text_release(&output);
}

static void one_that_never_stops_printing_is_killed(void **state)
{
    struct text output = {0};
    (void)state;
    assert_int_equal(run("exec yes", "", 2 * SECOND, &output), FILTER_LATE);
    assert_true(output.size < (80u << 20));
    text_release(&output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_prints_is_gathered),
        cmocka_unit_test(much_goes_through_at_once),
        cmocka_unit_test(one_that_reads_nothing_is_no_trouble),
        cmocka_unit_test(one_that_is_missing_is_said_so),
        cmocka_unit_test(one_that_hangs_is_killed_with_all_it_started),
        cmocka_unit_test(one_that_never_stops_printing_is_killed),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
