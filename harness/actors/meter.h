/* meter.h: what one worker measures: one histogram per metric and phase, counts over time; merged
   at the end.  Written by its own thread only. */
#ifndef ACTORS_METER_H
#define ACTORS_METER_H

#include <stdatomic.h>
#include <stdint.h>

#include "measure/histogram.h"
#include "measure/series.h"
#include "measure/slices.h"
#include "measure/timeline.h"

enum meter_metric {
    METER_PUBLISH,   /* from the intended send time to the answer */
    METER_DELIVER,   /* from the intended send time to the first delivery to a group */
    METER_SERVICE,   /* from the actual send to the answer */
    METER_LATENESS,  /* from the intended to the actual send */
    METER_REDELIVER, /* as deliver, of later deliveries */
    METER_METRICS
};

enum meter_flow { METER_SENT, METER_ACCEPTED, METER_DELIVERED, METER_SETTLED, METER_FLOWS };

/* "publish", "publish_service", "lateness", "deliver", "redeliver": the words of expectations. */
const char *meter_metric_name(enum meter_metric metric);

struct meter_phase {
    struct histogram metrics[METER_METRICS]; /* of the messages that were due in it */
    uint64_t flows[METER_FLOWS];             /* what happened in it */
};

struct meter {
    const struct timeline *timeline;                 /* NULL: nothing is measured */
    uint32_t mark_count;                             /* of the timeline, as last looked at */
    uint64_t begin_ns, end_ns;                       /* of the phase at hand */
    uint64_t slice_end_ns;                           /* of the slice at hand */
    struct meter_phase *phase;                       /* at hand */
    struct slice *slice;                             /* at hand */
    struct meter_phase *phases[TIMELINE_PHASES_MAX]; /* by number; NULL: nothing in it */
    struct slices slices;                            /* the first two metrics, and the flows */
    struct series flows[METER_FLOWS];
};

/* Keeps the timeline; NULL: nothing is measured.  `start_ns` must be the same for all meters that
 * are added up. */
void meter_init(struct meter *meter, const struct timeline *timeline, uint64_t start_ns);
void meter_release(struct meter *meter);
void meter_add(struct meter *into, struct meter *from);
/* The phases alone. */
void meter_add_phases(struct meter *into, const struct meter *from);

/* Move on to the phase and the slice of this moment; meter_turn calls it when need be. */
void meter_move(struct meter *meter, uint64_t now_ns);
/* A phase that is not at hand; made when it is missing. */
struct meter_phase *meter_phase_of(struct meter *meter, uint64_t moment_ns);

/* Before a batch is booked. */
static inline void meter_turn(struct meter *meter, uint64_t now_ns)
{
    if (!meter->timeline)
        return;
    if (now_ns >= meter->end_ns || now_ns >= meter->slice_end_ns ||
        timeline_marks(meter->timeline) != meter->mark_count)
        meter_move(meter, now_ns);
}

/* A latency of `times` messages due at `due_ns`; after meter_turn. */
static inline void meter_latency(struct meter *meter, enum meter_metric metric, uint64_t due_ns,
                                 uint64_t value_ns, uint64_t times)
{
    struct meter_phase *phase;

    if (!meter->timeline)
        return;
    phase = due_ns >= meter->begin_ns ? meter->phase : meter_phase_of(meter, due_ns);
    histogram_record_many(&phase->metrics[metric], value_ns, times);
    if ((unsigned)metric < SLICES_METRICS && times > 0)
        slice_record(&meter->slice->latencies[metric], value_ns, (uint32_t)times);
}

/* Books `count` events of a flow; turns by itself. */
void meter_flow(struct meter *meter, enum meter_flow flow, uint64_t now_ns, uint64_t count);

enum tally_operation { TALLY_PUBLISH, TALLY_READ, TALLY_ACK, TALLY_NACK, TALLY_OPERATIONS };

/* Calls of one operation by how they ended. */
struct tally_calls {
    uint64_t done, refused, unknown;
};

/* What one actor did, for the result; written by its own thread, read when it rests. */
struct tally {
    uint64_t calls, messages, bytes;
    uint64_t done, refused, unknown, empty;
    uint64_t acked, nacked, reconnects;
    struct tally_calls operations[TALLY_OPERATIONS];
    uint64_t first_ns, last_ns; /* of messages sent, or delivered */
    char last_error[200];       /* the broker's words; empty when none */
    _Atomic uint64_t errors;    /* calls that failed; any thread may look */
};

/* A call of the operation ended: its outcome, of enum adapter_outcome.  "Nothing there" is an
   answer too. */
void tally_call(struct tally *tally, enum tally_operation operation, uint32_t outcome);
/* "publish", "read", "ack", "nack". */
const char *tally_operation_name(enum tally_operation operation);
/* Remember an error's words; detail may be NULL. */
void tally_error(struct tally *tally, const char *operation, uint32_t error, const char *detail);

#endif
