/* script_check.h: the parts of script_check, which looks at the words of a script before it runs.
 */
#ifndef ACTORS_SCRIPT_CHECK_H
#define ACTORS_SCRIPT_CHECK_H

#include "actors/script_parts.h"

/* Of one step: every argument known, those it needs there, and well formed as far as that can be
   said without the values of names.  `arguments` is a map. */
int script_check_arguments(const struct script_word *word, const struct script_operation *operation,
                           const struct tree *arguments, struct error *reterr);
/* Say that this step is none, and which could have been meant; -1. */
int script_check_unknown_step(const struct tree *tree, struct error *reterr);
/* An expectation: matchers that are none, arguments that cannot be meant. */
int script_check_expectation(const struct tree *expectation, struct error *reterr);
/* Every `$name` is bound by some step. */
int script_check_names(const struct tree *steps, struct error *reterr);
/* The arguments of the step `link`. */
int script_check_link(const struct tree *arguments, struct error *reterr);
/* Is there a dollar sign in it? */
bool script_check_has_names(const struct tree *tree);

#endif
