/* search.c: tries until the highest rate is found that holds the goal (hunt.h says which), and then
   a sweep below it, for the curve. */
#include "run/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "run/hunt.h"

#define LEAST_RATE      1.0
#define BUSY_LIMIT      0.9
#define STABLE_GROWTH   0.01 /* of what is sent, the backlog may grow by */
#define STABLE_MESSAGES 100.0
#define STABLE_FLOOR    0.010 /* seconds' worth of messages: nothing */
#define RATE_TOLERANCE  0.99
#define SAME_RATE       1.005
#define NEAR_RATE       1.02 /* near enough to one of the curve to stand for it */
#define KNEE_RANGE      1.06 /* of the rate that was found: what is far beyond it bends the curve */
#define SHORT_PARTS     3u   /* of the time of a full try */
#define SHORT_NS        500000000u /* at least, so that a backlog can be seen to grow */
#define SHORT_MESSAGES  2000.0     /* at least, so that percentiles mean something */
#define OVERTIME_NS     10000000000u

static const double curve[] = {0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95};
#define CURVE_STEEP 0.8 /* what lies below is flat: a short try shows it */

struct search {
    const struct run_options *options;
    struct scenario scenario; /* a copy, with a rate of our own */
    struct scenario_producer *producers;
    struct run_options tried; /* options of one try */
    struct result_point *points;
    size_t point_count;
    char phase[96];
    struct hunt hunt;
    uint64_t full_ns; /* of sending, in a full try */
    bool is_interrupted, is_unsteady;
};

/* What a try showed. */
struct outcome {
    struct result_point point;
    bool is_own_limit; /* this program was busy */
    bool is_doubtful;  /* missed, and it may have been the machine */
};

/* --- One try --------------------------------------------------------------------------------- */

static void tell(void *context, const struct run_progress *progress)
{
    const struct search *search = context;
    struct run_progress ours = *progress;

    ours.phase = search->phase;
    ours.left_ns = 0; /* how many tries there will be, nobody knows */
    search->options->progress(search->options->context, &ours);
}

static struct result_quantiles quantiles_of(const struct result *result, const char *metric)
{
    for (size_t i = 0; i < result->latency_count; i++) {
        const struct histogram *histogram = &result->latencies[i].histogram;

        if (strcmp(result->latencies[i].metric, metric) == 0)
            return (struct result_quantiles){
                .count = histogram->count,
                .p50_ns = histogram_percentile(histogram, 0.5),
                .p99_ns = histogram_percentile(histogram, 0.99),
                .p999_ns = histogram_percentile(histogram, 0.999),
                .max_ns = histogram_percentile(histogram, 1.0),
            };
    }
    return (struct result_quantiles){0};
}

/* The last window that ended before a moment, NULL when there is none. */
static const struct result_window *window_before(const struct result *result, uint64_t moment_ns)
{
    const struct result_window *found = NULL;

    for (size_t i = 0; i < result->window_count && result->windows[i].end_ns <= moment_ns; i++)
        found = &result->windows[i];
    return found;
}

static struct scenario_producer *producer_of(const struct search *search)
{
    return &search->producers[search->scenario.search.producer];
}

/* Messages that consumers have in hand, which come and go by the batch; not a backlog, up to a
   hundred. */
static double in_hand(const struct scenario *scenario)
{
    double count = 0.0;

    for (size_t i = 0; i < scenario->consumer_count; i++)
        count += (double)scenario->consumers[i].members * (double)scenario->consumers[i].batch;
    return fmin(count, STABLE_MESSAGES);
}

/* Did the backlog stay, over the second half of the sending? */
static bool is_stable(const struct search *search, const struct result *result, double rate)
{
    uint64_t for_ns = producer_of(search)->for_ns, start_ns = result->load_start_ns;
    const struct result_window *middle = window_before(result, start_ns + for_ns / 2);
    const struct result_window *end = window_before(result, start_ns + for_ns);
    double seconds, growth;

    if (!middle || !end || end == middle)
        return false; /* slices widen in a long run: much was left to drain */
    seconds = (double)(end->end_ns - middle->end_ns) / 1e9;
    growth = (double)end->backlog - (double)middle->backlog;
    return growth <=
           rate * seconds * STABLE_GROWTH + rate * STABLE_FLOOR + in_hand(&search->scenario);
}

static bool keeps_goal(const struct search *search, const struct result *result,
                       const struct result_point *point)
{
    if (point->achieved < point->rate * RATE_TOLERANCE || result->verdict == VERDICT_FAIL)
        return false;
    for (size_t i = 0; i < search->scenario.search.goal_count; i++)
        if (result->expectations[i].verdict != VERDICT_PASS)
            return false;
    return !search->scenario.search.is_stable || is_stable(search, result, point->rate);
}

static int compare_points(const void *left, const void *right)
{
    const struct result_point *a = left, *b = right;

    return (a->rate > b->rate) - (a->rate < b->rate);
}

