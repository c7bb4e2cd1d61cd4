/* fault_cut.c: end a connection: with a reset, in order, or without a word to anybody.

   rst and fin are what they say, towards both sides.  silent: both sides believe that the
   connection is open, and nothing passes any more, as when a machine between them has forgotten it.
 */
#include "link/fault_parts.h"

enum { HOW, AFTER };

static const struct schema_option OPTIONS[] = {
    [HOW] = {.key = "how",
             .type = SCHEMA_CHOICE,
             .choices = "rst|fin|silent",
             .default_text = "rst",
             .help = "a reset, an orderly end, or nothing at all: both sides think it is open"},
    [AFTER] = {.key = "after",
               .type = SCHEMA_SIZE,
               .default_text = "0",
               .help = "let so many more bytes pass first: of what was matched, or of all"},
};

static enum channel_end how(const struct filter *filter)
{
    return (enum channel_end)rule_value(filter->rule, HOW)->number;
}

static size_t after(const struct filter *filter)
{
    return (size_t)rule_value(filter->rule, AFTER)->number;
}

/* Without a moment and a number of bytes it ends what is there, and nothing that comes later. */
static void arrive(struct channel *channel, struct filter *filter)
{
    if (after(filter) > 0)
        return;
    filter->is_spent = true;
    if (channel->is_dialled && !channel->is_cut && channel_hit(channel, filter))
        channel_cut(channel, how(filter));
}

/* A broker that accepts and hangs up. */
static bool dial(struct channel *channel, struct filter *filter)
{
    if (filter->rule->match.edge != LINK_EDGE_CONNECT || !channel_hit(channel, filter))
        return true;
    channel_accept_and_cut(channel, how(filter));
    return false;
}

/* Half of a reply has passed; or so many bytes, in both directions together, counted from the first
   piece that was seen (memory[0]). */
static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    uint64_t *passed = &filter->memory[0];
    size_t left = after(filter);

    (void)channel;
    if (filter->rule->match.edge == LINK_EDGE_MID_REPLY) {
        left = piece->size / 2;
    } else if (!filter->rule->has_moment) {
        left = left > *passed ? left - (size_t)*passed : 0;
        *passed += piece->size;
        if (piece->size < left)
            return;
    }
    piece->cut = how(filter);
    piece->cut_after = left;
    if (left == 0)
        piece->is_dropped = true;
}

const struct link_fault link_fault_cut = {
    .word = "cut",
    .help = "end the connection: rst, fin or silent",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .traits = FAULT_LASTS,
    .dial = dial,
    .arrive = arrive,
    .pass = pass,
};
