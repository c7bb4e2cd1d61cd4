/* fault_parts.c: what several faults share. */
#include "link/fault_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool filter_goes(const struct filter *filter, size_t index, enum way way)
{
    int64_t choice = rule_value(filter->rule, index)->number; /* both, up, down */

    return choice == 0 || choice == (way == WAY_UP ? 1 : 2);
}

void piece_slice(struct piece *piece, size_t size, uint64_t gap_ns)
{
    if (!piece->slice || size < piece->slice)
        piece->slice = size;
    if (gap_ns > piece->gap_ns)
        piece->gap_ns = gap_ns;
}

void piece_replace(struct piece *piece, char *text)
{
    free(piece->changed);
    piece->changed = text;
    piece->bytes = text;
    piece->size = strlen(text);
}

void piece_change(struct piece *piece)
{
    if (piece->changed)
        return;
    piece->changed = memory_new(piece->size + 1, 1);
    memcpy(piece->changed, piece->bytes, piece->size);
    piece->bytes = piece->changed;
}
