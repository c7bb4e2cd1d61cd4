/* receive.c: every delivered entry is told apart: first, again, or what should not be.

   Entries are read a row at a time; then runs of plain first deliveries are taken in tight loops,
   eight at a time where that may be, and everything else one by one. */
#include <string.h>

#include "base/identity_row.h"
#include "ledger/arrival.h"
#include "ledger/mark.h"

/* Some entries of a batch, read. */
struct part {
    const struct adapter_entry *entries;
    struct ledger_delivery *ret;
    struct identity_row row;
    bool has_redelivery; /* one at least */
};

#define REDELIVERY_FLAGS (ADAPTER_ENTRY_OWN_PENDING | ADAPTER_ENTRY_RECLAIMED)

static bool is_redelivery(const struct adapter_entry *entry)
{
    return entry->attempt > 1 || (entry->flags & REDELIVERY_FLAGS) != 0;
}

/* The lane of an intact message of this stream, turned to it; NULL when it cannot have been sent.
 */
static struct lane *find_lane(struct ledger_receiver *receiver, const struct batch *batch,
                              const struct part *part, size_t at)
{
    const struct ledger *ledger = receiver->ledger;
    const struct identity *identity = &part->row.identities[at];
    struct lane *lane;

    if (part->row.verdicts[at] != IDENTITY_INTACT || identity->run != ledger->run ||
        identity->track >= ledger->track_count)
        return NULL;
    lane = &receiver->lanes[identity->track];
    if (lane->stream != batch->stream || !lane_reach(receiver, lane, identity->sequence))
        return NULL;
    return lane;
}

/* How many entries from `at` on carry consecutive messages of the lane's pages. */
static size_t measure_run(const struct lane *lane, const struct identity_row *row, size_t at)
{
    const struct identity *first = &row->identities[at];
    uint64_t room = lane->first + lane->size - first->sequence;
    size_t limit = row->count - at < room ? row->count - at : (size_t)room;
    size_t length = row->is_run ? limit : 1;

    while (length < limit && row->verdicts[at + length] == IDENTITY_INTACT &&
           first[length].sequence == first->sequence + length &&
           first[length].track == first->track && first[length].run == first->run)
        length++;
    return length;
}

/* --- Runs of plain first deliveries
 * --------------------------------------------------------------- */

/* Consecutive messages of one page. */
struct run {
    _Atomic uint8_t *marks;
    const _Atomic uint8_t *sends;
    const struct adapter_entry *entries;
    size_t length;
    bool has_redelivery; /* one at least */
};

/* Not 0 unless this is a first delivery of a message sent and not refused; of one message, or of
   eight when `each` has a bit in each byte. */
static inline uint64_t find_unusual(uint64_t mark, uint64_t sent, uint64_t each)
{
    return (mark & ~(MARK_ACCEPTED * each)) |
           ((sent & (SENT_ATTEMPTED | SENT_REFUSED) * each) ^ SENT_ATTEMPTED * each);
}

/* Eight at a time, for as long as they are plain; how many.  Where one thread has the tables to
   itself. */
static size_t take_eights(const struct run *run, uint64_t *accepted)
{
    const uint64_t each = 0x0101010101010101ull;
    uint64_t marks, sends;
    size_t at = 0;

    for (; !run->has_redelivery && at + sizeof(marks) <= run->length; at += sizeof(marks)) {
        memcpy(&marks, run->marks + at, sizeof(marks));
        memcpy(&sends, run->sends + at, sizeof(sends));
        if (find_unusual(marks, sends, each))
            break;
        *accepted += (marks / MARK_ACCEPTED * each) >> 56; /* the sum of its bytes */
        marks += each;
        memcpy(run->marks + at, &marks, sizeof(marks));
    }
    return at;
}

/* Take messages for as long as they are plain; how many. */
static inline __attribute__((always_inline)) size_t take_plain(const struct run *run,
                                                               struct batch *batch, bool shared)
{
    uint64_t accepted = 0;
    size_t i = shared ? 0 : take_eights(run, &accepted);

    for (; i < run->length; i++) {
        uint8_t mark = mark_load(&run->marks[i]);

        if (find_unusual(mark, mark_load(&run->sends[i]), 1) || is_redelivery(&run->entries[i]))
            break;
        if (!mark_replace(&run->marks[i], &mark, mark + 1u, shared))
            break; /* taken one by one, it is tried again */
        accepted += (mark & MARK_ACCEPTED) != 0;
    }
    batch->first += i;
    batch->first_accepted += accepted;
    return i;
}

static void fill_plain(const struct batch *batch, const struct part *part, size_t at, size_t count)
{
    const struct identity *identities = part->row.identities;
    const struct ledger_delivery plain = {.track = identities[at].track,
                                          .stream = (uint16_t)batch->stream,
                                          .arrival = LEDGER_FIRST,
                                          .count = 1};

    for (size_t i = at; i < at + count; i++) {
        struct ledger_delivery delivery = plain;

        delivery.sequence = identities[i].sequence;
        delivery.intended_ns = identities[i].intended_ns;
        part->ret[i] = delivery;
    }
}

/* Take what is plain from `at` on; how many entries that was. */
static inline __attribute__((always_inline)) size_t take_run(struct ledger_receiver *receiver,
                                                             struct batch *batch,
                                                             const struct part *part, size_t at,
                                                             bool shared)
{
    const uint64_t first = part->row.identities[at].sequence;
    struct lane *lane = find_lane(receiver, batch, part, at);
    struct run run;
    size_t taken;

    if (!lane || first < lane->order_next)
        return 0;
    run = (struct run){.marks = lane->marks + (first - lane->first),
                       .sends = lane->sends + (first - lane->first),
                       .entries = part->entries + at,
                       .length = measure_run(lane, &part->row, at),
                       .has_redelivery = part->has_redelivery};
    taken = take_plain(&run, batch, shared);
    if (taken > 0) {
        fill_plain(batch, part, at, taken);
        lane->order_next = first + taken;
        lane_note(receiver, lane, first, taken, TRAIL_RECEIVED, batch->now_ns);
        lane_stamp(lane, first, taken, batch->now_ns);
    }
    return taken;
}

