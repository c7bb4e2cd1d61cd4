/* command_explore.c: gauntlet explore: many seeds, until one fails; then shrink it. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/outcome.h"
#include "cli/shrinking.h"
#include "cli/signals.h"
#include "reports/report.h"
#include "run/explore.h"
#include "run/explore_chaos.h"

#define MINIMAL_FILE_NAME "failure.min.yaml"
#define DEFAULT_FOR_NS    60000000000u

struct explore_arguments {
    struct option_list settings;
    struct option_count seed, seeds;
    const char *adapter, *uri, *spawn, *time, *out;
    uint64_t for_ns;
    bool chaos, no_shrink, destructive, isolate, quiet, verbose, help;
};

#define AT(member) offsetof(struct explore_arguments, member)

static const struct option explore_options[] = {
    {"seeds", 0, OPTION_COUNT, "N", NULL, AT(seeds), 0, "stop after so many seeds"},
    {"for", 0, OPTION_TIME, "TIME", NULL, AT(for_ns), 0,
     "stop after this time, as in 10m, also in the midst of a run, which is not judged then; 60s "
     "unless --seeds is given"},
    {"seed", 0, OPTION_COUNT, "N", NULL, AT(seed), 0,
     "the first seed, the others follow; the scenario's own, or a drawn one, unless given"},
    {"adapter", 0, OPTION_TEXT, "NAME", NULL, AT(adapter), 0,
     "use this adapter for the default broker"},
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET, "where the default broker is"},
    {"spawn", 0, OPTION_TEXT, "COMMAND", NULL, AT(spawn), 0,
     "start a server of the run's own for the default broker, in place of what is written"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, AT(settings), OPTION_SECRET,
     "override a value, as in producers.0.rate=2000/s; repeatable"},
    {"time", 0, OPTION_TEXT, "WORLD", "real|virtual", AT(time), 0,
     "real or virtual; virtual where the broker lives in this process, unless given"},
    {"chaos", 0, OPTION_FLAG, NULL, NULL, AT(chaos), 0,
     "random faults for a scenario that has none: consumers crash, hang, slow down and leave, and "
     "their links are delayed, stalled and cut"},
    {"no-shrink", 0, OPTION_FLAG, NULL, NULL, AT(no_shrink), 0, "leave what failed as it is"},
    {"destructive", 0, OPTION_FLAG, NULL, NULL, AT(destructive), 0,
     "faults may change servers that the run did not start"},
    {"isolate", 0, OPTION_FLAG, NULL, NULL, AT(isolate), 0,
     "a plugin runs in a process of its own: a crash is that one's"},
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write the reports of the run that failed, failure.yaml and failure.min.yaml into this "
     "folder"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but the outcome, and errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), OPTION_PRESENTATION,
     "say more on stderr"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

struct exploring {
    const struct explore_arguments *arguments;
    struct scenario *scenario;
    struct progress progress;
    struct log log;
    struct run_options run;
};

/* --- While it lasts -------------------------------------------------------------------------- */

static double rate_of(uint64_t runs, uint64_t elapsed_ns)
{
    return elapsed_ns > 0 ? (double)runs * 1e9 / (double)elapsed_ns : 0.0;
}

static void on_progress(void *context, const struct explore_progress *state)
{
    struct progress *progress = context;
    struct text line = {0};
    char count[32], rate[32];

    if (!progress_is_due(progress))
        return;
    text_appendf(&line, "explored %s seeds  %s  at seed %llu",
                 count_show(state->runs, count, sizeof(count)),
                 rate_show(rate_of(state->runs, state->elapsed_ns), rate, sizeof(rate)),
                 (unsigned long long)state->seed);
    if (state->undecided > 0)
        text_appendf(&line, "  inconclusive %s",
                     count_show(state->undecided, count, sizeof(count)));
    progress_say(progress, text_string(&line));
    text_release(&line);
}

/* --- After it -------------------------------------------------------------------------------- */

static void append_reason(struct text *text, const struct result *result)
{
    text_appendf(text, "seed %llu%s%s", (unsigned long long)result->seed,
                 result->reason_count ? ": " : "",
                 result->reason_count ? result->reasons[0].text : "");
}

