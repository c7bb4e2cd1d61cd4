/* own_limit.h: self-examination: could what was measured be the fault of this program or of its
   machine, and not of the broker? */
#ifndef RUN_OWN_LIMIT_H
#define RUN_OWN_LIMIT_H

#include "run/stage.h"

struct own_limit_found {
    bool holds;
    double median_ns; /* of a latency; 0: it is none */
};

/* Why a rate or a latency that was measured says nothing, as one sentence to be freed; NULL: it
   stands, as does everything that is neither. */
char *own_limit(const struct stage *stage, const struct scenario_expectation *expectation,
                struct own_limit_found found);
/* The same as notes, for a run that asks for no rate and no latency. */
void own_limit_note(struct stage *stage);

#endif
