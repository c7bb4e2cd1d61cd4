/* inquiry.h: what the trails know about some messages, found in one pass over each. */
#ifndef LEDGER_INQUIRY_H
#define LEDGER_INQUIRY_H

#include <stddef.h>
#include <stdint.h>

#include "ledger/trail.h"

struct question { /* about one message */
    uint64_t sequence;
    uint32_t track;
    uint32_t asker; /* the caller's own number */
};

struct inquiry {
    struct question *questions; /* the caller's; sorted by inquiry_prepare */
    size_t count;
    void (*answer)(struct inquiry *inquiry, uint32_t asker, const struct trail_record *record);
    void *context;
    const void *actor; /* whose trail is read, for the answer */
};

void inquiry_prepare(struct inquiry *inquiry);
/* Answer for every record of the trail that covers a message asked about, oldest first. */
void inquiry_read(struct inquiry *inquiry, const struct trail *trail, const void *actor);

#endif
