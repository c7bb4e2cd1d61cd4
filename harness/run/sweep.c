/* sweep.c: one counting run, and then one short run for each place to cut at. */
#include "run/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/sweep_places.h"

#define COUNTS        3u /* runs without a cut */
#define TRIES_MAX     3u /* until a cut comes about */
#define UNREACHED_MAX 5  /* of a hundred cuts: more, and the sweep has proved too little */
#define LEFT_OUT_MAX  50 /* of a hundred places that were seen: the same */

struct sweep {
    const struct run_options *options;
    struct sweep_places places;
    struct sweep_left_out left_out;
    struct result *base;   /* of the first run without a cut, or of the one that did not pass */
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
    const struct run_options *options = sweep->options;

    return (options->stop && *options->stop) ||
           (options->is_unwanted && options->is_unwanted(options->unwanted_context));
}

/* "shop-1": somebody whose links there are. */
static char *somebody(const struct scenario *scenario)
{
    return memory_format("%s", scenario->producer_count > 0 ? scenario->producers[0].name
                                                            : scenario->consumers[0].name);
}

static struct scenario_trigger trigger_of(const struct result_cut *cut)
{
    return (struct scenario_trigger){.who = {.role = SCENARIO_LINK, .name = cut->link},
                                     .after = SCENARIO_NO_FAULT,
                                     .command = cut->is_spoken ? cut->command : NULL,
                                     .exchange = cut->exchange,
                                     .empty = cut->empty,
                                     .edge = (enum scenario_edge)cut->edge};
}

/* The scenario with one fault more.  NULL: one that is never reached; it makes the run follow its
   requests, so that the counting runs are like the others. */
static int run_with(struct sweep *sweep, const struct result_cut *cut, struct result **ret_result,
                    struct error *reterr)
{
    const struct scenario *scenario = sweep->options->scenario;
    static const char *const hows[] = {"rst", "fin"};
    char *anybody = somebody(scenario);
    const struct result_cut never = {
        .link = anybody, .exchange = UINT64_MAX >> 1, .edge = SCENARIO_EDGE_REQUEST};
    const struct result_cut *where = cut ? cut : &never;
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
        (struct scenario_fault){.when = trigger_of(where),
                                .action = {.target = {.role = SCENARIO_LINK, .name = where->link},
                                           .word = word,
                                           .main_key = how_key,
                                           .options = &option,
                                           .option_count = 1},
                                .is_expected = cut != NULL};
    copy.faults = faults;
    copy.fault_count++;
    copy.sweep = (struct scenario_sweep){0};
    options.scenario = &copy;
    options.is_terse = true;
    options.progress = sweep->options->progress ? on_progress : NULL;
    options.context = sweep;
    result = run_scenario(&options, ret_result, reterr);
    free(faults);
    free(anybody);
    return result;
}

static bool is_clean(const struct result *result)
{
    return result->verdict == VERDICT_PASS && !result->is_partial;
}

/* Takes the result: the first one stays, until one comes that did not pass. */
static void take_base(struct sweep *sweep, struct result *result)
{
    if (sweep->base && is_clean(result)) {
        result_free(result);
        return;
    }
    result_free(sweep->base);
    sweep->base = result;
}

/* --- Counting -------------------------------------------------------------------------------- */

/* One run without a cut, that is watched. */
static int count_once(struct sweep *sweep, struct error *reterr)
{
    const struct run_options *outer = sweep->options;
    struct sweep_count count;
    const struct link_watcher watcher = {sweep_count_exchange, &count};
    struct run_options options = *outer;
    struct result *result = NULL;
    int status;

    sweep_count_init(&count);
    options.watcher = &watcher;
    sweep->options = &options;
    status = run_with(sweep, NULL, &result, reterr);
    sweep->options = outer;
    if (status == 0) {
        sweep_places_add_run(&sweep->places, outer->scenario, &count, outer->scenario->sweep.edges);
        take_base(sweep, result);
    }
    sweep_count_release(&count);
    return status;
}

/* Ends early when a run does not pass: then there is no telling what a cut does. */
static int count_exchanges(struct sweep *sweep, struct error *reterr)
{
    for (unsigned i = 1; i <= COUNTS && (!sweep->base || is_clean(sweep->base)); i++) {
        (void)snprintf(sweep->phase, sizeof(sweep->phase), "counting exchanges, %u of %u", i,
                       COUNTS);
        if (count_once(sweep, reterr) < 0)
            return -1;
    }
    return 0;
}

