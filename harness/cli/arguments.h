/* arguments.h: what must hold between the arguments that several commands know. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/options.h"

/* Look at --uri, --spawn, --out, --quiet and the like, where the table has them.  target: what
   options_parse has filled in.  -1 with the error (usage) of the first that cannot be. */
int arguments_check(const struct option_table *table, const void *target, struct error *reterr);
/* Was --help said? */
bool arguments_want_help(const struct option_table *table, const void *target);
/* What --isolate asks for, before any adapter is named. */
void arguments_isolate(const struct option_table *table, const void *target);
/* Forget the lists that options have gathered. */
void arguments_release(const struct option_table *table, void *target);
/* How often something is done: not 0.  name: "--times". */
int arguments_check_count(const char *name, const struct option_count *count, struct error *reterr);

#endif
