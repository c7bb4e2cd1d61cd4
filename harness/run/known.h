/* known.h: failures that the scenario says are known: they pass while they last. */
#ifndef RUN_KNOWN_H
#define RUN_KNOWN_H

#include "run/stage.h"

/* Mark the expectations that failed, and are known to.  After they are decided, before they are
   weighed. */
void known_mark(struct stage *stage);
/* Worsen the verdict when something known did not fail, or could not be decided; otherwise the run
   has failed as known.  Last of all judgements. */
void known_judge(struct stage *stage);

#endif
