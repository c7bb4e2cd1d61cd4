/* arguments.h: what must hold between the arguments that several commands know. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/options.h"

/* Borrowed; NULL or false where a command has none. */
struct shared_arguments {
    const char *uri, *spawn, *out;
    bool quiet, verbose;
};

/* -1 with the error (usage) of the first that cannot be. */
int arguments_check(const struct shared_arguments *arguments, struct error *reterr);
/* How often something is done: not 0.  name: "--times". */
int arguments_check_count(const char *name, const struct option_count *count, struct error *reterr);

#endif
