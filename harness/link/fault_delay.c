/* fault_delay.c: bytes arrive later; what was sent before is never overtaken. */
#include "base/random.h"
#include "link/fault_parts.h"

enum { DURATION, JITTER, DIRECTION };

static const struct schema_option OPTIONS[] = {
    [DURATION] = {.key = "duration",
                  .type = SCHEMA_DURATION,
                  .minimum = 0,
                  .maximum = 3600e9,
                  .default_text = "100ms",
                  .help = "how much later"},
    [JITTER] = {.key = "jitter",
                .type = SCHEMA_DURATION,
                .minimum = 0,
                .maximum = 3600e9,
                .default_text = "0ms",
                .help = "up to so much more, evenly spread"},
    [DIRECTION] = WAY_OPTION,
};

static uint64_t draw(struct channel *channel, struct filter *filter)
{
    uint64_t delay_ns = (uint64_t)rule_value(filter->rule, DURATION)->number;
    uint64_t jitter_ns = (uint64_t)rule_value(filter->rule, JITTER)->number;

    if (jitter_ns > 0)
        delay_ns += random_keyed(channel->faults->plan.seed, random_key(channel->name),
                                 filter->rule->number, filter->memory[0]++) %
                    (jitter_ns + 1);
    return delay_ns;
}

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    uint64_t due_ns;

    if (!filter_goes(filter, DIRECTION, piece->frame->way))
        return;
    due_ns = channel_now(channel) + draw(channel, filter);
    if (due_ns > piece->due_ns)
        piece->due_ns = due_ns;
}

static bool dial(struct channel *channel, struct filter *filter)
{
    if (filter->rule->match.edge != LINK_EDGE_CONNECT || !channel_hit(channel, filter))
        return true;
    channel_dial_at(channel, channel_now(channel) + draw(channel, filter));
    return false;
}

const struct link_fault link_fault_delay = {
    .word = "delay",
    .help = "bytes arrive later",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS,
    .dial = dial,
    .pass = pass,
};
