/* probe.h: what a fault wants to be told of an actor: batch by batch, on the actor's own thread. An
   actor without a probe pays for one comparison. */
#ifndef ACTORS_PROBE_H
#define ACTORS_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/ledger.h"

enum probe_flow { PROBE_SEND, PROBE_ACCEPT, PROBE_RECEIVE, PROBE_SETTLE, PROBE_FLOWS };
enum probe_op { PROBE_PUBLISH, PROBE_READ, PROBE_ACK, PROBE_NACK, PROBE_RECLAIM, PROBE_OPS };

/* One call of the actor: about to be started, or answered. */
struct probe_exchange {
    enum probe_op op;
    bool is_answered;
    const struct ledger_delivery
        *deliveries; /* the messages it carries, when they were delivered */
    size_t count;
    uint32_t track; /* publish: messages [first, first + count) of this track */
    uint64_t first;
};

struct probe {
    unsigned flows, ops; /* 1u << enum: those that somebody listens to */
    void (*counted)(void *context, enum probe_flow flow, uint64_t count);
    void (*exchanged)(void *context, const struct probe_exchange *exchange);
    void *context;
};

static inline void probe_count(const struct probe *probe, enum probe_flow flow, uint64_t count)
{
    if (probe && count > 0 && probe->flows & (1u << flow))
        probe->counted(probe->context, flow, count);
}

static inline void probe_exchange(const struct probe *probe, const struct probe_exchange *exchange)
{
    if (probe && probe->ops & (1u << exchange->op))
        probe->exchanged(probe->context, exchange);
}

#endif
