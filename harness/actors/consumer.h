/* consumer.h: one member of a group on one stream, behaving as a message processing engine does:
   the group is ensured at the start, messages are read in batches, worked on, and then settled. */
#ifndef ACTORS_CONSUMER_H
#define ACTORS_CONSUMER_H

#include <stdbool.h>
#include <stdint.h>

#include "actors/endpoint.h"
#include "actors/meter.h"
#include "actors/probe.h"
#include "ledger/ledger.h"

struct consumer;

enum consumer_ack { CONSUMER_ACK_BATCH, CONSUMER_ACK_EACH, CONSUMER_ACK_NONE };
enum consumer_work {
    CONSUMER_WORK_FIXED,
    CONSUMER_WORK_UNIFORM,
    CONSUMER_WORK_EXPONENTIAL,
    CONSUMER_WORK_LOGNORMAL
};

/* Borrowed while the consumer lives. */
struct consumer_spec {
    const char *name;     /* "billing-2" */
    const char *group;    /* its name on the broker */
    const char *stream;   /* likewise */
    const char *consumer; /* name inside the group; NULL: the adapter makes a unique one */
    uint32_t stream_index, group_index; /* in the ledger */
    uint64_t seed, actor;
    uint64_t batch;    /* messages per read, at most */
    uint64_t prefetch; /* messages in hand before reading waits; 0: two batches */
    enum consumer_ack ack;
    enum consumer_work work;
    uint64_t work_ns, work_max_ns;
    double work_sigma;
    double nack;          /* share of deliveries that are rejected, 0 to 1 */
    uint64_t max_retries; /* rejections before the consumer dead-letters a message itself, where the
 broker does not count */
    uint64_t timeout_ns;
    bool has_poison; /* one message is always rejected */
    uint32_t poison_track;
    uint64_t poison_sequence;
    const struct probe *probe; /* NULL: nobody wants to know */
    const struct endpoint_broker *broker;
};

struct consumer_events {
    void (*ready)(void *context); /* once: the group exists, or the subscription stands */
    void (*stopped)(
        void *context); /* once, after consumer_stop: nothing is in hand, session closed */
    void *context;
};

struct consumer *consumer_new(const struct consumer_spec *spec, const struct endpoint_place *place,
                              struct ledger *ledger, struct meter *meter,
                              const struct consumer_events *events, struct error *reterr);
void consumer_start(struct consumer *consumer);
/* Read no more; finish what is in hand, close the session. */
void consumer_stop(struct consumer *consumer);
/* Closes its session if that is still to be done.  NULL is fine. */
void consumer_free(struct consumer *consumer);
const struct tally *consumer_tally(const struct consumer *consumer);
/* Reads answered "nothing there" in a row, and when the last one ended with an answer at all; for
   the proof that a drain is complete.  Any thread. */
uint64_t consumer_empty_reads(const struct consumer *consumer);
/* It crashed or left, and has not returned: nothing can be expected of it.  Any thread. */
bool consumer_is_absent(const struct consumer *consumer);

#endif
