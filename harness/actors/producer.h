/* producer.h: sends messages on schedule, or as fast as answers come, and keeps its own books. */
#ifndef ACTORS_PRODUCER_H
#define ACTORS_PRODUCER_H

#include <stdbool.h>
#include <stdint.h>

#include "actors/endpoint.h"
#include "actors/meter.h"
#include "actors/payload.h"
#include "actors/probe.h"
#include "actors/schedule.h"
#include "ledger/ledger.h"

struct producer;

/* One stream a producer sends to. */
struct producer_route {
    uint32_t track;
    struct ledger_sender *sender;
    const char *stream; /* its name on the broker */
};

/* Borrowed while the producer lives. */
struct producer_spec {
    const char *name; /* "shop-1" */
    uint32_t run;
    const struct producer_route *routes;
    size_t route_count;
    enum pick_kind pick; /* of a route for each call */
    uint64_t count;      /* messages of this member; UINT64_MAX when `for_ns` ends it */
    uint64_t for_ns;     /* 0: until `count` */
    struct schedule schedule;
    struct payload_plan payload;
    uint64_t in_flight; /* messages sent and not yet answered, at most */
    uint64_t batch;     /* messages per call, at most; 0: a quarter of in_flight */
    uint64_t timeout_ns;
    const struct probe *probe; /* NULL: nobody wants to know */
    const struct endpoint_broker *broker;
};

/* `finished` is called once, on the loop, when everything sent was answered and nothing is left to
   send. */
struct producer *producer_new(const struct producer_spec *spec, const struct endpoint_place *place,
                              struct meter *meter, void (*finished)(void *context), void *context,
                              struct error *reterr);
void producer_start(struct producer *producer, uint64_t start_ns);
/* Send no more; finishes when the answers are in. */
void producer_stop(struct producer *producer);
/* Closes its session.  NULL is fine. */
void producer_free(struct producer *producer);

/* What a fault does to a producer; borrowed until it is healed. */
struct producer_fault {
    uint64_t delay_ns; /* how long it is away */
    /* On its thread: it crashed with so many messages under way; it is back. */
    void (*struck)(void *context, uint64_t messages, uint64_t now_ns);
    void (*healed)(void *context, uint64_t now_ns);
    void *context;
};
/* End its session as a crash would, on the next turn of its loop, once what was written has left;
   it goes on with a fresh one. */
void producer_crash(struct producer *producer, struct producer_fault *fault);
/* Come back now, when it is away. */
void producer_return(struct producer *producer);
const struct tally *producer_tally(const struct producer *producer);

#endif
