/* search.c: doubling until the goal is missed, halving the gap, and then a sweep around what was
   found, for the curve. */
#include "run/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"

#define FIRST_RATE     1000.0
#define LEAST_RATE     1.0
#define HIGHEST_RATE   64e6
#define CLOSE_ENOUGH   1.05 /* the rate that failed, against the one that held */
#define BUSY_LIMIT     0.9
#define STABLE_GROWTH  0.01  /* of what is sent, the backlog may grow by */
#define STABLE_FLOOR   0.010 /* seconds' worth of messages: nothing */
#define RATE_TOLERANCE 0.99
#define SAME_RATE      1.005
#define KNEE_RANGE     1.06 /* of the rate that was found: what is far beyond it bends the curve */
#define TRIES          2
#define TRIES_MAX      4
#define OVERTIME_NS    10000000000u

static const double sweep[] = {0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.05, 1.0};

struct search {
    const struct run_options *options;
    struct scenario scenario; /* a copy, with a rate of our own */
    struct scenario_producer *producers;
    struct run_options tried; /* options of one try */
    struct result_point *points;
    size_t point_count;
    char phase[64];
    double highest_held, lowest_missed; /* 0: none yet */
    bool is_doubtful;                   /* the last try was spoilt by the machine */
    bool is_own_limit;                  /* the lowest that was missed, was missed by us */
    bool is_interrupted;
};

/* --- One try --------------------------------------------------------------------------------- */

