/* shrink.c: candidates are loaded, run and judged; the smallest that fails alike is kept. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tree_edit.h"
#include "base/tree_write.h"
#include "loop/loop.h"
#include "run/shrink_parts.h"
#include "scenario/load.h"

#define BASELINE_RUNS 5u
#define TRIES_MAX     20u
#define CONFIDENCE    0.95 /* that a candidate which still fails is seen to */

/* --- One candidate --------------------------------------------------------------------------- */

static uint64_t count_values(const struct tree *tree)
{
    uint64_t count = tree->kind == TREE_SCALAR;

    for (size_t i = 0; i < tree->count; i++)
        count += count_values(&tree->children[i]);
    return count;
}

static bool is_over(struct shrink *shrink)
{
    const volatile sig_atomic_t *stop = shrink->options->run->stop;

    if ((stop && *stop) || (shrink->deadline_ns > 0 && loop_real_now_ns() >= shrink->deadline_ns))
        shrink->is_over = true;
    return shrink->is_over;
}

/* FNV-1a: a document that was tried before need not be tried again. */
static bool is_known(struct shrink *shrink, const struct text *text)
{
    uint64_t digest = 14695981039346656037u;

    for (size_t i = 0; i < text->size; i++)
        digest = (digest ^ (unsigned char)text->data[i]) * 1099511628211u;
    for (size_t i = 0; i < shrink->known_count; i++)
        if (shrink->known[i] == digest)
            return true;
    shrink->known = memory_grow(shrink->known, shrink->known_count + 1, sizeof(*shrink->known));
    shrink->known[shrink->known_count++] = digest;
    return false;
}

/* NULL when it is no scenario, which is no error: much that can be taken away is needed. */
static struct scenario *load(struct shrink *shrink, const struct text *text)
{
    const struct scenario_text source = {
        .path = shrink->path, .text = text->data, .size = text->size};
    struct scenario *scenario = NULL;
    struct error error = {0};

    return scenario_load_text(&source, NULL, &shrink->rules, &scenario, &error) == 0 ? scenario
                                                                                     : NULL;
}

/* One run; NULL when it did not fail in the same way. */
static struct result *run_once(struct shrink *shrink, const struct scenario *scenario,
                               bool is_terse)
{
    struct run_options options = *shrink->options->run;
    struct result *result = NULL;
    struct error error = {0};

    options.scenario = scenario;
    options.is_terse = is_terse;
    options.known_may_pass = true;
    shrink->best->runs++;
    if (run_scenario(&options, &result, &error) != 0)
        return NULL;
    if (!result->is_partial && failure_is_same(&shrink->failure, result))
        return result;
    result_free(result);
    return NULL;
}

static void keep(struct shrink *shrink, struct scenario *scenario, struct result *result)
{
    scenario_free(shrink->best->scenario);
    result_free(shrink->best->result);
    shrink->best->scenario = scenario;
    shrink->best->result = result;
}

static void tell(const struct shrink *shrink, const char *what)
{
    const struct shrink_progress progress = {.tried = shrink->best->tried,
                                             .kept = shrink->best->kept,
                                             .values = count_values(&shrink->document),
                                             .values_at_start = shrink->best->values_at_start,
                                             .what = what};

    if (shrink->options->progress)
        shrink->options->progress(shrink->options->context, &progress);
}

static bool fails(struct shrink *shrink, const struct text *text)
{
    struct scenario *scenario = load(shrink, text);
    struct result *result = NULL;

    if (!scenario)
        return false;
    shrink->best->tried++;
    for (uint64_t i = 0; i < shrink->best->tries && !result && !is_over(shrink); i++)
        result = run_once(shrink, scenario, true);
    if (result)
        keep(shrink, scenario, result);
    else
        scenario_free(scenario);
    return result != NULL;
}

bool shrink_try(struct shrink *shrink, struct tree *document, const char *what)
{
    struct text text = {0};
    bool is_smaller = false;

    tree_write(document, 0, &text);
    if (!is_over(shrink) && text.size > 0 && !is_known(shrink, &text)) {
        tell(shrink, what);
        is_smaller = fails(shrink, &text);
    }
    if (is_smaller) {
        tree_release(&shrink->document);
        shrink->document = *document;
        shrink->best->kept++;
    } else {
        tree_release(document);
    }
    text_release(&text);
    return is_smaller;
}

