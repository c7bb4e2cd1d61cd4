/* command_replay.c: gauntlet replay: run a failure file again. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "cli/replay_clause.h"
#include "cli/scenarios.h"
#include "cli/signals.h"
#include "reports/report.h"
#include "run/failure.h"
#include "run/run.h"

struct replay_arguments {
    struct option_list settings;
    struct option_count times;
    const char *adapter, *uri, *spawn, *out;
    bool destructive, isolate, quiet, verbose, help;
};

#define AT(member) offsetof(struct replay_arguments, member)

static const struct option replay_options[] = {
    {"times", 'n', OPTION_COUNT, "N", NULL, AT(times), 0,
     "run it so many times; once unless given"},
    {"adapter", 0, OPTION_TEXT, "NAME", NULL, AT(adapter), 0,
     "use this adapter for the default broker, in place of the one on record"},
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET,
     "where the default broker is; a file keeps no password, so say it here or by ${NAME}"},
    {"spawn", 0, OPTION_TEXT, "COMMAND", NULL, AT(spawn), 0,
     "start a server of the run's own for the default broker, in place of what is written"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, AT(settings), OPTION_SECRET,
     "override a value, as in producers.0.rate=2000/s; repeatable"},
    {"destructive", 0, OPTION_FLAG, NULL, NULL, AT(destructive), 0,
     "faults may change servers that the run did not start"},
    {"isolate", 0, OPTION_FLAG, NULL, NULL, AT(isolate), 0,
     "a plugin runs in a process of its own: a crash is that one's"},
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write the reports of the first run that failed again, or of the last one, into this folder"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but how often it failed again, and errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), OPTION_PRESENTATION,
     "say more on stderr: connections, retries, phases"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

/* How the runs went so far. */
struct replay {
    const struct replay_arguments *arguments;
    const struct scenario *scenario;
    struct failure failure;
    const char *command_line;
    struct progress progress;
    struct log log;
    const volatile sig_atomic_t *stop;
    uint64_t wanted, runs, again, otherwise, undecided;
    struct result *shown; /* the first that failed again, else the last one */
    bool is_shown_again;
};

/* --- One run --------------------------------------------------------------------------------- */

static void print_text(struct text *text)
{
    report_scrub(text);
    fputs(text_string(text), stdout);
    fflush(stdout);
    text_release(text);
}

static void print_head(const struct replay *replay)
{
    struct text text = {0};

    text_appendf(&text, "Replay of %s, which failed with", replay->scenario->name);
    for (size_t i = 0; i < replay->failure.failed_count; i++)
        text_appendf(&text, "%s %s", i ? "," : "", replay->failure.failed[i]);
    text_append_string(&text, "\n");
    print_text(&text);
}

static void print_differences(const struct replay *replay, const struct result *result)
{
    struct text lines = {0}, text = {0};

    failure_differences(&replay->failure, result, &lines);
    if (lines.size > 0)
        text_appendf(&text, "Not as it was then:\n%s", text_string(&lines));
    print_text(&text);
    text_release(&lines);
}

static void count_run(struct replay *replay, const struct result *result, bool is_same)
{
    replay->runs++;
    replay->again += is_same;
    replay->otherwise += result->verdict == VERDICT_FAIL && !is_same;
    replay->undecided += result->verdict == VERDICT_INCONCLUSIVE;
}

static void print_run(const struct replay *replay, const struct result *result, bool is_same)
{
    static const char *const words[] = {[VERDICT_PASS] = "passed",
                                        [VERDICT_INCONCLUSIVE] = "inconclusive",
                                        [VERDICT_FAIL] = "failed in another way"};
    const char *reason = result->reason_count > 0 ? result->reasons[0].text : "";
    struct text text = {0};

    text_appendf(&text, "  %llu of %llu  %s%s%s\n", (unsigned long long)replay->runs,
                 (unsigned long long)replay->wanted,
                 is_same ? "failed again" : words[result->verdict], *reason ? ": " : "", reason);
    print_text(&text);
}

/* Takes the result. */
static void keep(struct replay *replay, struct result *result, bool is_same)
{
    if (replay->is_shown_again) {
        result_free(result);
        return;
    }
    result_free(replay->shown);
    replay->shown = result;
    replay->is_shown_again = is_same;
}

