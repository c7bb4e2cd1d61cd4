/* puppet.h: an adapter that answers what it is told to, and remembers what it was asked. */
#ifndef SUPPORT_PUPPET_H
#define SUPPORT_PUPPET_H

#include "adapter.h"
#include "base/text.h"

/* What the next calls are answered with.  Every call takes one line; the last line stays. */
struct puppet_line {
    struct adapter_result result; /* items and entries: as given, borrowed */
    uint64_t after_ns;            /* 0: on the next turn; UINT64_MAX: only when the session ends */
};

struct puppet {
    const struct puppet_line *lines;
    size_t line_count, line_index;
    struct text asked; /* one line for each call, all its members that are set */
    size_t open_count, close_count, abandon_count;
    struct text sessions; /* "main/- w1/worker ": name and consumer of each opening */
};

extern const struct broker_adapter puppet_adapter; /* its instances are all played by one puppet */
/* Whose strings the instances made from now on hang on. */
void puppet_use(struct puppet *puppet);
void puppet_release(struct puppet *puppet);

#endif
