/* schedule.h: when messages are meant to be sent, on absolute times (start + i / rate), never by
   adding intervals (performance.md, rules of measurement). */
#ifndef ACTORS_SCHEDULE_H
#define ACTORS_SCHEDULE_H

#include <stdint.h>

enum schedule_arrival { SCHEDULE_CONSTANT, SCHEDULE_POISSON, SCHEDULE_BURST };

/* One of `members` senders that share a rate; member m sends the messages m, m + members, ... */
struct schedule {
    enum schedule_arrival arrival;
    double rate; /* of all members together, per second; 0: unlimited */
    uint64_t burst;
    uint64_t members, member;
    uint64_t seed, actor;
    uint64_t start_ns;
    uint64_t index;   /* of the next message of this member */
    double offset_ns; /* poisson: sum of the gaps so far */
};

/* Begin at `start_ns`. */
void schedule_start(struct schedule *schedule, uint64_t start_ns);
/* The intended time of the next message. */
uint64_t schedule_due_ns(const struct schedule *schedule);
/* Go on to the one after. */
void schedule_advance(struct schedule *schedule);

#endif
