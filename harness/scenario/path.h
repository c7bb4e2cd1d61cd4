/* path.h: finds the place in a tree that "producers.0.rate" means. */
#ifndef SCENARIO_PATH_H
#define SCENARIO_PATH_H

#include "scenario/loader.h"

/* A place where something may be set: a container, and the key or index in it. */
struct path_target {
    struct node *container;
    char *key;    /* of a mapping; free */
    size_t index; /* NODE_ABSENT when the key does not exist yet */
};

/* Walk down a path of keys, indices and names of actors.  What is on the way is forked first, so
   that others who share it through aliases keep what they had.  Fails when a part does not exist,
   but for the last part in a mapping. */
int path_find(struct loader *loader, const char *path, size_t size, const char *label,
              struct path_target *ret_target);

#endif
