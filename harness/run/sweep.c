/* sweep.c: one counting run, and then one short run for each place to cut at. */
#include "run/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/sweep_count.h"

#define TRIES_MAX     3u /* until a cut comes about */
#define UNREACHED_MAX 25 /* of a hundred cuts: more, and the sweep has proved too little */

struct sweep {
    const struct run_options *options;
    struct sweep_count count;
    struct result *base;   /* of the run without a cut */
    struct result *failed; /* of the first cut that failed */
    struct result_cut *cuts;
    size_t cut_count;
    char phase[64]; /* for the progress line */
};

static const char *const EDGES[] = {[SCENARIO_EDGE_REQUEST] = "request",
                                    [SCENARIO_EDGE_REPLY] = "reply",
                                    [SCENARIO_EDGE_MID_REPLY] = "mid_reply"};

/* --- Runs ------------------------------------------------------------------------------------ */

static void on_progress(void *context, const struct run_progress *progress)
{
    struct sweep *sweep = context;
    struct run_progress told = *progress;

    told.phase = sweep->phase;
    sweep->options->progress(sweep->options->context, &told);
}

static bool is_stopped(const struct sweep *sweep)
{
    return sweep->options->stop && *sweep->options->stop;
}

/* The scenario with one fault more.  One that is never reached makes the run follow its requests,
   so that the counting run is like the others. */
static int run_with(struct sweep *sweep, const struct result_cut *cut, struct result **ret_result,
                    struct error *reterr)
{
    const struct scenario *scenario = sweep->options->scenario;
    static const char *const hows[] = {"rst", "fin"};
    char how_key[] = "how", how[8], word[] = "cut";
    struct scenario_option option = {.key = how_key, .text = how};
    struct scenario_fault *faults = memory_new(scenario->fault_count + 1, sizeof(*faults));
    struct scenario copy = *scenario;
    struct run_options options = *sweep->options;
    int result;

    (void)snprintf(how, sizeof(how), "%s", hows[scenario->sweep.how]);
    for (size_t i = 0; i < scenario->fault_count; i++)
        faults[i] = scenario->faults[i];
    faults[scenario->fault_count] =
        (struct scenario_fault){.when = {.who = {.role = SCENARIO_LINK, .name = cut->link},
                                         .after = SCENARIO_NO_FAULT,
                                         .exchange = cut->exchange,
                                         .edge = (enum scenario_edge)cut->edge},
                                .action = {.target = {.role = SCENARIO_LINK, .name = cut->link},
                                           .word = word,
                                           .main_key = how_key,
                                           .options = &option,
                                           .option_count = 1},
                                .is_expected = sweep->base != NULL}; /* not in the counting run */
    copy.faults = faults;
    copy.fault_count++;
    copy.sweep = (struct scenario_sweep){0};
    options.scenario = &copy;
    options.is_terse = true;
    options.progress = sweep->options->progress ? on_progress : NULL;
    options.context = sweep;
    result = run_scenario(&options, ret_result, reterr);
    free(faults);
    return result;
}

/* --- Counting -------------------------------------------------------------------------------- */

static int count_exchanges(struct sweep *sweep, struct error *reterr)
{
    const struct scenario *scenario = sweep->options->scenario;
    const struct link_watcher watcher = {sweep_count_exchange, &sweep->count};
    struct run_options options = *sweep->options;
    const struct run_options *outer = sweep->options;
    char *anybody = memory_string(scenario->producer_count > 0 ? scenario->producers[0].name
                                                               : scenario->consumers[0].name);
    const struct result_cut never = {
        .link = anybody, .exchange = UINT64_MAX >> 1, .edge = SCENARIO_EDGE_REQUEST};
    int result;

    options.watcher = &watcher;
    sweep->options = &options;
    (void)snprintf(sweep->phase, sizeof(sweep->phase), "counting exchanges");
    result = run_with(sweep, &never, &sweep->base, reterr);
    sweep->options = outer;
    free(anybody);
    sweep_count_thin(&sweep->count);
    return result;
}

static void add_cut(struct sweep *sweep, const struct sweep_exchange *exchange,
                    enum scenario_edge edge)
{
    struct result_cut *cut;

    sweep->cuts = memory_grow(sweep->cuts, sweep->cut_count + 1, sizeof(*sweep->cuts));
    cut = &sweep->cuts[sweep->cut_count++];
    *cut = (struct result_cut){.link = memory_string(exchange->link),
                               .exchange = exchange->index,
                               .command = memory_string(exchange->command),
                               .message = sweep_message(sweep->options->scenario, exchange),
                               .edge = (unsigned)edge,
                               .edge_name = memory_string(EDGES[edge]),
                               .verdict = VERDICT_INCONCLUSIVE};
}

static void list_cuts(struct sweep *sweep)
{
    unsigned edges = sweep->options->scenario->sweep.edges;

    for (size_t i = 0; i < sweep->count.count; i++)
        for (unsigned edge = SCENARIO_EDGE_REQUEST; edge <= SCENARIO_EDGE_MID_REPLY; edge++)
            if ((edges & (1u << edge)) &&
                (edge == SCENARIO_EDGE_REQUEST || sweep->count.items[i].has_reply))
                add_cut(sweep, &sweep->count.items[i], (enum scenario_edge)edge);
}

/* --- Cutting --------------------------------------------------------------------------------- */

