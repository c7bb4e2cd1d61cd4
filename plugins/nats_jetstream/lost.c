/* lost.c: messages that were on their way when a connection was lost.  They come back after
   AckWait, behind all that was read meanwhile; here they are asked back at once, so that the order
   holds.

   That is done only where nobody else reads the group, for others may have them in hand.  One
   session has read, and every delivery that the consumer counted before came to it: then what it
   counted since was lost on the wire.  Somebody who begins to read in between can make that wrong.
 */
#include <stdlib.h>

#include "parts.h"

void lost_note(struct adapter_session *session, const struct group *group, size_t wanted)
{
    session->lost = group;
    session->lost_count = wanted;
}

/* Sequences of what was delivered, is not settled, and never came.  Gives (free). */
static uint64_t *find_lost(const struct adapter_session *session, struct book *book,
                           const struct pending *pending, size_t *ret_count)
{
    uint64_t gap = pending->delivery - book->deliveries;
    uint64_t *lost;

    *ret_count = 0;
    if (book->is_shared || (book->reader && book->reader != session->number) ||
        pending->delivery <= book->deliveries || gap > session->lost_count)
        return NULL;
    lost = calloc(gap, sizeof(*lost));
    for (uint64_t at = pending->delivered; at > pending->floor && *ret_count < gap; at--)
        if (!book_knows(book, at))
            lost[(*ret_count)++] = at;
    book->deliveries = pending->delivery;
    return lost;
}

void lost_recover(struct adapter_session *session, const struct stream *stream, struct group *group)
{
    struct pending pending;
    uint64_t *lost;
    size_t count;

    if (session->lost != group)
        return;
    session->lost = NULL;
    if (store_ask_pending(session, stream, group, &pending) != NATS_OK)
        return;
    book_lock();
    lost = find_lost(session, group->book, &pending, &count);
    book_unlock();
    while (count > 0) { /* the oldest first */
        const struct hand hand = {.sequence = lost[--count], .delivery = pending.delivery};

        if (settle_say_and_wait(session, stream, group, &hand, "-NAK") != NATS_OK)
            break;
    }
    free(lost);
}
