/* settle.c: what consumers say about deliveries in their hands. */
#include <string.h>

#include "ledger/books.h"
#include "ledger/mark.h"

struct settle_sums {
    uint64_t settled, closed_accepted;
    uint64_t doubted, dispelled; /* accepted messages: an ack without an answer, and its end */
};

/* How a settling ended. */
enum ending { ENDED_YES, ENDED_FALSE, ENDED_REFUSED, ENDED_UNKNOWN, ENDINGS };

struct settle_rule {
    enum mark_state state; /* MARK_HELD: nothing changes */
    enum trail_event event;
};

static const struct settle_rule rules[][ENDINGS] = {
    [LEDGER_ACK] = {[ENDED_YES] = {MARK_ACKED, TRAIL_ACKED},
                    [ENDED_FALSE] = {MARK_HELD, TRAIL_ACK_FALSE},
                    [ENDED_REFUSED] = {MARK_HELD, TRAIL_ACK_REFUSED},
                    [ENDED_UNKNOWN] = {MARK_ACK_UNKNOWN, TRAIL_ACK_UNKNOWN}},
    [LEDGER_NACK] = {[ENDED_YES] = {MARK_NACKED, TRAIL_NACKED},
                     [ENDED_FALSE] = {MARK_HELD, TRAIL_NACK_FALSE},
                     [ENDED_REFUSED] = {MARK_HELD, TRAIL_NACK_REFUSED},
                     [ENDED_UNKNOWN] = {MARK_NACK_UNKNOWN, TRAIL_NACK_UNKNOWN}},
};

static enum ending ending_of(enum adapter_outcome outcome, bool accepted)
{
    if (outcome == ADAPTER_DONE)
        return accepted ? ENDED_YES : ENDED_FALSE;
    return outcome == ADAPTER_REFUSED || outcome == ADAPTER_UNSUPPORTED ? ENDED_REFUSED
                                                                        : ENDED_UNKNOWN;
}

/* How many deliveries from the first on are consecutive messages of the lane's pages. */
static size_t measure_run(const struct lane *lane, const struct ledger_delivery *deliveries,
                          size_t count)
{
    uint64_t room = lane->first + lane->size - deliveries->sequence;
    size_t limit = count < room ? count : (size_t)room;
    size_t length = 1;

    while (length < limit && deliveries[length].sequence == deliveries->sequence + length &&
           deliveries[length].track == deliveries->track && lane_is_ours(&deliveries[length]))
        length++;
    return length;
}

#define EACH_BYTE(value) (0x0101010101010101ull * (value))
#define PLAIN            (MARK_ACCEPTED | 1u) /* accepted, delivered once, held */
#define PLAIN_ACKED      (PLAIN | (unsigned)MARK_ACKED << MARK_STATE_SHIFT)

/* Nearly all acks are of messages in the same plain state: eight of them at a time, where one
   thread has the table to itself.  How many were acked so. */
static size_t ack_plain(_Atomic uint8_t *marks, size_t length, struct settle_sums *sums)
{
    size_t at = 0;

    for (uint64_t eight; at + sizeof(eight) <= length; at += sizeof(eight)) {
        memcpy(&eight, marks + at, sizeof(eight));
        if (eight != EACH_BYTE(PLAIN))
            break;
        eight = EACH_BYTE(PLAIN_ACKED);
        memcpy(marks + at, &eight, sizeof(eight));
    }
    sums->settled += at;
    sums->closed_accepted += at;
    return at;
}

static inline __attribute__((always_inline)) void settle_run(_Atomic uint8_t *marks, size_t length,
                                                             enum mark_state state, bool shared,
                                                             struct settle_sums *sums)
{
    size_t i = !shared && state == MARK_ACKED ? ack_plain(marks, length, sums) : 0;

    for (; i < length; i++) {
        uint8_t mark = mark_load(&marks[i]);
        unsigned next;

        do {
            next = mark_settle(mark, state);
        } while (!mark_replace(&marks[i], &mark, next, shared));
        sums->settled += mark_is_acked(next) && !mark_is_acked(mark);
        sums->closed_accepted +=
            (mark & MARK_ACCEPTED) && mark_is_closed(next) && !mark_is_closed(mark);
        sums->doubted += mark_is_doubtful(next) && !mark_is_doubtful(mark);
        sums->dispelled += mark_is_doubtful(mark) && !mark_is_doubtful(next);
    }
}

/* One by one: nacks are rare. */
static void answer_nacks(_Atomic uint8_t *marks, size_t length, enum mark_state state)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t mark = mark_load(&marks[i]);

        while (!mark_replace(&marks[i], &mark, mark_answer_nack(mark, state), true))
            ;
    }
}

static struct settle_sums settle_all(struct ledger_receiver *receiver,
                                     const struct settle_rule *rule,
                                     const struct ledger_delivery *deliveries, size_t count,
                                     uint64_t now_ns)
{
    bool shared = receiver->ledger->shared;
    struct settle_sums sums = {0};
    size_t length;

    for (size_t at = 0; at < count; at += length) {
        struct lane *lane = lane_of(receiver, &deliveries[at]);
        uint64_t first = deliveries[at].sequence;

        length = lane ? measure_run(lane, &deliveries[at], count - at) : 1;
        if (!lane)
            continue;
        if (receiver->announces_nacks && rule >= rules[LEDGER_NACK])
            answer_nacks(&lane->marks[first - lane->first], length, rule->state);
        else if (rule->state != MARK_HELD && shared)
            settle_run(&lane->marks[first - lane->first], length, rule->state, true, &sums);
        else if (rule->state != MARK_HELD)
            settle_run(&lane->marks[first - lane->first], length, rule->state, false, &sums);
        lane_note(receiver, lane, first, length, rule->event, now_ns);
    }
    return sums;
}

static void count_settled(struct ledger_receiver *receiver, enum ledger_settling settling,
                          enum ending ending, const struct ledger_delivery *deliveries,
                          size_t count)
{
    uint64_t nacked = 0;

    if (settling != LEDGER_NACK || ending != ENDED_YES)
        return;
    for (size_t i = 0; i < count; i++)
        nacked += lane_is_ours(&deliveries[i]);
    ledger_bump(&receiver->nacked, nacked);
}

/* NOLINTNEXTLINE(readability-function-size): who, what, how it ended and when belong together. */
void ledger_settle(struct ledger_receiver *receiver, enum ledger_settling settling,
                   const struct ledger_delivery *deliveries, size_t count,
                   enum adapter_outcome outcome, bool accepted, uint64_t invoked_ns,
                   uint64_t now_ns)
{
    enum ending ending = ending_of(outcome, accepted);
    const struct settle_rule *rule = &rules[settling][ending];
    struct settle_sums sums = {0};

    (void)invoked_ns;
    count_settled(receiver, settling, ending, deliveries, count);
    if (!receiver->ledger->is_verified)
        sums.settled = sums.closed_accepted = rule->state == MARK_ACKED ? count : 0;
    else
        sums = settle_all(receiver, rule, deliveries, count, now_ns);
    if (receiver->ledger->is_verified)
        lane_end_batch(receiver, now_ns);
    ledger_bump(&receiver->doubted, sums.doubted);
    ledger_bump(&receiver->dispelled, sums.dispelled);
    ledger_bump(&receiver->settled, sums.settled);
    ledger_bump(&receiver->closed_accepted, sums.closed_accepted);
}
