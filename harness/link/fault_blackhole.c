/* fault_blackhole.c: bytes are read and thrown away; both sides believe that all is well.  What was
   thrown away stays lost when the rule ends, so a connection that was spoken over is of no use any
   more; new ones are. */
#include "link/fault_parts.h"

enum { DIRECTION };

static const struct schema_option OPTIONS[] = {[DIRECTION] = WAY_OPTION};

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel;
    if (filter_goes(filter, DIRECTION, piece->frame->way))
        piece->is_dropped = true;
}

const struct link_fault link_fault_blackhole = {
    .word = "blackhole",
    .help = "read and throw away; both sides believe that the link is there",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS | FAULT_STAYS,
    .arrive = channel_begin,
    .pass = pass,
};
