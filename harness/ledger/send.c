/* send.c: what producers say: about to be sent, and how it ended. */
#include <string.h>

#include "ledger/books.h"
#include "ledger/mark.h"

/* The part of [first, first + count) that lies on one page. */
struct span {
    _Atomic uint8_t *bytes;
    char *memory; /* the same */
    uint64_t count;
};

static struct span reach_span(struct bytes *bytes, struct bytes_page *page, uint64_t first,
                              uint64_t count)
{
    uint64_t at;

    if (!bytes_page_holds(page, first))
        *page = bytes_reach(bytes, first);
    at = first - page->first;
    return (struct span){.bytes = page->bytes + at,
                         .memory = page->memory + at,
                         .count = count < page->size - at ? count : page->size - at};
}

static void log_batch(struct ledger_sender *sender, uint64_t first, uint64_t count,
                      enum trail_event event, uint64_t now_ns)
{
    trail_append(&sender->trail, (struct trail_record){.time_ns = now_ns,
                                                       .first = first,
                                                       .count = (uint32_t)count,
                                                       .track = (uint16_t)sender->track,
                                                       .event = (uint8_t)event});
}

/* Turn the leading bytes that equal `from` into `to`, eight at a time; how many.  None in a ledger
   that is shared: its bytes are written one by one. */
static uint64_t replace_leading(const struct ledger *ledger, struct span span, uint8_t from,
                                uint8_t to)
{
    const uint64_t ones = 0x0101010101010101ull;
    const uint64_t expected = from * ones, wanted = to * ones;
    uint64_t at = 0, found;

    if (ledger->shared)
        return 0;
    for (; at + sizeof(found) <= span.count; at += sizeof(found)) {
        memcpy(&found, span.memory + at, sizeof(found));
        if (found != expected)
            break;
        memcpy(span.memory + at, &wanted, sizeof(wanted));
    }
    return at;
}

/* --- About to be sent ----------------------------------------------------------------------------
 */

/* Sent once more by the producer itself: copies are possible unless it surely did not happen. */
static uint8_t attempt_again(struct ledger_sender *sender, uint8_t sent)
{
    if (sent & SENT_REFUSED) {
        ledger_bump(&sender->refused, UINT64_MAX); /* one less */
        return (uint8_t)(sent & ~(unsigned)SENT_REFUSED);
    }
    return sent | SENT_COPIES;
}

static uint64_t attempt_span(struct ledger_sender *sender, struct span span)
{
    uint64_t fresh = replace_leading(sender->ledger, span, 0, SENT_ATTEMPTED);

    for (uint64_t i = fresh; i < span.count; i++) {
        uint8_t sent = mark_load(&span.bytes[i]);

        fresh += sent == 0;
        mark_store(&span.bytes[i], sent == 0 ? SENT_ATTEMPTED : attempt_again(sender, sent));
    }
    return fresh;
}

void ledger_attempt(struct ledger_sender *sender, uint64_t first, uint64_t count, uint64_t now_ns)
{
    uint64_t end = first + count;
    uint64_t fresh = 0;

    if (atomic_load_explicit(&sender->next, memory_order_relaxed) < end)
        atomic_store_explicit(&sender->next, end, memory_order_release);
    if (!sender->ledger->is_verified) {
        ledger_bump(&sender->attempted, count);
        return;
    }
    for (uint64_t at = first; at < end;) {
        struct span span = reach_span(&sender->sends, &sender->page, at, end - at);

        fresh += attempt_span(sender, span);
        at += span.count;
    }
    ledger_bump(&sender->attempted, fresh);
    log_batch(sender, first, count, TRAIL_SENT, now_ns);
}

/* --- How it ended --------------------------------------------------------------------------------
 */

static enum sent_bit bit_of(enum adapter_outcome outcome)
{
    if (outcome == ADAPTER_DONE)
        return SENT_DONE;
    if (outcome == ADAPTER_REFUSED || outcome == ADAPTER_UNSUPPORTED)
        return SENT_REFUSED;
    return SENT_UNKNOWN;
}

static _Atomic uint64_t *counter_of(struct ledger_sender *sender, uint8_t sent)
{
    if (sent & SENT_DONE)
        return &sender->accepted;
    if (sent & SENT_UNKNOWN)
        return &sender->unknown;
    return sent & SENT_REFUSED ? &sender->refused : NULL;
}

