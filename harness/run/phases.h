/* phases.h: the parts of a run: warm-up, stages of the load, before, during and after faults; what
   was measured in each of them. */
#ifndef RUN_PHASES_H
#define RUN_PHASES_H

#include <pthread.h>

#include "actors/meter.h"
#include "run/result.h"
#include "scenario/scenario.h"

struct phases {
    struct timeline timeline;
    uint64_t *stage_ends; /* of the timeline: those of all producers */
    pthread_mutex_t lock; /* faults come and go on any thread */
    uint32_t *on;         /* by fault: how many of its windows are open */
    size_t fault_count;
    bool has_had_faults;
};

void phases_open(struct phases *phases, const struct scenario *scenario);
void phases_close(struct phases *phases);
/* How many faults there are, by their order in the result; before the load begins. */
void phases_expect_faults(struct phases *phases, size_t fault_count);
/* A window of a fault begins or ends, now.  Any thread. */
void phases_fault(struct phases *phases, size_t fault, bool is_on, uint64_t now_ns);

/* Which phases are asked for. */
struct phase_choice {
    enum {
        PHASE_MEASURED, /* all but the warm-up */
        PHASE_WARM_UP,
        PHASE_BEFORE,
        PHASE_DURING,
        PHASE_AFTER,
        PHASE_STAGE
    } what;
    size_t stage; /* from 0 */
};

/* Add what was measured in the phases of the choice. */
void phases_latency(const struct phases *phases, const struct meter *meter,
                    struct phase_choice choice, enum meter_metric metric, struct histogram *into);
uint64_t phases_flow(const struct phases *phases, const struct meter *meter,
                     struct phase_choice choice, enum meter_flow flow);
/* How long they lasted until `end_ns`. */
uint64_t phases_duration(const struct phases *phases, struct phase_choice choice, uint64_t end_ns);
/* Into the result; names are those of its faults. */
void phases_collect(const struct phases *phases, const struct meter *meter, uint64_t end_ns,
                    struct result *result);

/* A value over time, as samples that thin out when there are many. */
#define GAUGE_SAMPLES 512u
struct gauge {
    uint64_t period_ns, last_ns;
    size_t count;
    struct gauge_sample {
        uint64_t at_ns, value;
    } samples[GAUGE_SAMPLES];
};

/* Keeps it, unless the last one was but a moment ago. */
void gauge_note(struct gauge *gauge, uint64_t now_ns, uint64_t value);
/* The last value at or before a moment; 0 before the first. */
uint64_t gauge_at(const struct gauge *gauge, uint64_t moment_ns);

#endif
