/* command_conform.c: gauntlet conform: what a broker promises, and whether it keeps it. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/check_protocol.h"
#include "cli/clause_folder.h"
#include "cli/outcome.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "registry.h"
#include "reports/conformance.h"
#include "reports/report.h"
#include "run/conform.h"
#include "scenario/environment.h"

struct conform_arguments {
    struct option_list settings, capabilities, ids;
    struct option_count seed;
    const char *uri, *spawn, *clauses, *profile, *out, *baseline, *time;
    bool core, isolate, check_protocol, strict, trace, no_timeouts, destructive, quiet, verbose,
        help;
};

#define AT(member) offsetof(struct conform_arguments, member)

static const struct option conform_options[] = {
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET,
     "where the broker is: redis://[user:password@]host[:port][/db] or unix://path"},
    {"spawn", 0, OPTION_TEXT, "COMMAND", NULL, AT(spawn), 0,
     "start a server of the run's own, which clauses may kill and reset: redis-server, or a "
     "command "
     "line with {port} and {dir}"},
    {"set", 0, OPTION_LIST, "OPTION=VALUE", NULL, AT(settings), OPTION_SECRET,
     "an option of the adapter, as in declare=SIMPLE_QUEUING; repeatable"},
    {"capability", 0, OPTION_LIST, "NAME", NULL, AT(capabilities), 0,
     "only clauses about this capability, or those of a tier; repeatable"},
    {"clause", 0, OPTION_LIST, "ID", NULL, AT(ids), 0,
     "only this clause; patterns as in 'DLV-*' too; repeatable"},
    {"core", 0, OPTION_FLAG, NULL, NULL, AT(core), 0, "only clauses of the core set"},
    {"clauses", 0, OPTION_TEXT, "DIR", NULL, AT(clauses), 0,
     "a folder (or file) of clauses, instead of those that come with the harness"},
    {"profile", 0, OPTION_TEXT, "FILE", NULL, AT(profile), 0,
     "facts about the broker that clauses cannot see, and commands that drive its server"},
    {"seed", 0, OPTION_COUNT, "N", NULL, AT(seed), 0,
     "the seed of all luck: equal seeds, equal runs in virtual time"},
    {"time", 0, OPTION_TEXT, "WORLD", "real|virtual", AT(time), 0,
     "real or virtual; virtual where the broker lives in this process, unless given"},
    {"destructive", 0, OPTION_FLAG, NULL, NULL, AT(destructive), 0,
     "the server may be reset, stopped and killed: nobody else uses it"},
    {"isolate", 0, OPTION_FLAG, NULL, NULL, AT(isolate), 0,
     "a plugin runs in a process of its own: a crash is that one's, and consumers can be killed"},
    {"check-protocol", 0, OPTION_FLAG, NULL, NULL, AT(check_protocol), 0,
     "no clauses: try the manners of a program ('exec:...') alone"},
    {"strict", 0, OPTION_FLAG, NULL, NULL, AT(strict), 0,
     "a required clause that was not run leaves the whole inconclusive"},
    {"baseline", 0, OPTION_TEXT, "FILE", NULL, AT(baseline), 0,
     "an earlier conformance.json: only what is worse than there fails"},
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write conformance.json, conformance.md, junit.xml, summary.txt, and each clause that failed "
     "into this folder"},
    {"trace", 0, OPTION_FLAG, NULL, NULL, AT(trace), OPTION_PRESENTATION,
     "print every call, answer and time; one clause after another"},
    {"no-timeouts", 0, OPTION_FLAG, NULL, NULL, AT(no_timeouts), 0,
     "wait for every answer, as a debugger needs it; one clause after another"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but the summary, and errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), OPTION_PRESENTATION,
     "say more on stderr"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

enum { OPTION_COUNT_ALL = sizeof(conform_options) / sizeof(conform_options[0]) };

/* Everything one command holds until it is over. */
struct conform_command {
    const struct conform_arguments *arguments;
    const char *adapter;
    struct clauses clauses;
    struct clause_profile profile;
    char *folder; /* of the clauses */
    char *uri, *uri_shown;
    struct progress progress;
    struct log log;
};

/* --- Command lines to show ------------------------------------------------------------------- */

