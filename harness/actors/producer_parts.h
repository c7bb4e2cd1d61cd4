/* producer_parts.h: the inside of a producer, shared by its files: producer.c sends,
   producer_slots.c has the memory for it, producer_crash.c ends its session and opens another. */
#ifndef ACTORS_PRODUCER_PARTS_H
#define ACTORS_PRODUCER_PARTS_H

#include "actors/producer.h"

/* One publish call and the messages it carries. */
struct slot {
    struct adapter_call call; /* first member */
    struct producer *producer;
    const struct producer_route *route;
    uint64_t first; /* sequence of the first message */
    size_t count;   /* 0: free */
    uint64_t sent_ns;
    uint64_t *intended_ns;
    struct adapter_text *items;
    char *payloads;
};

struct producer {
    const struct producer_spec *spec;
    struct endpoint endpoint;
    struct meter *meter;
    struct tally tally;
    struct schedule schedule;
    struct payload_maker maker;
    struct loop_timer timer;
    struct slot *slots;
    size_t slot_count, busy_count;
    size_t batch, payload_capacity;
    uint64_t *sequences; /* next, per route */
    struct pick route_pick;
    uint64_t sent_count, end_ns;
    uint64_t pause_ns;
    bool is_stopped, is_finished, is_paused;
    struct endpoint_place place;   /* for a fresh session */
    struct loop_timer go_timer;    /* to fall, to return */
    struct producer_fault *fallen; /* what ended its session, until it is back */
    bool is_away;
    void (*finished)(void *context);
    void *context;
};

/* producer.c: send what is due, as far as there are free slots. */
void producer_produce(void *context);
void producer_on_published(struct adapter_call *call, const struct adapter_result *result);

/* producer_slots.c */
void producer_init_slots(struct producer *producer);
void producer_release_slots(struct producer *producer);

#endif
