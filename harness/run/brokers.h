/* brokers.h: the brokers of a scenario, made: adapters found, options set, instances created. */
#ifndef RUN_BROKERS_H
#define RUN_BROKERS_H

#include "actors/endpoint.h"
#include "run/instance.h"
#include "run/usage.h"
#include "scenario/scenario.h"

struct server;

/* How its replica follows a server: through a proxy where links are disturbed. */
struct broker_replication {
    struct link_proxy *proxy; /* NULL: straight, or there is no replica */
    struct link_dialer *dialer;
    char *link; /* its name for the rules: one that no actor can have */
};

struct broker {
    struct endpoint_broker endpoint; /* what actors get to know */
    const struct scenario_broker *scenario;
    struct instance made;
    struct endpoint control;     /* the run's own session, for its questions */
    struct usage_source source;  /* its process */
    uint64_t cpu_before_ns;      /* of that, before the run sent anything */
    uint64_t ping_ns;            /* floor, median of a few; 0 not known */
    const char *uri, *uri_shown; /* NULL when none; the second is fit for results */
    struct server *server;       /* started by the run, or driven by commands; NULL: neither */
    struct server *replica;      /* NULL: none */
    struct broker_replication replication;
    uint32_t leftover;        /* the undo of its private streams (leftover.h); 0: none */
    bool is_driven;           /* its server is at a word just now */
    bool is_promoted;         /* the replica took the server's place: they are swapped */
    struct link_proxy *proxy; /* between an adapter that dials by itself and the broker; or NULL */
    struct link_dialer *proxy_dialer;
    char *proxy_uri;
    char *own_uri, *own_uri_shown; /* of a server that the run has started */
};

struct brokers {
    struct broker *items;
    size_t count;
};

/* Create every instance and the control sessions; nothing is dialled that is waited for.  Fails
   where an adapter refuses its options or cannot live in the chosen time. */
int brokers_open(struct brokers *brokers, const struct scenario *scenario,
                 const struct instance_decorator *decorator, const struct endpoint_place *place,
                 struct error *reterr);
void brokers_close(struct brokers *brokers);

/* A server that the run did not start, and that others may use. */
bool broker_is_somebodys(const struct broker *broker);

/* The longest a redelivery may take on any broker, in ns; 0 when one does not say. */
uint64_t broker_redelivery_ns(const struct broker *broker);
/* The soonest that what nobody settles may come again; 0: not known. */
uint64_t broker_soonest_ns(const struct broker *broker);

#endif
