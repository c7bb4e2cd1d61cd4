/* work.h: how long a consumer works on a message, and whether it then refuses it; keyed luck. */
#ifndef ACTORS_WORK_H
#define ACTORS_WORK_H

#include "actors/consumer.h"

/* Nanoseconds of work on one delivery. */
uint64_t work_draw_ns(const struct consumer_spec *spec, const struct ledger_delivery *delivery);
/* Does the consumer nack this delivery? */
bool work_is_nacked(const struct consumer_spec *spec, const struct ledger_delivery *delivery);

#endif
