/* fault_refuse.c: nobody listens: connecting fails at once. */
#include <errno.h>

#include "link/fault_parts.h"

static bool dial(struct channel *channel, struct filter *filter)
{
    if (!channel_hit(channel, filter))
        return true;
    channel_fail(channel, ECONNREFUSED);
    return false;
}

const struct link_fault link_fault_refuse = {
    .word = "refuse",
    .help = "new connections are refused; those that are open stay",
    .edge = LINK_EDGE_CONNECT,
    .traits = FAULT_AT_DIAL,
    .dial = dial,
};
