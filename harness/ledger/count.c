/* count.c: the live counts, summed over the actors' own. */
#include "ledger/books.h"

bool ledger_take(_Atomic uint64_t *left)
{
    uint64_t value = ledger_value(left);

    while (value > 0)
        if (atomic_compare_exchange_weak_explicit(left, &value, value - 1, memory_order_relaxed,
                                                  memory_order_relaxed))
            return true;
    return false;
}

static uint64_t rest_of(uint64_t whole, uint64_t part)
{
    return whole > part ? whole - part : 0;
}

static void add_tracks(const struct ledger *ledger, int group, struct ledger_counts *ret)
{
    for (uint32_t i = 0; i < ledger->track_count; i++) {
        const struct ledger_sender *sender = &ledger->tracks[i];

        if (group >= 0 && !ledger_reads(ledger, (uint32_t)group, i))
            continue;
        ret->attempted += ledger_value(&sender->attempted);
        ret->accepted += ledger_value(&sender->accepted);
        ret->refused += ledger_value(&sender->refused);
        ret->unknown += ledger_value(&sender->unknown);
    }
}

static void add_receivers(const struct ledger *ledger, uint32_t group, struct ledger_counts *ret,
                          uint64_t *closed, uint64_t *dispelled)
{
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);

    for (; receiver; receiver = receiver->next) {
        if (receiver->group != group)
            continue;
        ret->first += ledger_value(&receiver->first);
        ret->again += ledger_value(&receiver->again);
        ret->first_accepted += ledger_value(&receiver->first_accepted);
        ret->settled += ledger_value(&receiver->settled);
        ret->nacked += ledger_value(&receiver->nacked);
        ret->doubtful += ledger_value(&receiver->doubted);
        *dispelled += ledger_value(&receiver->dispelled);
        ret->odd += ledger_value(&receiver->odd);
        *closed += ledger_value(&receiver->closed_accepted);
    }
}

/* Messages accepted and bound for the group. */
static uint64_t add_shares(const struct ledger *ledger, uint32_t group, struct ledger_counts *ret,
                           uint64_t *closed)
{
    uint64_t bound = 0;

    for (size_t i = 0; i < ledger->track_count; i++)
        for (size_t j = 0; j < ledger->tracks[i].share_count; j++) {
            const struct sender_share *share = &ledger->tracks[i].shares[j];

            if (share->group != group)
                continue;
            bound += ledger_value(&share->accepted);
            ret->first_accepted += ledger_value(&share->first_accepted);
            *closed += ledger_value(&share->closed_accepted);
        }
    return bound;
}

static struct ledger_counts count_group(const struct ledger *ledger, uint32_t index)
{
    const struct ledger_group *group = &ledger->groups[index];
    struct ledger_counts counts = {.dead_lettered = ledger_value(&group->dead_lettered)};
    uint64_t closed = ledger_value(&group->dead_accepted);
    uint64_t dispelled = ledger_value(&group->dead_doubtful);
    uint64_t bound;

    add_receivers(ledger, index, &counts, &closed, &dispelled);
    counts.doubtful = rest_of(counts.doubtful, dispelled);
    bound = add_shares(ledger, index, &counts, &closed);
    counts.outstanding = rest_of(bound, group->settles ? closed : counts.first_accepted);
    return counts;
}

static void add_counts(struct ledger_counts *into, const struct ledger_counts *from)
{
    into->first += from->first;
    into->again += from->again;
    into->first_accepted += from->first_accepted;
    into->settled += from->settled;
    into->nacked += from->nacked;
    into->dead_lettered += from->dead_lettered;
    into->outstanding += from->outstanding;
    into->doubtful += from->doubtful;
    into->odd += from->odd;
}

struct ledger_counts ledger_count(const struct ledger *ledger, int group)
{
    struct ledger_counts counts = {0};

    for (uint32_t i = 0; i < ledger->group_count; i++)
        if (group < 0 || i == (uint32_t)group) {
            struct ledger_counts one = count_group(ledger, i);

            add_counts(&counts, &one);
        }
    add_tracks(ledger, group, &counts);
    return counts;
}

static size_t trail_memory(const struct trail *trail)
{
    return trail->capacity * sizeof(*trail->records);
}

size_t ledger_memory(const struct ledger *ledger)
{
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);
    size_t subscriptions = ledger->group_count * ledger->track_count;
    size_t size = sizeof(*ledger) + ledger->track_count * sizeof(*ledger->tracks) +
                  subscriptions * sizeof(*ledger->subscriptions);

    for (size_t i = 0; i < ledger->track_count; i++)
        size += ledger_value(&ledger->tracks[i].sends.held) +
                trail_memory(&ledger->tracks[i].trail) +
                ledger->group_count * sizeof(struct sender_share);
    for (size_t i = 0; i < subscriptions; i++)
        size += ledger_value(&ledger->subscriptions[i].marks.held) +
                ledger->subscriptions[i].absence_count * sizeof(struct absence);
    for (; receiver; receiver = receiver->next)
        size += sizeof(*receiver) + trail_memory(&receiver->trail) +
                ledger->track_count * (sizeof(struct lane) + sizeof(struct lane *)) +
                receiver->suspects.capacity * sizeof(struct suspect);
    return size;
}
