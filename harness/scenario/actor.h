/* actor.h: what producers and consumers have in common: a name, a broker and streams. */
#ifndef SCENARIO_ACTOR_H
#define SCENARIO_ACTOR_H

#include "scenario/fields.h"

/* Read `broker`, `stream` and `streams` of an actor whose name is read already.  Gives the indices
   of its streams, which the scenario now knows with their broker. */
int actor_read_streams(struct loader *loader, const struct node *mapping, const char *article,
                       size_t **ret_streams, size_t *ret_count);

/* Refuse a name that is no name, or that another actor has. */
int actor_check_name(struct loader *loader, const char *article, const char *name,
                     const struct node *mapping);

/* The list under a top-level key; NULL when the key is absent.  -1 when it is no list. */
int actor_list(struct loader *loader, const char *key, const struct node **ret_list);

#endif
