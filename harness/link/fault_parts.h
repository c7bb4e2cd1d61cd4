/* fault_parts.h: what several faults share.  Private to this room. */
#ifndef LINK_FAULT_PARTS_H
#define LINK_FAULT_PARTS_H

#include "link/channel.h"

/* Which direction a fault is for. */
#define WAY_OPTION                                                                                 \
    {                                                                                              \
        .key = "way", .type = SCHEMA_CHOICE, .choices = "both|up|down", .default_text = "both",    \
        .help = "up: to the broker; down: from it"                                                 \
    }

/* What becomes of a connection that has lost something; in the order of enum channel_end. */
#define THEN_OPTION                                                                                \
    {                                                                                              \
        .key = "then", .type = SCHEMA_CHOICE, .choices = "rst|fin|silent|go_on",                   \
        .default_text = "rst",                                                                     \
        .help = "how the connection is cut; go_on: it is not, and what comes later is taken for "  \
                "what was lost"                                                                    \
    }

_Static_assert(CHANNEL_RST == 0 && CHANNEL_FIN == 1 && CHANNEL_SILENT == 2 && CHANNEL_GOES_ON == 3,
               "the choices stand in the order of enum channel_end");

/* index: of WAY_OPTION in the fault's table. */
bool filter_goes(const struct filter *filter, size_t index, enum way way);
/* The smaller slice and the longer gap of several rules hold. */
void piece_slice(struct piece *piece, size_t size, uint64_t gap_ns);
/* Other bytes in place of these; takes the text. */
void piece_replace(struct piece *piece, char *text);
/* Make the bytes changeable: `changed` is set. */
void piece_change(struct piece *piece);

#endif
