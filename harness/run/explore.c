/* explore.c: seed after seed, on the clock of the real world. */
#include "run/explore.h"

#include "loop/loop.h"

#define TELL_PERIOD_NS 200000000u

struct exploration {
    const struct explore_options *options;
    struct explored found;
    struct scenario scenario; /* a shallow copy, with the seed at hand */
    uint64_t begin_ns, told_ns;
};

static void tell(struct exploration *work, uint64_t now)
{
    const struct explore_progress progress = {.runs = work->found.runs,
                                              .undecided = work->found.undecided,
                                              .seed = work->scenario.seed,
                                              .elapsed_ns = now - work->begin_ns};

    work->told_ns = now;
    work->options->progress(work->options->context, &progress);
}

static bool is_late(const struct exploration *work, uint64_t now)
{
    return work->options->for_ns > 0 && now - work->begin_ns >= work->options->for_ns;
}

/* Asked by a run that is under way. */
static bool is_unwanted(void *context)
{
    const struct exploration *work = context;

    return is_late(work, loop_real_now_ns());
}

static bool is_over(struct exploration *work)
{
    const struct explore_options *options = work->options;
    uint64_t now = loop_real_now_ns();

    if (options->progress && now - work->told_ns >= TELL_PERIOD_NS)
        tell(work, now);
    work->found.elapsed_ns = now - work->begin_ns;
    return work->found.failed || (options->run->stop && *options->run->stop) ||
           (options->seeds > 0 && work->found.runs >= options->seeds) || is_late(work, now);
}

/* Once more with everything measured: in virtual time it comes out the same. */
static struct result *measure(struct exploration *work, struct result *result)
{
    struct run_options options = *work->options->run;
    struct result *again = NULL;
    struct error error = {0};

    options.scenario = &work->scenario;
    options.known_may_pass = true;
    if (!result->is_virtual || result->is_partial || run_scenario(&options, &again, &error) != 0)
        return result;
    if (again->verdict != VERDICT_FAIL) {
        result_free(again);
        return result;
    }
    result_free(result);
    return again;
}

/* Takes the result. */
static void note(struct exploration *work, struct result *result)
{
    work->found.runs++;
    if (result->verdict == VERDICT_FAIL) {
        work->found.failed = measure(work, result);
        return;
    }
    if (result->verdict == VERDICT_INCONCLUSIVE) {
        work->found.undecided++;
        if (!work->found.doubtful) {
            work->found.doubtful = result;
            return;
        }
    }
    result_free(result);
}

static int run_next(struct exploration *work, struct error *reterr)
{
    struct run_options options = *work->options->run;
    struct result *result = NULL;

    options.scenario = &work->scenario;
    options.is_terse = true;
    options.known_may_pass = true;
    options.is_unwanted = is_unwanted;
    options.unwanted_context = work;
    work->scenario.has_seed = true;
    work->scenario.seed = work->options->seed + work->found.runs;
    if (run_scenario(&options, &result, reterr) != 0)
        return -1;
    if (result->is_partial && result->verdict != VERDICT_FAIL) {
        work->found.is_cut_short = true;
        work->found.cut_seed = work->scenario.seed;
        result_free(result);
    } else {
        note(work, result);
    }
    return 0;
}

int explore(const struct explore_options *options, struct explored *ret_explored,
            struct error *reterr)
{
    struct exploration work = {.options = options, .scenario = *options->run->scenario};
    int result = 0;

    work.begin_ns = work.told_ns = loop_real_now_ns();
    while (result == 0 && !is_over(&work))
        result = run_next(&work, reterr);
    if (result == 0)
        *ret_explored = work.found;
    else
        explored_release(&work.found);
    return result;
}

void explored_release(struct explored *explored)
{
    result_free(explored->failed);
    result_free(explored->doubtful);
    *explored = (struct explored){0};
}

uint64_t explore_seed(void)
{
    return loop_entropy() & UINT32_MAX;
}
