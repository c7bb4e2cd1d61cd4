/* test_clause_profile.c: profiles of adapters, right and wrong. */
#include "scenario/clause_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"

static int load(const char *text, char path[64], struct clause_profile *profile,
                struct error *error)
{
    FILE *file;
    int fd, result;

    (void)snprintf(path, 64, "/tmp/gauntlet-profile-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    result = clause_profile_load(path, profile, error);
    (void)unlink(path);
    return result;
}

static void facts_and_commands_are_read(void **state)
{
    static const char text[] = "in_process: no\n"
                               "redelivery_time_ms: 4000\n"
                               "trims: yes\n"
                               "dlq_populated_by: caller\n"
                               "control:\n"
                               "  start: redis-server --port 7001 --save ''\n"
                               "  continue: kill -CONT 1\n";
    struct clause_profile profile = {0};
    struct error error = {0};
    char path[64];

    (void)state;
    assert_int_equal(load(text, path, &profile, &error), 0);
    assert_int_equal(profile.fact_count, 4);
    assert_string_equal(profile.facts[0].text, "false");
    assert_string_equal(profile.facts[1].key, "redelivery_time_ms");
    assert_string_equal(profile.facts[1].text, "4000");
    assert_string_equal(profile.facts[2].text, "true");
    assert_string_equal(profile.facts[3].text, "caller");
    assert_string_equal(profile.control.start, "redis-server --port 7001 --save ''");
    assert_string_equal(profile.control.resume, "kill -CONT 1");
    assert_null(profile.control.kill);
    clause_profile_release(&profile);
}

static void says_what_is_wrong_where_and_what_would_be_right(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *message;
    } cases[] = {
        {"[]\n", 1, "a profile is a mapping of keys to values, not a list"},
        {"trim: true\n", 1, "unknown key 'trim' in a profile: did you mean 'trims'?"},
        {"trims: perhaps\n", 1,
         "profile: trims: 'perhaps' is neither true nor false: say true or false"},
        {"dlq_populated_by: me\n", 1,
         "profile: dlq_populated_by: 'me' is not one of the choices: say one of broker|caller"},
        {"control: redis\n", 1, "'control' takes a mapping, as {start: COMMAND}, not text"},
        {"trims: true\ncontrol: {begin: x}\n", 2,
         "unknown key 'begin' in control: it takes start, stop, kill, pause, continue, restart, "
         "wipe"},
        {"redelivery_time_ms: 0\n", 1,
         "profile: redelivery_time_ms: '0' is out of bounds: say 1 to 86400000"},
    };
    size_t failed = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct clause_profile profile = {0};
        struct error error = {0};
        char path[64];

        if (load(cases[i].text, path, &profile, &error) == -1 &&
            strcmp(error.message, cases[i].message) == 0 && error.place.line == cases[i].line)
            continue;
        print_message("%zu: expected %d: %s\n but got %d: %s\n", i, cases[i].line, cases[i].message,
                      error.place.line, error.message);
        failed++;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_and_commands_are_read),
        cmocka_unit_test(says_what_is_wrong_where_and_what_would_be_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