static void print_outcome(const struct exploring *exploring, const struct explored *found)
{
    struct text text = {0};
    char count[32], time[32], rate[32];

    text_appendf(&text, "Explored %s seeds of %s in %s (%s): ",
                 count_show(found->runs, count, sizeof(count)), exploring->scenario->name,
                 duration_show(found->elapsed_ns, time, sizeof(time)),
                 rate_show(rate_of(found->runs, found->elapsed_ns), rate, sizeof(rate)));
    if (found->failed) {
        text_append_string(&text, "failed with ");
        append_reason(&text, found->failed);
    } else if (found->doubtful) {
        text_appendf(&text, "none failed, and %s could not be decided, the first with ",
                     count_show(found->undecided, count, sizeof(count)));
        append_reason(&text, found->doubtful);
    } else {
        text_append_string(&text, "none failed");
    }
    text_append_string(&text, "\n");
    if (found->is_cut_short)
        text_appendf(&text, "Seed %llu was under way when %s: it was stopped and not judged\n",
                     (unsigned long long)found->cut_seed,
                     *exploring->run.stop ? "this was interrupted" : "the time was over");
    report_scrub(&text);
    fputs(text_string(&text), stdout);
    fflush(stdout);
    text_release(&text);
}

static void print_again(const struct exploring *exploring, const struct result *failed,
                        bool is_shrunk)
{
    const char *folder = exploring->arguments->out;

    if (folder)
        printf("Files: %s\nAgain: gauntlet replay %s/%s\n", folder, folder,
               is_shrunk ? MINIMAL_FILE_NAME : FAILURE_FILE_NAME);
    else
        printf("No files were written: --out DIR keeps it.  Again: gauntlet run %s --seed %llu%s\n",
               exploring->scenario->path, (unsigned long long)failed->seed,
               failed->is_virtual ? " --time virtual" : "");
}

/* 0 when it was shrunk; otherwise why not is said, and what failed stands as it is. */
static int shrink_failure(struct exploring *exploring, const struct result *failed,
                          struct shrunk *ret_shrunk)
{
    const struct shrinking shrinking = {.scenario = exploring->scenario,
                                        .result = failed,
                                        .run = exploring->run,
                                        .progress = &exploring->progress,
                                        .for_ns = DEFAULT_FOR_NS,
                                        .is_quiet = exploring->arguments->quiet};
    struct error error = {0};
    int result;

    if (exploring->arguments->no_shrink)
        return 1;
    result = shrinking_run(&shrinking, ret_shrunk, &error);
    if (result < 0)
        (void)command_fail(&error);
    else if (result > 0)
        printf("It did not fail again with the same seed, so it was not shrunk\n");
    return result;
}

static int report_failure(struct exploring *exploring, const struct result *failed)
{
    const struct explore_arguments *arguments = exploring->arguments;
    struct shrunk shrunk = {0};
    struct error error = {0};
    bool is_shrunk;

    exploring->scenario->seed = failed->seed;
    if (arguments->out && outcome_write(exploring->scenario, failed, arguments->out, &error) != 0)
        (void)command_fail(&error);
    is_shrunk = shrink_failure(exploring, failed, &shrunk) == 0;
    if (is_shrunk && arguments->out &&
        shrinking_write(&shrunk, arguments->out, MINIMAL_FILE_NAME, &error) != 0)
        (void)command_fail(&error);
    if (!arguments->quiet) {
        if (is_shrunk)
            shrinking_print(&shrunk);
        printf("\n");
        outcome_print(is_shrunk ? shrunk.result : failed, NULL);
        printf("\n");
    }
    print_again(exploring, failed, is_shrunk);
    shrunk_release(&shrunk);
    return EXIT_FAIL;
}

static int report(struct exploring *exploring, const struct explored *found)
{
    print_outcome(exploring, found);
    if (found->failed)
        return report_failure(exploring, found->failed);
    return found->undecided > 0 || found->runs == 0 || *exploring->run.stop ? EXIT_UNDECIDED
                                                                            : EXIT_PASS;
}

/* --- The command ----------------------------------------------------------------------------- */

/* `chaos`: one more setting; NULL: none. */
static int load_with(struct exploring *exploring, const char *path, const char *chaos,
                     struct error *reterr)
{
    const struct explore_arguments *arguments = exploring->arguments;
    struct option_list settings = {0};
    struct scenario_overrides overrides = {.adapter = arguments->adapter,
                                           .uri = arguments->uri,
                                           .spawn = arguments->spawn,
                                           .has_seed = arguments->seed.is_given,
                                           .seed = arguments->seed.value,
                                           .time = arguments->time};
    struct scenario_rules rules;
    int result;

    for (size_t i = 0; i < arguments->settings.count; i++)
        option_list_add(&settings, arguments->settings.values[i]);
    if (chaos)
        option_list_add(&settings, chaos);
    overrides.settings = settings.values;
    overrides.setting_count = settings.count;
    run_rules(&rules);
    result = scenario_load(path, &overrides, &rules, &exploring->scenario, reterr);
    run_rules_release(&rules);
    option_list_release(&settings);
    return result;
}

