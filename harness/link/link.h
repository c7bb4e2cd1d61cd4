/* link.h: byte streams between an adapter and its broker.  The host dials, so that the same adapter
   speaks to a real server, through faults (fault.h), or to a fake server in virtual time. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "loop/loop.h"

struct link;        /* one byte stream */
struct link_dialer; /* where dials go: real sockets, or the fake servers of a simulation */

/* Events run on the link's loop, never inside link_dial, link_write or link_close.  After `closed`,
   or after link_close, no event comes; the link still has to be closed by its owner. */
struct link_events {
    void (*opened)(void *context);
    void (*received)(void *context, const char *bytes, size_t size);     /* borrows */
    void (*closed)(void *context, int error_number, const char *reason); /* 0: orderly end */
};

/* "tcp://host:port" or "unix://path".  Begins to connect and returns at once; failure to connect is
   the event `closed`.  `name` ("billing-2.read") is how faults address it. */
struct link *link_dial(struct link_dialer *dialer, struct loop *loop, const char *address,
                       const char *name, const struct link_events *events, void *context);
/* Queue bytes; copies.  They are written at the end of the loop's turn, together.  Legal before
   `opened`. */
void link_write(struct link *link, const void *bytes, size_t size);
/* Room for at least `size` bytes at the end of the queue, to be filled and then committed: the way
   to write without a copy. */
char *link_reserve(struct link *link, size_t size);
void link_commit(struct link *link, size_t size);
/* Bytes queued and not yet written. */
size_t link_backlog(const struct link *link);
enum link_ending { LINK_GRACEFUL /* FIN */, LINK_RESET /* RST, as a crash would */ };
void link_close(struct link *link, enum link_ending ending); /* NULL is fine; frees */

/* Real sockets. */
struct link_dialer *link_dialer_real_new(void);
void link_dialer_free(struct link_dialer *dialer);

/* Simulated pipes: a fake server listens under an address; each dial gives it the far end of a
   pipe, which is a link too.  Bytes take `latency_ns` (at least 1 us) to arrive. */
typedef void link_accept(void *context, struct link *far_end);
struct link_dialer *link_dialer_simulated_new(uint64_t latency_ns);
int link_listen_simulated(struct link_dialer *dialer, struct loop *loop, const char *address,
                          link_accept *accept, void *context, struct error *reterr);
/* The accepting side says who listens to the far end; once, inside accept. */
void link_far_end_start(struct link *link, const struct link_events *events, void *context);

#endif
