/* fault_drop.c: a request that the broker never sees, or the reply to one that it has carried out.
   A byte stream cannot lose one of them and go on, so the connection is cut with it unless told
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

const struct link_fault link_fault_drop_request = {
    .word = "drop_request",
    .help = "the broker never sees it; then the connection is cut",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .edge = LINK_EDGE_REQUEST,
    .traits = FAULT_NEEDS_FRAMES,
    .pass = pass,
};

const struct link_fault link_fault_drop_reply = {
    .word = "drop_reply",
    .help = "the broker has done it, its reply is lost; then the connection is cut",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .edge = LINK_EDGE_REPLY,
    .traits = FAULT_NEEDS_FRAMES,
    .pass = pass,
};