/* Once to see who is there, and once with what may befall them. */
static int add_chaos(struct exploring *exploring, const char *path, struct error *reterr)
{
    char *chaos;
    int result;

    if (tree_get(&exploring->scenario->document, "faults"))
        return error_set(
            reterr, ERROR_USAGE,
            "--chaos is for a scenario without faults, and %s has some: each seed draws "
            "anew what its own chaos comes to",
            path);
    if (exploring->scenario->consumer_count == 0)
        return error_set(reterr, ERROR_USAGE, "--chaos befalls consumers, and %s has none", path);
    chaos = explore_chaos(exploring->scenario);
    scenario_free(exploring->scenario);
    exploring->scenario = NULL;
    result = load_with(exploring, path, chaos, reterr);
    free(chaos);
    return result;
}

static int load(struct exploring *exploring, const char *path, struct error *reterr)
{
    int result = load_with(exploring, path, NULL, reterr);

    if (result == 0 && exploring->arguments->chaos)
        result = add_chaos(exploring, path, reterr);
    if (result == 0 && !exploring->scenario->has_time && run_suits_virtual(exploring->scenario))
        exploring->scenario->time = SCENARIO_TIME_VIRTUAL;
    return result;
}

static int run(struct exploring *exploring)
{
    const struct explore_arguments *arguments = exploring->arguments;
    const struct scenario *scenario = exploring->scenario;
    struct explore_options options = {.run = &exploring->run,
                                      .seed = scenario->has_seed ? scenario->seed : explore_seed(),
                                      .seeds = arguments->seeds.value,
                                      .for_ns = arguments->for_ns,
                                      .progress = on_progress,
                                      .context = &exploring->progress};
    struct explored found = {0};
    struct error error = {0};
    int code;

    if (!arguments->seeds.is_given && options.for_ns == 0)
        options.for_ns = DEFAULT_FOR_NS;
    code = explore(&options, &found, &error);
    progress_clear(&exploring->progress);
    code = code == 0 ? report(exploring, &found) : command_fail(&error);
    explored_release(&found);
    return code;
}

static int load_and_run(const struct explore_arguments *arguments, const char *path,
                        const char *command_line)
{
    struct exploring exploring = {.arguments = arguments};
    struct error error = {0};
    int code;

    progress_init(&exploring.progress, arguments->quiet);
    exploring.log = progress_log(&exploring.progress, arguments->verbose ? LOG_INFO : LOG_ERROR);
    if (load(&exploring, path, &error) != 0) {
        code = command_fail(&error);
    } else {
        exploring.run = (struct run_options){.scenario = exploring.scenario,
                                             .log = &exploring.log,
                                             .command_line = command_line,
                                             .stop = signals_catch(),
                                             .is_destructive = arguments->destructive,
                                             .undo_folder = arguments->out};
        code = run(&exploring);
    }
    scenario_free(exploring.scenario);
    return code;
}

static int check(const void *target, const struct option_list *paths, struct error *reterr)
{
    const struct explore_arguments *arguments = target;

    if (paths->count != 1)
        return error_set(reterr, ERROR_USAGE, "%s: say 'gauntlet explore SCENARIO'",
                         paths->count ? "one scenario at a time" : "which scenario?");
    return arguments_check_count("--seeds", &arguments->seeds, reterr);
}

static int work(const struct invocation *invocation)
{
    char *command_line = command_record(invocation);
    int code = load_and_run(invocation->arguments, invocation->operands->values[0], command_line);

    free(command_line);
    return code;
}

static const char details[] =
    "Runs a scenario under many seeds, which vary arrivals, sizes, work, nacks and chaos,\n"
    "until one fails; in virtual time where the adapter can, unless the scenario says otherwise.\n"
    "What failed is shrunk to a minimal scenario.  Exits 1 when a seed failed, 0 when none did, 3\n"
    "when some could not be decided.\n"
    "\n"
    "Examples:\n"
    "  gauntlet explore scenarios/nack-and-retry.yaml --seeds 10000\n"
    "  gauntlet explore mine.yaml --for 10m --out out\n";

const struct command command_explore = {
    .operands = "SCENARIO",
    .summary = "many seeds, until one fails; then shrink it",
    .details = details,
    .table = {"explore", explore_options, sizeof(explore_options) / sizeof(explore_options[0])},
    .size = sizeof(struct explore_arguments),
    .check = check,
    .work = work,
};
