/* schedule.h: when messages are meant to be sent, on absolute times (start + i / rate), never by
   adding intervals (performance.md, rules of measurement). */
#ifndef ACTORS_SCHEDULE_H
#define ACTORS_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

enum schedule_arrival { SCHEDULE_CONSTANT, SCHEDULE_POISSON, SCHEDULE_BURST };

/* One piece of a rate that changes: from one rate to another in a straight line. */
struct schedule_stage {
    double begin_rate, end_rate; /* per second; equal: constant; 0: a pause */
    uint64_t for_ns;
};

/* One of `members` senders that share a rate; member m sends the messages m, m + members, ... */
struct schedule {
    enum schedule_arrival arrival;
    double rate; /* of all members together, per second; 0: unlimited; the mean of the stages */
    const struct schedule_stage *stages; /* borrowed; none: always `rate` */
    size_t stage_count;
    uint64_t burst;
    uint64_t members, member;
    uint64_t seed, actor;
    uint64_t start_ns;
    uint64_t index; /* of the next message of this member */
    double drawn;   /* poisson: where the next message stands in the stream of all members */
    /* The stage of the last message asked for; messages and time before it. */
    size_t stage;
    double stage_first;
    uint64_t stage_begin_ns;
};

/* Begin at `start_ns`. */
void schedule_start(struct schedule *schedule, uint64_t start_ns);
/* The intended time of the next message; when the stages are over, their end. */
uint64_t schedule_due_ns(struct schedule *schedule);
/* Go on to the one after. */
void schedule_advance(struct schedule *schedule);

/* Messages of one stage. */
double schedule_stage_size(const struct schedule_stage *stage);

#endif