static int run_once(struct replay *replay)
{
    const struct run_options options = {.scenario = replay->scenario,
                                        .log = &replay->log,
                                        .command_line = replay->command_line,
                                        .progress = progress_update,
                                        .context = &replay->progress,
                                        .stop = replay->stop,
                                        .is_destructive = replay->arguments->destructive,
                                        .undo_folder = replay->arguments->out};
    struct result *result = NULL;
    struct error error = {0};
    int failed = run_scenario(&options, &result, &error);
    bool is_same;

    progress_clear(&replay->progress);
    if (failed)
        return command_fail(&error);
    is_same = failure_is_same(&replay->failure, result);
    if (replay->runs == 0 && !replay->arguments->quiet)
        print_differences(replay, result);
    count_run(replay, result, is_same);
    if (!replay->arguments->quiet)
        print_run(replay, result, is_same);
    keep(replay, result, is_same);
    return EXIT_PASS;
}

/* --- All of them ----------------------------------------------------------------------------- */

static void append_count(struct text *text, const char *what, uint64_t count)
{
    if (count > 0)
        text_appendf(text, "; %s: %llu", what, (unsigned long long)count);
}

static void print_count(const struct replay *replay)
{
    struct text text = {0};

    text_appendf(&text, "failed again: %llu of %llu", (unsigned long long)replay->again,
                 (unsigned long long)replay->runs);
    append_count(&text, "failed in another way", replay->otherwise);
    append_count(&text, "inconclusive", replay->undecided);
    text_append_string(&text, "\n");
    print_text(&text);
}

static int code_of(const struct replay *replay)
{
    if (replay->again + replay->otherwise > 0)
        return EXIT_FAIL;
    return replay->undecided > 0 ? EXIT_UNDECIDED : EXIT_PASS;
}

static int report(const struct replay *replay)
{
    const char *folder = replay->arguments->out;
    struct error error = {0};
    int code = code_of(replay);

    if (folder && outcome_write(replay->scenario, replay->shown, folder, &error) != 0) {
        int wrong = command_fail(&error);

        folder = NULL;
        code = code == EXIT_FAIL ? code : wrong;
    }
    if (!replay->arguments->quiet) {
        printf("\n");
        outcome_print(replay->shown, folder);
        printf("\n");
    }
    print_count(replay);
    return code;
}

static int run_all(struct replay *replay)
{
    int code = EXIT_PASS;

    if (!replay->arguments->quiet)
        print_head(replay);
    while (code == EXIT_PASS && replay->runs < replay->wanted && !*replay->stop)
        code = run_once(replay);
    if (replay->shown) {
        int counted = report(replay);

        code = code == EXIT_PASS || counted == EXIT_FAIL ? counted : code;
    } else if (code == EXIT_PASS) {
        code = EXIT_UNDECIDED; /* interrupted before the first run was over */
    }
    result_free(replay->shown);
    return code;
}

/* --- The command ----------------------------------------------------------------------------- */

/* "***", where a password was, in anything but the address. */
static bool has_gap(const struct tree *tree)
{
    if (!tree || (tree->key && strcmp(tree->key, "uri") == 0))
        return false;
    if (tree->kind == TREE_SCALAR)
        return tree->text && strstr(tree->text, "***") != NULL;
    for (size_t i = 0; i < tree->count; i++)
        if (has_gap(&tree->children[i]))
            return true;
    return false;
}

/* A password is in no file: what stands in its place leads nowhere. */
static int check_secrets(const struct scenario *scenario, struct error *reterr)
{
    for (size_t i = 0; i < scenario->broker_count; i++)
        if (scenario->brokers[i].uri && strstr(scenario->brokers[i].uri, ":***@"))
            return error_set(reterr, ERROR_USAGE,
                             "%s keeps no password of broker %s: say where it is with --uri, or "
                             "write ${NAME} into the file",
                             scenario->path, scenario->brokers[i].name);
    if (has_gap(tree_get(&scenario->document, "broker")) ||
        has_gap(tree_get(&scenario->document, "brokers")))
        return error_set(reterr, ERROR_USAGE,
                         "%s keeps no password, and has *** in its place: write ${NAME} there",
                         scenario->path);
    return 0;
}

