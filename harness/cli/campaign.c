/* campaign.c: scenarios run one after another. */
#include "cli/campaign.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "reports/report.h"
#include "run/failure.h"
#include "run/run.h"

struct campaign {
    const struct campaign_options *options;
    struct progress progress;
    struct log log;
    struct result **results;
    size_t result_count;
    char **names; /* of the folders, when there are several scenarios */
    size_t name_count;
    size_t scenario_count, rounds;
    bool is_single;
    int code;
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

/* The file's name without folder and ending, fit for any file system. */
static char *name_of_path(const char *path)
{
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(base, '.');
    char *name = memory_string(base);
    if (dot && dot != base)
        name[dot - base] = '\0';
    for (char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._-", *at))
            *at = '-';
    return name;
}

char *campaign_name(const char *path, char *const *names, size_t count)
{
    char *stem = name_of_path(path);
    char *name = memory_string(stem);
    for (unsigned number = 2; is_taken(name, names, count); number++) {
        free(name);
        name = memory_format("%s-%u", stem, number);
    }
    free(stem);
    return name;
}

/* The same in every round. */
static const char *name_of(struct campaign *campaign, const struct scenario *scenario, size_t index)
{
    if (index < campaign->name_count)
        return campaign->names[index];
    campaign->names = memory_grow(campaign->names, index + 1, sizeof(campaign->names[0]));
    campaign->names[index] = campaign_name(scenario->path, campaign->names, index);
    campaign->name_count = index + 1;
    return campaign->names[index];
}

/* Every round has folders of its own: DIR/SCENARIO/ROUND. */
static char *folder_of(struct campaign *campaign, const struct scenario *scenario)
{
    const char *folder = campaign->options->folder;
    size_t index = campaign->result_count % campaign->scenario_count;
    size_t round = campaign->result_count / campaign->scenario_count + 1;
    if (!folder || campaign->is_single)
        return memory_string(folder);
    if (campaign->scenario_count == 1)
        return memory_format("%s/%zu", folder, round);
    const char *name = name_of(campaign, scenario, index);
    return campaign->rounds == 1 ? memory_format("%s/%s", folder, name)
                                 : memory_format("%s/%s/%zu", folder, name, round);
}

/* --- One scenario ------------------------------------------------------------------------------
 */

/* What stands for a scenario that could not run, so that reports name it. */
static struct result *result_of_error(const struct campaign *campaign,
                                      const struct scenario *scenario, const char *message)
{
    struct result *result = memory_new(1, sizeof(*result));
    result->scenario_name = memory_string(scenario->name);
    result->scenario_path = memory_string(scenario->path);
    result->scenario_text = memory_string(scenario->text);
    result->description = memory_string(scenario->description);
    result->command_line = memory_string(campaign->options->command_line);
    result->stop_reason = memory_string("could not run");
    result->seed = scenario->seed;
    result->is_virtual = scenario->time == SCENARIO_TIME_VIRTUAL;
    result_judge(result, VERDICT_INCONCLUSIVE, "could not run: %s", message);
    return result;
}

static struct result *run_one(struct campaign *campaign, const struct scenario *scenario)
{
    struct result *result = NULL;
    struct error error = {0};
    const struct run_options options = {
        .scenario = scenario,
        .log = &campaign->log,
        .command_line = campaign->options->command_line,
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
        return result_of_error(campaign, scenario, error.message);
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

static void report_one(struct campaign *campaign, const struct scenario *scenario,
                       const struct result *result)
{
    struct error error = {0};
    char *folder = folder_of(campaign, scenario);
    int failed = folder ? outcome_write(scenario, result, folder, &error) : 0;
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

static void run_all(struct campaign *campaign, const struct scenarios *scenarios)
{
    for (size_t i = 0; i < scenarios->count; i++) {
        const struct scenario *scenario = scenarios->items[i];
        bool is_stopped = *campaign->options->stop != 0;
        struct result *result =
            is_stopped ? result_of_error(campaign, scenario, "interrupted before it began")
                       : run_one(campaign, scenario);
        if (is_stopped)
            outcome_worsen(&campaign->code, EXIT_UNDECIDED);
        report_one(campaign, scenario, result);
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

int campaign_run(const struct campaign_options *options, const struct scenarios *scenarios)
{
    struct campaign campaign = {.options = options,
                                .scenario_count = scenarios->count,
                                .rounds = options->rounds > 0 ? options->rounds : 1};
    campaign.is_single = campaign.scenario_count == 1 && campaign.rounds == 1;
    progress_init(&campaign.progress, options->is_quiet);
    campaign.log = progress_log(&campaign.progress, options->log_level);
    for (size_t round = 0; round < campaign.rounds && (round == 0 || !*options->stop); round++)
        run_all(&campaign, scenarios);
    write_joint(&campaign);
    print_tally(&campaign);
    for (size_t i = 0; i < campaign.result_count; i++)
        result_free(campaign.results[i]);
    for (size_t i = 0; i < campaign.name_count; i++)
        free(campaign.names[i]);
    free(campaign.results);
    free(campaign.names);
    return campaign.code;
}