/* --- One by one
 * ------------------------------------------------------------------------------------ */

static void take_sent(struct ledger_receiver *receiver, struct batch *batch,
                      struct arrival *arrival, struct ledger_delivery *ret)
{
    const struct identity *identity = arrival->identity;
    _Atomic uint8_t *mark = &arrival->lane->marks[identity->sequence - arrival->lane->first];
    bool is_first;

    arrival->mark = mark_load(mark);
    while (!mark_replace(mark, &arrival->mark, mark_deliver(arrival->mark), true))
        ;
    is_first = mark_deliveries(arrival->mark) == 0;
    *ret = (struct ledger_delivery){.sequence = identity->sequence,
                                    .intended_ns = identity->intended_ns,
                                    .track = identity->track,
                                    .stream = (uint16_t)batch->stream,
                                    .arrival = is_first ? LEDGER_FIRST : LEDGER_AGAIN,
                                    .count = mark_deliver(arrival->mark) & MARK_DELIVERIES};
    lane_note(receiver, arrival->lane, identity->sequence, 1,
              is_first ? TRAIL_RECEIVED : TRAIL_RECEIVED_AGAIN, batch->now_ns);
    if (arrival->sent & SENT_REFUSED) { /* judged at the end, with those refused after delivery */
        ret->arrival = LEDGER_BROKEN;
        return;
    }
    batch->first += is_first;
    batch->again += !is_first;
    batch->first_accepted += is_first && (arrival->mark & MARK_ACCEPTED);
    if (!is_first) {
        arrival_again(receiver, batch, arrival);
        return;
    }
    lane_stamp(arrival->lane, identity->sequence, 1, batch->now_ns);
    arrival_in_order(receiver, batch, arrival);
}

static void take_one(struct ledger_receiver *receiver, struct batch *batch, const struct part *part,
                     size_t at)
{
    const struct identity *identity = &part->row.identities[at];
    struct arrival arrival = {.lane = find_lane(receiver, batch, part, at),
                              .identity = identity,
                              .is_redelivery = is_redelivery(&part->entries[at])};

    if (arrival.lane)
        arrival.sent = mark_load(&arrival.lane->sends[identity->sequence - arrival.lane->first]);
    if (arrival.sent & SENT_ATTEMPTED)
        take_sent(receiver, batch, &arrival, &part->ret[at]);
    else
        arrival_of_stranger(receiver, batch, (enum identity_verdict)part->row.verdicts[at],
                            identity, &part->ret[at]);
}

/* --- Batches
 * ---------------------------------------------------------------------------------------- */

static void read_part(struct part *part, const struct adapter_entry *entries, size_t count,
                      struct identity_reader *reader)
{
    uint32_t attempts = 0, flags = 0;

    part->entries = entries;
    part->row.count = count;
    for (size_t i = 0; i < count; i++) {
        part->row.payloads[i] = entries[i].payload.data;
        part->row.sizes[i] = entries[i].payload.size;
        attempts |= entries[i].attempt;
        flags |= entries[i].flags;
    }
    part->has_redelivery = attempts > 1 || (flags & REDELIVERY_FLAGS) != 0;
    identity_row_read(&part->row, reader);
}

static void receive_part(struct ledger_receiver *receiver, struct batch *batch,
                         const struct part *part)
{
    bool shared = receiver->ledger->shared;
    size_t at = 0;

    while (at < part->row.count) {
        size_t taken = shared ? take_run(receiver, batch, part, at, true)
                              : take_run(receiver, batch, part, at, false);

        if (taken == 0)
            take_one(receiver, batch, part, at++);
        at += taken;
    }
}

/* The control run: counted, and nothing looked at. */
static void receive_unverified(struct ledger_receiver *receiver, const struct batch *batch,
                               size_t count, struct ledger_delivery *ret)
{
    for (size_t i = 0; i < count; i++)
        ret[i] = (struct ledger_delivery){.intended_ns = batch->now_ns,
                                          .stream = (uint16_t)batch->stream,
                                          .arrival = LEDGER_FIRST,
                                          .count = 1};
    ledger_bump(&receiver->first, count);
    ledger_bump(&receiver->first_accepted, count);
}

void ledger_receive(struct ledger_receiver *receiver, uint32_t stream,
                    const struct adapter_entry *entries, size_t count, uint64_t now_ns,
                    struct ledger_delivery *ret)
{
    struct batch batch = {.now_ns = now_ns, .stream = stream};
    struct identity_reader reader = {0};
    struct part part;

    if (!receiver->ledger->is_verified) {
        receive_unverified(receiver, &batch, count, ret);
        return;
    }
    for (size_t at = 0; at < count; at += part.row.count) {
        size_t left = count - at;

        part.ret = ret + at;
        read_part(&part, entries + at, left < IDENTITY_ROW_MAX ? left : IDENTITY_ROW_MAX, &reader);
        receive_part(receiver, &batch, &part);
    }
    lane_end_batch(receiver, now_ns);
    ledger_bump(&receiver->first, batch.first);
    ledger_bump(&receiver->again, batch.again);
    ledger_bump(&receiver->first_accepted, batch.first_accepted);
}