/* What was called known since is a failure all the same: whether it comes back is the question. */
static int load(const struct replay_arguments *arguments, const char *path,
                struct scenario **ret_scenario, struct error *reterr)
{
    struct option_list settings = {0};
    struct scenario_overrides overrides = {
        .adapter = arguments->adapter, .uri = arguments->uri, .spawn = arguments->spawn};
    struct scenario_rules rules;
    int result;

    option_list_add(&settings, "known=null");
    for (size_t i = 0; i < arguments->settings.count; i++)
        option_list_add(&settings, arguments->settings.values[i]);
    overrides.settings = settings.values;
    overrides.setting_count = settings.count;
    run_rules(&rules);
    result = scenario_load(path, &overrides, &rules, ret_scenario, reterr);
    run_rules_release(&rules);
    option_list_release(&settings);
    return result == 0 ? check_secrets(*ret_scenario, reterr) : -1;
}

static int replay_scenario(const struct replay_arguments *arguments, const char *path,
                           const char *command_line)
{
    struct replay replay = {.arguments = arguments,
                            .command_line = command_line,
                            .stop = signals_catch(),
                            .wanted = arguments->times.is_given ? arguments->times.value : 1};
    struct scenario *scenario = NULL;
    struct error error = {0};
    int code;

    progress_init(&replay.progress, arguments->quiet);
    replay.log = progress_log(&replay.progress, arguments->verbose ? LOG_INFO : LOG_ERROR);
    if (load(arguments, path, &scenario, &error) != 0 ||
        failure_read(scenario, &replay.failure, &error) != 0) {
        code = command_fail(&error);
    } else {
        replay.scenario = scenario;
        code = run_all(&replay);
    }
    failure_release(&replay.failure);
    scenario_free(scenario);
    return code;
}

/* What `conform` left of a clause that failed. */
static int replay_of_clause(const struct replay_arguments *arguments, const char *path)
{
    const struct replay_clause replay = {.path = path,
                                         .uri = arguments->uri,
                                         .settings = &arguments->settings,
                                         .times =
                                             arguments->times.is_given ? arguments->times.value : 1,
                                         .is_quiet = arguments->quiet};
    struct error error = {0};

    if (!arguments->adapter && !arguments->spawn && !arguments->out)
        return replay_clause(&replay);
    error_set(&error, ERROR_USAGE,
              "%s is a clause: its adapter is on record, and 'gauntlet conform ADAPTER --clauses' "
              "runs it with another, with --spawn or --out",
              path);
    return command_fail(&error);
}

static int check(const void *target, const struct option_list *paths, struct error *reterr)
{
    const struct replay_arguments *arguments = target;

    if (paths->count != 1)
        return error_set(reterr, ERROR_USAGE, "%s failure file: say 'gauntlet replay FILE'",
                         paths->count ? "one" : "which");
    return arguments_check_count("--times", &arguments->times, reterr);
}

static int work(const struct invocation *invocation)
{
    const char *path = invocation->operands->values[0];
    char *command_line;
    int code;

    if (replay_is_clause(path))
        return replay_of_clause(invocation->arguments, path);
    command_line = command_record(invocation);
    code = replay_scenario(invocation->arguments, path, command_line);
    free(command_line);
    return code;
}

static const char details[] =
    "Runs the failure.yaml of a failed run again, names every difference from the environment it\n"
    "was found in, and says how often it failed in the same way.  Exits 1 when it failed at least\n"
    "once, 0 when it never did, 3 when that could not be told, as when its faults did not fire.\n"
    "\n"
    "Examples:\n"
    "  gauntlet replay out/failure.yaml\n"
    "  gauntlet replay out/failure.yaml --times 10 --quiet\n"
    "  gauntlet replay out/failure.yaml --uri redis://127.0.0.1:6390/0 --set "
    "producers.0.count=10\n";

const struct command command_replay = {
    .operands = "FILE",
    .summary = "run a failure file again; says k of n",
    .details = details,
    .table = {"replay", replay_options, sizeof(replay_options) / sizeof(replay_options[0])},
    .size = sizeof(struct replay_arguments),
    .check = check,
    .work = work,
};