/* Which clauses ran, and how they were judged, is no part of how one of them is run again. */
static bool chooses(const char *name)
{
    static const char *const NAMES[] = {"capability", "clause", "core",
                                        "seed",       "strict", "baseline"};

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(NAMES[i], name) == 0)
            return true;
    return false;
}

static char *record_command(int argc, const char *const *argv)
{
    struct option options[OPTION_COUNT_ALL];
    const struct option_table table = {"conform", options, OPTION_COUNT_ALL};

    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        options[i] = conform_options[i];
        if (chooses(options[i].name))
            options[i].flags |= OPTION_PRESENTATION;
    }
    return options_record(&table, argc, argv);
}

/* --- While it runs --------------------------------------------------------------------------- */

static void on_progress(void *context, const struct conform_progress *state)
{
    struct conform_command *command = context;
    struct text line = {0};

    if (command->arguments->trace || !progress_is_due(&command->progress))
        return;
    text_appendf(&line, "%zu of %zu clauses", state->done_count, state->count);
    if (state->failed_count > 0)
        text_appendf(&line, "  %zu failed", state->failed_count);
    if (state->running[0])
        text_appendf(&line, "  running %s", state->running);
    progress_say(&command->progress, text_string(&line));
    text_release(&line);
}

static void on_trace(void *context, const char *clause, const char *line)
{
    struct text text = {0};

    (void)context;
    text_appendf(&text, "%s  %s\n", clause, line);
    report_scrub(&text);
    fputs(text_string(&text), stdout);
    text_release(&text);
}

/* --- After it -------------------------------------------------------------------------------- */

static void print_summary(const struct conformance *conformance, const char *folder)
{
    const struct conformance_input input = {
        .conformance = conformance, .has_colour = outcome_wants_colour(), .folder = folder};
    struct text text = {0};

    conformance_text(&input, &text);
    report_scrub(&text);
    fputs(text_string(&text), stdout);
    fflush(stdout);
    text_release(&text);
}

static int report(const struct conform_arguments *arguments, struct conformance *conformance)
{
    struct error error = {0};
    int failed = 0, code = EXIT_PASS;

    if (arguments->baseline &&
        conformance_apply_baseline(arguments->baseline, conformance, &error) != 0)
        return command_fail(&error);
    if (arguments->out)
        failed = conformance_write(arguments->out, conformance, &error);
    print_summary(conformance, failed ? NULL : arguments->out);
    if (failed)
        code = command_fail(&error);
    if (!arguments->out && !arguments->quiet)
        printf("\nNo files were written: --out DIR writes conformance.json, junit.xml and more.\n");
    return conformance->verdict == VERDICT_FAIL || !failed ? outcome_code(conformance->verdict)
                                                           : code;
}

/* --- Running --------------------------------------------------------------------------------- */

static int load(struct conform_command *command, struct error *reterr)
{
    static const struct source_place place = {"--uri", 0, 0};
    const struct conform_arguments *arguments = command->arguments;
    bool has_reference;

    command->folder =
        arguments->clauses ? memory_string(arguments->clauses) : clause_folder_find(reterr);
    if (!command->folder || clauses_load(command->folder, &command->clauses, reterr) != 0)
        return -1;
    if (arguments->profile &&
        clause_profile_load(arguments->profile, &command->profile, reterr) != 0)
        return -1;
    if (!arguments->uri)
        return 0;
    command->uri_shown = environment_show(arguments->uri);
    return environment_expand(arguments->uri, place, &command->uri, &has_reference, reterr);
}

static enum conform_time time_of(const char *word)
{
    if (!word)
        return CONFORM_TIME_BEST;
    return strcmp(word, "virtual") == 0 ? CONFORM_TIME_VIRTUAL : CONFORM_TIME_REAL;
}

