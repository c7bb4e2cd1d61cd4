/* trail.h: one actor's bounded log of batches, the newest kept; histories of witnesses are told
   from it.  A record covers a true run: every message of [first, first + count) was in it. */
#ifndef LEDGER_TRAIL_H
#define LEDGER_TRAIL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum trail_event {
    TRAIL_SENT,
    TRAIL_ACCEPTED,
    TRAIL_ACCEPTED_LATE, /* after several attempts */
    TRAIL_REFUSED,
    TRAIL_UNKNOWN,
    TRAIL_RECEIVED,
    TRAIL_RECEIVED_AGAIN,
    TRAIL_ACKED,
    TRAIL_ACK_FALSE,
    TRAIL_ACK_REFUSED,
    TRAIL_ACK_UNKNOWN,
    TRAIL_NACKING,
    TRAIL_NACKED,
    TRAIL_NACK_FALSE,
    TRAIL_NACK_REFUSED,
    TRAIL_NACK_UNKNOWN,
    TRAIL_CRASHED,
    TRAIL_DISCONNECTED,
    TRAIL_EXPIRED,
    TRAIL_RETRIED,
    TRAIL_CLOSED,
    TRAIL_EVENTS
};

const char *trail_event_name(enum trail_event event);

#define TRAIL_ASKED_NS 10000000u

struct trail_record {
    uint64_t time_ns, first;
    uint32_t count;
    uint16_t track;
    uint8_t event;
    uint8_t asked; /* of deliveries: so long before it they were asked for, in TRAIL_ASKED_NS; 255:
                      or longer */
};

/* Memory that the trails of a ledger share. */
struct trail_budget {
    uint64_t bytes_max;
    _Atomic uint64_t taken;
    _Atomic uint64_t trail_count; /* each may take its even part */
};

struct trail {
    struct trail_budget *budget;
    struct trail_record *records;
    size_t count, capacity;
    size_t next;             /* where the next one goes once it is full; the oldest */
    uint64_t dropped;        /* records no longer known */
    uint64_t dropped_ns_max; /* time of the newest of them */
};

void trail_init(struct trail *trail, struct trail_budget *budget);
void trail_release(struct trail *trail);
/* When there is no room left: more of it, or the oldest goes. */
void trail_append_slowly(struct trail *trail, const struct trail_record *record);
/* The record at `position`, 0 being the oldest kept. */
const struct trail_record *trail_at(const struct trail *trail, size_t position);

static inline void trail_append(struct trail *trail, struct trail_record record)
{
    if (trail->count < trail->capacity)
        trail->records[trail->count++] = record;
    else
        trail_append_slowly(trail, &record);
}

#endif
