/* fault_rate.c: a narrow link: so many bytes in a second, spread over hundredths of it. */
#include "link/fault_parts.h"

#define SLICES_PER_SECOND 100u
#define SECOND_NS         1000000000u

enum { RATE, DIRECTION };

static const struct schema_option OPTIONS[] = {
    [RATE] = {.key = "rate",
              .type = SCHEMA_SIZE,
              .minimum = 1,
              .maximum = 1e12,
              .default_text = "64KiB",
              .help = "bytes in a second, in each direction"},
    [DIRECTION] = WAY_OPTION,
};

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    uint64_t rate = (uint64_t)rule_value(filter->rule, RATE)->number;
    uint64_t slice = rate / SLICES_PER_SECOND;

    (void)channel;
    if (!filter_goes(filter, DIRECTION, piece->frame->way))
        return;
    if (slice == 0)
        slice = 1;
    piece_slice(piece, (size_t)slice, slice * SECOND_NS / rate);
}

const struct link_fault link_fault_rate = {
    .word = "rate",
    .help = "so many bytes in a second",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS,
    .pass = pass,
};
