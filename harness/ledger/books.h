/* books.h: the inside of the ledger, shared by its files. */
#ifndef LEDGER_BOOKS_H
#define LEDGER_BOOKS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/bytes.h"
#include "ledger/docket.h"
#include "ledger/ledger.h"
#include "ledger/suspect.h"
#include "ledger/trail.h"

struct ledger_stream {
    char *name;
    uint32_t capabilities;
    bool is_private;
    uint64_t redelivery_time_ns;
};

/* Messages of one track sent while a group that keeps no position was away: [first, end). */
struct absence {
    uint64_t first, end; /* end UINT64_MAX: it has not come back */
};

/* One group and one track of a stream that it reads. */
struct subscription {
    struct bytes marks;
    _Atomic uint64_t bound_from; /* messages from here on are the group's; UINT64_MAX: none yet */
    struct absence *absences;    /* under ledger->lock */
    size_t absence_count;
};

struct ledger_group {
    char *name;
    bool *reads; /* by stream */
    bool settles, from_start;
    _Atomic uint64_t *unanswered;  /* by stream: messages that reads of unknown outcome asked for */
    _Atomic uint64_t *recoverable; /* the same, less those that came late since */
    _Atomic uint64_t dead_lettered, dead_accepted, dead_doubtful;
    _Atomic bool is_subscribed;
};

/* What a sender knows of one group that reads its stream. */
struct sender_share {
    struct subscription *subscription;
    struct bytes_page page; /* of the marks, as last used */
    uint32_t group;
    /* Accepted messages bound for the group; of these, those found delivered or closed already when
       the answer came. */
    _Atomic uint64_t accepted, first_accepted, closed_accepted;
};

struct ledger_sender { /* a track */
    struct ledger *ledger;
    char *producer;
    uint32_t track, stream;
    struct bytes sends;
    struct bytes_page page; /* of the sends, as last used */
    struct trail trail;
    struct sender_share *shares;
    size_t share_count;
    _Atomic uint64_t next; /* one past the last message attempted */
    _Atomic uint64_t attempted, accepted, refused, unknown;
};

/* One receiver's view of one track. */
struct lane {
    uint64_t first, size; /* the messages of the two pages; size 0: none yet */
    _Atomic uint8_t *marks;
    const _Atomic uint8_t *sends;
    _Atomic uint32_t *stamps;     /* of the marks: when the last first delivery of 256 was */
    uint64_t order_next;          /* one past the highest first delivery of this epoch */
    uint64_t run_first, run_next; /* of this batch; run_next UINT64_MAX: no run */
    uint32_t stream;
    uint32_t run_event;
    uint64_t seen_next; /* one past the highest of the epochs before */
};

struct ledger_receiver {
    struct ledger *ledger;
    char *member;
    uint32_t group, index;
    struct lane *lanes;    /* by track */
    struct lane **touched; /* with a run in the batch under way */
    size_t touched_count;
    uint64_t asked_ns; /* when the read was started that brings the next deliveries; 0: not told */
    /* Messages whose ack ended without an answer, and those of them that were closed after all. */
    _Atomic uint64_t doubted, dispelled;
    bool announces_nacks; /* before they are sent */
    struct trail trail;
    struct suspects suspects;
    struct docket docket;
    struct ledger_receiver *next; /* in the list of all */
    _Atomic uint64_t first, again, first_accepted, settled, closed_accepted, nacked, odd;
};

struct ledger {
    uint32_t run;
    bool shared, is_verified;
    struct ledger_stream *streams;
    struct ledger_sender *tracks;
    struct ledger_group *groups;
    struct subscription *subscriptions; /* by group, then track */
    size_t stream_count, track_count, group_count;
    struct trail_budget budget;
    _Atomic uint64_t suspects_left;
    _Atomic(struct ledger_receiver *) receivers; /* newest first */
    _Atomic uint32_t receiver_count;
    pthread_mutex_t lock; /* absences */
};