static struct result_point *find_point(const struct search *search, double rate, double range)
{
    for (size_t i = 0; i < search->point_count; i++) {
        double ratio = search->points[i].rate / rate;

        if (ratio < range && ratio > 1.0 / range)
            return &search->points[i];
    }
    return NULL;
}

/* Of a rate that is tried several times, the last one that agrees with the majority. */
static void keep_point(struct search *search, const struct result_point *point, bool holds)
{
    struct result_point *known = find_point(search, point->rate, SAME_RATE);

    if (!known) {
        search->points =
            memory_grow(search->points, search->point_count + 1, sizeof(*search->points));
        known = &search->points[search->point_count++];
        *known = *point;
    }
    if (point->holds == holds)
        *known = *point;
    known->holds = holds;
    qsort(search->points, search->point_count, sizeof(*search->points), compare_points);
}

static void set_rate(struct search *search, const char *what, double rate, uint64_t for_ns)
{
    struct scenario_producer *producer = producer_of(search);
    const struct hunt_rate *held = hunt_held(&search->hunt);
    char shown[32], best[32];

    producer->rate = rate;
    producer->for_ns = for_ns;
    search->scenario.limit_ns = for_ns * 3 + OVERTIME_NS;
    (void)snprintf(search->phase, sizeof(search->phase), "%s %s%s%s%s", what,
                   rate_show(rate, shown, sizeof(shown)), held ? " (" : "",
                   held ? rate_show(held->rate, best, sizeof(best)) : "", held ? " holds)" : "");
}

static int try_rate(struct search *search, struct outcome *ret_outcome, struct error *reterr)
{
    const struct scenario_producer *producer = producer_of(search);
    const struct result_window *last;
    struct result *result = NULL;

    if (run_once(&search->tried, &result, reterr) != 0)
        return -1;
    search->is_interrupted = result->is_partial;
    *ret_outcome = (struct outcome){.is_own_limit = result->environment.cpu_share > BUSY_LIMIT};
    ret_outcome->point = (struct result_point){
        .rate = producer->rate,
        .achieved = result->publish_rate,
        .publish = quantiles_of(result, "publish"),
        .deliver = quantiles_of(result, "deliver"),
    };
    last = window_before(result, result->load_start_ns + producer->for_ns);
    ret_outcome->point.backlog = last ? last->backlog : 0;
    ret_outcome->point.holds = keeps_goal(search, result, &ret_outcome->point);
    ret_outcome->is_doubtful = !ret_outcome->point.holds && result->verdict == VERDICT_INCONCLUSIVE;
    result_free(result);
    return 0;
}

/* --- Closing in ------------------------------------------------------------------------------ */

/* How long a try sends.  The warm-up is whole in a short one too. */
static uint64_t time_of(const struct search *search, struct hunt_try *tried)
{
    uint64_t warm_up_ns = search->scenario.warm_up_ns;
    uint64_t short_ns;

    if (!tried->is_short || search->full_ns <= warm_up_ns)
        return search->full_ns;
    short_ns = (search->full_ns - warm_up_ns) / SHORT_PARTS;
    tried->is_short =
        short_ns >= SHORT_NS && tried->rate * (double)short_ns / 1e9 >= SHORT_MESSAGES;
    return tried->is_short ? warm_up_ns + short_ns : search->full_ns;
}

static int weigh_rate(struct search *search, struct hunt_try *tried, struct error *reterr)
{
    enum hunt_answer answer;
    struct outcome outcome;
    const struct hunt_rate *voted;
    char what[32];

    (void)snprintf(what, sizeof(what), "try %zu,", search->hunt.try_count + 1);
    set_rate(search, what, tried->rate, time_of(search, tried));
    if (try_rate(search, &outcome, reterr) != 0)
        return -1;
    if (search->is_interrupted)
        return 0;
    answer = outcome.is_doubtful ? HUNT_DOUBTFUL : HUNT_MISSED;
    voted = hunt_tell(&search->hunt, tried, outcome.point.holds ? HUNT_HELD : answer,
                      outcome.is_own_limit);
    keep_point(search, &outcome.point, voted->held > voted->missed);
    return 0;
}

static int close_in(struct search *search, struct error *reterr)
{
    struct hunt_try next;

    while (!search->is_interrupted && hunt_next(&search->hunt, &next))
        if (weigh_rate(search, &next, reterr) != 0)
            return -1;
    return 0;
}

/* Tried again when it is missed: machines hiccup. */
static int sweep_rate(struct search *search, double rate, struct error *reterr)
{
    struct hunt_try tried = {rate, rate < hunt_held(&search->hunt)->rate * CURVE_STEEP};
    struct outcome outcome = {0};

    for (int i = 0; i < 2 && !outcome.point.holds && !search->is_interrupted; i++) {
        set_rate(search, "for the curve,", rate, time_of(search, &tried));
        tried.is_short = false;
        if (try_rate(search, &outcome, reterr) != 0)
            return -1;
        if (!search->is_interrupted)
            keep_point(search, &outcome.point, outcome.point.holds);
    }
    search->is_unsteady |= !outcome.point.holds;
    return 0;
}

