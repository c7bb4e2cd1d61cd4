/* fault_kind.h: what every fault of the table is made of.  Private to this room. */
#ifndef LINK_FAULT_KIND_H
#define LINK_FAULT_KIND_H

#include "link/fault.h"

struct channel;
struct filter; /* one rule on one channel */

enum fault_trait {
    FAULT_NEEDS_FRAMES = 1u << 0 /* nothing to do without a request or reply in its hands */
};

/* Functions may be NULL: bytes then pass as they are. */
struct link_fault {
    const char *word, *help;
    const struct schema_option *options;
    size_t option_count;
    enum link_edge edge; /* where it acts unless the match says */
    unsigned traits;     /* of enum fault_trait */
    /* The rule names no moment: it acts on every link that it names as soon as it is armed. */
    void (*begin)(struct channel *channel, struct filter *filter);
};

extern const struct link_fault link_fault_cut;

#endif