static inline struct subscription *ledger_subscription(const struct ledger *ledger, uint32_t group,
                                                       uint32_t track)
{
    return &ledger->subscriptions[(size_t)group * ledger->track_count + track];
}

static inline bool ledger_reads(const struct ledger *ledger, uint32_t group, uint32_t track)
{
    return ledger->groups[group].reads[ledger->tracks[track].stream];
}

static inline struct ledger_receiver *ledger_first_receiver(const struct ledger *ledger)
{
    return atomic_load_explicit(&ledger->receivers, memory_order_acquire);
}

/* Counters have one writer each, and may be read from anywhere. */
static inline void ledger_bump(_Atomic uint64_t *counter, uint64_t count)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);

    atomic_store_explicit(counter, value + count, memory_order_relaxed);
}

static inline uint64_t ledger_value(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/* Take one from a counter that several threads share; false when nothing is left. */
bool ledger_take(_Atomic uint64_t *left);

/* lane.c: bring a lane to the pages of a message; false when nothing near it was ever sent. */
bool lane_turn(struct ledger_receiver *receiver, struct lane *lane, uint64_t sequence);
/* End the lane's run, if any, and begin one with these messages. */
void lane_begin_run(struct ledger_receiver *receiver, struct lane *lane, uint64_t first,
                    uint64_t count, enum trail_event event, uint64_t now_ns);
/* Write down the runs of the batch. */
void lane_end_batch(struct ledger_receiver *receiver, uint64_t now_ns);

static inline bool lane_reach(struct ledger_receiver *receiver, struct lane *lane,
                              uint64_t sequence)
{
    return sequence - lane->first < lane->size || lane_turn(receiver, lane, sequence);
}

static inline bool lane_is_ours(const struct ledger_delivery *delivery)
{
    return delivery->arrival == LEDGER_FIRST || delivery->arrival == LEDGER_AGAIN;
}

/* The lane of a delivery, turned to it; NULL when there is nothing of ours to settle. */
static inline struct lane *lane_of(struct ledger_receiver *receiver,
                                   const struct ledger_delivery *delivery)
{
    struct lane *lane;

    if (!lane_is_ours(delivery))
        return NULL;
    lane = &receiver->lanes[delivery->track];
    return lane_reach(receiver, lane, delivery->sequence) ? lane : NULL;
}

/* Stamps are upper bounds, in units of about a millisecond. */
#define LANE_STAMP_SHIFT 20u

static inline _Atomic uint32_t *lane_stamp_of(const struct lane *lane, uint64_t sequence)
{
    return &lane->stamps[(sequence - lane->first) >> BYTES_STAMP_BITS];
}

/* First deliveries of these messages, all of the lane's pages, took place. */
static inline void lane_stamp(const struct lane *lane, uint64_t first, uint64_t count,
                              uint64_t now_ns)
{
    const _Atomic uint32_t *last = lane_stamp_of(lane, first + count - 1);
    uint32_t now = (uint32_t)(now_ns >> LANE_STAMP_SHIFT) + 1;

    for (_Atomic uint32_t *stamp = lane_stamp_of(lane, first); stamp <= last; stamp++)
        if (atomic_load_explicit(stamp, memory_order_relaxed) < now)
            atomic_store_explicit(stamp, now, memory_order_relaxed);
}

/* Note some messages of a batch; runs grow while they are contiguous. */
static inline void lane_note(struct ledger_receiver *receiver, struct lane *lane, uint64_t first,
                             uint64_t count, enum trail_event event, uint64_t now_ns)
{
    if (first == lane->run_next && lane->run_event == (uint32_t)event)
        lane->run_next += count;
    else
        lane_begin_run(receiver, lane, first, count, event, now_ns);
}

/* absence.c: a group that keeps no position subscribes, goes away and comes back. */
void absence_subscribe(struct ledger *ledger, uint32_t group);
void absence_begin(struct ledger_receiver *receiver);
void absence_end(struct ledger_receiver *receiver);
bool absence_covers(const struct subscription *subscription, uint64_t sequence);

#endif
