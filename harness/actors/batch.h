/* batch.h: the messages of one read, in a consumer's hands until each of them is settled. */
#ifndef ACTORS_BATCH_H
#define ACTORS_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "actors/consumer.h"

struct batch;

/* One ack or nack call for messages [first, first + count) of its batch. */
struct settle {
    struct adapter_call call; /* first member */
    struct batch *batch;
    enum ledger_settling settling;
    size_t first, count;
    uint64_t invoked_ns;
};

struct batch {
    void *owner; /* the consumer */
    void (*settled)(struct adapter_call *call, const struct adapter_result *result);
    struct ledger_delivery *deliveries;
    struct adapter_text *ids; /* point into `id_bytes` */
    char *id_bytes;
    size_t id_capacity;
    size_t capacity, count; /* messages; count 0: free */
    size_t worked;          /* messages worked on so far */
    struct settle *settles; /* one per message, the most there can be */
    size_t settle_count;    /* started in this round */
    size_t settling_count;  /* not answered yet */
    struct batch *next;     /* in the queue of work */
};

void batch_init(struct batch *batch, void *owner,
                void (*settled)(struct adapter_call *call, const struct adapter_result *result));
/* Room for `capacity` messages; while it is free. */
void batch_reserve(struct batch *batch, size_t capacity);
void batch_release(struct batch *batch);
/* Keep the ids of delivered entries (they are the adapter's until the read returns). */
void batch_keep_ids(struct batch *batch, const struct adapter_entry *entries, size_t count);
/* Put the messages to be nacked behind those to be acked, each in order; how many are acked. */
size_t batch_part(struct batch *batch, const struct consumer_spec *spec);
/* The next settle of this round, for messages [first, first + count). */
struct settle *batch_settle(struct batch *batch, enum ledger_settling settling, size_t first,
                            size_t count);

#endif
