/* deny.h: commands taken away from our user, and given back. */
#ifndef REDIS_DENY_H
#define REDIS_DENY_H

#include <stdbool.h>

#include "operation.h"

/* Commands, separated by spaces or commas: is this something that can be put right again? */
bool redis_may_be_denied(const char *commands);
/* operation->word is our user, `rules` what it may do now: write the command that denies into
   operation->arguments, and the one that undoes it into operation->text. */
void redis_deny_rules(struct redis_operation *operation, const char *commands,
                      const struct redis_reply *rules);

#endif
