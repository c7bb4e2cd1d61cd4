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

struct command {
    const char *name;
    const char *operands; /* "SCENARIO..." */
    const char *summary;  /* one line */
    const char *details;  /* paragraphs and examples for --help */
    const struct option_table *table;
    /* The arguments behind the command's name.  Gives an exit code. */
    int (*run)(const struct command *command, int argc, const char *const *argv);
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

/* One per file. */
int command_run(const struct command *command, int argc, const char *const *argv);
int command_conform(const struct command *command, int argc, const char *const *argv);
int command_replay(const struct command *command, int argc, const char *const *argv);
int command_explore(const struct command *command, int argc, const char *const *argv);
int command_shrink(const struct command *command, int argc, const char *const *argv);
int command_check(const struct command *command, int argc, const char *const *argv);
int command_compare(const struct command *command, int argc, const char *const *argv);
int command_report(const struct command *command, int argc, const char *const *argv);
int command_heal(const struct command *command, int argc, const char *const *argv);
int command_adapters(const struct command *command, int argc, const char *const *argv);
int command_serve(const struct command *command, int argc, const char *const *argv);
int command_new_adapter(const struct command *command, int argc, const char *const *argv);
extern const struct option_table command_run_options;
extern const struct option_table command_conform_options;
extern const struct option_table command_replay_options;
extern const struct option_table command_explore_options;
extern const struct option_table command_shrink_options;
extern const struct option_table command_check_options;
extern const struct option_table command_compare_options;
extern const struct option_table command_report_options;
extern const struct option_table command_heal_options;
extern const struct option_table command_adapters_options;
extern const struct option_table command_new_adapter_options;
extern const struct option_table command_serve_options;

#endif
