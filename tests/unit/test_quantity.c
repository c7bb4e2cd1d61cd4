/* test_quantity.c: numbers with units, both ways. */
#include "base/quantity.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#define NO 0xDEADu /* what a result holds when it must be left alone */

struct parsed {
    const char *text;
    double value;
    const char *complaint; /* part of the message; NULL when it reads */
};

static void check_message(const char *text, const struct error *error, const char *complaint)
{
    if (error->kind != ERROR_SCENARIO || !strstr(error->message, complaint))
        fail_msg("'%s' gave \"%s\", without \"%s\"", text, error->message, complaint);
}

static void reads_durations(void **state)
{
    static const struct parsed CASES[] = {
        {"250ms", 250e6, NULL},
        {"1.5s", 1.5e9, NULL},
        {"2m", 120e9, NULL},
        {"1h", 3600e9, NULL},
        {"30us", 30e3, NULL},
        {"100ns", 100, NULL},
        {"0", 0, NULL},
        {"0s", 0, NULL},
        {"1_000 ms", 1e9, NULL},
        {"1e3ms", 1e9, NULL},
        {"5", 0, "'5' has no unit: say ns, us, ms, s, m or h"},
        {"5 parsecs", 0, "unknown unit 'parsecs': say ns"},
        {"5S", 0, "unknown unit 'S'"},
        {"", 0, "not a duration"},
        {"ms", 0, "not a duration: say a number and a unit, such as 250ms"},
        {"-1s", 0, "negative"},
        {"1.2.3s", 0, "not a duration"},
        {"nan s", 0, "not a duration"},
        {"inf", 0, "not a duration"},
        {"0x10s", 0, "unknown unit 'x10s'"},
        {"1000000000h", 0, "too large"},
        {"1e999s", 0, "not a duration"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct error error = {0};
        uint64_t ns = NO;
        int result = duration_parse(CASES[i].text, &ns, &error);

        assert_int_equal(result, CASES[i].complaint ? -1 : 0);
        assert_int_equal(ns, CASES[i].complaint ? NO : (uint64_t)CASES[i].value);
        if (CASES[i].complaint)
            check_message(CASES[i].text, &error, CASES[i].complaint);
    }
}

static void reads_sizes(void **state)
{
    static const struct parsed CASES[] = {
        {"200", 200, NULL},
        {"200B", 200, NULL},
        {"4KiB", 4096, NULL},
        {"2MB", 2e6, NULL},
        {"1GiB", 1073741824, NULL},
        {"1.5 KiB", 1536, NULL},
        {"10kB", 10000, NULL},
        {"0.3B", 0, "not a whole number of bytes"},
        {"4K", 0, "unknown unit 'K': say B, KiB"},
        {"many", 0, "not a size"},
        {"-4KiB", 0, "negative"},
        {"99999999999GiB", 0, "too large"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct error error = {0};
        uint64_t bytes = NO;
        int result = size_parse(CASES[i].text, &bytes, &error);

        assert_int_equal(result, CASES[i].complaint ? -1 : 0);
        assert_int_equal(bytes, CASES[i].complaint ? NO : (uint64_t)CASES[i].value);
        if (CASES[i].complaint)
            check_message(CASES[i].text, &error, CASES[i].complaint);
    }
}

static void check_reals(int (*parse)(const char *text, double *ret, struct error *reterr),
                        const struct parsed *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        double value = NO;
        int result = parse(cases[i].text, &value, &error);

        assert_int_equal(result, cases[i].complaint ? -1 : 0);
        assert_close(value, cases[i].complaint ? NO : cases[i].value, 1e-9);
        if (cases[i].complaint)
            check_message(cases[i].text, &error, cases[i].complaint);
    }
}

static void reads_rates(void **state)
{
    static const struct parsed CASES[] = {
        {"5000/s", 5000, NULL},
        {"300/m", 5, NULL},
        {"7200/h", 2, NULL},
        {"1e6/s", 1e6, NULL},
        {"20k/s", 20e3, NULL},
        {"1M/s", 1e6, NULL},
        {"1.5 k/s", 1500, NULL},
        {"5000", 0, "'5000' has no period: say /s, /m or /h (such as 5000/s)"},
        {"5000/d", 0, "unknown unit '/d'"},
        {"5000x/s", 0, "unknown unit 'x/s'"},
        {"fast", 0, "not a rate"},
        {"-1/s", 0, "negative"},
    };

    (void)state;
    check_reals(rate_parse, CASES, ARRAY_SIZE(CASES));
}

static void reads_percentages(void **state)
{
    static const struct parsed CASES[] = {
        {"1%", 0.01, NULL},
        {"0.5%", 0.005, NULL},
        {"100 %", 1, NULL},
        {"0", 0, NULL},
        {"0.5", 0, "'0.5' has no unit: say 0.5% or 50%"},
        {"101%", 0, "out of range: say 0% to 100%"},
        {"-1%", 0, "out of range"},
        {"1 percent", 0, "unknown unit 'percent'"},
        {"half", 0, "not a percentage"},
    };

    (void)state;
    check_reals(percent_parse, CASES, ARRAY_SIZE(CASES));
}

static void reads_numbers(void **state)
{
    static const struct parsed CASES[] = {
        {"1.5", 1.5, NULL},    {"-2e3", -2000, NULL},   {"1_000.5", 1000.5, NULL},
        {"1.5x", 0, "number"}, {"", 0, "not a number"}, {"0x1p3", 0, "not a number"},
    };

    (void)state;
    check_reals(number_parse, CASES, ARRAY_SIZE(CASES));
}

static void reads_whole_numbers_exactly(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
        const char *complaint;
    } CASES[] = {
        {"0", 0, NULL},
        {"-7", -7, NULL},
        {"+7", 7, NULL},
        {"1_000_000", 1000000, NULL},
        {"1e6", 1000000, NULL},
        {"1.5e3", 1500, NULL},
        {"9007199254740993", 9007199254740993, NULL}, /* no double holds it */
        {"9223372036854775807", INT64_MAX, NULL},
        {"-9223372036854775808", INT64_MIN, NULL},
        {"9223372036854775808", 0, "too large"},
        {"1.5", 0, "'1.5' is not a whole number: say 1 or 2"},
        {"12 apples", 0, "not a whole number"},
        {"", 0, "not a whole number"},
        {"-", 0, "not a whole number"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        struct error error = {0};
        int64_t value = NO;
        int result = integer_parse(CASES[i].text, &value, &error);

        assert_int_equal(result, CASES[i].complaint ? -1 : 0);
        assert_int_equal(value, CASES[i].complaint ? (int64_t)NO : CASES[i].value);
        if (CASES[i].complaint)
            check_message(CASES[i].text, &error, CASES[i].complaint);
    }
}

static void reads_truth(void **state)
{
    static const char *const TRUTHS[] = {"true", "yes", "on", "True"};
    static const char *const LIES[] = {"false", "no", "off", "FALSE"};
    struct error error = {0};
    int64_t value = NO;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(TRUTHS); i++) {
        assert_int_equal(boolean_parse(TRUTHS[i], &value, &error), 0);
        assert_int_equal(value, 1);
        assert_int_equal(boolean_parse(LIES[i], &value, &error), 0);
        assert_int_equal(value, 0);
    }
    assert_int_equal(boolean_parse("maybe", &value, &error), -1);
    check_message("maybe", &error, "say true or false");
}

