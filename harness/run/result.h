/* result.h: what a run found, as plain data: the one thing that reports read. */
#ifndef RUN_RESULT_H
#define RUN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/report.h"
#include "measure/histogram.h"
#include "measure/series.h"

#define RESULT_SCHEMA         "gauntlet-result"
#define RESULT_SCHEMA_VERSION 2
#define GAUNTLET_VERSION      "0.1.0"

enum verdict { VERDICT_PASS, VERDICT_INCONCLUSIVE, VERDICT_FAIL }; /* by rank */
const char *verdict_name(enum verdict verdict);

struct result_expectation {
    char *text; /* as written; or as implied by the capabilities */
    int line;   /* in the scenario, 0 when implied */
    enum verdict verdict;
    char *measured; /* "12.3 ms", "0", NULL when nothing was */
    char *reason;   /* one sentence when it did not pass */
    bool is_known;  /* it failed, and the scenario says that it does: not held against the run */
};

struct result_latency { /* of one metric: "publish", "publish service", "lateness", "deliver", ...
                         */
    char *metric;
    struct histogram histogram;
};

struct result_actor {
    char *name, *kind; /* "producer" or "consumer" */
    char *group;       /* NULL for producers */
    uint64_t calls, messages, bytes;
    uint64_t done, refused, unknown, empty; /* of messages (producers) or calls (consumers) */
    uint64_t acked, nacked, reconnects;
    char *last_error; /* NULL when none */
};

struct result_operation {            /* of all actors together: its availability is done of all */
    char *name;                      /* "publish", "read", "ack", "nack" */
    uint64_t done, refused, unknown; /* calls */
};

struct result_broker {
    char *name, *adapter, *uri; /* the reference, never the secret; uri NULL when none */
    uint32_t capabilities;
    char *tier;
    bool was_asked;      /* health_stats was answered at the end */
    char *health;        /* its JSON text, NULL */
    char *health_before; /* the same, before the run sent anything */
    uint64_t
        cpu_ns; /* of its process during the run, where that is on this machine; 0: not known */
    uint64_t rss_bytes; /* of its process at the end; 0: not known */
    int64_t stored;     /* entries on all streams of the run at the end; -1 not known */
    char *log;          /* what a server that the run started has said; NULL; a file of its own */
};

struct result_fault_window {   /* once that a fault fired; times on the run's clock */
    uint64_t begin_ns, end_ns; /* equal when it is a moment; end 0: still on when the run ended */
    uint64_t recovery_ns;      /* from its end until everything that waited was caught up with */
    bool is_recovered;         /* recovery_ns is known */
    char *hit;                 /* what it met: "billing-2", "reply of XREADGROUP", NULL */
};

struct result_fault { /* one entry of `faults`, resolved: what a timeline or chaos came to */
    char *name;       /* for people and shaded windows: "crash billing-2" */
    char *text;       /* {when: ..., do: ...}, one line of YAML that runs again */
    uint64_t fired;   /* how often; windows may be fewer, the first ones */
    bool is_expected; /* when it never fired, the run has proved nothing */
    /* What succeeded while it was on, over all windows. */
    uint64_t accepted, delivered, settled, refused, unknown;
    struct result_fault_window *windows;
    size_t window_count;
};

struct result_cut {       /* one run of a sweep: cut at one place */
    char *link, *command; /* "billing-1.read", "XREADGROUP" */
    bool is_spoken;       /* a command of the protocol; not for reports */
    uint64_t exchange;    /* the n-th on that link that brings something; if not spoken, of all */
    uint64_t empty;       /* the n-th in a row before it that brings nothing; 0: itself */
    char *message;        /* the first one that it carries: "shop-1#7"; NULL: none */
    unsigned edge;        /* enum scenario_edge; not for reports */
    char *edge_name;      /* "request", "reply", "mid_reply" */
    enum verdict verdict;
    uint64_t fired; /* 0: the exchange never came */
    char *reason;   /* of the verdict; NULL when it passed */
    uint64_t elapsed_ns;
};

struct result_quantiles { /* of the latencies inside one window; all 0 without samples */
    uint64_t count, p50_ns, p99_ns, p999_ns, max_ns;
};

