/* resolve.h: the document of a scenario as it was really run. */
#ifndef SCENARIO_RESOLVE_H
#define SCENARIO_RESOLVE_H

#include "scenario/loader.h"

/* Leave it in the scenario: overrides in their place, the content of payload files in place of
   their names, no password.  After the scenario was read. */
int document_resolve(struct loader *loader);

#endif
