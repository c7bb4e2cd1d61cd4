/* shrinking.c: progress and outcome of shrinking. */
#include "cli/shrinking.h"

#include <stdio.h>

#include "base/quantity.h"
#include "base/text.h"
#include "base/tree_edit.h"
#include "base/tree_write.h"
#include "reports/report.h"
#include "scenario/load.h"

static void on_progress(void *context, const struct shrink_progress *state)
{
    struct progress *progress = context;
    struct text line = {0};

    if (!progress_is_due(progress))
        return;
    text_appendf(&line, "shrinking  %llu of %llu values left  %llu tried  %s",
                 (unsigned long long)state->values, (unsigned long long)state->values_at_start,
                 (unsigned long long)state->tried, state->what);
    progress_say(progress, text_string(&line));
    text_release(&line);
}

static void print_outcome(const struct shrunk *shrunk)
{
    struct text text = {0};

    text_appendf(&text, "Shrunk from %llu values to %llu, in %llu runs%s%s\n",
                 (unsigned long long)shrunk->values_at_start, (unsigned long long)shrunk->values,
                 (unsigned long long)shrunk->runs,
                 shrunk->tries > 1 ? "; each candidate had several" : "",
                 shrunk->is_complete ? "" : "; there was no time for more");
    fputs(text_string(&text), stdout);
    fflush(stdout);
    text_release(&text);
}

/* The failed run as the scenario it is written down as. */
static int load_failure(const struct shrinking *shrinking, struct scenario **ret_scenario,
                        struct error *reterr)
{
    struct text text = {0};
    struct scenario_text source = {.path = shrinking->scenario->path};
    struct scenario_rules rules;
    int result;

    failure_write(shrinking->scenario, shrinking->result, &text);
    source.text = text_string(&text);
    source.size = text.size;
    run_rules(&rules);
    result = scenario_load_text(&source, NULL, &rules, ret_scenario, reterr);
    run_rules_release(&rules);
    text_release(&text);
    return result;
}

int shrinking_run(const struct shrinking *shrinking, struct shrunk *ret_shrunk,
                  struct error *reterr)
{
    const struct shrink_options options = {.run = &shrinking->run,
                                           .tries = shrinking->tries,
                                           .for_ns = shrinking->for_ns,
                                           .progress = on_progress,
                                           .context = shrinking->progress};
    struct scenario *written = NULL;
    int result;

    if (shrinking->result && load_failure(shrinking, &written, reterr) != 0)
        return -1;
    result = shrink(written ? written : shrinking->scenario, &options, ret_shrunk, reterr);
    progress_clear(shrinking->progress);
    if (result == 0 && !shrinking->is_quiet)
        print_outcome(ret_shrunk);
    scenario_free(written);
    return result;
}

int shrinking_write(const struct shrunk *shrunk, const char *folder, const char *name,
                    struct error *reterr)
{
    struct text text = {0};
    int result;

    failure_write(shrunk->scenario, shrunk->result, &text);
    result = report_write_file(folder, name, &text, reterr);
    text_release(&text);
    return result;
}

void shrinking_print(const struct shrunk *shrunk)
{
    struct tree document;
    struct text text = {0};

    failure_compose(shrunk->scenario, shrunk->result, &document);
    tree_drop_key(&document, "failure");
    tree_write(&document, 0, &text);
    report_scrub(&text);
    printf("\n%s", text_string(&text));
    tree_release(&document);
    text_release(&text);
}
