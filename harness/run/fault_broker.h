/* fault_broker.h: what the two kinds of faults of brokers share: those of a server's process, and
   those that a broker is given by its own commands. */
#ifndef RUN_FAULT_BROKER_H
#define RUN_FAULT_BROKER_H

#include "run/fault_parts.h"
#include "server/server.h"

/* The broker that a fault speaks of; the loader knows that there is one of its name. */
struct broker *fault_broker_of(const struct fault *fault);
/* One target for it. */
struct fault_target *fault_broker_target(struct fault *fault);
/* Is it the run's own, or has the user allowed to change it? */
int fault_broker_allow(const struct fault *fault, struct error *reterr);

extern const struct fault_kind fault_server_kind, fault_disturb_kind;

/* fault_server.c, fault_disturb.c: their words; NULL past the last. */
const struct fault_word *fault_server_word_at(size_t index);
const struct fault_word *fault_disturb_word_at(size_t index);

#endif
