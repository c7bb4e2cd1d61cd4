/* mark.h: what the two bytes of a message say, and how they change.

   sent:  how publishing ended; written by its sender only
            bit 0 attempted, 1 done, 2 refused, 3 unknown, 4 copies are possible

   mark:  how far it got in one group
            bits 0-1 deliveries, staying at 3
            bit  2   publishing was accepted, and the group is to get it
            bit  3   an ack of it ended without an answer: silence is legal from then on
            bits 4-7 enum mark_state */
#ifndef LEDGER_MARK_H
#define LEDGER_MARK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum sent_bit {
    SENT_ATTEMPTED = 1u << 0,
    SENT_DONE = 1u << 1,
    SENT_REFUSED = 1u << 2,
    SENT_UNKNOWN = 1u << 3,
    SENT_COPIES = 1u << 4
};

enum mark_bit { MARK_DELIVERIES = 3u, MARK_ACCEPTED = 1u << 2, MARK_DOUBT = 1u << 3 };

enum mark_state {
    MARK_HELD, /* in a member's hands, or not delivered yet */
    /* A cause for another delivery stands open. */
    MARK_NACKING, /* sent, and not answered yet: the broker may be faster than its answer */
    MARK_NACKED,
    MARK_NACK_UNKNOWN,
    MARK_CRASHED,
    MARK_DISCONNECTED,
    MARK_CLOSED,
    MARK_EXPIRED,
    MARK_RETRIED,
    MARK_ACK_UNKNOWN,
    /* Nothing more is to come. */
    MARK_ACKED,
    MARK_DEAD,
    MARK_ACKED_DEAD
};

#define MARK_STATE_SHIFT 4u
#define MARK_LOW         0x0Fu

static inline uint8_t mark_load(const _Atomic uint8_t *byte)
{
    return atomic_load_explicit(byte, memory_order_relaxed);
}

static inline void mark_store(_Atomic uint8_t *byte, unsigned value)
{
    atomic_store_explicit(byte, (uint8_t)value, memory_order_relaxed);
}

/* Replace `*old` by `next`; false, with `*old` read again, when another thread was faster.  A
   ledger that is not shared pays for a plain store only. */
static inline bool mark_replace(_Atomic uint8_t *byte, uint8_t *old, unsigned next, bool shared)
{
    if (shared)
        return atomic_compare_exchange_weak_explicit(byte, old, (uint8_t)next, memory_order_relaxed,
                                                     memory_order_relaxed);
    mark_store(byte, next);
    return true;
}

static inline enum mark_state mark_state(unsigned mark)
{
    return (enum mark_state)(mark >> MARK_STATE_SHIFT);
}

static inline unsigned mark_deliveries(unsigned mark)
{
    return mark & MARK_DELIVERIES;
}

static inline bool mark_is_acked(unsigned mark)
{
    return mark_state(mark) == MARK_ACKED || mark_state(mark) == MARK_ACKED_DEAD;
}

/* Settled, or dead-lettered. */
static inline bool mark_is_closed(unsigned mark)
{
    return mark_state(mark) >= MARK_ACKED;
}

static inline unsigned mark_with(unsigned mark, enum mark_state state)
{
    return (mark & MARK_LOW) | ((unsigned)state << MARK_STATE_SHIFT);
}

/* Accepted and open, and silence about it is legal. */
static inline bool mark_is_doubtful(unsigned mark)
{
    return (mark & MARK_ACCEPTED) && (mark & MARK_DOUBT) && !mark_is_closed(mark);
}

/* Delivered once more: a cause has had its effect. */
static inline unsigned mark_deliver(unsigned mark)
{
    unsigned next = mark_deliveries(mark) < MARK_DELIVERIES ? mark + 1 : mark;

    return mark_is_closed(mark) ? next : mark_with(next, MARK_HELD);
}

/* An ack, a nack or their doubtful ends; what is closed stays closed. */
static inline unsigned mark_settle(unsigned mark, enum mark_state state)
{
    if (mark_state(mark) == MARK_DEAD && state == MARK_ACKED)
        return mark_with(mark, MARK_ACKED_DEAD);
    if (mark_is_closed(mark))
        return mark;
    if (state == MARK_ACK_UNKNOWN)
        mark |= MARK_DOUBT;
    return mark_with(mark, state);
}

/* The answer to a nack that was announced: nothing, when the message has come again meanwhile. */
static inline unsigned mark_answer_nack(unsigned mark, enum mark_state state)
{
    return mark_state(mark) == MARK_NACKING ? mark_with(mark, state) : mark;
}

/* A cause for another delivery; the first one stands. */
static inline unsigned mark_excuse(unsigned mark, enum mark_state state)
{
    return mark_state(mark) == MARK_HELD && mark_deliveries(mark) > 0 ? mark_with(mark, state)
                                                                      : mark;
}

static inline unsigned mark_bury(unsigned mark)
{
    return mark_with(mark, mark_is_acked(mark) ? MARK_ACKED_DEAD : MARK_DEAD);
}

#endif