static int sweep_below(struct search *search, struct error *reterr)
{
    const struct hunt_rate *held = hunt_held(&search->hunt);

    for (size_t i = 0; held && i < sizeof(curve) / sizeof(curve[0]); i++) {
        if (search->is_interrupted)
            return 0;
        if (!find_point(search, held->rate * curve[i], NEAR_RATE) &&
            sweep_rate(search, held->rate * curve[i], reterr) != 0)
            return -1;
    }
    return 0;
}

/* --- The whole ------------------------------------------------------------------------------- */

static void open_search(struct search *search)
{
    const struct scenario *scenario = search->options->scenario;

    search->scenario = *scenario;
    search->producers = memory_new(scenario->producer_count, sizeof(*search->producers));
    memcpy(search->producers, scenario->producers,
           scenario->producer_count * sizeof(*search->producers));
    search->scenario.producers = search->producers;
    search->full_ns = producer_of(search)->for_ns;
    search->scenario.expectations = scenario->search.goals;
    search->scenario.expectation_count = scenario->search.goal_count;
    search->scenario.known = (struct scenario_known){0};
    search->scenario.keep = false;
    search->tried = *search->options;
    search->tried.scenario = &search->scenario;
    search->tried.context = search;
    search->tried.progress = search->options->progress ? tell : NULL;
}

/* The last run is at the rate that was found, and answers what the scenario expects. */
static int run_last(struct search *search, struct result **ret_result, struct error *reterr)
{
    const struct scenario *scenario = search->options->scenario;
    const struct hunt_rate *held = hunt_held(&search->hunt);

    set_rate(search, "at last", held ? held->rate : LEAST_RATE, search->full_ns);
    search->scenario.expectations = scenario->expectations;
    search->scenario.expectation_count = scenario->expectation_count;
    search->scenario.known = scenario->known;
    search->scenario.keep = scenario->keep;
    search->scenario.search.found = held ? held->rate : 0.0;
    if (search->is_interrupted) /* it might have been more */
        search->scenario.search.found = -1.0;
    return run_once(&search->tried, ret_result, reterr);
}

/* Points that are not far beyond the rate that was found. */
static size_t count_near(const struct search *search, double found)
{
    size_t count = 0;

    while (count < search->point_count && search->points[count].rate <= found * KNEE_RANGE)
        count++;
    return count > 0 ? count : 1;
}

static void note_found(const struct search *search, const struct hunt_rate *held,
                       struct result *result)
{
    const struct hunt_rate *missed = hunt_missed(&search->hunt);
    const char *goal = search->scenario.search.text;
    char best[32], next[32];

    if (missed)
        result_note(result,
                    "the highest rate that holds '%s' is %s (in %u of %u tries); %s held "
                    "in %u of %u",
                    goal, rate_show(held->rate, best, sizeof(best)), held->held,
                    held->held + held->missed, rate_show(missed->rate, next, sizeof(next)),
                    missed->held, missed->held + missed->missed);
    else
        result_note(result, "the highest rate that holds '%s' is %s; none that was tried did not",
                    goal, rate_show(held->rate, best, sizeof(best)));
    if (!missed || missed->is_own_limit)
        result_note(result, "what stood in the way of more was this program, not the broker: its "
                            "own thread was busy; raise 'workers', or give it more cores");
    if (search->is_unsteady)
        result_note(result, "a lower rate did not hold when it was tried later: the machine or the "
                            "broker was not the same all the time");
}

static void conclude(struct search *search, struct result *result)
{
    const struct hunt_rate *held = hunt_held(&search->hunt), *missed = hunt_missed(&search->hunt);
    char shown[32];

    result->points = search->points;
    result->point_count = search->point_count;
    result->max_rate = held ? held->rate : 0.0;
    if (search->is_interrupted)
        result_judge(result, VERDICT_INCONCLUSIVE, "interrupted before the search was over");
    else if (!held)
        result_judge(result, VERDICT_FAIL, "no rate held '%s', not even %s",
                     search->scenario.search.text,
                     rate_show(missed ? missed->rate : LEAST_RATE, shown, sizeof(shown)));
    if (!held || search->is_interrupted)
        return;
    result->knee_rate =
        search->points[search_knee(search->points, count_near(search, held->rate))].rate;
    note_found(search, held, result);
}

int search_run(const struct run_options *options, struct result **ret_result, struct error *reterr)
{
    struct search search = {.options = options};
    int result = -1;

    open_search(&search);
    if (close_in(&search, reterr) == 0 && sweep_below(&search, reterr) == 0)
        result = run_last(&search, ret_result, reterr);
    if (result == 0)
        conclude(&search, *ret_result);
    else
        free(search.points);
    free(search.producers);
    return result;
}
