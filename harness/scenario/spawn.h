/* spawn.h: reads `spawn`. */
#ifndef SCENARIO_SPAWN_H
#define SCENARIO_SPAWN_H

#include "scenario/loader.h"

int spawn_read(struct loader *loader, const struct node *node, struct scenario_spawn *spawn);
void scenario_spawn_release(struct scenario_spawn *spawn);

#endif
