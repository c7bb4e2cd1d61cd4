/* proxy_thread.h: a proxy on a thread of its own, so that nobody who waits for the broker keeps the
   proxy from its work: a thread that opens a session may wait for bytes that pass here. */
#ifndef LINK_PROXY_THREAD_H
#define LINK_PROXY_THREAD_H

#include "link/fault.h"

struct proxy_thread;

struct proxy_thread_plan {
    struct link_faults *faults; /* outlives it */
    const char *target;         /* "tcp://host:port"; copied */
    const char *name;           /* of its links, as rules name them; copied */
};

/* Gives (proxy_thread_close).  NULL when no port or no thread can be had. */
struct proxy_thread *proxy_thread_open(const struct proxy_thread_plan *plan, struct error *reterr);
/* On the loopback. */
unsigned proxy_thread_port(const struct proxy_thread *proxy);
/* Resets what is open, and waits for the thread; NULL is fine. */
void proxy_thread_close(struct proxy_thread *proxy);

#endif
