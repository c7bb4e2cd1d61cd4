/* trouble.h: what a fault does to a consumer: it crashes, hangs, slows down, or settles in ways it
   should not. */
#ifndef ACTORS_TROUBLE_H
#define ACTORS_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "actors/consumer.h"

enum trouble_kind {
    TROUBLE_CRASH,       /* its session is abandoned, with all it has in hand */
    TROUBLE_LEAVE,       /* its session is closed, with all it has in hand */
    TROUBLE_HANG,        /* it does nothing more, and keeps its connection */
    TROUBLE_SLOW,        /* its work takes longer */
    TROUBLE_NACK,        /* it rejects a share of messages, or one message */
    TROUBLE_ACK_TWICE,   /* what was acknowledged is acknowledged once more */
    TROUBLE_ACK_UNKNOWN, /* it acknowledges an id that no message ever had */
    TROUBLE_LATE_ACK,    /* it keeps acknowledgements back for a while */
    TROUBLE_SKIP_ACK     /* it forgets to acknowledge */
};

enum trouble_moment {
    TROUBLE_NOW,
    TROUBLE_BEFORE_ACK, /* instead of sending the next one */
    TROUBLE_DURING_ACK, /* sent, and not answered */
    TROUBLE_AFTER_ACK   /* answered */
};

/* Borrowed by the consumer until it is relieved of it. */
struct trouble {
    enum trouble_kind kind;
    enum trouble_moment moment; /* crash */
    bool returns;               /* crash, leave: a fresh session is opened after `delay_ns` */
    bool renames;               /* crash, leave: under a new name inside its group */
    uint64_t delay_ns;          /* crash, leave: until it returns; late ack: how late */
    enum consumer_work work;    /* slow */
    uint64_t work_ns, work_max_ns;
    double work_sigma;
    uint64_t limit;   /* the calls it meets before it is over; 0: until relieved */
    double share;     /* nack, of messages; ack twice, late ack, skip ack: of their calls */
    bool has_message; /* nack: this one message */
    uint32_t track;
    uint64_t sequence;
    const char *id; /* ack unknown */
    /* On the consumer's thread: it has met so many messages; it is over (once, when not relieved
       before). */
    void (*struck)(void *context, uint64_t messages, uint64_t now_ns);
    void (*healed)(void *context, uint64_t now_ns);
    void *context;
    struct trouble *next; /* these two are the consumer's */
    uint64_t left;
};

/* Both on the consumer's loop, outside its adapter's callbacks or inside them. */
void consumer_afflict(struct consumer *consumer, struct trouble *trouble);
/* The end of it: hung ones go on, crashed ones return now.  Fine when it is over already. */
void consumer_relieve(struct consumer *consumer, struct trouble *trouble);

#endif
