/* work.c: distributions of work time, keyed by message and delivery. */
#include "actors/work.h"

#include <math.h>

#include "base/random.h"

static uint64_t draw_bits(const struct consumer_spec *spec, const char *purpose,
                          const struct ledger_delivery *delivery)
{
    uint64_t message = ((uint64_t)delivery->track << 40) | delivery->sequence;

    return random_keyed(spec->seed, spec->actor + delivery->count, random_key(purpose), message);
}

uint64_t work_draw_ns(const struct consumer_spec *spec, const struct ledger_delivery *delivery)
{
    uint64_t bits;
    double mean = (double)spec->work_ns;

    if (spec->work == CONSUMER_WORK_FIXED)
        return spec->work_ns;
    bits = draw_bits(spec, "work", delivery);
    if (spec->work == CONSUMER_WORK_UNIFORM)
        return spec->work_ns + random_below(bits, spec->work_max_ns - spec->work_ns + 1);
    if (spec->work == CONSUMER_WORK_EXPONENTIAL)
        return (uint64_t)(mean * random_exponential(bits));
    /* The mean of exp(sigma z - sigma^2 / 2) is 1. */
    return (uint64_t)(mean * exp(spec->work_sigma * random_normal(bits) -
                                 spec->work_sigma * spec->work_sigma / 2.0));
}

bool work_is_rejected(const struct consumer_spec *spec, const struct ledger_delivery *delivery)
{
    if (delivery->arrival > LEDGER_AGAIN)
        return false;
    if (spec->has_poison && delivery->track == spec->poison_track &&
        delivery->sequence == spec->poison_sequence)
        return true;
    if (spec->nack <= 0.0)
        return false;
    return random_unit(draw_bits(spec, "nack", delivery)) < spec->nack;
}
