/* fault_accept_hang.c: connecting succeeds, and then nobody is there.  When the rule ends, the
   connection goes on to the broker with all that was said meanwhile. */
#include "link/fault_parts.h"

static bool dial(struct channel *channel, struct filter *filter)
{
    if (!channel_hit(channel, filter))
        return true;
    filter->is_on = true;
    channel_pause(channel, WAY_UP, true);
    channel_pretend(channel);
    return false;
}

static void end(struct channel *channel, struct filter *filter)
{
    if (!filter->is_on)
        return;
    channel_pause(channel, WAY_UP, false);
    channel_dial(channel);
}

const struct link_fault link_fault_accept_hang = {
    .word = "accept_hang",
    .help = "new connections open, and nobody answers on them",
    .edge = LINK_EDGE_CONNECT,
    .traits = FAULT_AT_DIAL,
    .dial = dial,
    .end = end,
};
