/* command_help.c: what --help prints. */
#include "cli/command.h"

static void show_whole(FILE *out)
{
    const struct command *command;
    fputs("Runs a message broker adapter through scenarios and checks every message.\n\n"
          "Usage: gauntlet COMMAND [OPTION...] [ARGUMENT...]\n\n"
          "Commands:\n",
          out);
    for (size_t i = 0; (command = command_at(i)) != NULL; i++)
        fprintf(out, "  %-10s %-14s %s\n", command->table.command, command->operands,
                command->summary);
    fputs("  help       [COMMAND]      this page, or that of a command\n\n"
          "Options:\n"
          "  -h, --help              this page; behind a command, that of the command\n"
          "  -V, --version           the version\n\n"
          "Exit status:\n"
          "  0  everything passed\n"
          "  1  a contract, an expectation or a threshold failed\n"
          "  2  the command line or a scenario is wrong\n"
          "  3  inconclusive, interrupted before anything failed, or could not run\n\n"
          "Examples:\n"
          "  gauntlet run scenarios/quickstart.yaml\n"
          "  gauntlet run scenarios/quickstart.yaml --adapter redis "
          "--uri redis://127.0.0.1:6379/0\n"
          "  gauntlet check scenarios/\n"
          "  gauntlet help run\n",
          out);
}

void command_help(const struct command *command, FILE *out)
{
    if (!command) {
        show_whole(out);
        return;
    }
    fprintf(out, "Usage: gauntlet %s [OPTION...] %s\n\n%s\nOptions:\n", command->table.command,
            command->operands, command->details);
    options_show(&command->table, out);
}
