/* names.h: what actors, groups, brokers and streams may be called. */
#ifndef SCENARIO_NAMES_H
#define SCENARIO_NAMES_H

#include "scenario/loader.h"

/* Actors and brokers: a letter, then letters, digits, '-' and '_'; 64 at most. */
int names_check(struct loader *loader, const char *what, const char *name,
                struct source_place place);
/* Streams and groups, which may exist already: no spaces or control characters, 200 bytes at most.
 */
int names_check_free(struct loader *loader, const char *what, const char *name,
                     struct source_place place);

/* The index of a broker, or of a listed or already used stream; -1, without an error, when there is
   none of that name. */
int names_find_broker(const struct scenario *scenario, const char *name, size_t *ret_index);
int names_find_stream(const struct scenario *scenario, const char *name, size_t *ret_index);

/* "there is no broker 'x': did you mean 'y'?", with a place. */
int names_refuse_broker(struct loader *loader, const char *name, struct source_place place);

#endif
