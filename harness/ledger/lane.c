/* lane.c: one receiver's view of one track: the pages it works on, and the run of the batch. */
#include "ledger/books.h"

bool lane_turn(struct ledger_receiver *receiver, struct lane *lane, uint64_t sequence)
{
    struct ledger *ledger = receiver->ledger;
    uint32_t track = (uint32_t)(lane - receiver->lanes);
    struct bytes_page sends = bytes_find(&ledger->tracks[track].sends, sequence);
    struct bytes_page marks;

    if (!sends.bytes)
        return false;
    marks = bytes_reach(&ledger_subscription(ledger, receiver->group, track)->marks, sequence);
    lane->first = sends.first;
    lane->size = sends.size;
    lane->sends = sends.bytes;
    lane->marks = marks.bytes;
    lane->stamps = marks.stamps;
    return true;
}

/* A delivery that comes late was handed out at some time since it was asked for. */
static uint8_t asked_before(const struct ledger_receiver *receiver, uint32_t event, uint64_t now_ns)
{
    uint64_t asked;

    if ((event != TRAIL_RECEIVED && event != TRAIL_RECEIVED_AGAIN) || receiver->asked_ns == 0 ||
        receiver->asked_ns > now_ns)
        return 0;
    asked = (now_ns - receiver->asked_ns) / TRAIL_ASKED_NS;
    return asked < UINT8_MAX ? (uint8_t)asked : UINT8_MAX;
}

static void end_run(struct ledger_receiver *receiver, struct lane *lane, uint64_t now_ns)
{
    trail_append(&receiver->trail,
                 (struct trail_record){.time_ns = now_ns,
                                       .first = lane->run_first,
                                       .count = (uint32_t)(lane->run_next - lane->run_first),
                                       .track = (uint16_t)(lane - receiver->lanes),
                                       .event = (uint8_t)lane->run_event,
                                       .asked = asked_before(receiver, lane->run_event, now_ns)});
}

void lane_begin_run(struct ledger_receiver *receiver, struct lane *lane, uint64_t first,
                    uint64_t count, enum trail_event event, uint64_t now_ns)
{
    if (lane->run_next == UINT64_MAX)
        receiver->touched[receiver->touched_count++] = lane;
    else
        end_run(receiver, lane, now_ns);
    lane->run_first = first;
    lane->run_next = first + count;
    lane->run_event = event;
}

void lane_end_batch(struct ledger_receiver *receiver, uint64_t now_ns)
{
    for (size_t i = 0; i < receiver->touched_count; i++) {
        end_run(receiver, receiver->touched[i], now_ns);
        receiver->touched[i]->run_next = UINT64_MAX;
    }
    receiver->touched_count = 0;
}
