/* absence.c: a group that keeps no position gets what is published while it is there.  What was
   sent while it was away, or on its way when it left, may be lost with cause. */
#include <stdlib.h>

#include "base/memory.h"
#include "ledger/books.h"

/* The first message of the track that is not attempted yet. */
static uint64_t next_of(const struct ledger *ledger, uint32_t track)
{
    return atomic_load_explicit(&ledger->tracks[track].next, memory_order_acquire);
}

void absence_subscribe(struct ledger *ledger, uint32_t group)
{
    if (atomic_exchange_explicit(&ledger->groups[group].is_subscribed, true, memory_order_acq_rel))
        return;
    for (uint32_t track = 0; track < ledger->track_count; track++) {
        struct subscription *subscription = ledger_subscription(ledger, group, track);

        if (ledger_reads(ledger, group, track))
            atomic_store_explicit(&subscription->bound_from, next_of(ledger, track),
                                  memory_order_release);
    }
}

static uint64_t seen_of(const struct lane *lane)
{
    return lane->seen_next > lane->order_next ? lane->seen_next : lane->order_next;
}

static bool is_away(const struct subscription *subscription)
{
    size_t count = subscription->absence_count;

    return count > 0 && subscription->absences[count - 1].end == UINT64_MAX;
}

static void begin(struct subscription *subscription, uint64_t first)
{
    struct absence *absences = subscription->absences;

    if (is_away(subscription))
        return;
    absences = memory_grow(absences, subscription->absence_count + 1, sizeof(*absences));
    absences[subscription->absence_count++] = (struct absence){.first = first, .end = UINT64_MAX};
    subscription->absences = absences;
}

void absence_begin(struct ledger_receiver *receiver)
{
    struct ledger *ledger = receiver->ledger;

    if (ledger->groups[receiver->group].from_start || !ledger->is_verified)
        return;
    pthread_mutex_lock(&ledger->lock);
    for (uint32_t track = 0; track < ledger->track_count; track++)
        if (ledger_reads(ledger, receiver->group, track))
            begin(ledger_subscription(ledger, receiver->group, track),
                  seen_of(&receiver->lanes[track]));
    pthread_mutex_unlock(&ledger->lock);
}

void absence_end(struct ledger_receiver *receiver)
{
    struct ledger *ledger = receiver->ledger;

    if (ledger->groups[receiver->group].from_start || !ledger->is_verified)
        return;
    pthread_mutex_lock(&ledger->lock);
    for (uint32_t track = 0; track < ledger->track_count; track++) {
        struct subscription *subscription = ledger_subscription(ledger, receiver->group, track);

        if (is_away(subscription))
            subscription->absences[subscription->absence_count - 1].end = next_of(ledger, track);
    }
    pthread_mutex_unlock(&ledger->lock);
}

bool absence_covers(const struct subscription *subscription, uint64_t sequence)
{
    for (size_t i = 0; i < subscription->absence_count; i++)
        if (sequence >= subscription->absences[i].first && sequence < subscription->absences[i].end)
            return true;
    return false;
}
