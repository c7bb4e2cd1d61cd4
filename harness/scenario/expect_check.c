/* expect_check.c: can this expectation be decided in this scenario at all? */
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "scenario/expect.h"

static bool has_producers(const struct scenario *scenario)
{
    return scenario->producer_count > 0;
}

static bool has_consumers(const struct scenario *scenario)
{
    return scenario->consumer_count > 0;
}

static bool sends_to(const struct scenario *scenario, size_t stream)
{
    for (size_t i = 0; i < scenario->producer_count; i++)
        for (size_t j = 0; j < scenario->producers[i].stream_count; j++)
            if (scenario->producers[i].streams[j] == stream)
                return true;
    return false;
}

static bool has_meeting(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->consumer_count; i++)
        for (size_t j = 0; j < scenario->consumers[i].stream_count; j++)
            if (sends_to(scenario, scenario->consumers[i].streams[j]))
                return true;
    return false;
}

static bool has_rate(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->producer_count; i++)
        if (scenario->producers[i].rate > 0)
            return true;
    return false;
}

static bool has_acks(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->consumer_count; i++)
        if (scenario->consumers[i].ack != SCENARIO_ACK_NONE)
            return true;
    return false;
}

static bool has_search(const struct scenario *scenario)
{
    return scenario->search.is_wanted;
}

static bool has_faults(const struct scenario *scenario)
{
    return scenario->fault_count > 0 || scenario->chaos_count > 0;
}

static const struct {
    enum scenario_need need;
    bool (*is_met)(const struct scenario *scenario);
    const char *why;
} NEEDS[] = {
    {SCENARIO_NEEDS_PRODUCERS, has_producers, "there are no producers"},
    {SCENARIO_NEEDS_CONSUMERS, has_consumers, "there are no consumers"},
    {SCENARIO_NEEDS_MEETING, has_meeting, "no consumer reads a stream that a producer sends to"},
    {SCENARIO_NEEDS_RATE, has_rate, "every producer is unlimited, and so never late: give a rate"},
    {SCENARIO_NEEDS_FAULTS, has_faults, "there are no faults"},
    {SCENARIO_NEEDS_SEARCH, has_search, "no producer has 'rate: max'"},
    {SCENARIO_NEEDS_ACKS, has_acks, "no consumer acknowledges anything"},
};

static unsigned needs_of(const struct scenario_expectation *expectation)
{
    const struct scenario_word *word = expect_find_word(expectation->word);

    if (expectation->subject == SCENARIO_DRAINED)
        return SCENARIO_NEEDS_CONSUMERS;
    if (expectation->subject >= SCENARIO_HEALTHY || !word)
        return 0;
    if (expectation->when >= SCENARIO_BEFORE_FAULTS && expectation->when <= SCENARIO_AFTER_FAULTS)
        return word->needs | SCENARIO_NEEDS_FAULTS;
    return word->needs;
}

/* A run waits `drain` and no longer: without being told so, it waits as long as this needs. */
static int check_drain(struct loader *loader, const struct scenario_expectation *expectation)
{
    struct scenario *scenario = loader->scenario;
    char asked[32], waited[32];

    if (expectation->subject != SCENARIO_DRAINED ||
        expectation->value <= (double)scenario->drain_ns)
        return 0;
    if (!loader->has_drain) {
        scenario->drain_ns = (uint64_t)expectation->value;
        return 0;
    }
    return error_set_at(loader->reterr, expectation->place,
                        "'%.60s' can never be decided: the run waits %s for the drain, so say "
                        "'drain: %s' or more",
                        expectation->text,
                        duration_show(scenario->drain_ns, waited, sizeof(waited)),
                        duration_show((uint64_t)expectation->value, asked, sizeof(asked)));
}

int expect_check_needs(struct loader *loader, unsigned needs, const char *text,
                       struct source_place place)
{
    for (size_t i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
        if ((needs & NEEDS[i].need) && !NEEDS[i].is_met(loader->scenario))
            return error_set_at(loader->reterr, place, "'%.60s' can never be decided: %s", text,
                                NEEDS[i].why);
    return 0;
}

int expect_check(struct loader *loader, const struct scenario_expectation *expectation)
{
    if (expect_check_needs(loader, needs_of(expectation), expectation->text, expectation->place) !=
        0)
        return -1;
    return check_drain(loader, expectation);
}
