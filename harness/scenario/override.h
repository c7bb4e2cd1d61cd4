/* override.h: what the command line replaces in a document before it is checked. */
#ifndef SCENARIO_OVERRIDE_H
#define SCENARIO_OVERRIDE_H

#include "scenario/loader.h"

/* Apply --adapter, --uri and every --set to the tree.  What is new gets a place whose file is the
   option ("--set producers.0.rate"). */
int overrides_apply(struct loader *loader, const struct scenario_overrides *overrides);

/* Make `broker: NAME` in a tree the mapping it is short for, so that paths lead into it. */
void override_open_brokers(struct loader *loader);

#endif
