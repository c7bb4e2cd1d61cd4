/* stages.h: `stages` and `keys` of a producer. */
#ifndef SCENARIO_STAGES_H
#define SCENARIO_STAGES_H

#include "scenario/fields.h"

/* Target of both: a struct scenario_producer. */
field_read stages_read, stages_read_keys;

/* With stages, the producer's time and mean rate follow from them. */
int stages_settle(struct loader *loader, const struct node *mapping,
                  struct scenario_producer *producer);

#endif
