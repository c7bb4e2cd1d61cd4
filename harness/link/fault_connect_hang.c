/* fault_connect_hang.c: connecting neither succeeds nor fails, as when every packet is lost on the
   way.  When the rule ends, it succeeds. */
#include "link/fault_parts.h"

static bool dial(struct channel *channel, struct filter *filter)
{
    if (!channel_hit(channel, filter))
        return true;
    filter->is_on = true;
    return false;
}

static void end(struct channel *channel, struct filter *filter)
{
    if (filter->is_on)
        channel_dial(channel);
}

const struct link_fault link_fault_connect_hang = {
    .word = "connect_hang",
    .help = "new connections neither open nor fail",
    .edge = LINK_EDGE_CONNECT,
    .traits = FAULT_AT_DIAL,
    .dial = dial,
    .end = end,
};
