/* quantity.c: numbers with units, read from text. */
#include "base/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NUMBER_SIZE_MAX 63
#define WHOLE_MAX       9.2e18 /* below 2^63 */

struct unit {
    const char *name;
    double factor;
};

static const struct unit DURATIONS[] = {
    {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {NULL, 0},
};

static const struct unit SIZES[] = {
    {"", 1},
    {"B", 1},
    {"KiB", 1024.0},
    {"MiB", 1024.0 * 1024.0},
    {"GiB", 1024.0 * 1024.0 * 1024.0},
    {"kB", 1e3},
    {"KB", 1e3},
    {"MB", 1e6},
    {"GB", 1e9},
    {NULL, 0},
};

static const struct unit PERIODS[] = {{"s", 1}, {"m", 1.0 / 60}, {"h", 1.0 / 3600}, {NULL, 0}};
static const struct unit THOUSANDS[] = {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {NULL, 0}};

static const struct unit *find_unit(const struct unit *units, const char *name, size_t size)
{
    for (; units->name; units++)
        if (strlen(units->name) == size && memcmp(units->name, name, size) == 0)
            return units;
    return NULL;
}

/* Where a number ends: digits, '_' between them, a point, an exponent with digits. */
static const char *skip_number(const char *text)
{
    const char *exponent;

    if (*text == '-' || *text == '+')
        text++;
    while (isdigit((unsigned char)*text) || *text == '.' || *text == '_')
        text++;
    exponent = text;
    if (*exponent == 'e' || *exponent == 'E') {
        exponent++;
        if (*exponent == '-' || *exponent == '+')
            exponent++;
        if (isdigit((unsigned char)*exponent))
            for (text = exponent; isdigit((unsigned char)*text);)
                text++;
    }
    return text;
}

/* The number at the start of `text`, and the rest of it.  -1 when there is none. */
static int split(const char *text, double *ret_value, const char **ret_rest)
{
    const char *rest = skip_number(text);
    char digits[NUMBER_SIZE_MAX + 1], *end;
    size_t size = 0;

    for (const char *at = text; at < rest && size < NUMBER_SIZE_MAX; at++)
        if (*at != '_')
            digits[size++] = *at;
    digits[size] = '\0';
    *ret_value = strtod(digits, &end);
    *ret_rest = rest + strspn(rest, " ");
    return end != digits && *end == '\0' && size < NUMBER_SIZE_MAX && isfinite(*ret_value) ? 0 : -1;
}

static int check_range(const char *text, double value, const char *what, struct error *reterr)
{
    if (value < 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is negative: say %s of 0 or more", text,
                         what);
    if (value >= WHOLE_MAX)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is too large for %s", text, what);
    return 0;
}

int duration_parse(const char *text, uint64_t *ret_ns, struct error *reterr)
{
    const struct unit *unit;
    const char *rest;
    double value;

    if (split(text, &value, &rest) != 0)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' is not a duration: say a number and a unit, such as 250ms", text);
    unit = find_unit(DURATIONS, rest, strlen(rest));
    if (!unit && value == 0 && !*rest)
        unit = DURATIONS;
    if (!unit && !*rest)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' has no unit: say ns, us, ms, s, m or h (such as %sms)", text, text);
    if (!unit)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' has an unknown unit '%s': say ns, us, ms, s, m or h", text, rest);
    if (check_range(text, value * unit->factor, "a duration", reterr) != 0)
        return -1;
    *ret_ns = (uint64_t)llround(value * unit->factor);
    return 0;
}

int rate_parse(const char *text, double *ret_per_second, struct error *reterr)
{
    const struct unit *thousand, *period;
    const char *rest, *slash;
    double value;

    if (split(text, &value, &rest) != 0)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' is not a rate: say a number and a period, such as 5000/s", text);
    slash = strchr(rest, '/');
    if (!slash)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' has no period: say /s, /m or /h (such as %s/s)", text, text);
    thousand = find_unit(THOUSANDS, rest, (size_t)(slash - rest));
    period = find_unit(PERIODS, slash + 1, strlen(slash + 1));
    if (!thousand || !period)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' has an unknown unit '%s': say /s, /m or /h, with k, M or G before "
                         "it if you like (such as 20k/s)",
                         text, rest);
    if (check_range(text, value * thousand->factor * period->factor, "a rate", reterr) != 0)
        return -1;
    *ret_per_second = value * thousand->factor * period->factor;
    return 0;
}

