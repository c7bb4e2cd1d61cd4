/* command_perform.c: what happens to every command line: read, checked, done. */
#include <stdlib.h>

#include "base/memory.h"
#include "cli/arguments.h"
#include "cli/command.h"

/* Whoever asks for help need not have said the rest. */
static int read_words(const struct command *command, int argc, const char *const *argv,
                      void *arguments, struct option_list *operands, struct error *reterr)
{
    if (options_parse(&command->table, argc, argv, arguments, operands, reterr) < 0)
        return -1;
    if (arguments_want_help(&command->table, arguments))
        return 0;
    if (command->check && command->check(arguments, operands, reterr) < 0)
        return -1;
    return arguments_check(&command->table, arguments, reterr);
}

int command_perform(const struct command *command, int argc, const char *const *argv)
{
    void *arguments = memory_new(1, command->size);
    struct option_list operands = {0};
    const struct invocation invocation = {command, arguments, &operands, argc, argv};
    struct error error = {0};
    int code = EXIT_PASS;

    if (read_words(command, argc, argv, arguments, &operands, &error) < 0) {
        code = command_fail(&error);
    } else if (arguments_want_help(&command->table, arguments)) {
        command_help(command, stdout);
    } else {
        arguments_isolate(&command->table, arguments);
        code = command->work(&invocation);
    }
    arguments_release(&command->table, arguments);
    option_list_release(&operands);
    free(arguments);
    return code;
}

char *command_record(const struct invocation *invocation)
{
    return options_record(&invocation->command->table, invocation->argc, invocation->argv);
}
