/* command.h: the commands of gauntlet, and what they share. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "base/error.h"
#include "cli/options.h"

enum exit_code {
    EXIT_PASS = 0,
    EXIT_FAIL = 1,      /* a contract, an expectation or a threshold */
    EXIT_WRONG = 2,     /* usage or scenario */
    EXIT_UNDECIDED = 3, /* inconclusive, interrupted, or could not run */
};

struct command;

/* A command line that has been read and checked. */
struct invocation {
    const struct command *command;
    const void *arguments; /* of the command's own type */
    const struct option_list *operands;
    int argc; /* the words behind the command's name */
    const char *const *argv;
};

/* A command is one file, and one line in the table of command.c. */
struct command {
    const char *operands;      /* "SCENARIO..." */
    const char *summary;       /* one line */
    const char *details;       /* paragraphs and examples for --help */
    struct option_table table; /* it also has the command's name; one option is "help" */
    size_t size;               /* of what the options fill in */
    /* What must hold beyond that which all commands share (arguments.h); NULL: nothing does.  -1
       with the error (usage). */
    int (*check)(const void *arguments, const struct option_list *operands, struct error *reterr);
    /* Gives an exit code. */
    int (*work)(const struct invocation *invocation);
};

/* In the order of --help; NULL past the end. */
const struct command *command_at(size_t index);
/* NULL when there is none of that name. */
const struct command *command_find(const char *name);

/* Everything behind main: picks the command.  Gives an exit code. */
int command_main(int argc, const char *const *argv);

/* What --help prints: for one command, or NULL for the whole. */
void command_help(const struct command *command, FILE *out);

/* Say an error, once, on stderr, as "gauntlet: file:line:column: message", and give its exit code.
 */
int command_fail(const struct error *error);

/* Read the words behind the command's name, check them, and do what they say (or show --help).
   Gives an exit code. */
int command_perform(const struct command *command, int argc, const char *const *argv);

/* The command line as a result may record it; see options_record.  Gives (free). */
char *command_record(const struct invocation *invocation);

/* One per file. */
extern const struct command command_run, command_conform, command_replay, command_explore,
    command_shrink, command_check, command_compare, command_report, command_heal, command_adapters,
    command_new_adapter, command_serve;

#endif
