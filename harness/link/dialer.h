/* dialer.h: what the links of one real dialer share.  Private to this room. */
#ifndef LINK_DIALER_H
#define LINK_DIALER_H

#include "link/address.h"
#include "link/kind.h"

enum { READ_SIZE = 256 * 1024 };

/* One per loop: what arrives on any link is read into it and handed on at once. */
struct read_buffer {
    struct read_buffer *next;
    const struct loop *loop;
    char bytes[READ_SIZE];
};

struct socket_dialer;

/* Legal from the threads of different loops.  The buffer lives as long as the dialer. */
struct read_buffer *dialer_buffer(struct socket_dialer *dialer, const struct loop *loop);
/* Remembers what it found, so that reconnecting asks no name server. */
int dialer_resolve(struct socket_dialer *dialer, const char *address, struct address_list *ret_list,
                   struct error *reterr);
/* Nobody answers there any more: ask again the next time. */
void dialer_forget(struct socket_dialer *dialer, const char *address);

/* A connection that was accepted: an open link.  Takes the descriptor, which does not block; the
   dialer is a real one. */
struct link *socket_adopt(struct link_dialer *dialer, struct loop *loop, int fd,
                          const struct link_events *events, void *context);
/* The links themselves. */
struct link *socket_dial(struct link_dialer *dialer, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context);

#endif
