/* command.c: which commands there are, and how one is picked. */
#include "cli/command.h"

#include <string.h>

#include "base/text.h"
#include "reports/page.h"
#include "reports/report.h"

static const char run_details[] =
    "Runs each scenario and judges it by its expectations.  A folder stands for all *.yaml files\n"
    "below it.  All scenarios are loaded and checked before the first one runs.\n"
    "\n"
    "Ctrl-C ends a run gracefully with a partial result; a second one ends it at once.\n"
    "\n"
    "Examples:\n"
    "  gauntlet run scenarios/quickstart.yaml\n"
    "  gauntlet run scenarios/quickstart.yaml --adapter redis --uri redis://127.0.0.1:6379/0\n"
    "  gauntlet run scenarios/quickstart.yaml --set producers.0.rate=2000/s --out out\n"
    "  gauntlet run scenarios/ --time virtual --seed 7 --out out --quiet\n"
    "  gauntlet run mine.yaml --repeat 5 --variant 'old: drain=1s' --variant 'new: drain=5s'\n";

static const char conform_details[] =
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

static const char replay_details[] =
    "Runs the failure.yaml of a failed run again, names every difference from the environment it\n"
    "was found in, and says how often it failed in the same way.  Exits 1 when it failed at least\n"
    "once, 0 when it never did, 3 when that could not be told, as when its faults did not fire.\n"
    "\n"
    "Examples:\n"
    "  gauntlet replay out/failure.yaml\n"
    "  gauntlet replay out/failure.yaml --times 10 --quiet\n"
    "  gauntlet replay out/failure.yaml --uri redis://127.0.0.1:6390/0 --set "
    "producers.0.count=10\n";

static const char shrink_details[] =
    "Reduces a failing scenario to a minimal one that fails in the same way: faults, actors, "
    "their\n"
    "members, messages, options and expectations are taken away as long as it still fails.  A\n"
    "failure file says how it fails; a scenario is run first to see it.  Ctrl-C keeps the best so\n"
    "far.  Writes FILE.min.yaml beside the file, and exits 0; 3 when it did not fail again.\n"
    "\n"
    "Examples:\n"
    "  gauntlet shrink out/failure.yaml\n"
    "  gauntlet shrink out/failure.yaml --for 5m --times 10 --uri redis://127.0.0.1:6390/0\n";

static const char explore_details[] =
    "Runs a scenario under many seeds, which vary arrivals, sizes, work, nacks and chaos,\n"
    "until one fails; in virtual time where the adapter can, unless the scenario says otherwise.\n"
    "What failed is shrunk to a minimal scenario.  Exits 1 when a seed failed, 0 when none did, 3\n"
    "when some could not be decided.\n"
    "\n"
    "Examples:\n"
    "  gauntlet explore scenarios/nack-and-retry.yaml --seeds 10000\n"
    "  gauntlet explore mine.yaml --for 10m --out out\n";

static const char check_details[] =
    "Loads and checks scenarios without running them.  Says everything that is wrong, one line\n"
    "for each file.\n"
    "\n"
    "Examples:\n"
    "  gauntlet check scenarios/\n"
    "  gauntlet check mine.yaml --adapter redis --set consumers.0.batch=500\n";

static const char compare_details[] =
    "What changed from one set of runs to another, by how much, and whether it is more than "
    "noise:\n"
    "four runs a side are enough for an interval, one a side cannot tell.  A folder stands for "
    "all\n"
    "result.json files below it; further results behind CURRENT are compared with BASE one by "
    "one.\n"
    "\n"
    "A rule (--fail-if) fails when the whole interval is past its limit, which exits with 1; when\n"
    "the interval leaves the limit open, or cannot be told, the exit code is 3.\n"
    "\n"
    "Examples:\n"
    "  gauntlet compare base/result.json current/result.json\n"
    "  gauntlet compare base-runs/ current-runs/ --fail-if 'publish.p99 +10%' --out compared\n"
    "  gauntlet compare --base a.json b.json --current c.json d.json\n";

static const char report_details[] =
    "Draws report.html and the other files of a run again, from its result.json alone: beside it,\n"
    "or in the folder that --out names.  A folder stands for the result.json in it.\n"
    "\n"
    "Examples:\n"
    "  gauntlet report out/result.json\n"
    "  gauntlet report out --out drawn\n";

static const char serve_details[] = "Serves an adapter over standard input and output, in the "
                                    "protocol of adapters/PROTOCOL.md: what\n"
                                    "--isolate does with a plugin.\n"
                                    "\n"
                                    "Examples:\n"
                                    "  gauntlet conform 'exec:gauntlet serve ./my_broker.so'\n"
                                    "  gauntlet serve inline\n";

static const char new_adapter_details[] =
    "Writes a folder NAME with an adapter that works, on a small broker in memory: put your own "
    "in\n"
    "its place.  In C it becomes a plugin, which needs adapter.h and nothing else; in Python a\n"
    "program, which needs the standard library and nothing else.\n"
    "\n"
    "Examples:\n"
    "  gauntlet new-adapter c my_broker && cd my_broker && make && gauntlet conform "
    "./my_broker.so\n"
    "  gauntlet new-adapter python my_broker && cd my_broker &&\n"
    "      gauntlet conform 'exec:python3 my_broker.py'\n";

