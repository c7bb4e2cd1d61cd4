/* own_limit.c: the rules of performance.md: threads over 90 % busy, a rate missed by more than 1 %,
   a machine that holds everybody up. */
#include "run/own_limit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "run/expect_value.h"

#define BUSY_LIMIT     0.9
#define OTHERS_LIMIT   0.25 /* cores */
#define RATE_TOLERANCE 0.99
#define ANSWER_NS      20e6 /* the last answer may take so long */

/* --- The rate -------------------------------------------------------------------------------- */

/* How long a producer should take, with what its luck may add. */
static double planned_ns(const struct scenario_producer *producer)
{
    double planned = producer->for_ns > 0 ? (double)producer->for_ns
                                          : (double)producer->count / producer->rate * 1e9;

    if (producer->for_ns == 0 && producer->arrival == SCENARIO_POISSON)
        planned *= 1.0 + 4.0 / sqrt((double)producer->count);
    return planned;
}

/* One member; the reason or NULL. */
static char *find_missed_rate(const struct stage *stage, const struct cast_producer *entry)
{
    const struct tally *tally = producer_tally(entry->producer);
    double rate = entry->scenario->rate, planned, taken;
    char reached[48], asked[48];

    if (rate <= 0.0 || tally->last_ns <= stage->cast.start_ns)
        return NULL;
    planned = planned_ns(entry->scenario);
    taken = (double)(tally->last_ns - stage->cast.start_ns);
    if (planned >= (taken - ANSWER_NS) * RATE_TOLERANCE)
        return NULL;
    return memory_format("producer %s missed the rate asked for: %s instead of %s",
                         entry->scenario->name,
                         rate_show(rate * planned / taken, reached, sizeof(reached)),
                         rate_show(rate, asked, sizeof(asked)));
}

static bool is_open_loop(const struct stage *stage)
{
    for (size_t i = 0; i < stage->scenario->producer_count; i++)
        if (stage->scenario->producers[i].rate <= 0.0)
            return false;
    return stage->scenario->producer_count > 0;
}

/* What spoils all rates and latencies; the reason or NULL. */
static char *find_limit(const struct stage *stage)
{
    double busy = stage->result->environment.cpu_share;
    char *missed = NULL;

    if (stage->is_interrupted || stage->look.broken || stage_has_loss(stage))
        return NULL;
    if (is_open_loop(stage) && busy > BUSY_LIMIT)
        return memory_format("this program's own thread was %.0f %% busy: it may have been the "
                             "bottleneck, not the broker",
                             busy * 100.0);
    for (size_t i = 0; i < stage->cast.producer_count && !missed; i++)
        missed = find_missed_rate(stage, &stage->cast.producers[i]);
    return missed;
}

/* --- The machine ----------------------------------------------------------------------------- */

/* Noise lengthens tails: where even the median is over the limit, it is no excuse.  A latency that
   is too high may be the machine's doing when other programs kept it busy, or when this program
   itself was held up for longer than what is asked for, and for enough of the time to move that
   statistic. */
static char *find_noise(const struct stage *stage, const struct scenario_expectation *expectation)
{
    uint64_t gap_ns = stage->result->environment.gap_ns_max;
    double share = expectation->share < 0.0 ? 0.5 : expectation->share;
    double lasted = (double)stage->result->publish_ns;
    char shown[32];

    if (stage->result->environment.others > OTHERS_LIMIT)
        return memory_format("the machine was noisy: other programs kept %.1f cores busy",
                             stage->result->environment.others);
    if (gap_ns == 0 || (double)gap_ns < expectation->value ||
        (double)gap_ns < (1.0 - share) * lasted)
        return NULL;
    return memory_format("the machine was noisy: this program itself was held up for %s, longer "
                         "than what is asked for",
                         duration_show(gap_ns, shown, sizeof(shown)));
}

static bool is_lower_bound(const struct scenario_expectation *expectation)
{
    return expectation->comparison == SCENARIO_GT || expectation->comparison == SCENARIO_GE;
}

char *own_limit(const struct stage *stage, const struct scenario_expectation *expectation,
                struct own_limit_found found)
{
    char *limit;

    if (expectation->unit == SCENARIO_UNIT_COUNT || strcmp(expectation->word, "max_rate") == 0 ||
        stage->result->is_virtual)
        return NULL;
    if (expectation->unit == SCENARIO_UNIT_PER_SECOND && found.holds && is_lower_bound(expectation))
        return NULL; /* it was reached, whatever stood in the way of more */
    /* A fault may well keep a rate from being reached: recovery is judged by itself. */
    limit = expectation->subject == SCENARIO_RECOVERY ? NULL : find_limit(stage);
    if (!limit && !found.holds && found.median_ns > 0.0 &&
        expect_compares(expectation->comparison, found.median_ns, expectation->value))
        limit = find_noise(stage, expectation);
    return limit;
}

static bool asks_for_measures(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->expectation_count; i++)
        if (scenario->expectations[i].subject == SCENARIO_METRIC &&
            scenario->expectations[i].unit != SCENARIO_UNIT_COUNT)
            return true;
    return false;
}

void own_limit_note(struct stage *stage)
{
    double busy = stage->result->environment.cpu_share;
    char *limit = stage->result->is_virtual ? NULL : find_limit(stage);

    if (limit && !asks_for_measures(stage->scenario))
        result_note(stage->result, "rates and latencies of this run say nothing: %s", limit);
    free(limit);
    if (!is_open_loop(stage) && busy > BUSY_LIMIT)
        result_note(stage->result,
                    "the busiest worker of this run was %.0f %% busy: its throughput is this "
                    "program's limit, not the broker's",
                    busy * 100.0);
}
