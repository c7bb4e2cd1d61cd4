/* plan.h: the ledger's plan and the actors' specs, made from a scenario. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include "run/cast.h"

/* Give every stream its name on the broker. */
void plan_streams(struct cast *cast);
/* List the producers: one entry per member, in the scenario's order. */
void plan_producers(struct cast *cast);
/* Open the ledger: tracks in the order of producers and their streams, groups in order of
   appearance. */
void plan_ledger(struct cast *cast, bool is_verified);
/* Fill in the specs of all actors, the ledger being open. */
void plan_producer_specs(struct cast *cast);
void plan_consumers(struct cast *cast);
/* Free all lists; the actors are gone. */
void plan_release(struct cast *cast);

#endif
