/* cast.h: the actors of a run, one producer or consumer per member (and stream), with the ledger
   that keeps their books. */
#ifndef RUN_CAST_H
#define RUN_CAST_H

#include <stdatomic.h>

#include "actors/consumer.h"
#include "actors/producer.h"
#include "run/brokers.h"
#include "run/worker.h"

struct cast_producer {
    char *name; /* "shop-1" */
    struct producer_route *routes;
    struct schedule_stage *stages;
    struct payload_share *shares;
    uint64_t member; /* from 0 */
    struct producer *producer;
    struct producer_spec spec;
    struct worker *worker;
    const struct scenario_producer *scenario;
    struct cast *cast;
};

struct cast_consumer {
    char *name;          /* "billing-2" */
    char *consumer_name; /* inside its group, unique to the run; used where the adapter blocks */
    struct consumer *consumer;
    struct consumer_spec spec;
    struct worker *worker;
    const struct scenario_consumer *scenario;
    uint64_t member; /* from 0 */
    struct loop_timer start_timer;
    bool is_started; /* told to */
    struct cast *cast;
};

struct cast_stream {
    char *name; /* on the broker */
    size_t broker;
    bool is_ours;         /* made by this run: removed at its end */
    int64_t depth_before; /* entries there at the start; -1 not known */
};

struct cast {
    const struct scenario *scenario;
    struct brokers *brokers;
    struct workers *workers;
    uint32_t run;
    uint64_t seed;
    struct cast_stream *streams;
    size_t stream_count;
    struct ledger *ledger;
    struct cast_producer *producers;
    size_t producer_count;
    struct cast_consumer *consumers;
    size_t consumer_count;
    /* Who has got how far; bumped on the workers' threads. */
    _Atomic size_t ready_count, finished_count, stopped_count;
    size_t started_count; /* of consumers */
    uint64_t start_ns;    /* of the producers */
};

/* Name the streams, open the ledger, make every actor.  Fails where an actor asks for what its
   broker does not declare. */
int cast_open(struct cast *cast, bool is_verified, struct error *reterr);
/* Those that wait for no backlog. */
void cast_start_consumers(struct cast *cast);
/* Those whose backlog this is, or is part of. */
void cast_start_waiting(struct cast *cast, uint64_t accepted);
/* At `start_ns`, which is set. */
void cast_start_producers(struct cast *cast);
void cast_stop_producers(struct cast *cast);
void cast_stop_consumers(struct cast *cast);
/* After workers_stop. */
void cast_close(struct cast *cast);

#endif
