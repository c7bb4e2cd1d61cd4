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
    if (session->lost != group)
        session->lost_count = 0;
    session->lost = group;
    session->lost_count += wanted; /* those of before were not asked back yet */
}

/* Sequences of what was delivered, is not settled, and never came, the newest first; NULL where
   that cannot be told.  Gives (free). */
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
    return lost;
}

/* To ask twice for one changes nothing.  Only when all were asked for are they counted as come. */
static natsStatus ask_back(struct adapter_session *session, const struct stream *stream,
                           struct group *group, const struct pending *pending)
{
    natsStatus s = NATS_OK;
    size_t count;

    book_lock();
    uint64_t *lost = find_lost(session, group->book, pending, &count);
    book_unlock();
    while (s == NATS_OK && count > 0) { /* the oldest first */
        const struct hand hand = {.sequence = lost[--count], .delivery = pending->delivery};

        s = settle_say_and_wait(session, stream, group, &hand, "-NAK");
    }
    if (lost && s == NATS_OK) {
        book_lock();
        book_note_all(group->book, pending->delivery);
        book_unlock();
    }
    free(lost);
    return s;
}

void lost_recover(struct adapter_session *session, const struct stream *stream, struct group *group)
{
    struct pending pending;
    natsStatus s;

    if (session->lost != group)
        return;
    s = store_ask_pending(session, stream, group, &pending);
    if (s == NATS_OK)
        s = ask_back(session, stream, group, &pending);
    if (s == NATS_OK || answer_is_no(s)) /* no: the consumer is gone, and what it had with it */
        session->lost = NULL;
}