static int run(struct conform_command *command, const char *full, const char *again)
{
    const struct conform_arguments *arguments = command->arguments;
    struct conformance *conformance = NULL;
    struct error error = {0};
    struct conform_options options = {
        .adapter = registry_find(command->adapter, &error),
        .uri = command->uri,
        .uri_shown = command->uri_shown,
        .settings = arguments->settings.values,
        .setting_count = arguments->settings.count,
        .clauses = &command->clauses,
        .ids = arguments->ids.values,
        .id_count = arguments->ids.count,
        .capabilities = arguments->capabilities.values,
        .capability_count = arguments->capabilities.count,
        .core_only = arguments->core,
        .profile = arguments->profile ? &command->profile : NULL,
        .time = time_of(arguments->time),
        .has_seed = arguments->seed.is_given,
        .seed = arguments->seed.value,
        .spawn = arguments->spawn,
        .is_destructive = arguments->destructive,
        .is_strict = arguments->strict,
        .no_timeouts = arguments->no_timeouts,
        .log = &command->log,
        .command_line = full,
        .command = again,
        .progress = on_progress,
        .trace = arguments->trace ? on_trace : NULL,
        .context = command,
        .stop = signals_catch(),
    };
    int code;

    if (!options.adapter || conform_run(&options, &conformance, &error) != 0) {
        progress_clear(&command->progress);
        return command_fail(&error);
    }
    progress_clear(&command->progress);
    code = report(arguments, conformance);
    conformance_free(conformance);
    return code;
}

static int load_and_run(const struct invocation *invocation, const char *adapter)
{
    const struct conform_arguments *arguments = invocation->arguments;
    struct conform_command command = {.arguments = arguments, .adapter = adapter};
    char *full = command_record(invocation);
    char *again = record_command(invocation->argc, invocation->argv);
    struct error error = {0};
    int code;

    progress_init(&command.progress, arguments->quiet);
    command.log = progress_log(&command.progress, arguments->verbose ? LOG_INFO : LOG_ERROR);
    code = load(&command, &error) == 0 ? run(&command, full, again) : command_fail(&error);
    clauses_release(&command.clauses);
    clause_profile_release(&command.profile);
    free(command.folder);
    free(command.uri);
    free(command.uri_shown);
    free(again);
    free(full);
    return code;
}

static int check(const void *target, const struct option_list *operands, struct error *reterr)
{
    const struct conform_arguments *arguments = target;

    if (operands->count == 0)
        return error_set(reterr, ERROR_USAGE,
                         "which adapter? say 'gauntlet conform ADAPTER'; 'gauntlet adapters' lists "
                         "them");
    if (operands->count > 1)
        return error_set(reterr, ERROR_USAGE, "one adapter at a time: '%.60s' is one too many%s",
                         operands->values[1],
                         strncmp(operands->values[0], "exec:", 5) == 0
                             ? "; a command with spaces is put in quotes, as in 'exec:python3 "
                               "my_adapter.py'"
                             : "");
    if (arguments->baseline && access(arguments->baseline, R_OK) != 0)
        return error_set(reterr, ERROR_USAGE, "cannot read the baseline '%.150s'",
                         arguments->baseline);
    return 0;
}

static int work(const struct invocation *invocation)
{
    const struct conform_arguments *arguments = invocation->arguments;
    const char *adapter = invocation->operands->values[0];

    return arguments->check_protocol ? check_protocol(adapter, arguments->uri)
                                     : load_and_run(invocation, adapter);
}

static const char details[] =
    "Runs clauses, one testable statement of a capability each, against an adapter, and compares\n"
    "what it declares with what it shows.  The exit code follows the required clauses alone.\n"
    "\n"
    "A shared server is treated as a guest would: clauses that reset or stop it run only with\n"
    "--destructive, or on a server that the profile starts.\n"
    "\n"
    "Examples:\n"
    "  gauntlet conform inline\n"
    "  gauntlet conform redis --uri redis://127.0.0.1:6379/0 --out out\n"
    "  gauntlet conform inline --set declare=SIMPLE_QUEUING\n"
    "  gauntlet conform redis --clause 'DLV-*' --trace --seed 7\n"
    "  gauntlet conform ./my_broker.so\n"
    "  gauntlet conform 'exec:python3 my_adapter.py' --uri amqp://127.0.0.1/\n"
    "  gauntlet conform redis --clauses my-clauses --profile redis.yaml --strict\n";

const struct command command_conform = {
    .operands = "ADAPTER",
    .summary = "check what a broker promises, clause by clause",
    .details = details,
    .table = {"conform", conform_options, sizeof(conform_options) / sizeof(conform_options[0])},
    .size = sizeof(struct conform_arguments),
    .check = check,
    .work = work,
};
