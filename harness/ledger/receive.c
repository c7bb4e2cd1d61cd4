/* receive.c: every delivered entry is told apart: first, again, or what should not be.

   Entries are read a few dozen at a time, so that the reading of one overlaps with that of the
   next; then runs of plain first deliveries are taken in a tight loop, and everything else one by
   one. */
#include "ledger/arrival.h"
#include "ledger/mark.h"

#define PART_MAX 64u

/* Some entries of a batch, read. */
struct part {
    const struct adapter_entry *entries;
    struct ledger_delivery *ret;
    size_t count;
    struct identity identities[PART_MAX];
    uint8_t verdicts[PART_MAX]; /* enum identity_verdict */
};

static bool is_redelivery(const struct adapter_entry *entry)
{
    return entry->attempt > 1 ||
           (entry->flags & (ADAPTER_ENTRY_OWN_PENDING | ADAPTER_ENTRY_RECLAIMED)) != 0;
}

/* The lane of an intact message of this stream, turned to it; NULL when it cannot have been sent.
 */
static struct lane *find_lane(struct ledger_receiver *receiver, const struct batch *batch,
                              const struct part *part, size_t at)
{
    const struct ledger *ledger = receiver->ledger;
    const struct identity *identity = &part->identities[at];
    struct lane *lane;

    if (part->verdicts[at] != IDENTITY_INTACT || identity->run != ledger->run ||
        identity->track >= ledger->track_count)
        return NULL;
    lane = &receiver->lanes[identity->track];
    if (lane->stream != batch->stream || !lane_reach(receiver, lane, identity->sequence))
        return NULL;
    return lane;
}

/* How many entries from `at` on carry consecutive messages of the lane's pages. */
static size_t measure_run(const struct lane *lane, const struct part *part, size_t at)
{
    const struct identity *first = &part->identities[at];
    uint64_t room = lane->first + lane->size - first->sequence;
    size_t limit = part->count - at < room ? part->count - at : (size_t)room;
    size_t length = 1;

    while (length < limit && part->verdicts[at + length] == IDENTITY_INTACT &&
           first[length].sequence == first->sequence + length &&
           first[length].track == first->track && first[length].run == first->run)
        length++;
    return length;
}

/* --- Runs of plain first deliveries
 * --------------------------------------------------------------- */

struct run {
    struct lane *lane;
    const struct identity *identities;
    const struct adapter_entry *entries;
    struct ledger_delivery *ret;
    size_t length;
};

/* Take entries for as long as they are first deliveries of messages sent and not refused; how many.
 */
static inline __attribute__((always_inline)) size_t take_plain(struct run run, struct batch *batch,
                                                               bool shared)
{
    const uint64_t offset = run.identities->sequence - run.lane->first;
    _Atomic uint8_t *marks = run.lane->marks + offset;
    const _Atomic uint8_t *sends = run.lane->sends + offset;
    const uint16_t stream = (uint16_t)batch->stream;
    uint64_t accepted = 0;
    size_t i;

    for (i = 0; i < run.length; i++) {
        uint8_t mark = mark_load(&marks[i]);
        unsigned unusual =
            (mark & ~(unsigned)MARK_ACCEPTED) |
            ((mark_load(&sends[i]) & (SENT_ATTEMPTED | SENT_REFUSED)) ^ SENT_ATTEMPTED);

        if (unusual | (unsigned)is_redelivery(&run.entries[i]))
            break;
        if (!mark_replace(&marks[i], &mark, mark + 1u, shared))
            break; /* taken one by one, it is tried again */
        accepted += (mark & MARK_ACCEPTED) != 0;
        run.ret[i] = (struct ledger_delivery){.sequence = run.identities[i].sequence,
                                              .intended_ns = run.identities[i].intended_ns,
                                              .track = run.identities->track,
                                              .stream = stream,
                                              .arrival = LEDGER_FIRST,
                                              .count = 1};
    }
    batch->first += i;
    batch->first_accepted += accepted;
    return i;
}

/* Take what is plain from `at` on; how many entries that was. */
static inline __attribute__((always_inline)) size_t take_run(struct ledger_receiver *receiver,
                                                             struct batch *batch,
                                                             const struct part *part, size_t at,
                                                             bool shared)
{
    const struct identity *first = &part->identities[at];
    struct lane *lane = find_lane(receiver, batch, part, at);
    struct run run;
    size_t taken;

    if (!lane || first->sequence < lane->order_next)
        return 0;
    run = (struct run){.lane = lane,
                       .identities = first,
                       .entries = part->entries + at,
                       .ret = part->ret + at,
                       .length = measure_run(lane, part, at)};
    taken = take_plain(run, batch, shared);
    if (taken > 0) {
        lane->order_next = first->sequence + taken;
        lane_note(receiver, lane, first->sequence, taken, TRAIL_RECEIVED, batch->now_ns);
        lane_stamp(lane, first->sequence, taken, batch->now_ns);
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
    const struct identity *identity = &part->identities[at];
    struct arrival arrival = {.lane = find_lane(receiver, batch, part, at),
                              .identity = identity,
                              .is_redelivery = is_redelivery(&part->entries[at])};

    if (arrival.lane)
        arrival.sent = mark_load(&arrival.lane->sends[identity->sequence - arrival.lane->first]);
    if (arrival.sent & SENT_ATTEMPTED)
        take_sent(receiver, batch, &arrival, &part->ret[at]);
    else
        arrival_of_stranger(receiver, batch, (enum identity_verdict)part->verdicts[at], identity,
                            &part->ret[at]);
}

/* --- Batches
 * ---------------------------------------------------------------------------------------- */

static void read_part(struct part *part)
{
    struct identity_reader reader = {0};

    for (size_t i = 0; i < part->count; i++) {
        const struct adapter_text *payload = &part->entries[i].payload;

        part->verdicts[i] = (uint8_t)identity_read_next(&reader, payload->data, payload->size,
                                                        &part->identities[i]);
    }
}

static void receive_part(struct ledger_receiver *receiver, struct batch *batch, struct part *part)
{
    bool shared = receiver->ledger->shared;
    size_t at = 0;

    read_part(part);
    while (at < part->count) {
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
    struct part part;

    if (!receiver->ledger->is_verified) {
        receive_unverified(receiver, &batch, count, ret);
        return;
    }
    for (size_t at = 0; at < count; at += part.count) {
        part.entries = entries + at;
        part.ret = ret + at;
        part.count = count - at < PART_MAX ? count - at : PART_MAX;
        receive_part(receiver, &batch, &part);
    }
    lane_end_batch(receiver, now_ns);
    ledger_bump(&receiver->first, batch.first);
    ledger_bump(&receiver->again, batch.again);
    ledger_bump(&receiver->first_accepted, batch.first_accepted);
}
