/* arrival.h: deliveries that are not simply the first of their message, and what they mean. */
#ifndef LEDGER_ARRIVAL_H
#define LEDGER_ARRIVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/identity.h"
#include "ledger/books.h"

/* The entries of one ledger_receive. */
struct batch {
    uint64_t now_ns;
    uint32_t stream;
    uint64_t first, again, first_accepted; /* counted so far */
};

/* One entry that carries the identity of a message that was sent. */
struct arrival {
    struct lane *lane;
    const struct identity *identity;
    bool is_redelivery; /* the broker says so; used only not to accuse it of disorder */
    uint8_t sent, mark; /* mark: before this delivery */
};

/* Not ours, damaged, on the wrong stream, or never sent. */
void arrival_of_stranger(struct ledger_receiver *receiver, const struct batch *batch,
                         enum identity_verdict verdict, const struct identity *identity,
                         struct ledger_delivery *ret);
/* It was delivered to the group before. */
void arrival_again(struct ledger_receiver *receiver, const struct batch *batch,
                   const struct arrival *arrival);
/* Its first delivery; is it behind a later one? */
void arrival_in_order(struct ledger_receiver *receiver, const struct batch *batch,
                      const struct arrival *arrival);

#endif
