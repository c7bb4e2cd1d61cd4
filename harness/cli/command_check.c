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

const struct option_table command_check_options = {
    .command = "check",
    .options = check_options,
    .option_count = sizeof(check_options) / sizeof(check_options[0]),
};

static int check(const struct check_arguments *arguments, const struct option_list *paths)
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

static int parse(const struct command *command, int argc, const char *const *argv,
                 struct check_arguments *arguments, struct option_list *paths, struct error *reterr)
{
    if (options_parse(command->table, argc, argv, arguments, paths, reterr))
        return -1;
    if (!arguments->help && paths->count == 0)
        return error_set(reterr, ERROR_USAGE, "which scenario? say 'gauntlet check SCENARIO...'");
    return 0;
}

int command_check(const struct command *command, int argc, const char *const *argv)
{
    struct check_arguments arguments = {0};
    struct option_list paths = {0};
    struct error error = {0};
    int code = EXIT_PASS;
    if (parse(command, argc, argv, &arguments, &paths, &error))
        code = command_fail(&error);
    else if (arguments.help)
        command_help(command, stdout);
    else
        code = check(&arguments, &paths);
    option_list_release(&arguments.settings);
    option_list_release(&paths);
    return code;
}
