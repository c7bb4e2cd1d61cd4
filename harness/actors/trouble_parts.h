/* trouble_parts.h: where the files of a consumer ask about its troubles. */
#ifndef ACTORS_TROUBLE_PARTS_H
#define ACTORS_TROUBLE_PARTS_H

#include "actors/consumer_parts.h"
#include "actors/trouble.h"

/* trouble.c: the first trouble of a kind; NULL when there is none. */
struct trouble *trouble_find(const struct consumer *consumer, enum trouble_kind kind);
void trouble_tell(const struct trouble *trouble, uint64_t messages, uint64_t now_ns);
/* A settle call is about to be sent: false when a trouble keeps it from being sent.  Then its
   messages stay in hand (the consumer is about to crash), or are out of hand already. */
bool trouble_allows_settle(struct consumer *consumer, struct batch *batch,
                           enum ledger_settling settling, size_t first, size_t count);
/* It was sent; it was answered. */
void trouble_on_sent(struct consumer *consumer, enum ledger_settling settling, size_t count);
void trouble_on_settled(struct consumer *consumer, const struct settle *settle, bool accepted);

/* trouble_fall.c: end the session on the next turn of the loop. */
void trouble_fall_soon(struct consumer *consumer, struct trouble *trouble);
void trouble_fall(void *context); /* the consumer, now */
/* Return at once when it is away. */
void trouble_rise(struct consumer *consumer);
/* The new session can read. */
void trouble_risen(struct consumer *consumer);

/* trouble_ack.c: one more ack, for messages of a batch or for an id; `delay_ns` later. */
void trouble_ack_again(struct consumer *consumer, struct trouble *trouble,
                       const struct settle *settle);
void trouble_ack_late(struct consumer *consumer, struct trouble *trouble, const struct batch *batch,
                      size_t first, size_t count);
void trouble_ack_id(struct consumer *consumer, struct trouble *trouble);
/* Those that wait or have no answer are given up. */
void trouble_drop_extras(struct consumer *consumer);

#endif