int size_parse(const char *text, uint64_t *ret_bytes, struct error *reterr)
{
    const struct unit *unit;
    const char *rest;
    double value;

    if (split(text, &value, &rest) != 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is not a size: say bytes, or such as 4KiB",
                         text);
    unit = find_unit(SIZES, rest, strlen(rest));
    if (!unit)
        return error_set(reterr, ERROR_SCENARIO,
                         "'%s' has an unknown unit '%s': say B, KiB, MiB, GiB, kB, MB or GB", text,
                         rest);
    if (check_range(text, value * unit->factor, "a size", reterr) != 0)
        return -1;
    if (value * unit->factor != floor(value * unit->factor))
        return error_set(reterr, ERROR_SCENARIO, "'%s' is not a whole number of bytes", text);
    *ret_bytes = (uint64_t)(value * unit->factor);
    return 0;
}

int percent_parse(const char *text, double *ret_share, struct error *reterr)
{
    const char *rest;
    double value;

    if (split(text, &value, &rest) != 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is not a percentage: say such as 1%%", text);
    if (!*rest && value != 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' has no unit: say %g%% or %g%%", text, value,
                         value * 100);
    if (*rest && strcmp(rest, "%") != 0)
        return error_set(reterr, ERROR_SCENARIO, "'%s' has an unknown unit '%s': say %%", text,
                         rest);
    if (value < 0 || value > 100)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is out of range: say 0%% to 100%%", text);
    *ret_share = value / 100;
    return 0;
}

/* Digits without point or exponent are read without a detour through a double, which would round.
 */
static int parse_digits(const char *text, int64_t *ret_value)
{
    int is_negative = *text == '-';
    int64_t value = 0;

    text += *text == '-' || *text == '+';
    if (!isdigit((unsigned char)*text))
        return -1;
    for (; *text; text++) {
        if (*text == '_')
            continue;
        if (!isdigit((unsigned char)*text) || __builtin_mul_overflow(value, 10, &value))
            return -1;
        if (__builtin_sub_overflow(value, *text - '0', &value))
            return -1;
    }
    /* Collected below zero, where there is room for one more. */
    if (!is_negative && value == INT64_MIN)
        return -1;
    *ret_value = is_negative ? value : -value;
    return 0;
}

int integer_parse(const char *text, int64_t *ret_value, struct error *reterr)
{
    const char *rest;
    double value;

    if (parse_digits(text, ret_value) == 0)
        return 0;
    if (split(text, &value, &rest) != 0 || *rest)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is not a whole number: say such as 1000",
                         text);
    if (fabs(value) >= WHOLE_MAX)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is too large: say at most %lld", text,
                         (long long)INT64_MAX);
    if (value != floor(value))
        return error_set(reterr, ERROR_SCENARIO, "'%s' is not a whole number: say %.0f or %.0f",
                         text, floor(value), ceil(value));
    *ret_value = (int64_t)value;
    return 0;
}

int number_parse(const char *text, double *ret_value, struct error *reterr)
{
    const char *rest;
    double value;

    if (split(text, &value, &rest) != 0 || *rest)
        return error_set(reterr, ERROR_SCENARIO, "'%s' is not a number: say such as 1.5", text);
    *ret_value = value;
    return 0;
}

int boolean_parse(const char *text, int64_t *ret_value, struct error *reterr)
{
    static const char *const WORDS[] = {"false", "true", "no", "yes", "off", "on"};

    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
        if (strcasecmp(text, WORDS[i]) != 0)
            continue;
        *ret_value = (int64_t)(i & 1);
        return 0;
    }
    return error_set(reterr, ERROR_SCENARIO, "'%s' is neither true nor false: say true or false",
                     text);
}
