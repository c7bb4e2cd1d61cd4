/* expect.c: each subject of expectations decides for itself; a table says which. */
#include "run/expect.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"
#include "run/metrics.h"

#define RATE_TOLERANCE 0.99 /* of the target, or the run says nothing about rate and latency */
#define BUSY_LIMIT     0.9

static void decide(struct result_expectation *ret, enum verdict verdict, char *reason)
{
    ret->verdict = verdict;
    ret->reason = reason; /* taken */
}

/* --- Anomalies ------------------------------------------------------------------------------- */

/* By the word of expectations; a word that names no anomaly was refused by the loader. */
static struct anomaly_count find_anomaly(const struct stage *stage, const char *word)
{
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        if (strcmp(anomaly_name((enum anomaly)i), word) == 0)
            return stage->result->ledger->anomalies[i];
    return (struct anomaly_count){0};
}

bool expect_is_anomaly(const char *word)
{
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        if (strcmp(anomaly_name((enum anomaly)i), word) == 0)
            return true;
    return false;
}

static uint64_t count_unseen(const struct stage *stage)
{
    return stage->result->ledger->anomalies[ANOMALY_UNSEEN].observed;
}

static uint64_t count_delivered(const struct stage *stage)
{
    struct ledger_counts counts = ledger_count(stage->cast.ledger, -1);

    return counts.first + counts.again;
}

/* A promise about messages is not shown to hold by a run that saw none, or not all. */
static void decide_absence(struct stage *stage, struct result_expectation *ret, const char *word)
{
    if (count_delivered(stage) == 0)
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_string("nothing was delivered, so there was nothing to check"));
    else if (strcmp(word, "lost") == 0 && count_unseen(stage) > 0)
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_format("%llu messages were not seen, and the drain was not proven: they may "
                             "still be on the broker",
                             (unsigned long long)count_unseen(stage)));
    else
        decide(ret, VERDICT_PASS, NULL);
}

static void expect_anomaly(struct stage *stage, const struct scenario_expectation *expectation,
                           struct result_expectation *ret)
{
    uint64_t observed = find_anomaly(stage, expectation->word).observed;

    ret->measured = memory_format("%llu", (unsigned long long)observed);
    if (observed > 0)
        decide(ret, VERDICT_FAIL,
               memory_format("%llu %s", (unsigned long long)observed, expectation->word));
    else
        decide_absence(stage, ret, expectation->word);
}

static void expect_some(struct stage *stage, const struct scenario_expectation *expectation,
                        struct result_expectation *ret)
{
    uint64_t observed = find_anomaly(stage, expectation->word).observed;

    ret->measured = memory_format("%llu", (unsigned long long)observed);
    if (observed > 0)
        decide(ret, VERDICT_PASS, NULL);
    else if (stage->is_interrupted)
        decide(ret, VERDICT_INCONCLUSIVE, memory_string("the run was interrupted"));
    else
        decide_absence(stage, ret, expectation->word);
    if (observed == 0 && ret->verdict == VERDICT_PASS)
        decide(ret, VERDICT_FAIL, memory_format("there were no %s", expectation->word));
}

static void expect_caused_only(struct stage *stage, const struct scenario_expectation *expectation,
                               struct result_expectation *ret)
{
    const struct anomaly_count *count = &stage->result->ledger->anomalies[ANOMALY_DUPLICATED];
    uint64_t uncaused = count->observed - count->caused;

    ret->measured = memory_format("%llu, %llu with a cause", (unsigned long long)count->observed,
                                  (unsigned long long)count->caused);
    if (uncaused > 0)
        decide(ret, VERDICT_FAIL,
               memory_format("%llu duplicates have no cause: nobody nacked, crashed, was cut off "
                             "or held them too long",
                             (unsigned long long)uncaused));
    else
        decide_absence(stage, ret, expectation->word);
}

/* --- The drain
 * ------------------------------------------------------------------------------------ */

/* Messages whose ack has no answer may stay silent: once nothing more came, they are no debt. */
static uint64_t count_unfinished(const struct stage *stage)
{
    struct ledger_counts counts = ledger_count(stage->cast.ledger, -1);

    if (stage->is_drained && counts.outstanding <= counts.doubtful)
        return 0;
    return counts.outstanding;
}

static void expect_drained(struct stage *stage, const struct scenario_expectation *expectation,
                           struct result_expectation *ret)
{
    uint64_t outstanding = count_unfinished(stage);
    char shown[32], limit[32];

    duration_show(stage->result->drain_ns, shown, sizeof(shown));
    duration_show((uint64_t)expectation->value, limit, sizeof(limit));
    ret->measured = memory_string(shown);
    if (stage->is_interrupted)
        decide(ret, VERDICT_INCONCLUSIVE, memory_string("the run was interrupted"));
    else if (outstanding > 0)
        decide(ret, VERDICT_FAIL,
               memory_format("%llu messages were not finished after %s",
                             (unsigned long long)outstanding, shown));
    else if ((double)stage->result->drain_ns > expectation->value)
        decide(ret, VERDICT_FAIL, memory_format("it took %s, more than %s", shown, limit));
    else if (count_delivered(stage) == 0)
        decide(ret, VERDICT_INCONCLUSIVE, memory_string("there was nothing to drain"));
    else
        decide(ret, VERDICT_PASS, NULL);
}

