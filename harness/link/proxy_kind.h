/* proxy_kind.h: a proxy as the rules see it.  Private to this room. */
#ifndef LINK_PROXY_KIND_H
#define LINK_PROXY_KIND_H

#include <stdint.h>

#include "link/rules.h"

struct proxy {
    struct proxy *next; /* in the yard */
    void (*refresh)(struct proxy *proxy);
};

/* Rules were armed or have ended. */
static inline void proxy_refresh(struct proxy *proxy)
{
    proxy->refresh(proxy);
}

#endif
