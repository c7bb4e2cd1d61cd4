/* fault_corrupt.c: turn bits of some bytes around.  Where TCP's checksum would not notice, nor does
   the reader's protocol always: a broken length is a legal outcome. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "link/fault_parts.h"

enum { BYTES, OFFSET, DIRECTION };

static const struct schema_option OPTIONS[] = {
    [BYTES] = {.key = "bytes",
               .type = SCHEMA_SIZE,
               .minimum = 1,
               .maximum = 1e9,
               .default_text = "1",
               .help = "how many, one behind the other"},
    [OFFSET] = {.key = "offset",
                .type = SCHEMA_SIZE,
                .help = "where the first one is; unless given, in the middle"},
    [DIRECTION] = WAY_OPTION,
};

static size_t first_byte(const struct filter *filter, const struct piece *piece)
{
    const struct schema_value *offset = rule_value(filter->rule, OFFSET);
    size_t at = offset->text ? (size_t)offset->number : piece->size / 2;

    return at < piece->size ? at : piece->size - 1;
}

static void pass(struct channel *channel, struct filter *filter, struct piece *piece)
{
    size_t count = (size_t)rule_value(filter->rule, BYTES)->number;
    size_t at;

    if (piece->size == 0 || !filter_goes(filter, DIRECTION, piece->frame->way))
        return;
    at = first_byte(filter, piece);
    piece_change(piece);
    for (size_t i = at; i < piece->size && i < at + count; i++) {
        uint64_t luck = random_keyed(channel->faults->plan.seed, random_key(channel->name),
                                     filter->rule->number, filter->memory[0]++);

        piece->changed[i] = (char)(piece->changed[i] ^ (1 << (luck % 7)));
    }
}

const struct link_fault link_fault_corrupt = {
    .word = "corrupt",
    .help = "turn bits around",
    .options = OPTIONS,
    .option_count = sizeof(OPTIONS) / sizeof(OPTIONS[0]),
    .pass = pass,
};
