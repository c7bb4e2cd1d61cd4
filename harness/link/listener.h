/* listener.h: a port of the loopback that listens, refuses or hangs.  Private to this room. */
#ifndef LINK_LISTENER_H
#define LINK_LISTENER_H

#include <stdbool.h>

#include "base/error.h"
#include "loop/loop.h"

enum listener_mood { LISTENER_ACCEPTS, LISTENER_REFUSES, LISTENER_HANGS };

struct listener {
    struct loop *loop;
    struct loop_watch watch; /* of the listening socket; fd -1: none */
    int reserved_fd;         /* bound, never listening: keeps the port while nobody listens */
    int filler_fd;           /* fills the backlog while hanging; -1: none */
    unsigned port;
    enum listener_mood mood;
    void (*accepted)(void *context, int fd); /* takes the descriptor; not blocking */
    void *context;
};

/* A free port; accepting. */
int listener_open(struct listener *listener, struct loop *loop,
                  void (*accepted)(void *context, int fd), void *context, struct error *reterr);
void listener_set(struct listener *listener, enum listener_mood mood);
void listener_close(struct listener *listener);

#endif