/* --- Metrics
 * -------------------------------------------------------------------------------------- */

static bool compare(enum scenario_comparison comparison, double left, double right)
{
    switch (comparison) {
    case SCENARIO_LT:
        return left < right;
    case SCENARIO_LE:
        return left <= right;
    case SCENARIO_GE:
        return left >= right;
    case SCENARIO_GT:
        return left > right;
    case SCENARIO_NE:
        return fabs(left - right) > 0.0;
    case SCENARIO_EQ:
    default:
        return !(fabs(left - right) > 0.0);
    }
}

static char *show_value(enum scenario_unit unit, double value)
{
    char shown[48];

    if (unit == SCENARIO_UNIT_NS)
        return memory_string(duration_show((uint64_t)value, shown, sizeof(shown)));
    if (unit == SCENARIO_UNIT_PER_SECOND)
        return memory_string(rate_show(value, shown, sizeof(shown)));
    return memory_string(count_show((uint64_t)value, shown, sizeof(shown)));
}

/* Did this run ask for a rate it did not reach, or was it busy itself?  The reason, or NULL. */
static char *find_own_limit(const struct stage *stage)
{
    double target = 0.0;
    bool is_open = true;

    for (size_t i = 0; i < stage->scenario->producer_count; i++) {
        target += stage->scenario->producers[i].rate;
        is_open = is_open && stage->scenario->producers[i].rate > 0.0;
    }
    if (!is_open)
        return NULL;
    if (stage->result->environment.cpu_share > BUSY_LIMIT)
        return memory_format("this program's own thread was %.0f %% busy: it may have been the "
                             "bottleneck",
                             stage->result->environment.cpu_share * 100.0);
    if (stage->result->publish_rate > 0.0 && stage->result->publish_rate < target * RATE_TOLERANCE)
        return memory_format("the rate asked for was missed: %.0f/s instead of %.0f/s",
                             stage->result->publish_rate, target);
    return NULL;
}

static void decide_value(struct stage *stage, const struct scenario_expectation *expectation,
                         double value, struct result_expectation *ret)
{
    bool holds = compare(expectation->comparison, value, expectation->value);
    bool is_measure = expectation->unit != SCENARIO_UNIT_COUNT;
    char *limit = is_measure ? find_own_limit(stage) : NULL;

    ret->measured = show_value(expectation->unit, value);
    if (limit)
        decide(ret, VERDICT_INCONCLUSIVE, limit);
    else if (holds)
        decide(ret, VERDICT_PASS, NULL);
    else
        decide(ret, VERDICT_FAIL, memory_format("it was %s", ret->measured));
}

/* Samples that a percentile needs to mean something: ten beyond it, none for the mean and maximum.
 */
static uint64_t samples_needed(double share)
{
    if (share < 0.0 || share >= 1.0)
        return 1;
    return (uint64_t)(1.0 / (1.0 - share) + 0.5);
}

static void expect_latency(struct stage *stage, const struct scenario_expectation *expectation,
                           const struct histogram *histogram, struct result_expectation *ret)
{
    uint64_t needed = samples_needed(expectation->share);
    double value;

    if (histogram->count < needed) {
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_format("%llu samples are too few for it: it needs %llu",
                             (unsigned long long)histogram->count, (unsigned long long)needed));
        return;
    }
    value = expectation->share < -1.5 ? histogram_mean(histogram)
                                      : (double)histogram_percentile(histogram, expectation->share);
    decide_value(stage, expectation, value, ret);
}

static void expect_metric(struct stage *stage, const struct scenario_expectation *expectation,
                          struct result_expectation *ret)
{
    const struct histogram *histogram = metric_latency(stage->result, expectation->word);
    double value;

    if (expectation->unit == SCENARIO_UNIT_NS) {
        if (histogram)
            expect_latency(stage, expectation, histogram, ret);
        else
            decide(ret, VERDICT_INCONCLUSIVE,
                   memory_format("no %s was measured", expectation->word));
    } else if (metric_value(stage, expectation->word, &value)) {
        decide_value(stage, expectation, value, ret);
        if (ret->verdict == VERDICT_PASS && expect_is_anomaly(expectation->word))
            decide_absence(stage, ret, expectation->word);
    } else {
        decide(ret, VERDICT_INCONCLUSIVE, memory_format("'%s' is not measured", expectation->word));
    }
}

/* --- The broker's own words
 * ------------------------------------------------------------------------ */

static void expect_healthy(struct stage *stage, const struct scenario_expectation *expectation,
                           struct result_expectation *ret)
{
    char status[32];

