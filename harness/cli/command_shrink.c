/* command_shrink.c: gauntlet shrink: reduce a failing scenario to a minimal one. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/arguments.h"
#include "cli/outcome.h"
#include "cli/shrinking.h"
#include "cli/signals.h"

struct shrink_arguments {
    struct option_list settings;
    struct option_count times;
    const char *adapter, *uri, *spawn, *out;
    uint64_t for_ns;
    bool destructive, isolate, quiet, verbose, help;
};

#define AT(member) offsetof(struct shrink_arguments, member)

static const struct option shrink_options[] = {
    {"for", 0, OPTION_TIME, "TIME", NULL, AT(for_ns), 0,
     "stop after this time, as in 5m, with the best so far; unless given, when nothing is left to "
     "take away"},
    {"times", 'n', OPTION_COUNT, "N", NULL, AT(times), 0,
     "run each candidate so many times before it counts as not failing; found out unless given"},
    {"adapter", 0, OPTION_TEXT, "NAME", NULL, AT(adapter), 0,
     "use this adapter for the default broker, in place of the one on record"},
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET, "where the default broker is"},
    {"spawn", 0, OPTION_TEXT, "COMMAND", NULL, AT(spawn), 0,
     "start a server of the run's own for the default broker, in place of what is written"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, AT(settings), OPTION_SECRET,
     "override a value, as in producers.0.rate=2000/s; repeatable"},
    {"destructive", 0, OPTION_FLAG, NULL, NULL, AT(destructive), 0,
     "faults may change servers that the run did not start"},
    {"isolate", 0, OPTION_FLAG, NULL, NULL, AT(isolate), 0,
     "a plugin runs in a process of its own: a crash is that one's"},
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write FILE.min.yaml and the reports of its run into this folder"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but the path of the file, and errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), OPTION_PRESENTATION,
     "say more on stderr"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

/* Where "out/failure.yaml" is, and "failure.min.yaml". */
static void name_output(const char *path, const char *out, char **ret_folder, char **ret_name)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    int size = dot && dot != base ? (int)(dot - base) : (int)strlen(base);

    *ret_name = memory_format("%.*s.min.yaml", size, base);
    if (out)
        *ret_folder = memory_string(out);
    else
        *ret_folder = slash ? memory_format("%.*s", (int)(slash - path) + (slash == path), path)
                            : memory_string(".");
}

static int write_outcome(const struct shrink_arguments *arguments, const char *path,
                         const struct shrunk *shrunk)
{
    struct error error = {0};
    char *folder, *name;
    int code = EXIT_PASS;

    name_output(path, arguments->out, &folder, &name);
    if ((arguments->out &&
         outcome_write(shrunk->scenario, shrunk->result, arguments->out, &error) != 0) ||
        shrinking_write(shrunk, folder, name, &error) != 0)
        code = command_fail(&error);
    if (!arguments->quiet) {
        shrinking_print(shrunk);
        printf("\n");
        outcome_print(shrunk->result, NULL);
        printf("\n");
    }
    if (code == EXIT_PASS && arguments->quiet)
        printf("%s/%s\n", folder, name);
    else if (code == EXIT_PASS)
        printf("Again: gauntlet replay %s/%s\n", folder, name);
    free(folder);
    free(name);
    return code;
}

static int shrink_failure(const struct shrink_arguments *arguments, const char *path,
                          const struct shrinking *shrinking)
{
    struct shrunk shrunk = {0};
    struct error error = {0};
    int code, result = shrinking_run(shrinking, &shrunk, &error);

    if (result == 0) {
        code = write_outcome(arguments, path, &shrunk);
    } else if (result > 0) {
        fprintf(stderr, "gauntlet: %s did not fail again: there is nothing to shrink\n", path);
        code = EXIT_UNDECIDED;
    } else {
        code = command_fail(&error);
    }
    shrunk_release(&shrunk);
    return code;
}

/* A scenario has no record of how it fails: run it to see. */
static int find_failure(struct shrinking *shrinking, struct result **ret_result,
                        struct error *reterr)
{
    struct run_options options = shrinking->run;
    int result;

    options.scenario = shrinking->scenario;
    options.progress = progress_update;
    options.context = shrinking->progress;
    result = run_scenario(&options, ret_result, reterr);
    progress_clear(shrinking->progress);
    if (result != 0)
        return -1;
    shrinking->result = *ret_result;
    if ((*ret_result)->verdict == VERDICT_FAIL)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "%s did not fail: there is nothing to shrink",
                     shrinking->scenario->path);
}

static int shrink_file(const struct shrink_arguments *arguments, const char *path)
{
    const struct scenario_overrides overrides = {.adapter = arguments->adapter,
                                                 .uri = arguments->uri,
                                                 .spawn = arguments->spawn,
                                                 .settings = arguments->settings.values,
                                                 .setting_count = arguments->settings.count};
    struct progress progress;
    struct log log;
    struct scenario_rules rules;
    struct scenario *scenario = NULL;
    struct result *found = NULL;
    struct error error = {0};
    int code;

    progress_init(&progress, arguments->quiet);
    log = progress_log(&progress, arguments->verbose ? LOG_INFO : LOG_ERROR);
    run_rules(&rules);
    if (scenario_load(path, &overrides, &rules, &scenario, &error) != 0) {
        code = command_fail(&error);
    } else {
        struct shrinking shrinking = {.scenario = scenario,
                                      .run = {.log = &log,
                                              .stop = signals_catch(),
                                              .is_destructive = arguments->destructive,
                                              .undo_folder = arguments->out},
                                      .progress = &progress,
                                      .tries = arguments->times.value,
                                      .for_ns = arguments->for_ns,
                                      .is_quiet = arguments->quiet};
        bool is_ready = tree_get(&scenario->document, "failure") ||
                        find_failure(&shrinking, &found, &error) == 0;

        code = is_ready ? shrink_failure(arguments, path, &shrinking) : command_fail(&error);
    }
    run_rules_release(&rules);
    result_free(found);
    scenario_free(scenario);
    return code;
}

static int check(const void *target, const struct option_list *paths, struct error *reterr)
{
    const struct shrink_arguments *arguments = target;

    if (paths->count != 1)
        return error_set(reterr, ERROR_USAGE, "%s: say 'gauntlet shrink FILE'",
                         paths->count ? "one file at a time" : "which failure file?");
    return arguments_check_count("--times", &arguments->times, reterr);
}

static int work(const struct invocation *invocation)
{
    return shrink_file(invocation->arguments, invocation->operands->values[0]);
}

static const char details[] =
    "Reduces a failing scenario to a minimal one that fails in the same way: faults, actors, "
    "their\n"
    "members, messages, options and expectations are taken away as long as it still fails.  A\n"
    "failure file says how it fails; a scenario is run first to see it.  Ctrl-C keeps the best so\n"
    "far.  Writes FILE.min.yaml beside the file, and exits 0; 3 when it did not fail again.\n"
    "\n"
    "Examples:\n"
    "  gauntlet shrink out/failure.yaml\n"
    "  gauntlet shrink out/failure.yaml --for 5m --times 10 --uri redis://127.0.0.1:6390/0\n";

const struct command command_shrink = {
    .operands = "FILE",
    .summary = "reduce a failing scenario to a minimal one",
    .details = details,
    .table = {"shrink", shrink_options, sizeof(shrink_options) / sizeof(shrink_options[0])},
    .size = sizeof(struct shrink_arguments),
    .check = check,
    .work = work,
};