static void take_verdict(struct result_cut *cut, const struct result *result)
{
    const struct result_fault *fault = &result->faults[result->fault_count - 1];

    cut->verdict = result->verdict;
    cut->fired = fault->fired;
    cut->elapsed_ns += result->elapsed_ns;
    free(cut->reason);
    cut->reason = result->reason_count > 0 ? memory_string(result->reasons[0].text) : NULL;
    if (cut->fired == 0 && cut->verdict == VERDICT_PASS)
        cut->verdict = VERDICT_INCONCLUSIVE;
}

/* A server of its own mind may take another course: then that exchange does not come. */
static int try_cut(struct sweep *sweep, struct result_cut *cut, struct error *reterr)
{
    for (unsigned i = 0; i < TRIES_MAX && !is_stopped(sweep); i++) {
        struct result *result = NULL;

        if (run_with(sweep, cut, &result, reterr) < 0)
            return -1;
        take_verdict(cut, result);
        if (result->verdict == VERDICT_FAIL && !sweep->failed) {
            sweep->failed = result;
            return 0;
        }
        result_free(result);
        if (cut->fired > 0 || cut->verdict == VERDICT_FAIL)
            return 0;
    }
    return 0;
}

static int cut_all(struct sweep *sweep, struct error *reterr)
{
    for (size_t i = 0; i < sweep->cut_count && !is_stopped(sweep); i++) {
        struct result_cut *cut = &sweep->cuts[i];

        (void)snprintf(sweep->phase, sizeof(sweep->phase), "cut %zu of %zu: %s of %s", i + 1,
                       sweep->cut_count, cut->edge_name, cut->command);
        if (try_cut(sweep, cut, reterr) < 0)
            return -1;
    }
    return 0;
}

/* --- The verdict ----------------------------------------------------------------------------- */

static size_t count_cuts(const struct sweep *sweep, enum verdict verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < sweep->cut_count; i++)
        count += sweep->cuts[i].verdict == verdict;
    return count;
}

/* One that came about, and was still not decided. */
static const struct result_cut *find_undecided(const struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->cut_count; i++)
        if (sweep->cuts[i].verdict == VERDICT_INCONCLUSIVE && sweep->cuts[i].fired > 0)
            return &sweep->cuts[i];
    return NULL;
}

static void judge(const struct sweep *sweep, struct result *result)
{
    size_t failed = count_cuts(sweep, VERDICT_FAIL), passed = count_cuts(sweep, VERDICT_PASS);
    size_t open = count_cuts(sweep, VERDICT_INCONCLUSIVE);
    const struct result_cut *undecided = find_undecided(sweep);

    if (failed > 0)
        result_judge(result, VERDICT_FAIL,
                     "%zu of %zu cuts failed; all else here is about the first of them", failed,
                     sweep->cut_count);
    if (is_stopped(sweep)) {
        result->is_partial = true;
        result_judge(result, VERDICT_INCONCLUSIVE, "interrupted: %zu cuts are not decided", open);
    } else if (undecided) {
        result_judge(result, VERDICT_INCONCLUSIVE, "cut at the %s of %s, %s #%llu: %s",
                     undecided->edge_name, undecided->command, undecided->link,
                     (unsigned long long)undecided->exchange,
                     undecided->reason ? undecided->reason : "not decided");
    } else if (open * 100 > sweep->cut_count * UNREACHED_MAX) {
        result_judge(result, VERDICT_INCONCLUSIVE,
                     "%zu of %zu cuts never came about: the run takes another course each time",
                     open, sweep->cut_count);
    } else if (open > 0) {
        result_note(result, "%zu of %zu cuts never came about.", open, sweep->cut_count);
    }
    result_note(result, "%zu cuts at %llu exchanges: %zu survived.", sweep->cut_count,
                (unsigned long long)result->exchange_count, passed);
    if (sweep->cut_count == 0)
        result_judge(result, VERDICT_INCONCLUSIVE,
                     "there was nothing to cut: no request passed on a link");
}

/* The fault that was there to be counted by is no news. */
static void forget_last_fault(struct result *result)
{
    struct result_fault *fault = &result->faults[--result->fault_count];

    for (size_t i = 0; i < fault->window_count; i++)
        free(fault->windows[i].hit);
    free(fault->windows);
    free(fault->name);
    free(fault->text);
}

/* Gives the result, with all cuts in it. */
static struct result *conclude(struct sweep *sweep)
{
    struct result *result = sweep->failed ? sweep->failed : sweep->base;

    if (sweep->failed)
        result_free(sweep->base);
    else
        forget_last_fault(sweep->base);
    sweep->base = sweep->failed = NULL;
    result->cuts = sweep->cuts;
    result->cut_count = sweep->cut_count;
    result->exchange_count = sweep->count.count;
    return result;
}

int sweep_scenario(const struct run_options *options, struct result **ret_result,
                   struct error *reterr)
{
    struct sweep sweep = {.options = options};
    struct result *result;
    int status;

    sweep_count_init(&sweep.count);
    status = count_exchanges(&sweep, reterr);
    if (status == 0 && sweep.base->verdict == VERDICT_PASS && !sweep.base->is_partial) {
        list_cuts(&sweep);
        status = cut_all(&sweep, reterr);
    } else if (status == 0) {
        result_note(sweep.base, "Nothing was cut: the run without any cut did not pass.");
    }
    if (status == 0) {
        bool is_begun = sweep.base->verdict == VERDICT_PASS;

        result = conclude(&sweep);
        if (is_begun)
            judge(&sweep, result);
        *ret_result = result;
    } else {
        result_free(sweep.base);
        result_free(sweep.failed);
        result_cuts_free(sweep.cuts, sweep.cut_count);
    }
    sweep_count_release(&sweep.count);
    return status;
}
