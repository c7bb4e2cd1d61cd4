/* channel.h: the way between a near end, which an adapter holds, and a far end, which is a link of
   the dialer beneath.  Private to this room. */
#ifndef LINK_CHANNEL_H
#define LINK_CHANNEL_H

#include "link/kind.h"
#include "link/rules.h"

/* One rule on one channel. */
struct filter {
    struct rule *rule;
};

enum channel_end { CHANNEL_RST, CHANNEL_FIN, CHANNEL_SILENT };

/* Where the near end is: inside the process, or a socket that a proxy has accepted. */
struct channel_near {
    bool (*opened)(struct channel *channel); /* false: the channel is gone */
    bool (*deliver)(struct channel *channel, const char *bytes, size_t size);
    void (*end)(struct channel *channel, int error_number, const char *reason);
};

/* First member of what a near end is. */
struct channel {
    struct link link; /* the near end, as an adapter holds it */
    const struct channel_near *near;
    struct link_faults *faults;
    struct yard *yard;
    struct channel *next, *previous; /* in the yard */
    char *name, *address;
    struct link *far; /* NULL when it has ended */
    struct loop_timer later;
    int error_number;   /* what `later` tells the near end */
    const char *reason; /* likewise; a constant */
    struct filter *filters;
    size_t filter_count;
    uint64_t generation; /* of the rules that `filters` were made of */
    bool is_silent;      /* nothing passes any more */
};

struct channel_plan {
    struct link_faults *faults;
    struct link_dialer *beneath;
    struct loop *loop;
    const char *name, *address; /* copied */
    const struct channel_near *near;
};

void channel_open(struct channel *channel, const struct channel_plan *plan);
/* Give back all but the near end. */
void channel_close(struct channel *channel, enum link_ending ending);
/* Rules were armed or have ended. */
void channel_refresh(struct channel *channel);
/* Bytes from the near end: takes them out of the queue. */
void channel_send(struct channel *channel, struct link_queue *queue);
/* End the link on purpose.  The near end hears of it on a later turn. */
void channel_cut(struct channel *channel, enum channel_end how);

#endif