static void list_cuts(struct sweep *sweep)
{
    sweep_places_settle(&sweep->places, &sweep->left_out);
    sweep->cuts = memory_new(sweep->places.count + 1, sizeof(*sweep->cuts));
    for (size_t i = 0; i < sweep->places.count; i++) {
        const struct sweep_place *place = &sweep->places.items[i];

        sweep->cuts[sweep->cut_count++] =
            (struct result_cut){.link = memory_string(place->link),
                                .command = memory_string(place->command),
                                .is_spoken = place->is_spoken,
                                .exchange = place->exchange,
                                .empty = place->empty,
                                .message = memory_string(place->message),
                                .edge = (unsigned)place->edge,
                                .edge_name = memory_string(EDGES[place->edge]),
                                .verdict = VERDICT_INCONCLUSIVE};
    }
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

/* What was not cut, and whether that is too much. */
static void judge_left_out(const struct sweep *sweep, struct result *result)
{
    const struct sweep_left_out *left_out = &sweep->left_out;
    size_t seen = sweep->cut_count + left_out->places;

    if (left_out->places > 0)
        result_note(result,
                    "%zu exchanges (%zu cuts) were left out, because they did not come in each of "
                    "%u runs without a cut: %s.",
                    left_out->exchanges, left_out->places, COUNTS, left_out->commands);
    if (sweep->places.alike_count > 0)
        result_note(result,
                    "%zu exchanges that brought nothing were left out, each behind two of its kind "
                    "that are cut.",
                    sweep->places.alike_count);
    if (left_out->places * 100 > seen * LEFT_OUT_MAX)
        result_judge(result, VERDICT_INCONCLUSIVE,
                     "%zu of %zu places to cut at did not come in each of %u runs: the run takes "
                     "another course each time",
                     left_out->places, seen, COUNTS);
}

static void judge_unreached(const struct sweep *sweep, struct result *result)
{
    size_t open = count_cuts(sweep, VERDICT_INCONCLUSIVE);

    if (open * 100 > sweep->cut_count * UNREACHED_MAX)
        result_judge(result, VERDICT_INCONCLUSIVE,
                     "%zu of %zu cuts never came about: the run takes another course each time",
                     open, sweep->cut_count);
    else if (open > 0)
        result_note(result, "%zu of %zu cuts never came about.", open, sweep->cut_count);
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
        result_judge(result, VERDICT_INCONCLUSIVE, "cut at the %s of %s, %s #%llu%s: %s",
                     undecided->edge_name, undecided->command, undecided->link,
                     (unsigned long long)undecided->exchange,
                     undecided->empty > 0 ? " (an empty one before it)" : "",
                     undecided->reason ? undecided->reason : "not decided");
    } else {
        judge_unreached(sweep, result);
    }
    result_note(result, "%zu cuts at %llu exchanges: %zu survived.", sweep->cut_count,
                (unsigned long long)result->exchange_count, passed);
    judge_left_out(sweep, result);
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
    result->exchange_count = sweep_places_exchanges(&sweep->places);
    result->exchanges_irregular = sweep->left_out.exchanges;
    result->exchanges_alike = sweep->places.alike_count;
    return result;
}

int sweep_scenario(const struct run_options *options, struct result **ret_result,
                   struct error *reterr)
{
    struct sweep sweep = {.options = options};
    struct result *result;
    int status;

    status = count_exchanges(&sweep, reterr);
    if (status == 0 && is_clean(sweep.base)) {
        list_cuts(&sweep);
        status = cut_all(&sweep, reterr);
    } else if (status == 0) {
        result_note(sweep.base, "Nothing was cut: the run without any cut did not pass.");
    }
    if (status == 0) {
        bool is_begun = is_clean(sweep.base);

        result = conclude(&sweep);
        if (is_begun)
            judge(&sweep, result);
        *ret_result = result;
    } else {
        result_free(sweep.base);
        result_free(sweep.failed);
        result_cuts_free(sweep.cuts, sweep.cut_count);
    }
    sweep_places_release(&sweep.places);
    return status;
}