struct result_window { /* one slice of the run's time, for charts; on the run's clock */
    uint64_t begin_ns, end_ns;
    uint64_t sent, accepted, delivered, settled; /* inside it */
    uint64_t backlog;                            /* at its end */
    struct result_quantiles publish, deliver;
};

struct result_phase { /* a part of the run, where it has several: warm-up, stages, faults */
    char *name;       /* "warm-up", "before faults", "during crash billing-2", "stage 2" */
    uint64_t duration_ns;
    uint64_t sent, accepted, delivered, settled;
    struct result_quantiles publish, deliver; /* of the messages that were due in it */
};

struct result_point {      /* one fixed rate of a search: the rate-latency curve */
    double rate, achieved; /* per second: asked for, and what came of it */
    struct result_quantiles publish, deliver;
    uint64_t backlog;
    bool holds; /* the goal of the search was kept at it */
};

struct result_message { /* a note, a reason, a denied command */
    char *text;
    enum verdict verdict; /* of a reason: how bad it is */
};

struct result {
    char *scenario_name, *scenario_path, *scenario_text, *description;
    char *command_line; /* secrets removed */
    char *run_id;       /* 8 hex digits */
    uint64_t seed;
    bool is_virtual, is_partial; /* partial: interrupted */
    enum verdict verdict;
    char *stop_reason;              /* "all messages accounted for", "interrupted", ... */
    struct result_message *reasons; /* of the verdict, most important first */
    size_t reason_count;
    struct result_message *notes;
    size_t note_count;
    struct result_expectation *expectations;
    size_t expectation_count;
    char **failed; /* how it failed: anomalies by their word, then expectations by their text */
    size_t failed_count;
    char *known_because;      /* of the scenario's `known`; NULL when nothing is known to fail */
    bool has_failed_as_known; /* exactly what is known to fail did, and so the run passes */
    struct result_broker *brokers;
    size_t broker_count;
    struct result_actor *actors;
    size_t actor_count;
    struct result_operation *operations; /* those that were called */
    size_t operation_count;
    struct result_latency *latencies;
    size_t latency_count;
    struct ledger_report *ledger; /* NULL when the run never started */
    struct result_fault *faults;
    size_t fault_count;
    struct result_cut *cuts; /* of a sweep; the rest is about the first that failed, or no cut */
    size_t cut_count;
    uint64_t exchange_count;       /* that were cut */
    uint64_t exchanges_irregular;  /* not cut: they did not come in every run without a cut */
    uint64_t exchanges_alike;      /* not cut: they brought nothing, behind two of their kind */
    struct result_window *windows; /* in order of time, without gaps */
    size_t window_count;
    struct result_phase *phases; /* none: the run has one part only */
    size_t phase_count;
    struct result_point *points; /* in order of rate */
    size_t point_count;
    uint64_t elapsed_ns, publish_ns, drain_ns; /* whole run; first send to last answer; the drain */
    double max_rate, knee_rate; /* found by a search: the highest that held its goal, and where
                                   latency begins to rise steeply; 0: no search */
    double publish_rate, deliver_rate; /* per second, over their own common window */
    struct series sent, accepted, delivered, settled;
    struct { /* facts of the machine; empty (all zero or NULL) in virtual time */
        char *version, *host, *kernel, *started; /* started: ISO time */
        unsigned cores, workers;
        double cpu_share;           /* busiest worker, 0 to 1 */
        uint64_t cpu_ns, rss_bytes; /* of this process */
        uint64_t ping_ns;           /* floor: median ping of the default broker */
        uint64_t gap_ns_max;        /* worst turn of a loop */
        double others;              /* cores that other programs took while messages were sent */
        uint64_t overshoot_ns;      /* floor: how late a timer is, median */
    } environment;
    char *removal;          /* the command that removes what `keep: true` left, NULL */
    uint64_t load_start_ns; /* when producers began, on the run's clock; not reported */
    uint64_t start_ns;      /* on the run's clock: the times of witnesses count from here */
};

/* The port's name of a capability by its bit number ("CONSUMER_GROUPS"); NULL past the last.  Here
   because reports do not include the port. */
const char *result_capability_name(unsigned bit);

void result_free(struct result *result);
void result_cuts_free(struct result_cut *cuts, size_t count);
/* Add a line; formats. */
void result_note(struct result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Worsen the verdict to at least `verdict`, for this reason. */
void result_judge(struct result *result, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
