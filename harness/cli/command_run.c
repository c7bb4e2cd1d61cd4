/* command_run.c: gauntlet run: run scenarios and judge them. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cli/arguments.h"
#include "cli/campaign.h"
#include "cli/scenarios.h"
#include "cli/signals.h"
#include "cli/variant.h"

struct run_arguments {
    struct option_list settings, variants, workloads;
    struct option_count seed, workers, repeat;
    const char *adapter, *uri, *spawn, *time, *out;
    bool quiet, verbose, debug, keep, destructive, isolate, unverified, no_sleep, help;
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
    {"variant", 0, OPTION_LIST, "VARIANT", NULL, AT(variants), OPTION_PRESENTATION | OPTION_SECRET,
     "run each scenario in this form too, in turn with the other variants, and compare each with "
     "the first: 'NAME: KEY=VALUE, KEY=VALUE'; 'NAME:' is the scenario as it stands; repeatable"},
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
    {"isolate", 0, OPTION_FLAG, NULL, NULL, AT(isolate), 0,
     "a plugin runs in a process of its own: a crash is that one's"},
    {"repeat", 0, OPTION_COUNT, "N", NULL, AT(repeat), OPTION_PRESENTATION,
     "run everything so many times, scenarios and variants in turn; two scenarios, or variants, "
     "are compared at the end"},
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

/* Every scenario in one form.  Gives the number of files that were wrong. */
static size_t load_form(struct scenarios *scenarios, const struct run_arguments *arguments,
                        const struct option_list *paths, const struct variant *variant)
{
    struct option_list settings = {0};
    for (size_t i = 0; i < arguments->settings.count; i++)
        option_list_add(&settings, arguments->settings.values[i]);
    for (size_t i = 0; variant && i < variant->setting_count; i++)
        option_list_add(&settings, variant->settings[i]);
    const struct scenario_overrides overrides = {
        .adapter = arguments->adapter,
        .uri = arguments->uri,
        .spawn = arguments->spawn,
        .settings = settings.values,
        .setting_count = settings.count,
        .variant_count = variant ? variant->setting_count : 0,
        .has_seed = arguments->seed.is_given,
        .seed = arguments->seed.value,
        .time = arguments->time,
    };
    size_t wrong_count = scenarios_load(scenarios, paths, &overrides);
    if (wrong_count == 0)
        wrong_count = scenarios_load_omb(scenarios, &arguments->workloads, &overrides);
    option_list_release(&settings);
    return wrong_count;
}

static void load_all(struct campaign_form *forms, size_t form_count,
                     const struct run_arguments *arguments, const struct option_list *paths,
                     size_t *ret_wrong_count)
{
    size_t wrong_count = 0;
    for (size_t i = 0; i < form_count && wrong_count == 0; i++) {
        wrong_count = load_form(&forms[i].scenarios, arguments, paths, forms[i].variant);
        adjust(&forms[i].scenarios, arguments);
    }
    *ret_wrong_count = wrong_count;
}

/* Reports name the form: "Quickstart (large batches)"; and the command line of each is what runs it
   alone. */
static void name_form(struct campaign_form *form, const char *command_line)
{
    struct text line = {0};
    text_append_string(&line, command_line);
    for (size_t i = 0; form->variant && i < form->variant->setting_count; i++)
        options_record_setting(&line, form->variant->settings[i]);
    form->command_line = memory_string(text_string(&line));
    text_release(&line);
    for (size_t i = 0; form->variant && i < form->scenarios.count; i++) {
        char *plain = form->scenarios.items[i]->name;
        form->scenarios.items[i]->name = memory_format("%s (%s)", plain, form->variant->name);
        free(plain);
    }
}

static void release_forms(struct campaign_form *forms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        scenarios_release(&forms[i].scenarios);
        free(forms[i].command_line);
    }
    free(forms);
}

static int run(const struct run_arguments *arguments, const struct option_list *paths,
               const struct variants *variants, const char *command_line)
{
    size_t form_count = variants->count > 0 ? variants->count : 1, wrong_count;
    struct campaign_form *forms = memory_new(form_count, sizeof(*forms));
    const struct campaign_options options = {
        .folder = arguments->out,
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
    for (size_t i = 0; i < variants->count; i++)
        forms[i].variant = &variants->items[i];
    load_all(forms, form_count, arguments, paths, &wrong_count);
    for (size_t i = 0; i < form_count; i++)
        name_form(&forms[i], command_line);
    if (wrong_count == 0)
        code = campaign_run(&options, forms, form_count);
    release_forms(forms, form_count);
    return code;
}

static int check(const void *target, const struct option_list *paths, struct error *reterr)
{
    const struct run_arguments *arguments = target;

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
    return 0;
}

static int work(const struct invocation *invocation)
{
    const struct run_arguments *arguments = invocation->arguments;
    struct variants variants = {0};
    struct error error = {0};
    int code;
    if (variants_parse(&arguments->variants, &variants, &error) < 0) {
        code = command_fail(&error);
    } else {
        char *command_line = command_record(invocation);
        code = run(arguments, invocation->operands, &variants, command_line);
        free(command_line);
    }
    variants_release(&variants);
    return code;
}

static const char details[] =
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

const struct command command_run = {
    .operands = "SCENARIO...",
    .summary = "run scenarios and judge them",
    .details = details,
    .table = {"run", run_options, sizeof(run_options) / sizeof(run_options[0])},
    .size = sizeof(struct run_arguments),
    .check = check,
    .work = work,
};
