/* excuse.c: what may make deliveries come again or be missing. */
#include "ledger/books.h"
#include "ledger/mark.h"

struct excuse_rule {
    enum mark_state state;
    enum trail_event event;
    bool is_absence; /* the group is away from now on */
};

static const struct excuse_rule excuses[] = {
    [LEDGER_CRASH] = {MARK_CRASHED, TRAIL_CRASHED, true},
    [LEDGER_CONNECTION] = {MARK_DISCONNECTED, TRAIL_DISCONNECTED, true},
    [LEDGER_EXPIRY] = {MARK_EXPIRED, TRAIL_EXPIRED, false},
    [LEDGER_RETRY] = {MARK_RETRIED, TRAIL_RETRIED, false},
    [LEDGER_CLOSE] = {MARK_CLOSED, TRAIL_CLOSED, true},
    [LEDGER_NACKING] = {MARK_NACKING, TRAIL_NACKING, false},
};

static void excuse_one(struct lane *lane, uint64_t sequence, enum mark_state state)
{
    _Atomic uint8_t *byte = &lane->marks[sequence - lane->first];
    uint8_t mark = mark_load(byte);

    while (!mark_replace(byte, &mark, mark_excuse(mark, state), true))
        ;
}

void ledger_excuse(struct ledger_receiver *receiver, enum ledger_cause cause,
                   const struct ledger_delivery *deliveries, size_t count, uint64_t now_ns)
{
    const struct excuse_rule *rule = &excuses[cause];

    if (!receiver->ledger->is_verified)
        return;
    receiver->announces_nacks |= cause == LEDGER_NACKING;
    for (size_t i = 0; i < count; i++) {
        struct lane *lane = lane_of(receiver, &deliveries[i]);

        if (!lane)
            continue;
        excuse_one(lane, deliveries[i].sequence, rule->state);
        lane_note(receiver, lane, deliveries[i].sequence, 1, rule->event, now_ns);
    }
    lane_end_batch(receiver, now_ns);
    if (rule->is_absence)
        absence_begin(receiver);
}

void ledger_read_unknown(struct ledger_receiver *receiver, uint32_t stream, uint64_t count,
                         uint64_t now_ns)
{
    struct ledger_group *group = &receiver->ledger->groups[receiver->group];

    (void)now_ns;
    atomic_fetch_add_explicit(&group->unanswered[stream], count, memory_order_relaxed);
    atomic_fetch_add_explicit(&group->recoverable[stream], count, memory_order_relaxed);
    absence_begin(receiver);
}

void ledger_epoch(struct ledger_receiver *receiver)
{
    const struct ledger *ledger = receiver->ledger;

    if (!ledger->is_verified)
        return;
    absence_begin(receiver);
    absence_end(receiver);
    for (size_t i = 0; i < ledger->track_count; i++) {
        struct lane *lane = &receiver->lanes[i];

        if (lane->seen_next < lane->order_next)
            lane->seen_next = lane->order_next;
        lane->order_next = 0;
    }
}

void ledger_read_started(struct ledger_receiver *receiver, uint64_t started_ns)
{
    receiver->asked_ns = started_ns;
}
