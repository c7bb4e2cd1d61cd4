/* command_serve.c: gauntlet serve: an adapter in a process of its own, for whoever speaks JSON
 * lines.
 */
#include "cli/command.h"

#include "registry.h"
#include "run/serve.h"

struct serve_arguments {
    bool help;
};

static const struct option serve_options[] = {
    {"help", 'h', OPTION_FLAG, NULL, NULL, offsetof(struct serve_arguments, help),
     OPTION_PRESENTATION, "this page"},
};

const struct option_table command_serve_options = {
    .command = "serve",
    .options = serve_options,
    .option_count = sizeof(serve_options) / sizeof(serve_options[0]),
};

static int serve(const struct option_list *operands, struct error *reterr)
{
    const struct broker_adapter *adapter;

    if (operands->count != 1)
        return error_set(reterr, ERROR_USAGE,
                         "which adapter? say one, as in 'gauntlet serve ./my_broker.so'");
    adapter = registry_find(operands->values[0], reterr);
    return adapter ? serve_run(adapter, reterr) : -1;
}

int command_serve(const struct command *command, int argc, const char *const *argv)
{
    struct serve_arguments arguments = {0};
    struct option_list operands = {0};
    struct error error = {0};
    int code = EXIT_PASS;

    if (options_parse(command->table, argc, argv, &arguments, &operands, &error) < 0 ||
        (!arguments.help && serve(&operands, &error) < 0))
        code = command_fail(&error);
    else if (arguments.help)
        command_help(command, stdout);
    option_list_release(&operands);
    return code;
}