    if (!metric_broker_status(&stage->result->brokers[expectation->broker], status,
                              sizeof(status))) {
        decide(ret, VERDICT_INCONCLUSIVE, memory_string("the broker did not answer health_stats"));
        return;
    }
    ret->measured = memory_string(status);
    if (strcmp(status, "healthy") == 0)
        decide(ret, VERDICT_PASS, NULL);
    else
        decide(ret, VERDICT_FAIL, memory_format("it says that it is %s", status));
}

static void expect_ping(struct stage *stage, const struct scenario_expectation *expectation,
                        struct result_expectation *ret)
{
    uint64_t ping_ns = stage->brokers.items[expectation->broker].ping_ns;
    char shown[32];

    ret->measured = memory_string(duration_show(ping_ns, shown, sizeof(shown)));
    if (ping_ns > 0 && (double)ping_ns <= expectation->value)
        decide(ret, VERDICT_PASS, NULL);
    else
        decide(ret, VERDICT_FAIL, memory_format("its median ping took %s", shown));
}

static void expect_broker_count(struct stage *stage, const struct scenario_expectation *expectation,
                                struct result_expectation *ret)
{
    double value;

    if (metric_broker_count(&stage->result->brokers[expectation->broker], expectation->word,
                            &value))
        decide_value(stage, expectation, value, ret);
    else
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_format("the broker does not tell %s", expectation->word));
}

/* --- Deciding
 * --------------------------------------------------------------------------------------- */

typedef void decider(struct stage *stage, const struct scenario_expectation *expectation,
                     struct result_expectation *ret);

static decider *const deciders[] = {
    [SCENARIO_ANOMALY] = expect_anomaly,
    [SCENARIO_SOME] = expect_some,
    [SCENARIO_CAUSED_ONLY] = expect_caused_only,
    [SCENARIO_DRAINED] = expect_drained,
    [SCENARIO_METRIC] = expect_metric,
    [SCENARIO_HEALTHY] = expect_healthy,
    [SCENARIO_PING] = expect_ping,
    [SCENARIO_BROKER_COUNT] = expect_broker_count,
};

void expect_decide(struct stage *stage, const struct scenario_expectation *expectation,
                   struct result_expectation *ret)
{
    ret->text = memory_string(expectation->text);
    ret->line = expectation->place.line;
    deciders[expectation->subject](stage, expectation, ret);
}

/* Does the comparison hold for any number over 0? */
static bool takes_some(const struct scenario_expectation *expectation)
{
    switch (expectation->comparison) {
    case SCENARIO_LT:
        return expectation->value > 1;
    case SCENARIO_LE:
    case SCENARIO_EQ:
        return expectation->value > 0;
    case SCENARIO_NE:
    case SCENARIO_GE:
    case SCENARIO_GT:
    default:
        return true;
    }
}

/* `some lost` and `lost <= 10` say that it is known and accepted: they decide how many, and the
   contract leaves the family to them.  The text of the first that does, NULL when none does. */
static const char *find_acceptance(const struct scenario *scenario, const char *family)
{
    for (size_t i = 0; i < scenario->expectation_count; i++) {
        const struct scenario_expectation *expectation = &scenario->expectations[i];

        if (strcmp(expectation->word, family) == 0 &&
            (expectation->subject == SCENARIO_SOME ||
             (expectation->subject == SCENARIO_METRIC && takes_some(expectation))))
            return expectation->text;
    }
    return NULL;
}

static void append_family(struct text *list, const struct anomaly_count *count, const char *family)
{
    text_appendf(list, "%s%llu %s", list->size > 0 ? ", " : "",
                 (unsigned long long)count->disallowed, family);
}

bool expect_contract_breaks(const struct stage *stage, int family)
{
    return stage->result->ledger->anomalies[family].disallowed > 0 &&
           !find_acceptance(stage->scenario, anomaly_name((enum anomaly)family));
}

void expect_contract(struct stage *stage, struct result_expectation *ret)
{
    const struct ledger_report *report = stage->result->ledger;
    struct text found = {0}, accepted = {0};

    ret->text = memory_string("nothing that the declared capabilities forbid");
    for (int i = 0; i < ANOMALY_FAMILIES; i++) {
        const char *family = anomaly_name((enum anomaly)i);
        const char *acceptance = find_acceptance(stage->scenario, family);

        if (report->anomalies[i].disallowed == 0)
            continue;
        append_family(acceptance ? &accepted : &found, &report->anomalies[i], family);
        if (acceptance)
            text_appendf(&accepted, " that '%s' accepts", acceptance);
    }
    if (found.size > 0)
        decide(ret, VERDICT_FAIL, memory_string(text_string(&found)));
    else
        decide_absence(stage, ret, "lost");
    ret->measured = memory_format("%s%s%s", found.size > 0 ? text_string(&found) : "none",
                                  accepted.size > 0 ? "; " : "", text_string(&accepted));
    text_release(&found);
    text_release(&accepted);
}
