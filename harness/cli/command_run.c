/* command_run.c: gauntlet run: run scenarios and judge them. */
#include "cli/command.h"

#include <stdlib.h>

#include "cli/arguments.h"
#include "cli/campaign.h"
#include "cli/scenarios.h"
#include "cli/signals.h"

struct run_arguments {
    struct option_list settings, workloads;
    struct option_count seed, workers, repeat;
    const char *adapter, *uri, *spawn, *time, *out;
    bool quiet, verbose, debug, keep, destructive, unverified, no_sleep, help;
    uint64_t spin_ns;
};

#define AT(member) offsetof(struct run_arguments, member)

static const struct option run_options[] = {
    {"adapter", 0, OPTION_TEXT, "NAME", NULL, AT(adapter), 0,
     "use this adapter for the default broker; 'gauntlet adapters' lists them"},
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET,
     "where the default broker is: redis://[user:password@]host[:port][/db] or unix://path"},
    {"spawn", 0, OPTION_TEXT, "COMMAND", NULL, AT(spawn), 0,
     "start a server of the run's own for the default broker: redis-server, or a command line with "
     "{port} and {dir}"},
    {"omb", 0, OPTION_LIST, "FILE", NULL, AT(workloads), 0,
     "run a workload file of the OpenMessaging Benchmark, with --adapter; what cannot be honoured "
     "is "
     "named; repeatable"},
    {"seed", 0, OPTION_COUNT, "N", NULL, AT(seed), 0,
     "the seed of all luck: equal seeds, equal runs in virtual time"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, AT(settings), OPTION_SECRET,
     "override a value, as in producers.0.rate=2000/s; repeatable"},
    {"time", 0, OPTION_TEXT, "WORLD", "real|virtual", AT(time), 0,
     "real or virtual: which clock the run lives by"},
    {"workers", 0, OPTION_COUNT, "N", NULL, AT(workers), 0,
     "threads that run the actors; chosen by the run unless given"},
    {"keep", 0, OPTION_FLAG, NULL, NULL, AT(keep), 0,
     "leave the run's keys on the broker and print the command that removes them"},
    {"destructive", 0, OPTION_FLAG, NULL, NULL, AT(destructive), 0,
     "faults may change servers that the run did not start; 'gauntlet heal' puts right what a run "
     "that "
     "was killed has left"},
    {"repeat", 0, OPTION_COUNT, "N", NULL, AT(repeat), OPTION_PRESENTATION,
     "run everything so many times, the scenarios in turn: what 'gauntlet compare' needs"},
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write result.json, report.html, summary.txt and more into this folder, and failure.yaml when "
     "it failed; with several scenarios, a folder in it for each, and one junit.xml for all"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but the summary, and errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), OPTION_PRESENTATION,
     "say more on stderr: connections, retries, phases"},
    {"debug", 0, OPTION_FLAG, NULL, NULL, AT(debug), OPTION_PRESENTATION | OPTION_HIDDEN,
     "say everything on stderr"},
    {"unverified", 0, OPTION_FLAG, NULL, NULL, AT(unverified), OPTION_HIDDEN,
     "check no message: the control run of a benchmark"},
    {"spin", 0, OPTION_TIME, "TIME", NULL, AT(spin_ns), OPTION_HIDDEN,
     "poll instead of sleeping when a timer is due within it"},
    {"no-sleep", 0, OPTION_FLAG, NULL, NULL, AT(no_sleep), OPTION_HIDDEN, "never sleep"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

const struct option_table command_run_options = {
    .command = "run",
    .options = run_options,
    .option_count = sizeof(run_options) / sizeof(run_options[0]),
};

/* Warnings are for -v: what matters of them is in the result, once. */
static enum log_level level_of(const struct run_arguments *arguments)
{
    if (arguments->debug)
        return LOG_DEBUG;
    return arguments->verbose ? LOG_INFO : LOG_ERROR;
}

/* What the command line says in words of its own rather than by --set. */
static void adjust(const struct scenarios *scenarios, const struct run_arguments *arguments)
{
    for (size_t i = 0; i < scenarios->count; i++) {
        scenarios->items[i]->keep |= arguments->keep;
        if (arguments->workers.is_given)
            scenarios->items[i]->workers = arguments->workers.value;
    }
}

static int run(const struct run_arguments *arguments, const struct option_list *paths,
               const char *command_line)
{
    struct scenarios scenarios = {0};
    const struct scenario_overrides overrides = {
        .adapter = arguments->adapter,
        .uri = arguments->uri,
        .spawn = arguments->spawn,
        .settings = arguments->settings.values,
        .setting_count = arguments->settings.count,
        .has_seed = arguments->seed.is_given,
        .seed = arguments->seed.value,
        .time = arguments->time,
    };
    const struct campaign_options options = {
        .folder = arguments->out,
        .command_line = command_line,
        .rounds = arguments->repeat.value,
        .stop = signals_catch(),
        .log_level = level_of(arguments),
        .is_quiet = arguments->quiet,
        .is_destructive = arguments->destructive,
        .is_unverified = arguments->unverified,
        .spin_ns = arguments->spin_ns,
        .no_sleep = arguments->no_sleep,
    };
    int code = EXIT_WRONG;
    if (scenarios_load(&scenarios, paths, &overrides) == 0 &&
        scenarios_load_omb(&scenarios, &arguments->workloads, &overrides) == 0) {
        adjust(&scenarios, arguments);
        code = campaign_run(&options, &scenarios);
    }
    scenarios_release(&scenarios);
    return code;
}

static int check_arguments(const struct run_arguments *arguments, const struct option_list *paths,
                           struct error *reterr)
{
    const struct shared_arguments shared = {.uri = arguments->uri,
                                            .spawn = arguments->spawn,
                                            .out = arguments->out,
                                            .quiet = arguments->quiet,
                                            .verbose = arguments->verbose || arguments->debug};

    if (arguments->help)
        return 0;
    if (paths->count == 0 && arguments->workloads.count == 0)
        return error_set(reterr, ERROR_USAGE, "which scenario? say 'gauntlet run SCENARIO...'");
    if (arguments->workloads.count > 0 && !arguments->adapter)
        return error_set(reterr, ERROR_USAGE,
                         "--omb needs --adapter: a workload does not say what to run against");
    if (arguments->repeat.is_given &&
        (arguments->repeat.value == 0 || arguments->repeat.value > 1000))
        return error_set(reterr, ERROR_USAGE, "--repeat is 1 to 1000");
    if (arguments->workers.value > 256)
        return error_set(reterr, ERROR_USAGE, "--workers is at most 256");
    return arguments_check(&shared, reterr);
}

int command_run(const struct command *command, int argc, const char *const *argv)
{
    struct run_arguments arguments = {0};
    struct option_list paths = {0};
    struct error error = {0};
    int code = EXIT_PASS;
    if (options_parse(command->table, argc, argv, &arguments, &paths, &error) ||
        check_arguments(&arguments, &paths, &error)) {
        code = command_fail(&error);
    } else if (arguments.help) {
        command_help(command, stdout);
    } else {
        char *command_line = options_record(command->table, argc, argv);
        code = run(&arguments, &paths, command_line);
        free(command_line);
    }
    option_list_release(&arguments.settings);
    option_list_release(&arguments.workloads);
    option_list_release(&paths);
    return code;
}
