/* meter.h: what one worker measures: one histogram and series per metric, merged at the end. */
#ifndef ACTORS_METER_H
#define ACTORS_METER_H

#include <stdatomic.h>
#include <stdint.h>

#include "measure/histogram.h"
#include "measure/series.h"

enum meter_metric {
    METER_PUBLISH,   /* from the intended send time to the answer */
    METER_SERVICE,   /* from the actual send to the answer */
    METER_LATENESS,  /* from the intended to the actual send */
    METER_DELIVER,   /* from the intended send time to the first delivery to a group */
    METER_REDELIVER, /* the same, of later deliveries */
    METER_METRICS
};

enum meter_flow { METER_SENT, METER_ACCEPTED, METER_DELIVERED, METER_SETTLED, METER_FLOWS };

/* "publish", "publish_service", "lateness", "deliver", "redeliver": the words of expectations. */
const char *meter_metric_name(enum meter_metric metric);

struct meter {
    struct histogram metrics[METER_METRICS];
    struct series flows[METER_FLOWS];
};

void meter_init(struct meter *meter, uint64_t start_ns);
void meter_release(struct meter *meter);
void meter_add(struct meter *into, const struct meter *from);

/* What one actor did, for the result; written by its own thread, read when it rests. */
struct tally {
    uint64_t calls, messages, bytes;
    uint64_t done, refused, unknown, empty;
    uint64_t acked, nacked, reconnects;
    uint64_t first_ns, last_ns; /* of messages sent, or delivered */
    char last_error[200];       /* the broker's words; empty when none */
    _Atomic uint64_t errors;    /* calls that failed; any thread may look */
};

/* Remember an error's words; detail may be NULL. */
void tally_error(struct tally *tally, const char *operation, uint32_t error, const char *detail);

#endif
