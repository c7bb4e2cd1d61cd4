/* trail.c: grows while its part of the budget lasts, then becomes a ring. */
#include "ledger/trail.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

#define TRAIL_FIRST 32u /* records */

const char *trail_event_name(enum trail_event event)
{
    static const char *const names[TRAIL_EVENTS] = {
        [TRAIL_SENT] = "sent",
        [TRAIL_ACCEPTED] = "accepted",
        [TRAIL_ACCEPTED_LATE] = "accepted after several attempts",
        [TRAIL_REFUSED] = "refused",
        [TRAIL_UNKNOWN] = "publish ended without an answer",
        [TRAIL_RECEIVED] = "received",
        [TRAIL_RECEIVED_AGAIN] = "received again",
        [TRAIL_ACKED] = "acked",
        [TRAIL_ACK_FALSE] = "ack answered false",
        [TRAIL_ACK_REFUSED] = "ack refused",
        [TRAIL_ACK_UNKNOWN] = "ack ended without an answer",
        [TRAIL_NACKED] = "nacked",
        [TRAIL_NACK_FALSE] = "nack answered false",
        [TRAIL_NACK_REFUSED] = "nack refused",
        [TRAIL_NACKING] = "nack sent",
        [TRAIL_NACK_UNKNOWN] = "nack ended without an answer",
        [TRAIL_CRASHED] = "crashed",
        [TRAIL_DISCONNECTED] = "lost its connection",
        [TRAIL_EXPIRED] = "held it too long",
        [TRAIL_RETRIED] = "retried a call",
        [TRAIL_CLOSED] = "closed",
    };

    return names[event];
}

void trail_init(struct trail *trail, struct trail_budget *budget)
{
    *trail = (struct trail){.budget = budget};
    atomic_fetch_add_explicit(&budget->trail_count, 1, memory_order_relaxed);
}

void trail_release(struct trail *trail)
{
    free(trail->records);
    *trail = (struct trail){0};
}

static bool take_bytes(struct trail_budget *budget, uint64_t size)
{
    uint64_t taken = atomic_load_explicit(&budget->taken, memory_order_relaxed);

    do {
        if (taken + size > budget->bytes_max)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&budget->taken, &taken, taken + size,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

static bool grow(struct trail *trail)
{
    struct trail_budget *budget = trail->budget;
    uint64_t trails = atomic_load_explicit(&budget->trail_count, memory_order_relaxed);
    size_t part = (size_t)(budget->bytes_max / trails / sizeof(*trail->records));
    size_t wanted = trail->capacity > 0 ? trail->capacity * 2 : TRAIL_FIRST;

    if (wanted > part)
        wanted = part;
    if (trail->dropped > 0 || wanted <= trail->capacity)
        return false;
    if (!take_bytes(budget, (wanted - trail->capacity) * sizeof(*trail->records)))
        return false;
    trail->records = memory_grow(trail->records, wanted, sizeof(*trail->records));
    trail->capacity = wanted;
    return true;
}

void trail_append_slowly(struct trail *trail, const struct trail_record *record)
{
    if (grow(trail)) {
        trail->records[trail->count++] = *record;
        return;
    }
    trail->dropped++;
    if (trail->capacity == 0) {
        trail->dropped_ns_max = record->time_ns;
        return;
    }
    trail->dropped_ns_max = trail->records[trail->next].time_ns;
    trail->records[trail->next] = *record;
    trail->next = trail->next + 1 < trail->capacity ? trail->next + 1 : 0;
}

const struct trail_record *trail_at(const struct trail *trail, size_t position)
{
    size_t index = trail->next + position;

    return &trail->records[index < trail->count ? index : index - trail->count];
}
