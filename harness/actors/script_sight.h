/* script_sight.h: what the words of a step stand for where they are written: `$names`, values,
   stream names with the prefix of the run, durations.

   A scalar that is one `$path` as a whole is its value, also in quotes, which YAML wants around
   brackets.  Inside longer texts names are put in where a name or a plain scalar stands; a longer
   text in quotes that is a value stays as it is. */
#ifndef ACTORS_SCRIPT_SIGHT_H
#define ACTORS_SCRIPT_SIGHT_H

#include <stdint.h>

#include "actors/script_scope.h"
#include "actors/value.h"
#include "base/error.h"
#include "base/tree.h"

struct script_sight {
    const struct scope *scope;
    const char *prefix; /* of stream names */
};

/* What a tree stands for as a JSON value.  Gives; NULL when a name in it is not bound. */
struct value *sight_value(const struct script_sight *sight, const struct tree *tree,
                          struct error *reterr);
/* The same, and {sum: [...]}, {minus: [...]}, {size: ...}, {concat: [...]}. */
struct value *sight_computed(const struct script_sight *sight, const struct tree *tree,
                             struct error *reterr);
/* Is the text as a whole one `$path`? */
bool sight_is_reference(const char *text);
/* The value of a scalar that is one `$path` (gives). */
struct value *sight_look_up(const struct script_sight *sight, const struct tree *tree,
                            struct error *reterr);

/* A scalar as text, `$names` put in.  Gives (free); NULL when it cannot be. */
char *sight_text(const struct script_sight *sight, const struct tree *tree, struct error *reterr);
/* The same as the name of a stream: with the prefix, or with `{x}` as the prefixed name of x. */
char *sight_name(const struct script_sight *sight, const struct tree *tree, struct error *reterr);
/* A name, prefixed as above.  Gives (free). */
char *sight_prefix(const struct script_sight *sight, const char *name);

/* Whole numbers and durations; 0, or -1 with the reason.  "-1ms" is a duration here. */
int sight_integer(const struct script_sight *sight, const struct tree *tree, int64_t *ret_number,
                  struct error *reterr);
int sight_duration(const struct script_sight *sight, const struct tree *tree, int64_t *ret_ns,
                   struct error *reterr);
/* The value at the end of a path such as "details.message_counts"; names may hold `{x}`. */
struct value *sight_follow(const struct script_sight *sight, struct value *value, const char *path);

#endif