static void shows_durations(void **state)
{
    static const struct {
        uint64_t ns;
        const char *shown;
    } CASES[] = {
        {0, "0 ns"},
        {999, "999 ns"},
        {1000, "1.00 us"},
        {1250000, "1.25 ms"},
        {12500000, "12.5 ms"},
        {99950000, "100 ms"},
        {999499999, "999 ms"},
        {999500000, "1.00 s"},
        {90000000000, "90.0 s"},
        {119400000000, "119 s"},
        {125000000000, "2 m 05 s"},
        {3599999999999, "1 h 00 m"},
        {3723000000000, "1 h 02 m"},
    };
    char buffer[32];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++)
        assert_string_equal(duration_show(CASES[i].ns, buffer, sizeof(buffer)), CASES[i].shown);
}

static void shows_counts(void **state)
{
    char buffer[32];

    (void)state;
    assert_string_equal(count_show(0, buffer, sizeof(buffer)), "0");
    assert_string_equal(count_show(999, buffer, sizeof(buffer)), "999");
    assert_string_equal(count_show(12345, buffer, sizeof(buffer)), "12,345");
    assert_string_equal(count_show(1000000, buffer, sizeof(buffer)), "1,000,000");
    assert_string_equal(count_show(UINT64_MAX, buffer, sizeof(buffer)),
                        "18,446,744,073,709,551,615");
}

static void shows_rates_and_sizes(void **state)
{
    char buffer[32];

    (void)state;
    assert_string_equal(rate_show(0, buffer, sizeof(buffer)), "0 /s");
    assert_string_equal(rate_show(0.25, buffer, sizeof(buffer)), "0.25 /s");
    assert_string_equal(rate_show(950, buffer, sizeof(buffer)), "950 /s");
    assert_string_equal(rate_show(118000, buffer, sizeof(buffer)), "118 k/s");
    assert_string_equal(rate_show(999600, buffer, sizeof(buffer)), "1.00 M/s");
    assert_string_equal(rate_show(1250000, buffer, sizeof(buffer)), "1.25 M/s");
    assert_string_equal(size_show(200, buffer, sizeof(buffer)), "200 B");
    assert_string_equal(size_show(4096, buffer, sizeof(buffer)), "4.0 KiB");
    assert_string_equal(size_show(4u << 20, buffer, sizeof(buffer)), "4.0 MiB");
    assert_string_equal(size_show(UINT64_MAX, buffer, sizeof(buffer)), "16777216.0 TiB");
}

static void a_time_is_written_as_the_world_writes_it(void **state)
{
    static const struct {
        uint64_t seconds;
        const char *text;
    } cases[] = {{0, "1970-01-01T00:00:00Z"},
                 {951782400, "2000-02-29T00:00:00Z"},
                 {1795652196, "2026-11-26T00:16:36Z"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char *text = time_iso(cases[i].seconds * 1000000000u + 999999999u);

        assert_string_equal(text, cases[i].text);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_durations),
        cmocka_unit_test(reads_sizes),
        cmocka_unit_test(reads_rates),
        cmocka_unit_test(reads_percentages),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(reads_whole_numbers_exactly),
        cmocka_unit_test(reads_truth),
        cmocka_unit_test(shows_durations),
        cmocka_unit_test(shows_counts),
        cmocka_unit_test(shows_rates_and_sizes),
        cmocka_unit_test(a_time_is_written_as_the_world_writes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