static const char heal_details[] =
    "Puts right what a run with --destructive has changed on somebody's server, and could not put\n"
    "right itself because it was killed.  DIR is the folder that the run was given by --out; "
    "without\n"
    "it, what runs without --out have left.  Healing twice does no harm.\n"
    "\n"
    "Examples:\n"
    "  gauntlet heal out\n"
    "  gauntlet heal\n"
    "  gauntlet heal out --uri redis://:secret@127.0.0.1:6379/0\n";

static const char adapters_details[] =
    "Lists what is built in, or named (also a plugin, ./my_broker.so, and a program,\n"
    "'exec:python3 my_adapter.py'): what each adapter promises, and the options that a scenario "
    "may\n"
    "give it under 'broker:'.\n"
    "\n"
    "Examples:\n"
    "  gauntlet adapters\n"
    "  gauntlet adapters redis\n";

static const struct command commands[] = {
    {.name = "run",
     .operands = "SCENARIO...",
     .summary = "run scenarios and judge them",
     .details = run_details,
     .table = &command_run_options,
     .run = command_run},
    {.name = "conform",
     .operands = "ADAPTER",
     .summary = "check what a broker promises, clause by clause",
     .details = conform_details,
     .table = &command_conform_options,
     .run = command_conform},
    {.name = "replay",
     .operands = "FILE",
     .summary = "run a failure file again; says k of n",
     .details = replay_details,
     .table = &command_replay_options,
     .run = command_replay},
    {.name = "explore",
     .operands = "SCENARIO",
     .summary = "many seeds, until one fails; then shrink it",
     .details = explore_details,
     .table = &command_explore_options,
     .run = command_explore},
    {.name = "shrink",
     .operands = "FILE",
     .summary = "reduce a failing scenario to a minimal one",
     .details = shrink_details,
     .table = &command_shrink_options,
     .run = command_shrink},
    {.name = "check",
     .operands = "SCENARIO...",
     .summary = "load and check scenarios only",
     .details = check_details,
     .table = &command_check_options,
     .run = command_check},
    {.name = "compare",
     .operands = "BASE CURRENT...",
     .summary = "what changed between runs, and whether it is more than noise",
     .details = compare_details,
     .table = &command_compare_options,
     .run = command_compare},
    {.name = "report",
     .operands = "RESULT...",
     .summary = "draw a report again from its result.json",
     .details = report_details,
     .table = &command_report_options,
     .run = command_report},
    {.name = "heal",
     .operands = "[DIR...]",
     .summary = "put right what a run that was killed left on a server",
     .details = heal_details,
     .table = &command_heal_options,
     .run = command_heal},
    {.name = "adapters",
     .operands = "[ADAPTER...]",
     .summary = "what is built in, what each declares, its options",
     .details = adapters_details,
     .table = &command_adapters_options,
     .run = command_adapters},
    {.name = "new-adapter",
     .operands = "c|python NAME",
     .summary = "begin an adapter of your own",
     .details = new_adapter_details,
     .table = &command_new_adapter_options,
     .run = command_new_adapter},
    {.name = "serve",
     .operands = "ADAPTER",
     .summary = "an adapter for another program, as JSON lines",
     .details = serve_details,
     .table = &command_serve_options,
     .run = command_serve},
};

const struct command *command_at(size_t index)
{
    return index < sizeof(commands) / sizeof(commands[0]) ? &commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)) != NULL; i++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

int command_fail(const struct error *error)
{
    struct text text = {0};
    text_append_string(&text, "gauntlet: ");
    if (error->place.file)
        text_appendf(&text, "%s:", error->place.file);
    if (error->place.file && error->place.line)
        text_appendf(&text, "%d:%d:", error->place.line, error->place.column);
    text_appendf(&text, "%s%s\n", error->place.file ? " " : "", error->message);
    report_scrub(&text);
    fputs(text_string(&text), stderr);
    text_release(&text);
    return error->kind == ERROR_USAGE || error->kind == ERROR_SCENARIO ? EXIT_WRONG
                                                                       : EXIT_UNDECIDED;
}

static int refuse_command(const char *name)
{
    const char *names[sizeof(commands) / sizeof(commands[0])];
    struct error error = {0};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        names[i] = commands[i].name;
    const char *nearest = text_nearest(name, names, sizeof(names) / sizeof(names[0]));
    if (nearest)
        error_set(&error, ERROR_USAGE, "unknown command '%s': did you mean '%s'?", name, nearest);
    else
        error_set(&error, ERROR_USAGE, "unknown command '%s': 'gauntlet --help' lists them all",
                  name);
    return command_fail(&error);
}

/* `gauntlet help` and `gauntlet help run`. */
static int show_help(const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;
    if (name && !command)
        return refuse_command(name);
    command_help(command, stdout);
    return EXIT_PASS;
}

int command_main(int argc, const char *const *argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (!word) {
        command_help(NULL, stderr);
        return EXIT_WRONG;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return show_help(NULL);
    if (strcmp(word, "help") == 0)
        return show_help(argc > 2 ? argv[2] : NULL);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        printf("gauntlet %s\n", GAUNTLET_VERSION);
        return EXIT_PASS;
    }
    const struct command *command = command_find(word);
    return command ? command->run(command, argc - 2, argv + 2) : refuse_command(word);
}
