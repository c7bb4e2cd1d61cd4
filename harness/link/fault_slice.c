/* fault_slice.c: bytes arrive in crumbs, so that no reader gets a whole message at once. */
#include "link/fault_parts.h"

enum { SIZE, GAP, DIRECTION };

static const struct schema_option OPTIONS[] = {
    [SIZE] = {.key = "size",
              .type = SCHEMA_SIZE,
              .minimum = 1,
              .maximum = 1e9,
              .default_text = "7",
              .help = "bytes at a time"},
    [GAP] = {.key = "gap",
             .type = SCHEMA_DURATION,
             .minimum = 0,
             .maximum = 60e9,
             .default_text = "10us",
             .help = "time between two of them"},
    [DIRECTION] = WAY_OPTION,
};

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel;
    if (filter_goes(filter, DIRECTION, piece->frame->way))
        piece_slice(piece, (size_t)rule_value(filter->rule, SIZE)->number,
                    (uint64_t)rule_value(filter->rule, GAP)->number);
}

const struct link_fault link_fault_slice = {
    .word = "slice",
    .help = "bytes arrive a few at a time",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS,
    .pass = pass,
};
