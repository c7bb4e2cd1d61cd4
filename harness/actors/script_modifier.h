/* script_modifier.h: the words that may stand in any step with an answer. */
#ifndef ACTORS_SCRIPT_MODIFIER_H
#define ACTORS_SCRIPT_MODIFIER_H

#include "actors/script_parts.h"

/* Read them from a step's arguments.  What `words` calls an argument of the step is none. */
int script_modifiers_read(const struct script_sight *sight, const char *words,
                          const struct tree *arguments, struct script_modifiers *ret_modifiers,
                          struct error *reterr);
void script_modifiers_release(struct script_modifiers *modifiers);
const char *script_modifier_at(size_t index); /* their names; NULL past the end */

#endif
