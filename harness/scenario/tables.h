/* tables.h: the keys of a scenario as tables, for the loader, for `--help` and for the README. */
#ifndef SCENARIO_TABLES_H
#define SCENARIO_TABLES_H

#include "base/schema.h"
#include "scenario/scenario.h"

const struct schema *scenario_schema_top(void);
const struct schema *scenario_schema_broker(void); /* besides the options of its adapter */
const struct schema *scenario_schema_spawn(void);  /* spawn: {...} */
const struct schema *scenario_schema_producer(void);
const struct schema *scenario_schema_consumer(void);
const struct schema *scenario_schema_payload(void);      /* payload: {...} */
const struct schema *scenario_schema_payload_size(void); /* payload: {size: {...}} */
const struct schema *scenario_schema_arrival(void);      /* arrival: {...} */
const struct schema *scenario_schema_stage(void);        /* stages: [{...}] */
const struct schema *scenario_schema_expectation(void);  /* expect: [{...}] */
const struct schema *scenario_schema_keys(void);         /* keys: {...} */
const struct schema *scenario_schema_work(void);         /* work: {...} */
const struct schema *scenario_schema_known(void);        /* known: {...} */
const struct schema *scenario_schema_sweep(void);        /* sweep: {...} */
const struct schema *scenario_schema_start(void);        /* start: {...} */

const struct schema *scenario_schema_fault(void);   /* an entry of `faults` */
const struct schema *scenario_schema_trigger(void); /* when: {...} */
const struct schema *scenario_schema_chaos(void);   /* chaos: {...} */

/* What an expectation must find in the scenario to be decided at all. */
enum scenario_need {
    SCENARIO_NEEDS_PRODUCERS = 1u << 0,
    SCENARIO_NEEDS_CONSUMERS = 1u << 1,
    SCENARIO_NEEDS_MEETING = 1u << 2, /* a consumer on a stream that a producer sends to */
    SCENARIO_NEEDS_RATE = 1u << 3,    /* a producer that is not unlimited */
    SCENARIO_NEEDS_ACKS = 1u << 4,    /* a consumer that acknowledges */
    SCENARIO_NEEDS_SEARCH = 1u << 5,  /* a producer whose rate is max */
    SCENARIO_NEEDS_FAULTS = 1u << 6
};

/* One word of the language of expectations. */
struct scenario_word {
    const char *name;
    enum scenario_unit unit; /* of what it is compared with */
    bool is_anomaly;         /* `no NAME` reads too */
    bool is_single;          /* a duration that is one number, without statistics */
    unsigned needs;          /* of enum scenario_need */
    const char *help;        /* one line */
};

/* Metrics, counts and anomalies, in a stable order; NULL past the end. */
const struct scenario_word *scenario_word_at(size_t index);
/* What `broker ...` can be asked: total_messages, in_flight, dlq. */
const struct scenario_word *scenario_broker_word_at(size_t index);

#endif
