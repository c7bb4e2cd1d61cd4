/* command_check.c: gauntlet check: load and check scenarios only. */
#include "cli/command.h"
#include "cli/scenarios.h"

struct check_arguments {
    struct option_list settings;
    struct option_count seed;
    const char *adapter, *uri, *time;
    bool quiet, help;
};

#define AT(member) offsetof(struct check_arguments, member)

static const struct option check_options[] = {
    {"adapter", 0, OPTION_TEXT, "NAME", NULL, AT(adapter), 0,
     "use this adapter for the default broker"},
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET, "where the default broker is"},
    {"seed", 0, OPTION_COUNT, "N", NULL, AT(seed), 0, "the seed of all luck"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, AT(settings), OPTION_SECRET,
     "override a value, as in producers.0.rate=2000/s; repeatable"},
    {"time", 0, OPTION_TEXT, "WORLD", "real|virtual", AT(time), 0,
     "real or virtual: which clock the run lives by"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "say only what is wrong"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

static int check_all(const struct check_arguments *arguments, const struct option_list *paths)
{
    struct scenarios scenarios = {0};
    const struct scenario_overrides overrides = {
        .adapter = arguments->adapter,
        .uri = arguments->uri,
        .settings = arguments->settings.values,
        .setting_count = arguments->settings.count,
        .has_seed = arguments->seed.is_given,
        .seed = arguments->seed.value,
        .time = arguments->time,
    };
    size_t wrong_count = scenarios_load(&scenarios, paths, &overrides);
    for (size_t i = 0; i < scenarios.count && !arguments->quiet; i++)
        printf("ok  %s: %s\n", scenarios.items[i]->path, scenarios.items[i]->name);
    scenarios_release(&scenarios);
    return wrong_count > 0 ? EXIT_WRONG : EXIT_PASS;
}

static int check(const void *target, const struct option_list *paths, struct error *reterr)
{
    (void)target;
    if (paths->count == 0)
        return error_set(reterr, ERROR_USAGE, "which scenario? say 'gauntlet check SCENARIO...'");
    return 0;
}

static int work(const struct invocation *invocation)
{
    return check_all(invocation->arguments, invocation->operands);
}

static const char details[] =
    "Loads and checks scenarios without running them.  Says everything that is wrong, one line\n"
    "for each file.\n"
    "\n"
    "Examples:\n"
    "  gauntlet check scenarios/\n"
    "  gauntlet check mine.yaml --adapter redis --set consumers.0.batch=500\n";

const struct command command_check = {
    .operands = "SCENARIO...",
    .summary = "load and check scenarios only",
    .details = details,
    .table = {"check", check_options, sizeof(check_options) / sizeof(check_options[0])},
    .size = sizeof(struct check_arguments),
    .check = check,
    .work = work,
};
