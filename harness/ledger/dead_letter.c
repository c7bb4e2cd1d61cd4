/* dead_letter.c: messages found in a dead letter queue: their group is done with them. */
#include "base/identity.h"
#include "ledger/books.h"
#include "ledger/mark.h"

void ledger_dead_letter(struct ledger *ledger, uint32_t stream, uint32_t group, const char *payload,
                        size_t size)
{
    struct identity identity = {0};
    struct bytes_page page;
    _Atomic uint8_t *byte;
    uint8_t mark;

    if (!ledger->is_verified || identity_read(payload, size, &identity) != IDENTITY_INTACT ||
        identity.run != ledger->run || identity.track >= ledger->track_count ||
        ledger->tracks[identity.track].stream != stream)
        return;
    if (!bytes_find(&ledger->tracks[identity.track].sends, identity.sequence).bytes)
        return;
    page =
        bytes_reach(&ledger_subscription(ledger, group, identity.track)->marks, identity.sequence);
    byte = &page.bytes[identity.sequence - page.first];
    mark = mark_load(byte);
    while (!mark_replace(byte, &mark, mark_bury(mark), true))
        ;
    if (mark_state(mark) == MARK_DEAD || mark_state(mark) == MARK_ACKED_DEAD)
        return;
    atomic_fetch_add_explicit(&ledger->groups[group].dead_lettered, 1, memory_order_relaxed);
    if ((mark & MARK_ACCEPTED) && !mark_is_closed(mark))
        atomic_fetch_add_explicit(&ledger->groups[group].dead_accepted, 1, memory_order_relaxed);
    if (mark_is_doubtful(mark))
        atomic_fetch_add_explicit(&ledger->groups[group].dead_doubtful, 1, memory_order_relaxed);
}
