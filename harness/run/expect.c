/* expect.c: each subject of expectations decides for itself; a table says which. */
#include "run/expect.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"
#include "run/expect_value.h"
#include "run/look.h"
#include "run/metrics.h"
#include "run/own_limit.h"

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

/* NULL: it had all the time it was to have. */
static const char *why_cut_short(const struct stage *stage)
{
    if (stage->is_interrupted)
        return "the run was interrupted";
    return stage_has_loss(stage) ? "the adapter's process ended" : NULL;
}

static void expect_some(struct stage *stage, const struct scenario_expectation *expectation,
                        struct result_expectation *ret)
{
    uint64_t observed = find_anomaly(stage, expectation->word).observed;

    ret->measured = memory_format("%llu", (unsigned long long)observed);
    if (observed > 0)
        decide(ret, VERDICT_PASS, NULL);
    else if (why_cut_short(stage))
        decide(ret, VERDICT_INCONCLUSIVE, memory_string(why_cut_short(stage)));
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
    if (why_cut_short(stage))
        decide(ret, VERDICT_INCONCLUSIVE, memory_string(why_cut_short(stage)));
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

static char *show_value(enum scenario_unit unit, double value)
{
    char shown[48];

    if (unit == SCENARIO_UNIT_NS)
        return memory_string(duration_show((uint64_t)value, shown, sizeof(shown)));
    if (unit == SCENARIO_UNIT_PER_SECOND)
        return memory_string(rate_show(value, shown, sizeof(shown)));
    return memory_string(count_show((uint64_t)value, shown, sizeof(shown)));
}

/* A count only grows: once it is too high, more time would not have helped. */
static bool is_for_good(const struct scenario_expectation *expectation, double value)
{
    bool has_ceiling = expectation->comparison == SCENARIO_LT ||
                       expectation->comparison == SCENARIO_LE ||
                       expectation->comparison == SCENARIO_EQ;

    return expectation->unit == SCENARIO_UNIT_COUNT && has_ceiling && value >= expectation->value;
}

static void decide_value(struct stage *stage, const struct scenario_expectation *expectation,
                         double value, double median_ns, struct result_expectation *ret)
{
    bool holds = expect_compares(expectation->comparison, value, expectation->value);
    char *limit = own_limit(stage, expectation,
                            (struct own_limit_found){.holds = holds, .median_ns = median_ns});

    ret->measured = show_value(expectation->unit, value);
    if (limit)
        decide(ret, VERDICT_INCONCLUSIVE, limit);
    else if (holds)
        decide(ret, VERDICT_PASS, NULL);
    else if (why_cut_short(stage) && !is_for_good(expectation, value))
        decide(ret, VERDICT_INCONCLUSIVE, memory_string(why_cut_short(stage)));
    else
        decide(ret, VERDICT_FAIL, memory_format("it was %s", ret->measured));
}

static void expect_latency(struct stage *stage, const struct scenario_expectation *expectation,
                           const struct histogram *histogram, struct result_expectation *ret)
{
    uint64_t needed = expect_samples(expectation->share);
    double value;

    if (histogram->count < needed) {
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_format("%llu samples are too few for it: it needs %llu",
                             (unsigned long long)histogram->count, (unsigned long long)needed));
        return;
    }
    value = expect_statistic(histogram, expectation->share);
    decide_value(stage, expectation, value, (double)histogram_percentile(histogram, 0.5), ret);
}

static void expect_latency_metric(struct stage *stage,
                                  const struct scenario_expectation *expectation,
                                  struct result_expectation *ret)
{
    struct histogram histogram;

    histogram_init(&histogram);
    metric_phase_latency(stage, &stage->total, expectation_phase(expectation), expectation->word,
                         &histogram);
    if (histogram.count > 0)
        expect_latency(stage, expectation, &histogram, ret);
    else
        decide(ret, VERDICT_INCONCLUSIVE, memory_format("no %s was measured", expectation->word));
    histogram_release(&histogram);
}

