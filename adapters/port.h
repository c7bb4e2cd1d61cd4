/* port.h: the operations as a table, and the one way to start them: gated by what is declared. */
#ifndef ADAPTERS_PORT_H
#define ADAPTERS_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"

/* What an undeclared capability makes of an operation (contracts.md, "when the flag is missing").
 */
enum port_absence {
    PORT_ALWAYS,      /* present on every broker */
    PORT_EMPTY,       /* EMPTY: null, [] */
    PORT_FALSE,       /* DONE, number 0 */
    PORT_PLAIN_READ,  /* read_blocking becomes read */
    PORT_UNSUPPORTED, /* UNSUPPORTED, NOT_SUPPORTED */
};

struct port_operation {
    const char *name;    /* "read_blocking" */
    size_t offset;       /* of its member in struct broker_adapter */
    uint32_t capability; /* 0: not gated */
    enum port_absence absence;
};

/* Indexed by enum adapter_operation. */
extern const struct port_operation port_operations[ADAPTER_OP_COUNT];

/* Can it live on a simulated clock? */
bool port_can_simulate(const struct broker_adapter *adapter);
/* Does the adapter fill it in? */
bool port_has(const struct broker_adapter *adapter, enum adapter_operation operation);
/* The disturbance of this name, or NULL. */
const struct adapter_disturbance *port_disturbance(const struct broker_adapter *adapter,
                                                   const char *key);
/* Start call->operation on a session.  Gated: when `declared` lacks the capability, or the adapter
   lacks the operation, the call completes on a later turn of the host's loop with what the table
   says, and true effects never happen. */
void port_start(const struct broker_adapter *adapter, uint32_t declared,
                const struct adapter_host *host, struct adapter_session *session,
                struct adapter_call *call);

/* The other ways into an adapter; each notes where its thread is (port_note.h). */
int port_create(const struct broker_adapter *adapter, const struct adapter_host *host,
                const struct adapter_config *config, struct adapter_instance **ret_instance,
                char reterr[256]);
void port_destroy(const struct broker_adapter *adapter, struct adapter_instance *instance);
int port_open(const struct broker_adapter *adapter, struct adapter_instance *instance,
              const struct adapter_host *host, const struct adapter_session_config *config,
              struct adapter_session **ret_session, char reterr[256]);
void port_close(const struct broker_adapter *adapter, struct adapter_session *session);
void port_abandon(const struct broker_adapter *adapter, struct adapter_session *session);

/* Make an adapter that stands for another: it says the same of itself, and has the same operations,
   all of them started by `start`.  Life (open, close, ...) is still to be filled in. */
void port_stand_for(struct broker_adapter *adapter, const struct broker_adapter *inner,
                    adapter_start *start);

const char *port_outcome_name(uint32_t outcome);
const char *port_error_name(uint32_t error);
/* "CONSUMER_GROUPS"; names of single flags; and tiers, "ORDERED_MESSAGING" for the highest owned,
   "none" when not even BASIC_PUBSUB. */
const char *port_capability_name(uint32_t flag);
uint32_t port_capability_find(const char *name); /* a flag or a tier; 0 when unknown */
const char *port_tier_name(uint32_t capabilities);

#endif
