/* kind.h: what every kind of link and dialer is made of.  Private to this room.

   A dialer that puts something between (a fault) is one more kind: it holds the dialer it stands
   before, dials there, and gives links whose bytes pass through it. */
#ifndef LINK_KIND_H
#define LINK_KIND_H

#include <stdbool.h>

#include "link/link.h"
#include "link/queue.h"

struct link_kind {
    void (*flush)(struct link *link); /* send what is queued; no event may come from inside */
    /* Take no bytes from the other side for a while.  NULL: cannot. */
    void (*pause)(struct link *link, bool is_paused);
    void (*close)(struct link *link, enum link_ending ending); /* give back all but the memory */
    void (*free)(struct link *link);
};

enum link_state {
    LINK_CONNECTING,
    LINK_OPEN,
    LINK_ENDED, /* `closed` was told, or is about to be; the owner has not closed it yet */
    LINK_CLOSED /* by its owner; freed when no event function of it is running */
};

/* First member of every kind's own struct. */
struct link {
    const struct link_kind *kind;
    struct loop *loop;
    struct link_events events; /* any may be NULL */
    void *context;
    struct link_queue queue;
    struct loop_tail tail;
    /* The other side has taken all that was queued; may be NULL.  Calls nothing of the owner's. */
    void (*drained)(void *context);
    enum link_state state;
    bool is_flush_due; /* the tail is registered */
    bool is_blocked;   /* the other side is slow: the kind flushes when it can */
    unsigned depth;    /* event functions under way */
};

struct link_dialer_kind {
    struct link *(*dial)(struct link_dialer *dialer, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context);
    void (*free)(struct link_dialer *dialer);
};

/* First member of every kind's own dialer. */
struct link_dialer {
    const struct link_dialer_kind *kind;
};

void link_init(struct link *link, const struct link_kind *kind, struct loop *loop);
/* Run an event function of the owner's.  False: the owner closed the link, do not touch it. */
bool link_tell_opened(struct link *link); /* makes it LINK_OPEN */
bool link_tell_received(struct link *link, const char *bytes, size_t size);
bool link_tell_closed(struct link *link, int error_number, const char *reason); /* LINK_ENDED */
/* What is queued is flushed at the end of this turn. */
void link_flush_soon(struct link *link);
/* At once, for whoever is already at the end of a turn. */
void link_flush_now(struct link *link);
/* Around any other code that may close the link. */
void link_enter(struct link *link);
bool link_leave(struct link *link);

/* Words for an errno; 0 is an orderly end. */
const char *link_reason(int error_number);

#endif
