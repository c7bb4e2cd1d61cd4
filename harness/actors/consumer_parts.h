/* consumer_parts.h: what the files of a consumer share: its insides, and where they call each
   other. consumer.c lives and reads, settling.c works and settles, subscription.c is for brokers
   without groups. */
#ifndef ACTORS_CONSUMER_PARTS_H
#define ACTORS_CONSUMER_PARTS_H

#include <stdatomic.h>

#include "actors/batch.h"
#include "actors/consumer.h"

struct trouble;
struct extra;

struct consumer {
    const struct consumer_spec *spec;
    const struct consumer_spec *working; /* how it works now: the spec, or `altered` */
    struct consumer_spec altered;        /* what its troubles make of it */
    struct endpoint_place place;         /* for a fresh session */
    struct endpoint endpoint;
    struct endpoint second;    /* for settling, where a read would keep the first one busy */
    struct endpoint *settling; /* either of them */
    struct ledger *ledger;
    struct ledger_receiver *receiver;
    struct meter *meter;
    struct tally tally;
    struct consumer_events events;
    struct adapter_call call; /* ensure_group, read or subscribe: one under way */
    struct adapter_call ping_call;
    struct loop_timer read_timer, work_timer, go_timer; /* go: to fall, to return, to go on */
    struct batch *batches;
    size_t batch_count;
    struct batch *target;                   /* of the read under way */
    struct batch *queue_first, *queue_last; /* waiting for work; the first is being worked on */
    size_t letter_count;                    /* messages on their way to the dead letter queue */
    uint64_t wait_ns;
    _Atomic uint64_t empty_reads;
    bool is_reading, is_working, is_stopping, is_stopped, is_ready, is_freed;
    struct trouble *troubles; /* what faults do to it */
    struct trouble *fallen;   /* the one that ended its session, until it is back */
    struct extra *extras;     /* acks that no batch waits for */
    char *new_name;           /* inside its group, after a return under another; NULL */
    uint64_t return_count;
    bool is_falling, is_away; /* about to end its session; without one */
    _Atomic bool is_absent;
};

/* consumer.c */
void consumer_read_more(void *context);     /* unless a read is under way or nothing may be taken */
void consumer_stop_if_empty(void *context); /* ends the session once nothing is in hand */
void consumer_become_ready(struct consumer *consumer);
void consumer_count_empty(struct consumer *consumer, bool is_empty);
void consumer_note_reconnect(struct consumer *consumer, const struct adapter_result *result,
                             uint64_t now_ns);
/* Latencies, flows and counts of what has just been received. */
void consumer_record(struct consumer *consumer, const struct ledger_delivery *deliveries,
                     size_t count, uint64_t now_ns);

/* Open its session; `renamed`: under a name that its group does not know. */
int consumer_open_session(struct consumer *consumer, bool renamed, struct error *reterr);

/* settling.c */
void consumer_work_on(struct consumer *consumer); /* the first batch of the queue */
void consumer_on_settled(struct adapter_call *call, const struct adapter_result *result);

/* subscription.c */
void consumer_subscribe(void *context);

/* Waits between failed calls, doubled by each further one. */
#define CONSUMER_PAUSE_NS_MIN 20000000u
#define CONSUMER_PAUSE_NS_MAX 1000000000u

#endif
