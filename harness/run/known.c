/* known.c: what is known to fail must fail, and nothing else may. */
#include "run/known.h"

#include <string.h>

#include "base/memory.h"
#include "run/expect.h"

/* The expectation of the scenario behind a decided one; NULL for the contract, which is implied. */
static const struct scenario_expectation *written(const struct stage *stage, size_t index)
{
    return index < stage->scenario->expectation_count ? &stage->scenario->expectations[index]
                                                      : NULL;
}

/* Does an entry of `fails` name this expectation?  The contract has as many names as it has broken
   families. */
static bool names(const struct stage *stage, const char *entry, size_t index)
{
    const struct scenario_expectation *expectation = written(stage, index);

    if (expectation)
        return strcmp(entry, expectation->text) == 0 || strcmp(entry, expectation->word) == 0;
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        if (strcmp(entry, anomaly_name((enum anomaly)i)) == 0)
            return expect_contract_breaks(stage, i);
    return false;
}

static bool is_named(const struct stage *stage, size_t index)
{
    const struct scenario_known *known = &stage->scenario->known;

    for (size_t i = 0; i < known->fail_count; i++)
        if (names(stage, known->fails[i], index))
            return true;
    return false;
}

/* Every family that breaks the contract must be known. */
static bool is_contract_known(const struct stage *stage)
{
    const struct scenario_known *known = &stage->scenario->known;

    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        bool is_known = !expect_contract_breaks(stage, family);

        for (size_t i = 0; i < known->fail_count && !is_known; i++)
            is_known = strcmp(known->fails[i], anomaly_name((enum anomaly)family)) == 0;
        if (!is_known)
            return false;
    }
    return true;
}

void known_mark(struct stage *stage)
{
    struct result *result = stage->result;

    if (!stage->scenario->known.because)
        return;
    result->known_because = memory_string(stage->scenario->known.because);
    for (size_t i = 0; i < result->expectation_count; i++)
        result->expectations[i].is_known =
            result->expectations[i].verdict == VERDICT_FAIL &&
            (written(stage, i) ? is_named(stage, i) : is_contract_known(stage));
}

static bool has_failed(const struct stage *stage, const char *entry)
{
    const struct result *result = stage->result;

    for (size_t i = 0; i < result->expectation_count; i++)
        if (result->expectations[i].verdict == VERDICT_FAIL && names(stage, entry, i))
            return true;
    return false;
}

void known_judge(struct stage *stage)
{
    const struct scenario_known *known = &stage->scenario->known;
    struct result *result = stage->result;
    bool is_decided = result->verdict != VERDICT_INCONCLUSIVE;
    bool has_all = true;

    for (size_t i = 0; i < known->fail_count; i++) {
        if (has_failed(stage, known->fails[i]))
            continue;
        has_all = false;
        if (stage->options->known_may_pass)
            continue;
        if (is_decided)
            result_judge(result, VERDICT_FAIL, "known: '%s' no longer fails: remove known%s",
                         known->fails[i], known->fail_count > 1 ? ", or this of it" : "");
        else
            result_note(result, "known: whether '%s' still fails was not decided", known->fails[i]);
    }
    result->has_failed_as_known =
        known->fail_count > 0 && has_all && result->verdict == VERDICT_PASS;
}