static void tell(void *context, const struct run_progress *progress)
{
    const struct search *search = context;
    struct run_progress ours = *progress;

    ours.phase = search->phase;
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

/* Did the backlog stay, over the second half of the sending? */
static bool is_stable(const struct search *search, const struct result *result, double rate)
{
    uint64_t for_ns = search->producers[search->scenario.search.producer].for_ns;
    uint64_t start_ns = result->load_start_ns;
    const struct result_window *middle = window_before(result, start_ns + for_ns / 2);
    const struct result_window *end = window_before(result, start_ns + for_ns);
    double seconds, growth;

    if (!middle || !end || end == middle)
        return true;
    seconds = (double)(end->end_ns - middle->end_ns) / 1e9;
    growth = (double)end->backlog - (double)middle->backlog;
    return growth <= rate * seconds * STABLE_GROWTH + rate * STABLE_FLOOR + 100.0;
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

/* A rate that was tried before is replaced: the later try is nearer to the others of the sweep. */
static void keep_point(struct search *search, const struct result_point *point)
{
    for (size_t i = 0; i < search->point_count; i++)
        if (fabs(search->points[i].rate / point->rate - 1.0) < SAME_RATE - 1.0) {
            search->points[i] = *point;
            return;
        }
    search->points = memory_grow(search->points, search->point_count + 1, sizeof(*search->points));
    search->points[search->point_count++] = *point;
    qsort(search->points, search->point_count, sizeof(*search->points), compare_points);
}

static void set_rate(struct search *search, const char *what, double rate)
{
    struct scenario_producer *producer = &search->producers[search->scenario.search.producer];
    char shown[32];

    producer->rate = rate;
    search->scenario.limit_ns = producer->for_ns * 3 + OVERTIME_NS;
    (void)snprintf(search->phase, sizeof(search->phase), "%s %s", what,
                   rate_show(rate, shown, sizeof(shown)));
}

/* Try one rate; gives its point, and whether the harness itself was the limit. */
static int try_rate(struct search *search, const char *what, double rate,
                    struct result_point *ret_point, bool *ret_own_limit, struct error *reterr)
{
    uint64_t for_ns = search->producers[search->scenario.search.producer].for_ns;
    const struct result_window *last;
    struct result *result = NULL;

    set_rate(search, what, rate);
    if (run_once(&search->tried, &result, reterr) != 0)
        return -1;
    search->is_interrupted = result->is_partial;
    *ret_point = (struct result_point){
        .rate = rate,
        .achieved = result->publish_rate,
        .publish = quantiles_of(result, "publish"),
        .deliver = quantiles_of(result, "deliver"),
    };
    last = window_before(result, result->load_start_ns + for_ns);
    ret_point->backlog = last ? last->backlog : 0;
    ret_point->holds = keeps_goal(search, result, ret_point);
    *ret_own_limit = result->environment.cpu_share > BUSY_LIMIT;
    search->is_doubtful = !ret_point->holds && result->verdict == VERDICT_INCONCLUSIVE;
    if (!search->is_interrupted)
        keep_point(search, ret_point);
    result_free(result);
    return 0;
}

/* --- Closing in ------------------------------------------------------------------------------ */

/* A rate counts as missed when it was missed twice: machines hiccup; and more often while the
   machine is to blame. */
static int weigh_rate(struct search *search, double rate, struct error *reterr)
{
    struct result_point point;
    bool is_own_limit;

    search->is_doubtful = false;
    for (int i = 0; i < (search->is_doubtful ? TRIES_MAX : TRIES); i++) {
        if (try_rate(search, "trying", rate, &point, &is_own_limit, reterr) != 0)
            return -1;
        if (point.holds || search->is_interrupted)
            break;
    }
    if (point.holds) {
        search->highest_held = rate;
    } else {
        search->lowest_missed = rate;
        search->is_own_limit = is_own_limit;
    }
    return 0;
}

/* The next rate to be tried; 0 when it is found, or when there is none. */
static double next_rate(const struct search *search)
{
    if (search->is_interrupted)
        return 0.0;
    if (search->highest_held <= 0.0 && search->lowest_missed <= 0.0)
        return FIRST_RATE;
    if (search->highest_held <= 0.0)
        return search->lowest_missed / 4.0 >= LEAST_RATE ? search->lowest_missed / 4.0 : 0.0;
    if (search->lowest_missed <= 0.0)
        return search->highest_held * 2.0 <= HIGHEST_RATE ? search->highest_held * 2.0 : 0.0;
    if (search->lowest_missed / search->highest_held <= CLOSE_ENOUGH)
        return 0.0;
    return sqrt(search->highest_held * search->lowest_missed);
}

static int close_in(struct search *search, struct error *reterr)
{
    double rate;

    while ((rate = next_rate(search)) > 0.0)
        if (weigh_rate(search, rate, reterr) != 0)
            return -1;
    return 0;
}

static int sweep_around(struct search *search, struct error *reterr)
{
    struct result_point point;
    bool is_own_limit;

    for (size_t i = 0; i < sizeof(sweep) / sizeof(sweep[0]); i++) {
        if (search->is_interrupted)
            return 0;
        if (try_rate(search, "sweeping", search->highest_held * sweep[i], &point, &is_own_limit,
                     reterr) != 0)
            return -1;
    }
    return 0;
}

/* The sweep has tried the rate once more, and its neighbours: when it does not hold any longer, the
   highest that does is what was found. */
static void settle(struct search *search)
{
    double highest = 0.0;

    for (size_t i = 0; i < search->point_count; i++) {
        const struct result_point *point = &search->points[i];

        if (point->holds && point->rate <= search->highest_held * SAME_RATE)
            highest = point->rate;
    }
    if (highest <= 0.0 || highest * SAME_RATE >= search->highest_held)
        return;
    search->lowest_missed = search->highest_held;
    search->highest_held = highest;
}

/* --- The curve ------------------------------------------------------------------------------- */

static double latency_of(const struct result_point *point)
{
    const struct result_quantiles *quantiles =
        point->deliver.count > 0 ? &point->deliver : &point->publish;

    return (double)quantiles->p99_ns;
}

size_t search_knee(const struct result_point *points, size_t count)
{
    double width = points[count - 1].rate - points[0].rate;
    double least = latency_of(&points[0]), most = least, deepest = 0.0;
    size_t knee = count - 1;

    for (size_t i = 1; i < count; i++) {
        least = fmin(least, latency_of(&points[i]));
        most = fmax(most, latency_of(&points[i]));
    }
    if (width <= 0.0 || most <= least)
        return knee;
    for (size_t i = 0; i < count; i++) {
        double x = (points[i].rate - points[0].rate) / width;
        double y = (latency_of(&points[i]) - least) / (most - least);

        if (x - y > deepest) {
            deepest = x - y;
            knee = i;
        }
    }
    return knee;
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
    double rate = search->highest_held > 0.0 ? search->highest_held : LEAST_RATE;

    set_rate(search, "at", rate);
    search->scenario.expectations = scenario->expectations;
    search->scenario.expectation_count = scenario->expectation_count;
    search->scenario.known = scenario->known;
    search->scenario.keep = scenario->keep;
    search->scenario.search.found = search->highest_held;
    return run_once(&search->tried, ret_result, reterr);
}

/* Points that are not far beyond the rate that was found. */
static size_t count_near(const struct search *search)
{
    size_t count = 0;

    while (count < search->point_count &&
           search->points[count].rate <= search->highest_held * KNEE_RANGE)
        count++;
    return count > 0 ? count : 1;
}

static void conclude(struct search *search, struct result *result)
{
    const char *goal = search->scenario.search.text;
    char held[32], missed[32];

    result->points = search->points;
    result->point_count = search->point_count;
    result->max_rate = search->highest_held;
    if (search->is_interrupted)
        result_judge(result, VERDICT_INCONCLUSIVE, "interrupted before the search was over");
    else if (search->highest_held <= 0.0)
        result_judge(result, VERDICT_FAIL, "no rate held '%s', not even %s", goal,
                     rate_show(search->lowest_missed, missed, sizeof(missed)));
    if (search->highest_held <= 0.0 || search->is_interrupted)
        return;
    result->knee_rate = search->points[search_knee(search->points, count_near(search))].rate;
    result_note(result, "the highest rate that holds '%s' is %s; %s did not", goal,
                rate_show(search->highest_held, held, sizeof(held)),
                search->lowest_missed > 0.0
                    ? rate_show(search->lowest_missed, missed, sizeof(missed))
                    : "nothing that was tried");
    if (search->is_own_limit || search->lowest_missed <= 0.0)
        result_note(result, "what stood in the way of more was this program, not the broker: its "
                            "own thread was busy; raise 'workers', or give it more cores");
}

int search_run(const struct run_options *options, struct result **ret_result, struct error *reterr)
{
    struct search search = {.options = options};
    int result = -1;

    open_search(&search);
    if (close_in(&search, reterr) == 0 &&
        (search.highest_held <= 0.0 || sweep_around(&search, reterr) == 0)) {
        settle(&search);
        result = run_last(&search, ret_result, reterr);
    }
    if (result == 0)
        conclude(&search, *ret_result);
    else
        free(search.points);
    free(search.producers);
    return result;
}
