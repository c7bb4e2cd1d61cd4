/* fault_kind.h: what every fault of the table is made of.  Private to this room.

   A fault is asked about every piece of bytes that its rule is concerned with, and says what shall
   become of it; the channel then does it (lane.h).  Functions that are NULL leave things as they
   are. */
#ifndef LINK_FAULT_KIND_H
#define LINK_FAULT_KIND_H

#include "link/fault.h"

struct channel;
struct filter; /* one rule on one channel */
struct piece;

enum fault_trait {
    FAULT_NEEDS_FRAMES = 1u << 0,  /* nothing to do without a request or reply in its hands */
    FAULT_NEEDS_REPLIES = 1u << 1, /* must know which reply belongs to which request */
    FAULT_LASTS = 1u << 2,         /* a rule that names no moment is in force all the time */
    FAULT_STAYS = 1u << 3,         /* begun by a hit, it is in force until the rule ends */
    FAULT_AT_DIAL = 1u << 4        /* acts on new links only */
};

struct link_fault {
    const char *word, *help;
    const struct schema_option *options;
    size_t option_count;
    enum link_edge edge; /* where it acts unless the match says */
    unsigned traits;     /* of enum fault_trait */
    /* A link is being dialled.  False: not now; channel_dial or channel_fail later. */
    bool (*dial)(struct channel *channel, struct filter *filter);
    /* A rule without a moment names this link, which is there (channel->is_dialled) or comes. */
    void (*arrive)(struct channel *channel, struct filter *filter);
    void (*begin)(struct channel *channel, struct filter *filter); /* in force from now on */
    void (*end)(struct channel *channel, struct filter *filter);   /* the rule has ended: heal */
    void (*pass)(struct channel *channel, struct filter *filter, struct piece *piece);
};

extern const struct link_fault link_fault_accept_hang;
extern const struct link_fault link_fault_blackhole;
extern const struct link_fault link_fault_connect_hang;
extern const struct link_fault link_fault_corrupt;
extern const struct link_fault link_fault_cut;
extern const struct link_fault link_fault_delay;
extern const struct link_fault link_fault_drop_reply;
extern const struct link_fault link_fault_drop_request;
extern const struct link_fault link_fault_duplicate_request;
extern const struct link_fault link_fault_hold;
extern const struct link_fault link_fault_rate;
extern const struct link_fault link_fault_refuse;
extern const struct link_fault link_fault_reply_error;
extern const struct link_fault link_fault_slice;
extern const struct link_fault link_fault_stall;

#endif
