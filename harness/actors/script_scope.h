/* script_scope.h: the names that are bound in one thread of a script, and around it. */
#ifndef ACTORS_SCRIPT_SCOPE_H
#define ACTORS_SCRIPT_SCOPE_H

#include "actors/value.h"
#include "base/map.h"

struct scope {
    const struct scope *parent; /* NULL for the outermost */
    struct map names;           /* of struct value */
};

/* Bind a name here, in place of what it was; takes the value. */
void scope_bind(struct scope *scope, const char *name, struct value *value);
/* Borrowed; NULL when it is bound neither here nor around. */
struct value *scope_find(const struct scope *scope, const char *name);
void scope_release(struct scope *scope);

#endif
