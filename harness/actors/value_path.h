/* value_path.h: a way into a value: ".payload.items[3]", ".id", "[-1]", "[0:50]".

   A name taken from a list is taken from each of its items; what is not there is null. */
#ifndef ACTORS_VALUE_PATH_H
#define ACTORS_VALUE_PATH_H

#include "actors/value.h"

/* Follow a path from a value (gives); NULL when the path is no path.  `rename`, when given, is
   asked for what a name of the path stands for (gives; free). */
struct value *value_follow(struct value *value, const char *path,
                           char *(*rename)(void *context, const char *name), void *context);

#endif
