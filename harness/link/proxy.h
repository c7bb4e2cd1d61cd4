/* proxy.h: a TCP proxy on the loop: real sockets on both sides, the rules of struct link_faults in
   between.  For adapters that dial by themselves: they are given its address.

   It listens on a free port of the loopback.  Each connection that it accepts is a channel to the
   target (fault.h), so that every fault works, and shows on the wire:

       cut: rst        a real RST (SO_LINGER with a time of 0); bytes before it arrive first
       cut: fin        an orderly end
       refuse          the listener is closed: ECONNREFUSED; the port stays ours
       connect_hang    the backlog is full and nobody accepts: connecting takes for ever
       accept_hang     accepted, and never read
       stall           not read any more: the sender's buffers fill, then it is held up
       blackhole       read and thrown away: the sender notices nothing

   refuse and connect_hang act on the listener for as long as they are armed: what is refused is not
   seen here, so that each counts as one hit, and `times` does not limit them. */
#ifndef LINK_PROXY_H
#define LINK_PROXY_H

#include "link/fault.h"

struct link_proxy;

struct link_proxy_plan {
    struct link_faults *faults;
    struct link_dialer *beneath; /* of real sockets; outlives the proxy */
    struct loop *loop;           /* a real one */
    const char *target;          /* "tcp://host:port" or "unix://path"; copied */
    const char *name;            /* of its links, as rules name them; copied */
    /* What passes is nobody's requests and replies: nobody watches it, and rules by operation,
       message or edge do not act on it. */
    bool is_raw;
};

/* NULL when no port can be had. */
struct link_proxy *link_proxy_open(const struct link_proxy_plan *plan, struct error *reterr);
/* "tcp://127.0.0.1:41231". */
const char *link_proxy_address(const struct link_proxy *proxy);
unsigned link_proxy_port(const struct link_proxy *proxy);
/* On the thread of its loop, or when the loop has rested for good.  Resets what is open; NULL is
   fine. */
void link_proxy_close(struct link_proxy *proxy);

/* A dialer that opens a proxy for each name and address, and dials that: the same adapter as
   through link_dialer_faulty_new, over real sockets.  Takes `beneath`; keeps `faults`. */
struct link_dialer *link_dialer_proxied_new(struct link_dialer *beneath,
                                            struct link_faults *faults);

#endif
