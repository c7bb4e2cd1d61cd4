/* environment.h: ${NAME} and ${NAME:-default} in the values of brokers; $$ is a dollar. */
#ifndef SCENARIO_ENVIRONMENT_H
#define SCENARIO_ENVIRONMENT_H

#include <stdbool.h>

#include "base/error.h"

/* Replace the references in `text`.  Gives the text; says whether there were any.  Fails when a
   variable is not set and has no default, or a reference is not well formed. */
int environment_expand(const char *text, struct source_place place, char **ret_text,
                       bool *ret_has_reference, struct error *reterr);

/* The text as it may be shown: references kept, a password written literally replaced by "***".
   Gives. */
char *environment_show(const char *text);

/* "${NAME}" and nothing else: it says nothing about the value. */
bool environment_is_reference(const char *text);

#endif
