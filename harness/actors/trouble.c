/* trouble.c: the troubles of a consumer as a list; what they change in its work and its settling.
 */
#include "actors/trouble.h"

#include "actors/trouble_parts.h"
#include "base/random.h"

struct trouble *trouble_find(const struct consumer *consumer, enum trouble_kind kind)
{
    struct trouble *trouble = consumer->troubles;

    while (trouble && trouble->kind != kind)
        trouble = trouble->next;
    return trouble;
}

void trouble_tell(const struct trouble *trouble, uint64_t messages, uint64_t now)
{
    if (trouble->struck)
        trouble->struck(trouble->context, messages, now);
}

/* One call has met it; perhaps that was the last one. */
static void strike(struct consumer *consumer, struct trouble *trouble, uint64_t messages,
                   uint64_t now)
{
    trouble_tell(trouble, messages, now);
    if (trouble->limit > 0 && --trouble->left == 0)
        consumer_relieve(consumer, trouble);
}

/* --- What changes ---------------------------------------------------------------------------- */

/* How it works now: as its scenario says, with what its troubles make of it. */
static void settle_down(struct consumer *consumer)
{
    consumer->altered = *consumer->spec;
    consumer->working = consumer->spec;
    for (const struct trouble *trouble = consumer->troubles; trouble; trouble = trouble->next) {
        struct consumer_spec *altered = &consumer->altered;

        if (trouble->kind == TROUBLE_SLOW) {
            altered->work = trouble->work;
            altered->work_ns = trouble->work_ns;
            altered->work_max_ns = trouble->work_max_ns;
            altered->work_sigma = trouble->work_sigma;
        } else if (trouble->kind == TROUBLE_NACK) {
            altered->nack = trouble->has_message ? altered->nack : trouble->share;
            altered->has_poison |= trouble->has_message;
            altered->poison_track = trouble->track;
            altered->poison_sequence = trouble->sequence;
        } else {
            continue;
        }
        consumer->working = altered;
    }
}

static bool is_idle(const struct consumer *consumer)
{
    return !consumer->is_away && !consumer->is_falling;
}

/* Its hands were bound: it goes on. */
static void go_on(void *context)
{
    struct consumer *consumer = context;

    if (!is_idle(consumer) || trouble_find(consumer, TROUBLE_HANG))
        return;
    consumer_work_on(consumer);
    if (consumer->is_ready && !consumer->is_reading)
        consumer_read_more(consumer);
}

void consumer_afflict(struct consumer *consumer, struct trouble *trouble)
{
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    if (consumer->is_stopping || (consumer->is_away && trouble->kind != TROUBLE_HANG)) {
        if (trouble->healed) /* it meets nobody, and is over */
            trouble->healed(trouble->context, now);
        return;
    }
    trouble->left = trouble->limit;
    trouble->next = consumer->troubles;
    consumer->troubles = trouble;
    settle_down(consumer);
    if ((trouble->kind == TROUBLE_CRASH && trouble->moment == TROUBLE_NOW) ||
        trouble->kind == TROUBLE_LEAVE)
        trouble_fall_soon(consumer, trouble);
    else if (trouble->kind == TROUBLE_HANG || trouble->kind == TROUBLE_SLOW)
        trouble_tell(trouble, 0, now);
    else if (trouble->kind == TROUBLE_ACK_UNKNOWN)
        trouble_ack_id(consumer, trouble);
}

static bool take_out(struct consumer *consumer, const struct trouble *trouble)
{
    for (struct trouble **link = &consumer->troubles; *link; link = &(*link)->next)
        if (*link == trouble) {
            *link = trouble->next;
            return true;
        }
    return false;
}

void consumer_relieve(struct consumer *consumer, struct trouble *trouble)
{
    if (consumer->fallen == trouble && consumer->is_away) {
        trouble_rise(consumer);
        return;
    }
    if (consumer->fallen == trouble) { /* about to fall: it comes back at once, and tells then */
        trouble->returns = true;
        trouble->delay_ns = 0;
        return;
    }
    if (!take_out(consumer, trouble))
        return;
    settle_down(consumer);
    if (trouble->kind == TROUBLE_HANG)
        loop_timer_start(consumer->endpoint.loop, &consumer->go_timer, 0, go_on, consumer);
    if (trouble->healed)
        trouble->healed(trouble->context, loop_now_ns(consumer->endpoint.loop));
}

/* --- Settling -------------------------------------------------------------------------------- */

static bool is_struck(const struct consumer *consumer, const struct trouble *trouble,
                      const struct ledger_delivery *delivery)
{
    uint64_t message = ((uint64_t)delivery->track << 40) | delivery->sequence;
    uint64_t bits = random_keyed(consumer->spec->seed, consumer->spec->actor + delivery->count,
                                 random_key("trouble") + trouble->kind, message);

    return random_unit(bits) < trouble->share;
}

/* The broker still waits for them, and may hand them out again at any time: when they have waited
   for too long, or when this consumer connects again. */
static void keep_too_long(struct consumer *consumer, const struct batch *batch, size_t first,
                          size_t count, uint64_t now)
{
    ledger_excuse(consumer->receiver, LEDGER_EXPIRY, batch->deliveries + first, count, now);
}

bool trouble_allows_settle(struct consumer *consumer, struct batch *batch,
                           enum ledger_settling settling, size_t first, size_t count)
{
    struct trouble *crash = trouble_find(consumer, TROUBLE_CRASH);
    struct trouble *late = trouble_find(consumer, TROUBLE_LATE_ACK);
    struct trouble *skip = trouble_find(consumer, TROUBLE_SKIP_ACK);
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    if (consumer->is_falling)
        return false;
    if (settling == LEDGER_NACK)
        return true;
    if (crash && crash->moment == TROUBLE_BEFORE_ACK) {
        trouble_fall_soon(consumer, crash);
        return false;
    }
    if (skip && is_struck(consumer, skip, &batch->deliveries[first])) {
        keep_too_long(consumer, batch, first, count, now);
        strike(consumer, skip, count, now);
        return false;
    }
    if (late && is_struck(consumer, late, &batch->deliveries[first])) {
        keep_too_long(consumer, batch, first, count, now);
        trouble_ack_late(consumer, late, batch, first, count);
        strike(consumer, late, count, now);
        return false;
    }
    return true;
}

void trouble_on_sent(struct consumer *consumer, enum ledger_settling settling, size_t count)
{
    struct trouble *crash = trouble_find(consumer, TROUBLE_CRASH);
    struct trouble *nack = trouble_find(consumer, TROUBLE_NACK);

    if (settling == LEDGER_NACK && nack)
        strike(consumer, nack, count, loop_now_ns(consumer->endpoint.loop));
    if (settling == LEDGER_ACK && crash && crash->moment == TROUBLE_DURING_ACK)
        trouble_fall_soon(consumer, crash);
}

void trouble_on_settled(struct consumer *consumer, const struct settle *settle, bool accepted)
{
    struct trouble *crash = trouble_find(consumer, TROUBLE_CRASH);
    struct trouble *twice = trouble_find(consumer, TROUBLE_ACK_TWICE);

    if (settle->settling != LEDGER_ACK || !accepted || consumer->is_away)
        return;
    if (twice && is_struck(consumer, twice, &settle->batch->deliveries[settle->first])) {
        trouble_ack_again(consumer, twice, settle);
        strike(consumer, twice, settle->count, loop_now_ns(consumer->endpoint.loop));
    }
    if (crash && crash->moment == TROUBLE_AFTER_ACK)
        trouble_fall_soon(consumer, crash);
}
