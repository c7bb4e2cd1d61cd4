/* failed.c: anomalies by their word and other expectations by their text: counts and times, which
   differ from run to run, do not belong to how it failed. */
#include "run/failed.h"

#include <string.h>

#include "base/memory.h"
#include "run/expect.h"

static void add(struct result *result, const char *word)
{
    for (size_t i = 0; i < result->failed_count; i++)
        if (strcmp(result->failed[i], word) == 0)
            return;
    result->failed = memory_grow(result->failed, result->failed_count + 1, sizeof(char *));
    result->failed[result->failed_count++] = memory_string(word);
}

static bool is_held_against(const struct result_expectation *expectation)
{
    return expectation->verdict == VERDICT_FAIL && !expectation->is_known;
}

/* Does it fail because there is too much of an anomaly? */
static bool is_about_anomaly(const struct scenario_expectation *expectation)
{
    if (!expect_is_anomaly(expectation->word))
        return false;
    return expectation->subject == SCENARIO_ANOMALY ||
           expectation->subject == SCENARIO_CAUSED_ONLY ||
           (expectation->subject == SCENARIO_METRIC &&
            (expectation->comparison <= SCENARIO_LE || expectation->comparison == SCENARIO_EQ));
}

void failed_list(struct stage *stage)
{
    struct result *result = stage->result;
    size_t written_count = stage->scenario->expectation_count;

    for (size_t i = 0; i < written_count; i++)
        if (is_held_against(&result->expectations[i]) &&
            is_about_anomaly(&stage->scenario->expectations[i]))
            add(result, stage->scenario->expectations[i].word);
    if (result->expectation_count > written_count &&
        is_held_against(&result->expectations[written_count]))
        for (int family = 0; family < ANOMALY_FAMILIES; family++)
            if (expect_contract_breaks(stage, family))
                add(result, anomaly_name((enum anomaly)family));
    for (size_t i = 0; i < written_count; i++)
        if (is_held_against(&result->expectations[i]) &&
            !is_about_anomaly(&stage->scenario->expectations[i]))
            add(result, result->expectations[i].text);
    for (size_t i = 0; i < result->reason_count && result->failed_count == 0; i++)
        if (result->reasons[i].verdict == VERDICT_FAIL)
            add(result, result->reasons[i].text);
}