/* A message that has an end already: the stronger one stands, done over unknown over refused. */
static uint8_t end_again(struct ledger_sender *sender, uint8_t sent, enum sent_bit ending)
{
    const unsigned endings = SENT_DONE | SENT_UNKNOWN | SENT_REFUSED;
    unsigned strongest = sent & SENT_DONE      ? SENT_DONE
                         : sent & SENT_UNKNOWN ? SENT_UNKNOWN
                                               : (unsigned)ending;
    uint8_t next;

    if (ending == SENT_DONE)
        strongest = SENT_DONE;
    next = (uint8_t)((sent & ~endings) | strongest | SENT_ATTEMPTED);
    if (counter_of(sender, sent))
        ledger_bump(counter_of(sender, sent), UINT64_MAX); /* one less */
    ledger_bump(counter_of(sender, next), 1);
    return next;
}

static uint64_t end_span(struct ledger_sender *sender, struct span span, enum sent_bit ending,
                         unsigned copies)
{
    const unsigned usual = SENT_ATTEMPTED | (unsigned)ending | copies;
    uint64_t fresh = replace_leading(sender->ledger, span, SENT_ATTEMPTED, (uint8_t)usual);

    for (uint64_t i = fresh; i < span.count; i++) {
        uint8_t sent = mark_load(&span.bytes[i]);

        if (sent == SENT_ATTEMPTED) {
            mark_store(&span.bytes[i], usual);
            fresh++;
        } else {
            mark_store(&span.bytes[i], end_again(sender, sent, ending) | copies);
        }
    }
    return fresh;
}

/* --- What the groups are to get ------------------------------------------------------------------
 */

struct share_sums {
    uint64_t accepted, first_accepted, closed_accepted;
};

/* Whichever comes second counts, this or the delivery: both go through the same byte. */
static inline __attribute__((always_inline)) void accept_span(struct span span, uint64_t done,
                                                              bool shared, struct share_sums *sums)
{
    sums->accepted += done;
    for (uint64_t i = done; i < span.count; i++) {
        uint8_t mark = mark_load(&span.bytes[i]);

        while (!(mark & MARK_ACCEPTED) &&
               !mark_replace(&span.bytes[i], &mark, mark | MARK_ACCEPTED, shared))
            ;
        if (mark == 0) {
            sums->accepted++;
        } else if (!(mark & MARK_ACCEPTED)) {
            sums->accepted++;
            sums->first_accepted += mark_deliveries(mark) > 0;
            sums->closed_accepted += mark_is_closed(mark);
        }
    }
}

static void accept_share(struct ledger_sender *sender, struct sender_share *share, uint64_t first,
                         uint64_t end)
{
    uint64_t from = atomic_load_explicit(&share->subscription->bound_from, memory_order_acquire);
    struct share_sums sums = {0};

    if (first < from)
        first = from;
    if (first >= end)
        return;
    if (!sender->ledger->is_verified)
        sums.accepted = end - first;
    for (uint64_t at = first; at < end && sender->ledger->is_verified;) {
        struct span span = reach_span(&share->subscription->marks, &share->page, at, end - at);
        uint64_t done = replace_leading(sender->ledger, span, 0, MARK_ACCEPTED);

        if (sender->ledger->shared)
            accept_span(span, done, true, &sums);
        else
            accept_span(span, done, false, &sums);
        at += span.count;
    }
    ledger_bump(&share->accepted, sums.accepted);
    ledger_bump(&share->first_accepted, sums.first_accepted);
    ledger_bump(&share->closed_accepted, sums.closed_accepted);
}

static enum trail_event event_of(enum sent_bit ending, uint32_t attempts)
{
    if (ending == SENT_DONE)
        return attempts > 1 ? TRAIL_ACCEPTED_LATE : TRAIL_ACCEPTED;
    return ending == SENT_REFUSED ? TRAIL_REFUSED : TRAIL_UNKNOWN;
}

void ledger_publish_ended(struct ledger_sender *sender, uint64_t first, uint64_t count,
                          enum adapter_outcome outcome, uint32_t attempts, uint64_t now_ns)
{
    enum sent_bit ending = bit_of(outcome);
    uint64_t end = first + count;
    uint64_t fresh = sender->ledger->is_verified ? 0 : count;

    for (uint64_t at = first; at < end && sender->ledger->is_verified;) {
        struct span span = reach_span(&sender->sends, &sender->page, at, end - at);

        fresh += end_span(sender, span, ending, attempts > 1 ? SENT_COPIES : 0);
        at += span.count;
    }
    ledger_bump(counter_of(sender, (uint8_t)ending), fresh);
    for (size_t i = 0; ending == SENT_DONE && i < sender->share_count; i++)
        accept_share(sender, &sender->shares[i], first, end);
    if (sender->ledger->is_verified)
        log_batch(sender, first, count, event_of(ending, attempts), now_ns);
}
