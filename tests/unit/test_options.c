/* test_options.c: command lines, right and wrong. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/campaign.h"
#include "support/unit.h"

struct arguments {
    struct option_list settings;
    struct option_count seed;
    const char *uri, *time, *out;
    bool quiet, verbose;
    uint64_t spin_ns;
};

#define AT(member) offsetof(struct arguments, member)

static const struct option options[] = {
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET, "where"},
    {"seed", 's', OPTION_COUNT, "N", NULL, AT(seed), 0, "luck"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, AT(settings), OPTION_SECRET, "override"},
    {"time", 0, OPTION_TEXT, "WORLD", "real|virtual", AT(time), 0, "clock"},
    {"out", 'o', OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION, "where to"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION, "less"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), 0, "more"},
    {"spin", 0, OPTION_TIME, "TIME", NULL, AT(spin_ns), OPTION_HIDDEN, "poll"},
};
static const struct option_table table = {"run", options, ARRAY_SIZE(options)};

#define WORDS_MAX 8

static int count_words(const char *const *words)
{
    int count = 0;
    while (count < WORDS_MAX && words[count])
        count++;
    return count;
}

static void takes_every_spelling(void **state)
{
    static const char *const words[][WORDS_MAX] = {
        {"--seed", "42", "--quiet", "--out", "d", "a.yaml"},
        {"--seed=42", "-q", "-o", "d", "a.yaml"},
        {"a.yaml", "-qs42", "-od"},
        {"-qs", "42", "--out=d", "--", "a.yaml"},
        {"--seed", "7", "--seed", "42", "-q", "-o", "d", "a.yaml"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        struct arguments arguments = {0};
        struct option_list operands = {0};
        struct error error = {0};
        assert_int_equal(
            options_parse(&table, count_words(words[i]), words[i], &arguments, &operands, &error),
            0);
        assert_true(arguments.seed.is_given);
        assert_int_equal(arguments.seed.value, 42);
        assert_true(arguments.quiet);
        assert_false(arguments.verbose);
        assert_string_equal(arguments.out, "d");
        assert_int_equal(operands.count, 1);
        assert_string_equal(operands.values[0], "a.yaml");
        option_list_release(&operands);
    }
}

static void gathers_repeated_settings_in_order(void **state)
{
    static const char *const words[] = {"--set", "a=1", "--set=b=2=3", "--", "--set", "-"};
    struct arguments arguments = {0};
    struct option_list operands = {0};
    struct error error = {0};
    (void)state;
    assert_int_equal(options_parse(&table, 6, words, &arguments, &operands, &error), 0);
    assert_int_equal(arguments.settings.count, 2);
    assert_string_equal(arguments.settings.values[0], "a=1");
    assert_string_equal(arguments.settings.values[1], "b=2=3");
    assert_int_equal(operands.count, 2);
    assert_string_equal(operands.values[0], "--set");
    assert_string_equal(operands.values[1], "-");
    option_list_release(&arguments.settings);
    option_list_release(&operands);
}

static void says_what_is_wrong_and_what_would_be_right(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *message;
    } cases[] = {
        {{"--sede", "4"}, "unknown option '--sede': did you mean '--seed'?"},
        {{"--zzzzzz"}, "unknown option '--zzzzzz': 'gauntlet run --help' lists them all"},
        {{"--urn=redis://:pw@h"}, "unknown option '--urn': did you mean '--uri'?"},
        {{"-x"}, "unknown option '-x': 'gauntlet run --help' lists them all"},
        {{"--spinn"}, "unknown option '--spinn': 'gauntlet run --help' lists them all"},
        {{"--seed"}, "--seed needs a value: --seed N"},
        {{"-s"}, "--seed needs a value: --seed N"},
        {{"--quiet=yes"}, "--quiet takes no value"},
        {{"--seed", "-1"}, "--seed: '-1' is not a whole number from 0 to 2^64 - 1"},
        {{"--seed", "4x"}, "--seed: '4x' is not a whole number from 0 to 2^64 - 1"},
        {{"--seed="}, "--seed: '' is not a whole number from 0 to 2^64 - 1"},
        {{"--seed", "18446744073709551616"},
         "--seed: '18446744073709551616' is not a whole number from 0 to 2^64 - 1"},
        {{"--time", "fast"}, "--time is one of real|virtual, not 'fast'"},
        {{"--time", "rea"}, "--time is one of real|virtual, not 'rea'"},
        {{"--time="}, "--time is one of real|virtual, not ''"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct arguments arguments = {0};
        struct option_list operands = {0};
        struct error error = {0};
        assert_int_equal(options_parse(&table, count_words(cases[i].words), cases[i].words,
                                       &arguments, &operands, &error),
                         -1);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.kind, ERROR_USAGE);
        option_list_release(&operands);
    }
}

static void takes_the_largest_seed(void **state)
{
    static const char *const words[] = {"--seed", "18446744073709551615"};
    struct arguments arguments = {0};
    struct option_list operands = {0};
    struct error error = {0};
    (void)state;
    assert_int_equal(options_parse(&table, 2, words, &arguments, &operands, &error), 0);
    assert_true(arguments.seed.value == UINT64_MAX);
}

static void records_what_shaped_the_run_and_no_secret(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *expected;
    } cases[] = {
        {{"a.yaml", "-qs", "7", "--out", "d"}, "gauntlet run a.yaml --seed 7"},
        {{"--uri", "redis://bob:pw@h:1/0", "a b.yaml"},
         "gauntlet run --uri redis://bob:***@h:1/0 'a b.yaml'"},
        {{"--set", "broker.uri=redis://:pw@h"}, "gauntlet run --set broker.uri=redis://:***@h"},
        {{"--set=broker.password=pw"}, "gauntlet run --set broker.password=***"},
        {{"--set", "broker.auth_token=pw"}, "gauntlet run --set broker.auth_token=***"},
        {{"--set", "producers.0.rate=2000/s"}, "gauntlet run --set producers.0.rate=2000/s"},
        {{"--set", "name=it's"}, "gauntlet run --set 'name=it'\\''s'"},
        {{"-v", "--", "-x"}, "gauntlet run --verbose -x"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char *line = options_record(&table, count_words(cases[i].words), cases[i].words);
        assert_string_equal(line, cases[i].expected);
        free(line);
    }
}

static void folders_are_named_after_files_and_differ(void **state)
{
    static const struct {
        const char *path, *expected;
    } cases[] = {
        {"scenarios/load/steady.yaml", "steady"},
        {"steady.yaml", "steady-2"},
        {"a b!.yaml", "a-b-"},
        {".hidden", ".hidden"},
        {"x/steady.yml", "steady-3"},
        {"plain", "plain"},
    };
    char *names[ARRAY_SIZE(cases)];
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        names[i] = campaign_name(cases[i].path, names, i);
        assert_string_equal(names[i], cases[i].expected);
    }
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        free(names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_every_spelling),
        cmocka_unit_test(gathers_repeated_settings_in_order),
        cmocka_unit_test(says_what_is_wrong_and_what_would_be_right),
        cmocka_unit_test(takes_the_largest_seed),
        cmocka_unit_test(records_what_shaped_the_run_and_no_secret),
        cmocka_unit_test(folders_are_named_after_files_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
