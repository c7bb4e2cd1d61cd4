/* progress.c: a cursor for each group and track: the first message that is not over. */
#include "ledger/progress.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ledger/books.h"
#include "ledger/mark.h"

struct cursor {
    uint32_t group, track;
    uint64_t next, end;
};

struct ledger_progress {
    struct ledger *ledger;
    struct cursor *cursors;
    size_t count, first; /* those before `first` are through */
};

struct ledger_progress *ledger_progress_new(struct ledger *ledger)
{
    struct ledger_progress *progress = memory_new(1, sizeof(*progress));

    progress->ledger = ledger;
    progress->cursors =
        memory_new(ledger->group_count * ledger->track_count + 1, sizeof(*progress->cursors));
    for (uint32_t group = 0; ledger->is_verified && group < ledger->group_count; group++)
        for (uint32_t track = 0; track < ledger->track_count; track++)
            if (ledger_reads(ledger, group, track))
                progress->cursors[progress->count++] =
                    (struct cursor){.group = group,
                                    .track = track,
                                    .end = ledger_value(&ledger->tracks[track].next)};
    return progress;
}

static bool is_finished(const struct ledger_group *group, unsigned mark)
{
    if (mark_is_closed(mark))
        return true;
    return mark_deliveries(mark) > 0 && (!group->settles || mark & MARK_DOUBT);
}

static bool is_absent(struct ledger *ledger, const struct subscription *subscription,
                      uint64_t sequence)
{
    bool is;

    pthread_mutex_lock(&ledger->lock);
    is = absence_covers(subscription, sequence);
    pthread_mutex_unlock(&ledger->lock);
    return is;
}

static bool is_over(struct ledger *ledger, const struct cursor *cursor, unsigned sent,
                    unsigned mark)
{
    const struct ledger_group *group = &ledger->groups[cursor->group];

    if (!(sent & (SENT_DONE | SENT_REFUSED | SENT_UNKNOWN)))
        return false; /* its answer is still to come */
    if (!(mark & MARK_ACCEPTED) || is_finished(group, mark))
        return true;
    return !group->from_start &&
           is_absent(ledger, ledger_subscription(ledger, cursor->group, cursor->track),
                     cursor->next);
}

/* Move on for as long as messages are over; true at the end. */
static bool advance(struct ledger *ledger, struct cursor *cursor)
{
    struct ledger_sender *sender = &ledger->tracks[cursor->track];
    struct subscription *subscription = ledger_subscription(ledger, cursor->group, cursor->track);

    while (cursor->next < cursor->end) {
        struct bytes_page sends = bytes_find(&sender->sends, cursor->next);
        struct bytes_page marks = bytes_find(&subscription->marks, cursor->next);
        uint64_t limit = sends.first + sends.size;

        if (sends.size == 0)
            return false;
        for (; cursor->next < cursor->end && cursor->next < limit; cursor->next++) {
            uint64_t at = cursor->next - sends.first;
            unsigned mark = marks.bytes ? mark_load(&marks.bytes[at]) : 0;

            if (!is_over(ledger, cursor, mark_load(&sends.bytes[at]), mark))
                return false;
        }
    }
    return true;
}

bool ledger_progress_is_done(struct ledger_progress *progress)
{
    while (progress->first < progress->count &&
           advance(progress->ledger, &progress->cursors[progress->first]))
        progress->first++;
    return progress->first == progress->count;
}

void ledger_progress_free(struct ledger_progress *progress)
{
    if (!progress)
        return;
    free(progress->cursors);
    free(progress);
}
