/* fault_cut.c: end a connection: with a reset, in order, or without a word to anybody. */
#include "link/channel.h"

_Static_assert(CHANNEL_RST == 0 && CHANNEL_FIN == 1 && CHANNEL_SILENT == 2,
               "the choices stand in the order of enum channel_end");

static const struct schema_option OPTIONS[] = {
    {.key = "how",
     .type = SCHEMA_CHOICE,
     .choices = "rst|fin|silent",
     .default_text = "rst",
     .help = "a reset, an orderly end, or nothing at all: both sides believe that it is open"},
};

static void begin(struct channel *channel, struct filter *filter)
{
    struct link_hit hit = {
        .at_ns = loop_now_ns(channel->link.loop), .link = channel->name, .what = "the connection"};

    if (!rule_claim(channel->faults, filter->rule))
        return;
    channel_cut(channel, (enum channel_end)filter->rule->values[0].number);
    rule_tell(filter->rule, &hit);
}

const struct link_fault link_fault_cut = {
    .word = "cut",
    .help = "end the connection",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .begin = begin,
};
