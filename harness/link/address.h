/* address.h: "tcp://host:port" and "unix://path" into what a socket connects to.  Private to this
   room. */
#ifndef LINK_ADDRESS_H
#define LINK_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

#include "base/error.h"

enum { ADDRESS_MAX = 8 };

/* The places an address stands for, to be tried in this order. */
struct address_list {
    size_t count;
    struct {
        struct sockaddr_storage place;
        socklen_t size;
    } items[ADDRESS_MAX];
};

/* May wait for a name server; numbers and paths never wait. */
int address_resolve(const char *address, struct address_list *ret_list, struct error *reterr);

#endif
