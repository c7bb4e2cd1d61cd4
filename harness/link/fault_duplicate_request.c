/* fault_duplicate_request.c: the broker sees a request twice, as after a retry by something in
   between; the second reply is swallowed, so that the adapter does not notice. */
#include "link/fault_parts.h"

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel, (void)filter;
    piece->is_doubled = true;
}

const struct link_fault link_fault_duplicate_request = {
    .word = "duplicate_request",
    .help = "the broker sees it twice, the adapter one reply",
    .edge = LINK_EDGE_REQUEST,
    .traits = FAULT_NEEDS_FRAMES | FAULT_NEEDS_REPLIES,
    .pass = pass,
};
