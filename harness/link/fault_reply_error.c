/* fault_reply_error.c: the broker never sees the request, and the adapter gets an error. */
#include "link/fault_parts.h"

enum { TEXT };

static const struct schema_option OPTIONS[] = {
    [TEXT] = {.key = "text",
              .type = SCHEMA_TEXT,
              .default_text = "ERR an error that was put in on purpose",
              .help = "what the error says, as the broker would write it"},
};

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel;
    piece->is_dropped = true;
    piece->forged = rule_value(filter->rule, TEXT)->text;
}

const struct link_fault link_fault_reply_error = {
    .word = "reply_error",
    .help = "the broker never sees it, and the adapter gets an error",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .edge = LINK_EDGE_REQUEST,
    .traits = FAULT_NEEDS_FRAMES | FAULT_NEEDS_REPLIES,
    .pass = pass,
};
