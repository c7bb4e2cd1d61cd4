/* endpoint.h: an actor's way to its broker: one session of one adapter on one loop. */
#ifndef ACTORS_ENDPOINT_H
#define ACTORS_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "base/error.h"
#include "base/log.h"
#include "link/fault.h"
#include "link/link.h"
#include "loop/loop.h"

struct host;

/* One broker of the run, shared by the endpoints of all its actors.  Plain data, borrowed. */
struct endpoint_broker {
    const char *name; /* "default" */
    const struct broker_adapter *adapter;
    struct adapter_instance *instance;
    uint32_t declared;                     /* capabilities under its options */
    const struct adapter_profile *profile; /* NULL: nothing is known */
    bool is_proxied;                       /* its links go through proxies of real sockets */
};

/* Where an endpoint lives. */
struct endpoint_place {
    struct loop *loop;
    struct link_dialer *dialer;
    struct log *log;
    uint64_t seed;
    struct link_faults *faults;  /* behind the dialer; NULL: none */
    struct link_dialer *proxied; /* the same over real sockets; NULL: none */
};

struct endpoint {
    const struct endpoint_broker *broker;
    struct loop *loop;
    struct host *host;
    struct adapter_session *session; /* NULL once closed */
    struct link_owner *owner;        /* hears of its calls; NULL: nobody wants to know */
    bool falls;                      /* said before it is opened: it will be abandoned */
};

/* Open a session for the actor `name` ("billing-2"); consumer: its name inside groups, or NULL. */
int endpoint_open(struct endpoint *endpoint, const struct endpoint_broker *broker,
                  const struct endpoint_place *place, const char *name, const char *consumer,
                  struct error *reterr);
/* Start a call; gated by what the broker declares.  Completes on a later turn of the loop. */
void endpoint_start(struct endpoint *endpoint, struct adapter_call *call);
/* The call to hand to the adapter by whoever does not use endpoint_start. */
struct adapter_call *endpoint_watch(struct endpoint *endpoint, struct adapter_call *call);
/* Completes outstanding calls and closes; fine when never opened. */
void endpoint_close(struct endpoint *endpoint);
/* The same as a crash would. */
void endpoint_abandon(struct endpoint *endpoint);

/* Does the broker declare all of these? */
static inline int endpoint_declares(const struct endpoint *endpoint, uint32_t capabilities)
{
    return (endpoint->broker->declared & capabilities) == capabilities;
}

#endif
