/* fault_stall.c: nobody reads any more, so that whoever sends is held up once all buffers are full.
   Nothing is lost: when the rule ends, everything goes on. */
#include "link/fault_parts.h"

enum { DIRECTION };

static const struct schema_option OPTIONS[] = {[DIRECTION] = WAY_OPTION};

static void set(struct channel *channel, const struct filter *filter, bool is_paused)
{
    for (int way = 0; way < WAY_COUNT; way++)
        if (filter_goes(filter, DIRECTION, (enum way)way))
            channel_pause(channel, (enum way)way, is_paused);
}

static void begin(struct channel *channel, struct filter *filter)
{
    set(channel, filter, true);
}

static void end(struct channel *channel, struct filter *filter)
{
    if (filter->is_on)
        set(channel, filter, false);
}

/* What was read already waits. */
static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    (void)channel;
    if (filter_goes(filter, DIRECTION, piece->frame->way))
        piece->holder = filter;
}

const struct link_fault link_fault_stall = {
    .word = "stall",
    .help = "stop reading, so that the sender is held up; nothing is lost",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS | FAULT_STAYS,
    .arrive = channel_begin,
    .begin = begin,
    .end = end,
    .pass = pass,
};
