/* scenario.h: one YAML document as typed structs, checked.  Nothing here knows what an adapter or
   an actor is: run gives the loader what it must check against. */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"
#include "base/tree.h"
#include "scenario/control.h"
#include "scenario/fault.h"

struct scenario_option { /* one adapter option, as written, environment replaced */
    char *key, *text;
    struct source_place place;
};

/* A server of the run's own: `spawn`. */
struct scenario_spawn {
    char *command;                  /* as written, for a shell; NULL: none */
    char *ready;                    /* "tcp", ...; NULL: what fits the command */
    struct scenario_option *config; /* lines of its configuration, environment replaced */
    size_t config_count;
    uint64_t timeout_ns; /* until it serves; 0: the default */
    bool replica;        /* a second one follows it */
};

enum scenario_proxy { SCENARIO_PROXY_NONE, SCENARIO_PROXY_INSIDE, SCENARIO_PROXY_TCP };

struct scenario_broker {
    char *name;      /* "default" for `broker:` */
    char *adapter;   /* "inline", "./x.so", "exec:..." */
    char *uri;       /* environment replaced; NULL when none */
    char *uri_shown; /* as written, ${...} kept and any literal password replaced: for results */
    struct scenario_option *options;
    size_t option_count;
    struct scenario_spawn spawn;
    enum scenario_proxy proxy;
    struct scenario_control control; /* commands for a server that is not the run's */
    struct source_place place;
};

struct scenario_stream {
    char *name;
    size_t broker; /* index; set by the actors that use it; one broker per stream */
};

/* One piece of a producer's load. */
struct scenario_stage {
    double begin_rate, end_rate; /* per second; equal unless it is a ramp */
    uint64_t for_ns;
};

enum scenario_pick { SCENARIO_ROUND_ROBIN, SCENARIO_UNIFORM, SCENARIO_ZIPF };

struct scenario_size { /* one range of payload sizes among several */
    uint64_t min, max;
    double weight;
};

enum scenario_arrival { SCENARIO_CONSTANT, SCENARIO_POISSON, SCENARIO_BURST };

struct scenario_producer {
    char *name;
    size_t *streams; /* indices into scenario.streams */
    size_t stream_count;
    uint64_t members; /* 1 */
    uint64_t count;   /* per producer, shared by its members; 0 when `for_ns` is given */
    uint64_t for_ns;  /* 0 when count is given */
    double rate;      /* messages per second of all members together; 0: unlimited; the mean of
                         the stages */
    bool is_searched; /* rate: max */
    struct scenario_stage *stages; /* none: always `rate` */
    size_t stage_count;
    enum scenario_pick pick;                     /* of a stream for each call; round_robin */
    enum scenario_arrival arrival;               /* constant */
    uint64_t burst;                              /* messages per burst (arrival: burst), 100 */
    uint64_t payload_size_min, payload_size_max; /* bytes, 200 each; 0 with a file */
    struct scenario_size *sizes;                 /* several, by weight; none: one range */
    size_t size_count;
    char *payload_body; /* canonical JSON text of the file's content, NULL without a file */
    uint64_t keys;      /* distinct keys the messages name in their body; 0: none */
    enum scenario_pick keys_pick; /* uniform */
    uint64_t in_flight;           /* messages sent and not yet answered, per member; 64 */
    uint64_t batch;               /* messages per call at most; 0: the producer's choice */
    uint64_t timeout_ns;          /* per call, 5 s */
    struct source_place place;
};

enum scenario_ack { SCENARIO_ACK_BATCH, SCENARIO_ACK_EACH, SCENARIO_ACK_NONE };
enum scenario_start { SCENARIO_START_TOGETHER, SCENARIO_START_ORDERED, SCENARIO_START_AFTER };
enum scenario_work {
    SCENARIO_WORK_FIXED,
    SCENARIO_WORK_UNIFORM,
    SCENARIO_WORK_EXPONENTIAL,
    SCENARIO_WORK_LOGNORMAL
};

struct scenario_consumer {
    char *name, *group; /* group: the name unless given */
    size_t *streams;
    size_t stream_count;
    uint64_t members;      /* 1 */
    uint64_t batch;        /* messages per read at most, 100 */
    uint64_t prefetch;     /* messages in hand before reading waits for settling; 0: 2 x batch */
    enum scenario_ack ack; /* batch */
    enum scenario_work work;
    uint64_t work_ns, work_max_ns; /* per message; max for uniform; mean otherwise */
    double work_sigma;             /* lognormal, 0.5 */
    double nack;                   /* share of deliveries, 0 to 1 */
    uint64_t max_retries;          /* nacks by the consumer before it dead-letters by itself; 3 */
    enum scenario_start start;     /* together */
    uint64_t start_gap_ns;         /* ordered: between members, 10 ms */
    uint64_t start_after;          /* after: so many messages are accepted in the run */
    uint64_t timeout_ns;           /* per call, 5 s */
    struct source_place place;
};

enum scenario_subject {
    SCENARIO_ANOMALY,     /* `no lost`; anomaly = word */
    SCENARIO_SOME,        /* `some lost`: at least one, and as many as there may be */
    SCENARIO_CAUSED_ONLY, /* `duplicates only with cause` */
    SCENARIO_DRAINED,     /* `drained within 10s` */
    SCENARIO_METRIC,      /* metric, comparison, value */
    SCENARIO_RECOVERY,    /* `recovery < 3s`: after the slowest fault */
    SCENARIO_HEALTHY,     /* `broker healthy` or `broker NAME healthy` */
    SCENARIO_PING,        /* `broker ping within 50ms` */
    SCENARIO_BROKER_COUNT /* `broker total_messages == 1000`, also in_flight, dlq */
};
enum scenario_comparison {
    SCENARIO_LT,
    SCENARIO_LE,
    SCENARIO_EQ,
    SCENARIO_NE,
    SCENARIO_GE,
    SCENARIO_GT
};
enum scenario_unit { SCENARIO_UNIT_COUNT, SCENARIO_UNIT_NS, SCENARIO_UNIT_PER_SECOND };

