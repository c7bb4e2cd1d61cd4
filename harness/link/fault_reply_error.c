/* fault_reply_error.c: the broker never sees the request, and the adapter gets an error; at the
   edge `reply`, the broker has done it, and its answer turns into an error. */
#include <stdlib.h>

#include "base/memory.h"
#include "link/fault_parts.h"

enum { TEXT };

static const struct schema_option OPTIONS[] = {
    [TEXT] = {.key = "text",
              .type = SCHEMA_TEXT,
              .default_text = "ERR an error that was put in on purpose",
              .help = "what the error says, as the broker would write it"},
};

/* At the reply, the broker has done it all the same. */
static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    const char *text = rule_value(filter->rule, TEXT)->text;

    (void)channel;
    if (piece->frame->way == WAY_DOWN) {
        piece_replace(piece, memory_format("-%s\r\n", text));
        return;
    }
    piece->is_dropped = true;
    piece->forged = text;
}

const struct link_fault link_fault_reply_error = {
    .word = "reply_error",
    .help = "the adapter gets an error; the broker never sees it, unless the edge is reply",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .edge = LINK_EDGE_REQUEST,
    .traits = FAULT_NEEDS_FRAMES | FAULT_NEEDS_REPLIES,
    .pass = pass,
};
