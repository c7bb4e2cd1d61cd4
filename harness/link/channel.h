/* channel.h: the way between a near end, which an adapter holds, and a far end, which is a link of
   the dialer beneath.  Private to this room.

       near end --> frames --> filters --> lane (up)   --> far end
       near end <-- lane (down) <-- filters <-- frames <-- far end

   frames: bytes are cut into requests and replies where rules need them (frames.h).  filters: one
   for each rule that names this link; they say what becomes of a piece.  lane: what has to wait
   does so in a lane, in order (lane.h).  Without filters and frames bytes pass at once. */
#ifndef LINK_CHANNEL_H
#define LINK_CHANNEL_H

#include "link/frames.h"
#include "link/kind.h"
#include "link/lane.h"
#include "link/rules.h"
#include "link/way.h"

/* One rule on one channel. */
struct filter {
    struct filter *next;
    struct rule *rule;
    bool is_new;        /* not looked at yet */
    bool is_on;         /* in force for every piece */
    bool is_spent;      /* nothing more for it to do here */
    bool is_over;       /* the rule has ended */
    bool is_ended;      /* and has been healed; freed once nobody walks the list */
    uint64_t memory[4]; /* the fault's own; zero at first */
};

/* Where the near end is: inside the process, or a socket that a proxy has accepted. */
struct channel_near {
    void (*opened)(struct channel *channel);
    void (*deliver)(struct channel *channel, const char *bytes, size_t size);
    void (*end)(struct channel *channel, int error_number, const char *reason);
    void (*pause)(struct channel *channel, bool is_paused); /* take no more bytes from it */
    void (*free)(struct channel *channel);                  /* the memory */
};

/* First member of what a near end is. */
struct channel {
    struct link link; /* the near end as an adapter holds it; a proxy uses its loop only */
    const struct channel_near *near;
    struct link_faults *faults;
    struct link_dialer *beneath;
    struct yard *yard;
    struct channel *next, *previous; /* in the yard */
    char *name, *address;
    struct link_name *shared; /* what all links of this name count together */
    struct link_owner *owner; /* who dialled it */
    struct link *far;         /* NULL: not dialled, or ended */
    struct loop_timer later;  /* something to do on a later turn */
    void (*on_later)(struct channel *channel);
    int error_number;     /* for the end that `later` tells */
    enum channel_end how; /* for the cut that follows */
    struct filter *filters;
    uint64_t generation; /* of the rules that `filters` were made of */
    struct frames frames;
    struct lane lanes[WAY_COUNT];
    unsigned pauses[WAY_COUNT]; /* reasons not to read from the source of that way */
    unsigned depth;             /* walks under way: nothing is freed meanwhile */
    bool is_dialled;            /* the far end was dialled once */
    bool is_told;               /* the near end knows that it is open */
    bool is_cut;                /* nothing passes any more */
    bool is_closed;             /* given back, but for the memory */
    bool reads_frames;          /* what passes is followed request by request */
};

struct channel_plan {
    struct link_faults *faults;
    struct link_dialer *beneath;
    const char *name, *address; /* copied */
    const struct channel_near *near;
    bool is_raw; /* never followed request by request */
};

/* The near end's link has a loop by now.  Dials, unless a fault is against it. */
void channel_open(struct channel *channel, const struct channel_plan *plan);
/* The near end is gone: give back all but the memory, and that as soon as nobody uses it. */
void channel_close(struct channel *channel, enum link_ending ending);
/* Around whatever may close the channel; leave: false when it did, and then it may be freed. */
void channel_enter(struct channel *channel);
bool channel_leave(struct channel *channel);

/* Rules were armed or have ended. */
void channel_refresh(struct channel *channel);
/* Bytes from the near end: takes them out of the queue. */
void channel_send(struct channel *channel, struct link_queue *queue);

/* The same, of a near end without a queue. */
void channel_send_bytes(struct channel *channel, const char *bytes, size_t size);

/* For faults.  Does the rule act now?  Then it is counted and told. */
bool channel_hit(struct channel *channel, struct filter *filter);
/* The same, and from now on it is in force for every piece. */
void channel_begin(struct channel *channel, struct filter *filter);
void channel_dial(struct channel *channel);
void channel_dial_at(struct channel *channel, uint64_t due_ns);
/* The dial fails, on a later turn. */
void channel_fail(struct channel *channel, int error_number);
/* The link opens, on a later turn, and nobody is at the far end. */
void channel_pretend(struct channel *channel);
/* It opens, and ends at once. */
void channel_accept_and_cut(struct channel *channel, enum channel_end how);
/* End the link on purpose.  The near end hears of it on a later turn. */
void channel_cut(struct channel *channel, enum channel_end how);
/* Read no more from the source of that way; once for each reason. */
void channel_pause(struct channel *channel, enum way way, bool is_paused);
uint64_t channel_now(const struct channel *channel);

/* For frames.c: what becomes of a piece of bytes; and for lane.c: out with it. */
void channel_decide(struct channel *channel, const struct frame *frame);
void channel_output(struct channel *channel, enum way way, const char *bytes, size_t size);
/* Does any rule here look at requests and replies?  At what is in requests when replies come? */
bool channel_wants_frames(const struct channel *channel);
bool channel_wants_requests(const struct channel *channel);

#endif
