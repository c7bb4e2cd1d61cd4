/* fault_drop_reply.c: the broker has done it, and its reply is lost.
   A byte stream cannot lose one reply and go on, so the connection is cut with it unless told
   otherwise. */
#include "link/fault_parts.h"

enum { THEN };

static const struct schema_option OPTIONS[] = {[THEN] = THEN_OPTION};

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel;
    piece->is_dropped = true;
    piece->cut = (enum channel_end)rule_value(filter->rule, THEN)->number;
}

const struct link_fault link_fault_drop_reply = {
    .word = "drop_reply",
    .help = "the broker has done it, its reply is lost; then the connection is cut",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .edge = LINK_EDGE_REPLY,
    .traits = FAULT_NEEDS_FRAMES,
    .pass = pass,
};
