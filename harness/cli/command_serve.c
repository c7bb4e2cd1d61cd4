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

static int serve(const struct option_list *operands, struct error *reterr)
{
    const struct broker_adapter *adapter;

    if (operands->count != 1)
        return error_set(reterr, ERROR_USAGE,
                         "which adapter? say one, as in 'gauntlet serve ./my_broker.so'");
    adapter = registry_find(operands->values[0], reterr);
    return adapter ? serve_run(adapter, reterr) : -1;
}

static int work(const struct invocation *invocation)
{
    struct error error = {0};

    return serve(invocation->operands, &error) < 0 ? command_fail(&error) : EXIT_PASS;
}

static const char details[] = "Serves an adapter over standard input and output, in the "
                              "protocol of adapters/PROTOCOL.md: what\n"
                              "--isolate does with a plugin.\n"
                              "\n"
                              "Examples:\n"
                              "  gauntlet conform 'exec:gauntlet serve ./my_broker.so'\n"
                              "  gauntlet serve inline\n";

const struct command command_serve = {
    .operands = "ADAPTER",
    .summary = "an adapter for another program, as JSON lines",
    .details = details,
    .table = {"serve", serve_options, sizeof(serve_options) / sizeof(serve_options[0])},
    .size = sizeof(struct serve_arguments),
    .work = work,
};
