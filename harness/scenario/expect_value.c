/* expect_value.c: comparisons, values and durations in expectations. */
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "base/text.h"
#include "scenario/expect.h"

static const struct {
    const char *sign;
    enum scenario_comparison comparison;
} SIGNS[] = {
    {"<", SCENARIO_LT},  {"<=", SCENARIO_LE}, {"==", SCENARIO_EQ},
    {"!=", SCENARIO_NE}, {">=", SCENARIO_GE}, {">", SCENARIO_GT},
};

static int refuse_value(struct loader *loader, const struct scenario_expectation *expectation)
{
    if (loader->reterr)
        loader->reterr->place = expectation->place;
    return error_prefix(loader->reterr, "'%.60s': ", expectation->text);
}

static int parse_count(const char *text, double *ret_value, struct error *reterr)
{
    int64_t count;

    if (integer_parse(text, &count, reterr) != 0)
        return -1;
    if (count < 0)
        return error_set(reterr, ERROR_SCENARIO, "a count is never negative: say 0 or more");
    *ret_value = (double)count;
    return 0;
}

static int parse_duration(const char *text, double *ret_value, struct error *reterr)
{
    uint64_t ns;

    if (duration_parse(text, &ns, reterr) != 0)
        return -1;
    *ret_value = (double)ns;
    return 0;
}

static int (*const PARSERS[])(const char *text, double *ret_value, struct error *reterr) = {
    [SCENARIO_UNIT_COUNT] = parse_count,
    [SCENARIO_UNIT_NS] = parse_duration,
    [SCENARIO_UNIT_PER_SECOND] = rate_parse,
};

static const char *const EXAMPLES[] = {
    [SCENARIO_UNIT_COUNT] = "== 0",
    [SCENARIO_UNIT_NS] = "< 50ms",
    [SCENARIO_UNIT_PER_SECOND] = "> 1000/s",
};

static bool find_sign(const char *sign, enum scenario_comparison *ret_comparison)
{
    for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++)
        if (strcmp(SIGNS[i].sign, sign) == 0) {
            *ret_comparison = SIGNS[i].comparison;
            return true;
        }
    return false;
}

int expect_parse_comparison(struct loader *loader, const struct phrase *phrase, size_t index,
                            const struct scenario_word *word,
                            struct scenario_expectation *expectation)
{
    const char *sign = phrase_word(phrase, index);
    char value[200];

    if (!*sign)
        return error_set_at(loader->reterr, expectation->place,
                            "'%.60s' is compared with nothing: say such as '%.60s %s'",
                            expectation->text, expectation->text, EXAMPLES[word->unit]);
    if (!find_sign(sign, &expectation->comparison))
        return error_set_at(loader->reterr, expectation->place,
                            "'%s' is no comparison: say <, <=, ==, !=, >= or >", sign);
    phrase_rest(phrase, index + 1, value, sizeof(value));
    if (!*value)
        return error_set_at(loader->reterr, expectation->place,
                            "'%.60s' has nothing after '%s': say such as '%s'", expectation->text,
                            sign, EXAMPLES[word->unit]);
    expectation->unit = word->unit;
    if (PARSERS[word->unit](value, &expectation->value, loader->reterr) != 0)
        return refuse_value(loader, expectation);
    return 0;
}

int expect_parse_within(struct loader *loader, const struct phrase *phrase, size_t index,
                        const char *example, struct scenario_expectation *expectation)
{
    char value[200];

    phrase_rest(phrase, index + 1, value, sizeof(value));
    if (strcmp(phrase_word(phrase, index), "within") != 0 || !*value)
        return error_set_at(loader->reterr, expectation->place, "'%.60s' has no time: say '%s'",
                            expectation->text, example);
    expectation->unit = SCENARIO_UNIT_NS;
    expectation->comparison = SCENARIO_LE;
    if (parse_duration(value, &expectation->value, loader->reterr) != 0)
        return refuse_value(loader, expectation);
    return 0;
}
