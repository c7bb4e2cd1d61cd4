/* letter.h: a message that a consumer gives up on, where the broker does not do so itself:
   published to the dead letter queue with its metadata, and then acknowledged (contracts.md, DLQ
   entry). */
#ifndef ACTORS_LETTER_H
#define ACTORS_LETTER_H

#include "actors/consumer_parts.h"

/* Does the consumer dead-letter this delivery itself? */
bool letter_is_due(const struct consumer *consumer, const struct ledger_delivery *delivery);
/* Begin: copies id and payload.  Acknowledged only once the queue has taken it; otherwise the
   message stays unsettled and comes back. */
void letter_send(struct consumer *consumer, const struct ledger_delivery *delivery,
                 const struct adapter_entry *entry);

#endif
