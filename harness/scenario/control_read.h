/* control_read.h: reads `control`. */
#ifndef SCENARIO_CONTROL_READ_H
#define SCENARIO_CONTROL_READ_H

#include "scenario/control.h"
#include "scenario/loader.h"

int control_read(struct loader *loader, const char *key, const struct node *node,
                 struct scenario_control *control);

#endif
