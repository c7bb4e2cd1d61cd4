/* work.h: how long a consumer works on a message, and whether it then refuses it; keyed luck. */
#ifndef ACTORS_WORK_H
#define ACTORS_WORK_H

#include "actors/consumer.h"

/* Nanoseconds of work on one delivery. */
uint64_t work_draw_ns(const struct consumer_spec *spec, const struct ledger_delivery *delivery);
/* Does it reject anything at all? */
static inline bool work_rejects(const struct consumer_spec *spec)
{
    return spec->nack > 0.0 || spec->has_poison;
}
/* Does the work on this delivery fail, so that the consumer rejects it? */
bool work_is_rejected(const struct consumer_spec *spec, const struct ledger_delivery *delivery);

#endif
