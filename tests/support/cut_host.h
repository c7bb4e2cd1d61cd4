/* cut_host.h: a host whose links can be cut at a chosen moment: the bytes that come next are never
   seen, or the connection is refused.  Everything else is the real host. */
#ifndef SUPPORT_CUT_HOST_H
#define SUPPORT_CUT_HOST_H

#include <stdbool.h>

#include "adapter.h"

struct cut_link;

struct cut_host {
    struct adapter_host port; /* first member; what the adapter is given */
    struct cut_host *self;    /* the way back from the adapter's const pointer */
    const struct adapter_host *real;
    struct cut_link *links; /* all that were dialled */
    unsigned cut_replies;   /* so many next arrivals are turned into a lost connection */
    unsigned swallow;       /* so many next arrivals are not seen at all */
    const char *cut_link;   /* of this link only ("read"); NULL: of any */
    unsigned dial_count;
};

void cut_host_init(struct cut_host *host, const struct adapter_host *real);
void cut_host_release(struct cut_host *host);

#endif