/* --- Paths ----------------------------------------------------------------------------------- */

struct tree *shrink_follow(struct tree *document, const struct shrink_path *path)
{
    for (size_t i = 0; i < path->depth; i++)
        document = &document->children[path->at[i]];
    return document;
}

void shrink_name(const struct tree *document, const struct shrink_path *path, struct text *name)
{
    for (size_t i = 0; i < path->depth; i++) {
        bool is_map = document->kind == TREE_MAP;

        document = &document->children[path->at[i]];
        text_append_string(name, i > 0 ? "." : "");
        if (is_map)
            text_append_string(name, document->key);
        else
            text_appendf(name, "%zu", path->at[i]);
    }
}

/* --- The whole ------------------------------------------------------------------------------- */

/* So many runs that one which fails as often as the scenario itself is seen to. */
static uint64_t choose_tries(uint64_t failed, uint64_t runs)
{
    double share = (double)failed / (double)runs;
    double tries = failed == runs ? 1 : ceil(log(1 - CONFIDENCE) / log(1 - share));

    return tries < TRIES_MAX ? (uint64_t)tries : TRIES_MAX;
}

/* How often does it fail as it is?  In virtual time once is enough. */
static void run_baseline(struct shrink *shrink, const struct scenario *scenario)
{
    uint64_t wanted = scenario->time == SCENARIO_TIME_VIRTUAL ? 1 : BASELINE_RUNS;
    uint64_t failed = 0, runs = 0;

    tell(shrink, "as it is");
    while (runs < wanted && !is_over(shrink)) {
        struct result *result = run_once(shrink, scenario, true);

        runs++;
        if (!result)
            continue;
        failed++;
        result_free(shrink->best->result);
        shrink->best->result = result;
    }
    shrink->best->tries = shrink->options->tries;
    if (failed > 0 && shrink->best->tries == 0)
        shrink->best->tries = choose_tries(failed, runs);
}

/* Once more with everything measured: in virtual time it comes out the same. */
static void measure(struct shrink *shrink)
{
    struct shrunk *best = shrink->best;
    struct result *result = NULL;

    if (best->result && best->result->is_virtual)
        result = run_once(shrink, best->scenario, false);
    if (!result)
        return;
    result_free(best->result);
    best->result = result;
}

static int begin(struct shrink *shrink, const struct scenario *scenario, struct error *reterr)
{
    struct text text = {0};

    if (failure_read(scenario, &shrink->failure, reterr) != 0)
        return -1;
    if (shrink->options->for_ns > 0)
        shrink->deadline_ns = loop_real_now_ns() + shrink->options->for_ns;
    shrink->path = memory_string(scenario->path);
    run_rules(&shrink->rules);
    tree_copy(&shrink->document, &scenario->document);
    tree_drop_key(&shrink->document, "failure");
    tree_drop_key(&shrink->document, "description"); /* it speaks of the whole */
    shrink->best->values_at_start = count_values(&shrink->document);
    tree_write(&shrink->document, 0, &text);
    shrink->best->scenario = load(shrink, &text);
    text_release(&text);
    if (shrink->best->scenario)
        return 0;
    return error_set(reterr, ERROR_SCENARIO, "%s does not load without its record", scenario->path);
}

static void end(struct shrink *shrink)
{
    shrink->best->values = count_values(&shrink->document);
    failure_release(&shrink->failure);
    tree_release(&shrink->document);
    if (shrink->path)
        run_rules_release(&shrink->rules);
    free(shrink->path);
    free(shrink->known);
}

int shrink(const struct scenario *scenario, const struct shrink_options *options,
           struct shrunk *ret_shrunk, struct error *reterr)
{
    struct shrunk best = {0};
    struct shrink work = {.options = options, .best = &best};
    int result = begin(&work, scenario, reterr);

    if (result == 0) {
        run_baseline(&work, best.scenario);
        result = best.result ? 0 : 1;
    }
    while (result == 0 && shrink_round(&work)) {
    }
    measure(&work);
    best.is_complete = result == 0 && !work.is_over;
    end(&work);
    if (result < 0)
        shrunk_release(&best);
    else
        *ret_shrunk = best;
    return result;
}

void shrunk_release(struct shrunk *shrunk)
{
    scenario_free(shrunk->scenario);
    result_free(shrunk->result);
    *shrunk = (struct shrunk){0};
}