static bool phase_is_absent(const struct stage *stage,
                            const struct scenario_expectation *expectation)
{
    return phases_duration(&stage->phases, expectation_phase(expectation), stage->drain_end_ns) ==
           0;
}

static void expect_metric(struct stage *stage, const struct scenario_expectation *expectation,
                          struct result_expectation *ret)
{
    double value;

    if (expectation->when != SCENARIO_WHENEVER && phase_is_absent(stage, expectation)) {
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_string("that part of the run never came, so there was nothing to measure"));
    } else if (expectation->unit == SCENARIO_UNIT_NS) {
        expect_latency_metric(stage, expectation, ret);
    } else if (expectation->when != SCENARIO_WHENEVER) {
        decide_value(stage, expectation,
                     metric_phase_rate(stage, expectation_phase(expectation), expectation->word),
                     0.0, ret);
    } else if (metric_value(stage, expectation->word, &value)) {
        decide_value(stage, expectation, value, 0.0, ret);
        if (ret->verdict == VERDICT_PASS && expect_is_anomaly(expectation->word))
            decide_absence(stage, ret, expectation->word);
    } else {
        decide(ret, VERDICT_INCONCLUSIVE, memory_format("'%s' is not measured", expectation->word));
    }
}

/* --- Recovery --------------------------------------------------------------------------------- */

/* Of all windows of all faults, the slowest; how many did not recover. */
static uint64_t slowest_recovery(const struct result *result, uint64_t *ret_windows,
                                 uint64_t *ret_missing)
{
    uint64_t slowest = 0;

    for (size_t i = 0; i < result->fault_count; i++)
        for (size_t w = 0; w < result->faults[i].window_count; w++) {
            const struct result_fault_window *window = &result->faults[i].windows[w];

            (*ret_windows)++;
            *ret_missing += !window->is_recovered;
            if (window->is_recovered && window->recovery_ns > slowest)
                slowest = window->recovery_ns;
        }
    return slowest;
}

static void expect_recovery(struct stage *stage, const struct scenario_expectation *expectation,
                            struct result_expectation *ret)
{
    uint64_t windows = 0, missing = 0;
    uint64_t slowest = slowest_recovery(stage->result, &windows, &missing);

    if (windows == 0) {
        decide(ret, VERDICT_INCONCLUSIVE,
               memory_string("no fault was on, so there was nothing to recover from"));
        return;
    }
    decide_value(stage, expectation, (double)slowest, 0.0, ret);
    if (missing == 0)
        return;
    free(ret->reason);
    if (why_cut_short(stage)) {
        decide(ret, VERDICT_INCONCLUSIVE, memory_string(why_cut_short(stage)));
        return;
    }
    decide(ret, VERDICT_FAIL,
           memory_format("after %llu of %llu faults it had not recovered when the run ended",
                         (unsigned long long)missing, (unsigned long long)windows));
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
        decide_value(stage, expectation, value, 0.0, ret);
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
    [SCENARIO_RECOVERY] = expect_recovery,
    [SCENARIO_HEALTHY] = expect_healthy,
    [SCENARIO_PING] = expect_ping,
    [SCENARIO_BROKER_COUNT] = expect_broker_count,
};

/* The run ended because of it: that it looks better at the end changes nothing. */
static void note_break(const struct stage *stage, struct result_expectation *ret)
{
    free(ret->reason);
    free(ret->measured);
    ret->measured = show_value(stage->look.broken->unit, stage->look.broken_value);
    decide(ret, VERDICT_FAIL, memory_format("it was %s, and that ended the run", ret->measured));
}

void expect_decide(struct stage *stage, const struct scenario_expectation *expectation,
                   struct result_expectation *ret)
{
    ret->text = memory_string(expectation->text);
    ret->line = expectation->place.line;
    deciders[expectation->subject](stage, expectation, ret);
    if (look_broke(stage, expectation))
        note_break(stage, ret);
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