/* The part of a run that an expectation is about. */
enum scenario_when {
    SCENARIO_WHENEVER, /* all of it, but for its warm-up */
    SCENARIO_BEFORE_FAULTS,
    SCENARIO_DURING_FAULTS,
    SCENARIO_AFTER_FAULTS,
    SCENARIO_DURING_STAGE
};

struct scenario_expectation {
    char *text; /* as written */
    enum scenario_subject subject;
    char word[32]; /* anomaly, metric ("publish", "deliver", "redeliver", "throughput",
                      "delivered", "lost", ...) or message count */
    double share;  /* percentile asked for, 0 to 1; -1: none; "max" is 1, "mean" is -2 */
    enum scenario_comparison comparison;
    enum scenario_unit unit;
    double value; /* ns, per second or a count */
    enum scenario_when when;
    uint64_t stage; /* during stage: from 1 */
    bool aborts;    /* the run ends as soon as it is broken */
    size_t broker;
    struct source_place place;
};

/* A defect that is not mended yet: what of the scenario is known to fail. */
struct scenario_known {
    char **fails; /* anomaly words, or expectations as they are written under `expect` */
    size_t fail_count;
    char *because; /* NULL: nothing is known to fail */
    struct source_place place;
};

/* `rate: max`: which rate holds a goal. */
struct scenario_search {
    bool is_wanted;
    size_t producer;
    char *text;                         /* the goal as written */
    struct scenario_expectation *goals; /* latencies */
    size_t goal_count;
    bool is_stable; /* `backlog is stable` is part of it */
    double found;   /* by the run: the highest rate that held it; 0: none; negative: not known */
};

enum scenario_names { SCENARIO_NAMES_PRIVATE, SCENARIO_NAMES_EXACT };
enum scenario_time { SCENARIO_TIME_REAL, SCENARIO_TIME_VIRTUAL };

/* Run again and again, cut at another place each time. */
struct scenario_sweep {
    unsigned edges; /* 1 << enum scenario_edge; 0: no sweep */
    unsigned of;    /* 0: every exchange */
    unsigned how;   /* 0: rst, 1: fin */
    struct source_place place;
};

struct scenario {
    char *path, *text;    /* the document as read */
    struct tree document; /* as it is run: overrides in place, no file needed, no password told */
    char *name;           /* the file's name when it has none */
    char *description;    /* NULL when none */
    bool has_seed;
    uint64_t seed;
    enum scenario_names names;
    enum scenario_time time;
    bool has_time;     /* said in the document or by an override */
    bool keep;         /* leave the keys on the broker */
    uint64_t workers;  /* 0: chosen by the run */
    uint64_t drain_ns; /* longest wait for the drain, 30 s */
    uint64_t limit_ns; /* longest whole run; 0: none */
    uint64_t retain;   /* messages to keep of each stream when settled ones are trimmed; 0: all */
    uint64_t broker_memory; /* bytes, where sending ends; 0: the run's own rule */
    uint64_t warm_up_ns;    /* at the beginning: left out of latencies and rates; 0: none */
    struct scenario_broker *brokers;
    size_t broker_count;
    struct scenario_stream *streams;
    size_t stream_count;
    struct scenario_producer *producers;
    size_t producer_count;
    struct scenario_consumer *consumers;
    size_t consumer_count;
    struct scenario_expectation *expectations;
    size_t expectation_count;
    struct scenario_known known;
    struct scenario_sweep sweep;
    struct scenario_fault *faults;
    size_t fault_count;
    struct scenario_chaos *chaoses; /* more faults, drawn when the seed is known */
    size_t chaos_count;
    struct scenario_search search;
    char **overrides; /* "producers.0.rate=2000/s", as given */
    size_t override_count;
};

/* What run hands in: how to look up an adapter's options.  Answers -1 and an error when there is no
   such adapter; the schema stays valid until the loader returns. */
struct scenario_rules {
    int (*adapter_schema)(void *context, const char *adapter, struct schema *ret_schema,
                          struct error *reterr);
    /* What can be done to whom, by index; NULL past the last.  NULL: nothing can. */
    const struct scenario_fault_word *(*fault_word)(void *context, size_t index);
    void *context;
};

/* Replacements from the command line, applied before checking. */
struct scenario_overrides {
    const char *spawn;           /* of the default broker, in place of its uri; NULL: as written */
    const char *adapter, *uri;   /* of the default broker; NULL: as written.  A new adapter drops
                                    the options and uri written for the old one. */
    const char *const *settings; /* "key.path=value" */
    size_t setting_count;
    size_t variant_count; /* of the settings: the last ones, which a --variant said */
    bool has_seed;
    uint64_t seed;
    const char *time; /* "real", "virtual" or NULL */
};

/* Load and check one file.  On failure nothing is given and reterr has file:line:column, what was
   wrong and what would be right. */
int scenario_load(const char *path, const struct scenario_overrides *overrides,
                  const struct scenario_rules *rules, struct scenario **ret_scenario,
                  struct error *reterr);
void scenario_free(struct scenario *scenario);

/* A YAML text as a tree.  Gives (tree_release). */
int scenario_tree(const char *text, struct tree *ret_tree, struct error *reterr);

/* The scenario files under a path (itself, or *.yaml below a folder, sorted).  Gives names and
 * array. */
int scenario_list(const char *path, char ***ret_paths, size_t *ret_count, struct error *reterr);

#endif
