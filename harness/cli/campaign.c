/* campaign.c: scenarios run one after another. */
#include "cli/campaign.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/comparison.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "reports/report.h"
#include "run/failure.h"
#include "run/run.h"

#define NAME_MAX_OURS 100 /* of what file systems take, with room for a number */

struct campaign {
    const struct campaign_options *options;
    struct progress progress;
    struct log log;
    const struct campaign_form *forms;
    struct campaign_item *items; /* what runs in a round, in this order */
    size_t item_count, form_count, rounds;
    struct result **results; /* round by round */
    size_t result_count;
    bool is_single;
    int code;
};

/* One scenario in one form. */
struct campaign_item {
    const struct campaign_form *form;
    const struct scenario *scenario;
    const char *name; /* in a comparison */
    char *folder;     /* of its rounds, below that of the reports: "steady/large-batches", or "" */
};

/* --- Folders -----------------------------------------------------------------------------------
 */

static bool is_taken(const char *name, char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

char *campaign_name(const char *path, char *const *names, size_t count)
{
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(base, '.');
    char *stem = memory_string(base);
    if (dot && dot != base)
        stem[dot - base] = '\0';
    char *name = campaign_folder(stem, names, count);
    free(stem);
    return name;
}

char *campaign_folder(const char *title, char *const *names, size_t count)
{
    char *stem = memory_format("%.*s", NAME_MAX_OURS, title);
    for (char *at = stem; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._-", *at))
            *at = '-';
    if (stem[0] == '.' && stem[strspn(stem, ".")] == '\0') /* what every folder has */
        stem[0] = '-';
    char *name = memory_string(stem);
    for (unsigned number = 2; is_taken(name, names, count); number++) {
        free(name);
        name = memory_format("%s-%u", stem, number);
    }
    free(stem);
    return name;
}

/* Every round has a folder of its own: DIR/SCENARIO/VARIANT/ROUND, without the parts of which there
   is one only. */
static char *folder_of(const struct campaign *campaign, const struct campaign_item *item)
{
    const char *folder = campaign->options->folder;
    size_t round = campaign->result_count / campaign->item_count + 1;
    if (!folder || campaign->is_single)
        return memory_string(folder);
    const char *slash = item->folder[0] ? "/" : "";
    return campaign->rounds == 1 ? memory_format("%s%s%s", folder, slash, item->folder)
                                 : memory_format("%s%s%s/%zu", folder, slash, item->folder, round);
}

/* --- One scenario ------------------------------------------------------------------------------
 */

/* What stands for a scenario that could not run, so that reports name it. */
static struct result *result_of_error(const struct campaign_item *item, const char *message)
{
    const struct scenario *scenario = item->scenario;
    struct result *result = memory_new(1, sizeof(*result));
    result->scenario_name = memory_string(scenario->name);
    result->scenario_path = memory_string(scenario->path);
    result->scenario_text = memory_string(scenario->text);
    result->description = memory_string(scenario->description);
    result->command_line = memory_string(item->form->command_line);
    result->stop_reason = memory_string("could not run");
    result->seed = scenario->seed;
    result->is_virtual = scenario->time == SCENARIO_TIME_VIRTUAL;
    result_judge(result, VERDICT_INCONCLUSIVE, "could not run: %s", message);
    return result;
}

static struct result *run_one(struct campaign *campaign, const struct campaign_item *item)
{
    const struct scenario *scenario = item->scenario;
    struct result *result = NULL;
    struct error error = {0};
    const struct run_options options = {
        .scenario = scenario,
        .log = &campaign->log,
        .command_line = item->form->command_line,
        .progress = progress_update,
        .context = &campaign->progress,
        .stop = campaign->options->stop,
        .is_destructive = campaign->options->is_destructive,
        .undo_folder = campaign->options->folder,
        .check_off = campaign->options->is_unverified,
        .spin_ns = campaign->options->spin_ns,
        .no_sleep = campaign->options->no_sleep,
    };
    int failed = run_scenario(&options, &result, &error);
    progress_clear(&campaign->progress);
    if (failed && !campaign->is_single && !error.place.file)
        error_prefix(&error, "%s: ", scenario->path);
    if (failed) {
        outcome_worsen(&campaign->code, command_fail(&error));
        return result_of_error(item, error.message);
    }
    if (campaign->options->is_unverified)
        result_note(result, "The messages were not verified (--unverified): only rates count.");
    outcome_worsen(&campaign->code, outcome_code(result->verdict));
    return result;
}

static bool has_run(const struct result *result)
{
    return result->ledger != NULL;
}

static void report_one(struct campaign *campaign, const struct campaign_item *item,
                       const struct result *result)
{
    struct error error = {0};
    char *folder = folder_of(campaign, item);
    int failed = folder ? outcome_write(item->scenario, result, folder, &error) : 0;
    if (campaign->result_count > 0 && has_run(result))
        printf("\n");
    if (has_run(result)) /* otherwise the error has said all */
        outcome_print(result, failed ? NULL : folder);
    if (failed)
        outcome_worsen(&campaign->code, command_fail(&error));
    free(folder);
}

static void add_result(struct campaign *campaign, struct result *result)
{
    campaign->results = memory_grow(campaign->results, campaign->result_count + 1, sizeof(void *));
    campaign->results[campaign->result_count++] = result;
}

/* --- All of them -------------------------------------------------------------------------------
 */

static void run_round(struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->item_count; i++) {
        const struct campaign_item *item = &campaign->items[i];
        bool is_stopped = *campaign->options->stop != 0;
        struct result *result = is_stopped ? result_of_error(item, "interrupted before it began")
                                           : run_one(campaign, item);
        if (is_stopped)
            outcome_worsen(&campaign->code, EXIT_UNDECIDED);
        report_one(campaign, item, result);
        add_result(campaign, result);
    }
}

static void write_joint(struct campaign *campaign)
{
    struct error error = {0};
    const char *folder = campaign->options->folder;
    /* A pointer to const results, from one to results. */
    const struct result **results = memory_new(campaign->result_count, sizeof(void *));
    for (size_t i = 0; i < campaign->result_count; i++)
        results[i] = campaign->results[i];
    if (folder && report_write_joint(folder, results, campaign->result_count, &error))
        outcome_worsen(&campaign->code, command_fail(&error));
    free(results);
}

static void print_tally(const struct campaign *campaign)
{
    size_t tally[VERDICT_FAIL + 1] = {0};
    for (size_t i = 0; i < campaign->result_count; i++)
        tally[campaign->results[i]->verdict]++;
    if (!campaign->is_single) {
        printf("\n%zu %s: %zu passed, %zu failed, %zu inconclusive\n", campaign->result_count,
               campaign->rounds > 1 ? "runs" : "scenarios", tally[VERDICT_PASS],
               tally[VERDICT_FAIL], tally[VERDICT_INCONCLUSIVE]);
        for (size_t i = 0; i < campaign->result_count; i++)
            printf("  %-12s  %s\n", verdict_name(campaign->results[i]->verdict),
                   campaign->results[i]->scenario_name);
    }
    bool has_failed = tally[VERDICT_FAIL] > 0;
    bool is_summarised = campaign->result_count > 1 || has_run(campaign->results[0]);
    if (is_summarised && !campaign->options->folder && !campaign->options->is_quiet)
        printf("\nNo files were written: --out DIR writes result.json, junit.xml and more%s.\n",
               has_failed ? ",\nand " FAILURE_FILE_NAME ", which 'gauntlet replay' runs again"
                          : "");
}

/* --- Side by side ------------------------------------------------------------------------------
 */

/* The rounds of one item that ran to their end. */
static struct compare_side side_of(const struct campaign *campaign, size_t index)
{
    struct compare_side side = {.name = campaign->items[index].name};
    side.results = memory_new(campaign->rounds, sizeof(*side.results));
    for (size_t i = index; i < campaign->result_count; i += campaign->item_count)
        if (has_run(campaign->results[i]) && !campaign->results[i]->is_partial)
            side.results[side.count++] = campaign->results[i];
    return side;
}

/* `folder`: below that of the reports. */
static void compare_items(struct campaign *campaign, size_t base_index, size_t current_index,
                          const char *folder)
{
    struct compare_side base = side_of(campaign, base_index);
    struct compare_side current = side_of(campaign, current_index);
    struct comparison comparison;
    if (base.count > 0 && current.count > 0) {
        compare_sides(&comparison, &base, &current);
        printf("\n");
        comparison_print(&comparison);
        if (campaign->options->folder) {
            char *path =
                memory_format("%s%s%s", campaign->options->folder, folder[0] ? "/" : "", folder);
            int code = comparison_write(&comparison, path);
            outcome_worsen(&campaign->code, code);
            if (code == EXIT_PASS)
                printf("\nComparison: %s/compare.html\n", path);
            free(path);
        }
        compare_release(&comparison);
    }
    free(base.results);
    free(current.results);
}

/* Two scenarios that were repeated in turn; and of each scenario, the first variant with every
   other one.  Where there is one comparison only, it stands on top of the folders. */
static void compare_all(struct campaign *campaign)
{
    bool is_only = campaign->item_count == 2;
    size_t base = 0;
    if (campaign->form_count == 1 && is_only && campaign->rounds > 1)
        compare_items(campaign, 0, 1, "");
    if (campaign->form_count == 1)
        return;
    for (size_t i = 0; i < campaign->item_count; i++) {
        if (campaign->items[i].form == campaign->forms)
            base = i;
        else
            compare_items(campaign, base, i, is_only ? "" : campaign->items[i].folder);
    }
}

/* --- The whole ---------------------------------------------------------------------------------
 */

static void add_item(struct campaign *campaign, const struct campaign_form *form, size_t scenario,
                     const char *name, const char *form_name)
{
    struct campaign_item *item;
    campaign->items =
        memory_grow(campaign->items, campaign->item_count + 1, sizeof(*campaign->items));
    item = &campaign->items[campaign->item_count++];
    item->form = form;
    item->scenario = form->scenarios.items[scenario];
    item->folder = memory_format("%s%s%s", name, name[0] && form_name[0] ? "/" : "", form_name);
    item->name = form->variant ? form->variant->name : item->folder;
}

/* Scenarios in their order, the forms of each beside each other; folders have names that differ. */
static void set_items(struct campaign *campaign)
{
    const struct campaign_form *forms = campaign->forms;
    size_t count = forms[0].scenarios.count;
    char **names = memory_new(count, sizeof(*names));
    char **form_names = memory_new(campaign->form_count, sizeof(*form_names));
    for (size_t k = 0; k < campaign->form_count; k++)
        form_names[k] = forms[k].variant ? campaign_folder(forms[k].variant->name, form_names, k)
                                         : memory_string("");
    for (size_t i = 0; i < count; i++) {
        names[i] = campaign_name(forms[0].scenarios.items[i]->path, names, i);
        for (size_t k = 0; k < campaign->form_count; k++)
            add_item(campaign, &forms[k], i, count > 1 ? names[i] : "", form_names[k]);
    }
    for (size_t k = 0; k < campaign->form_count; k++)
        free(form_names[k]);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(form_names);
    free(names);
}

static void release(struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->result_count; i++)
        result_free(campaign->results[i]);
    for (size_t i = 0; i < campaign->item_count; i++)
        free(campaign->items[i].folder);
    free(campaign->results);
    free(campaign->items);
}

int campaign_run(const struct campaign_options *options, const struct campaign_form *forms,
                 size_t form_count)
{
    struct campaign campaign = {.options = options,
                                .forms = forms,
                                .form_count = form_count,
                                .rounds = options->rounds > 0 ? options->rounds : 1};
    set_items(&campaign);
    campaign.is_single = campaign.item_count == 1 && campaign.rounds == 1;
    progress_init(&campaign.progress, options->is_quiet);
    campaign.log = progress_log(&campaign.progress, options->log_level);
    for (size_t round = 0; round < campaign.rounds && (round == 0 || !*options->stop); round++)
        run_round(&campaign);
    write_joint(&campaign);
    print_tally(&campaign);
    compare_all(&campaign);
    release(&campaign);
    return campaign.code;
}
