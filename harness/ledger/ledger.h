/* ledger.h: what was attempted, accepted, delivered and settled, for every message and every group.
   The sender's own books, never what the broker says.

   Words.  A *track* is one producer member on one stream; its messages are numbered from 0.  A
   *subscription* is one group on one stream.  One byte per message of a track says how its
   publishing ended, one byte per message and subscription says how far it got there.  Beside them,
   each actor keeps a bounded log of batches, from which the history of a witness is told.

   Threads.  Each sender and each receiver is used by one thread.  Members of one group may live on
   different threads when the plan says `shared`: then the bytes are atomic.  Nothing is locked per
   message. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "ledger/report.h"

struct ledger;
struct ledger_sender;
struct ledger_receiver;

struct ledger_stream_plan {
    const char *name;            /* as in the scenario */
    uint32_t capabilities;       /* what the broker it lives on declares */
    bool is_private;             /* nobody else knows the name: a foreign entry is a phantom */
    uint64_t redelivery_time_ns; /* an unsettled delivery may come again after it; 0: not known */
};

struct ledger_track_plan {
    const char *producer; /* "shop-1" */
    uint32_t stream;      /* index */
    uint64_t count_hint;  /* messages expected, 0 when not known */
};

struct ledger_group_plan {
    const char *name;
    const uint32_t *streams; /* indices */
    size_t stream_count;
    bool settles;    /* acknowledges: a message is finished when its ack was accepted */
    bool from_start; /* reads everything; false: what is published while it is subscribed, which it
                        is from its first ledger_receiver_new on */
};

struct ledger_plan { /* copied */
    uint32_t run;
    bool shared;      /* several threads */
    bool is_verified; /* false: nothing is checked (the benchmark's control run) */
    const struct ledger_stream_plan *streams;
    size_t stream_count;
    const struct ledger_track_plan *tracks; /* index = the track in the identity */
    size_t track_count;
    const struct ledger_group_plan *groups;
    size_t group_count;
    uint64_t log_bytes_max; /* of all witness logs together; 0: 64 MB */
};

struct ledger *ledger_new(const struct ledger_plan *plan);
void ledger_free(struct ledger *ledger);

/* --- Sending: one per track --------------------------------------------------------------------
 */

/* Gives nothing: lives as long as the ledger. */
struct ledger_sender *ledger_sender(struct ledger *ledger, uint32_t track);
/* Messages [first, first + count) are about to be handed to the adapter.  Before the publish call.
 */
void ledger_attempt(struct ledger_sender *sender, uint64_t first, uint64_t count, uint64_t now_ns);
/* How they ended.  attempts over 1: copies are possible, cause retry. */
void ledger_publish_ended(struct ledger_sender *sender, uint64_t first, uint64_t count,
                          enum adapter_outcome outcome, uint32_t attempts, uint64_t now_ns);

/* --- Receiving: one per group member -----------------------------------------------------------
 */

enum ledger_arrival {
    LEDGER_FIRST,    /* first delivery to this group */
    LEDGER_AGAIN,    /* a redelivery or a duplicate */
    LEDGER_LEFTOVER, /* of an earlier run */
    LEDGER_FOREIGN,  /* carries no identity */
    LEDGER_BROKEN    /* corrupted, misrouted, or never sent */
};

/* One delivered message, told apart; the actor's handle for settling it. */
struct ledger_delivery {
    uint64_t sequence;
    uint64_t intended_ns;
    uint32_t track;
    uint16_t stream; /* index */
    uint8_t arrival; /* enum ledger_arrival */
    uint8_t count;   /* deliveries to this group so far, this one included; stays at 3 */
};

struct ledger_receiver *ledger_receiver_new(struct ledger *ledger, uint32_t group,
                                            const char *member);
/* Entries were delivered; fills one ret per entry.  Anomalies are noted here. */
void ledger_receive(struct ledger_receiver *receiver, uint32_t stream,
                    const struct adapter_entry *entries, size_t count, uint64_t now_ns,
                    struct ledger_delivery *ret);
enum ledger_settling { LEDGER_ACK, LEDGER_NACK };
/* An ack or nack was about to be sent at `invoked_ns`, and ended.  `accepted`: the outcome was DONE
   and the flag 1; 0 with DONE: answered false.  Foreign and broken deliveries are passed over. */
void ledger_settle(struct ledger_receiver *receiver, enum ledger_settling settling,
                   const struct ledger_delivery *deliveries, size_t count,
                   enum adapter_outcome outcome, bool accepted, uint64_t invoked_ns,
                   uint64_t now_ns);
/* Why these may come again although nobody nacked them; or may be lost by a broker without
   DELIVERY_GUARANTEES. */
enum ledger_cause {
    LEDGER_CRASH,
    LEDGER_CONNECTION,
    LEDGER_EXPIRY,
    LEDGER_RETRY,
    LEDGER_CLOSE,
    LEDGER_NACKING /* a nack is about to be sent: the message may come before the nack's answer */
};
void ledger_excuse(struct ledger_receiver *receiver, enum ledger_cause cause,
                   const struct ledger_delivery *deliveries, size_t count, uint64_t now_ns);
/* A read that may have taken up to `count` messages ended without an answer. */
void ledger_read_unknown(struct ledger_receiver *receiver, uint32_t stream, uint64_t count,
                         uint64_t now_ns);
/* A new assignment epoch (reconnect, reclaim): order is judged anew from here.  A group that does
   not read from the start is back, after a crash, a lost connection or an unanswered read: call it
   once it is subscribed again; what was sent until now, or was on its way, may be lost with cause.
 */
void ledger_epoch(struct ledger_receiver *receiver);
/* Entries handed over from now on were asked for at `started_ns`.  A delivery that was under way
   while its ack was accepted is then told from a resurrected one.  Never called: deliveries count
   as asked for when they arrive. */
void ledger_read_started(struct ledger_receiver *receiver, uint64_t started_ns);
/* The message was found in the dead letter queue of its stream, under this group. */
void ledger_dead_letter(struct ledger *ledger, uint32_t stream, uint32_t group, const char *payload,
                        size_t size);

/* --- Live counts: any thread, at any time; exact when the actors rest ---------------------------
 */

struct ledger_counts {
    uint64_t attempted, accepted, refused, unknown; /* of the tracks */
    uint64_t first, again;    /* deliveries to the group; sums over groups when asked for all */
    uint64_t first_accepted;  /* messages known to be accepted that were delivered */
    uint64_t settled, nacked; /* distinct messages settled; nacks accepted */
    uint64_t dead_lettered;
    uint64_t doubtful;    /* of those outstanding: an ack had no answer, and silence is legal */
    uint64_t odd;         /* deliveries that are, or may turn out to be, anomalies */
    uint64_t outstanding; /* accepted, bound for the group, and not yet finished there */
};
/* group: an index, or -1 for the sum over all groups. */
struct ledger_counts ledger_count(const struct ledger *ledger, int group);

/* --- Judging: when all actors rest ---------------------------------------------------------------
 */

/* is_drained: the drain was proven (every group asked again and again, past the redelivery time,
   and given nothing); otherwise what is missing is called unseen, not lost.  Gives
   (ledger_report_free). */
struct ledger_report *ledger_judge(struct ledger *ledger, bool is_drained);

/* Bytes the ledger holds: tables and logs (B7). */
size_t ledger_memory(const struct ledger *ledger);

#endif
