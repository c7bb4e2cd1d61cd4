/* fault_hold.c: keep back what comes until the rule ends, and then let it go in order: the way to
   open a race window on a real broker and close it again. */
#include "link/fault_parts.h"

enum { DIRECTION };

static const struct schema_option OPTIONS[] = {[DIRECTION] = WAY_OPTION};

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel;
    if (filter_goes(filter, DIRECTION, piece->frame->way))
        piece->holder = filter;
}

const struct link_fault link_fault_hold = {
    .word = "hold",
    .help = "keep back what comes until the fault ends, and then let it go",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS,
    .pass = pass,
};
