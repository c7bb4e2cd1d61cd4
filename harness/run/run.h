/* run.h: runs one scenario.  The seam between the commands and everything below them. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "run/result.h"
#include "scenario/scenario.h"

struct instance_decorator;
struct link_watcher;

struct run_progress {
    const char *phase;
    const char *faults; /* the names of those that are on, "" when there are none */
    uint64_t elapsed_ns, sent, accepted, delivered, settled, backlog, target;
    uint64_t anomalies; /* deliveries that are, or may turn out to be */
    uint64_t errors;    /* calls that failed */
    uint64_t left_ns;   /* of this phase, at the most; 0: not known */
    /* Of about the last second; 0: none. */
    uint64_t publish_p50_ns, publish_p99_ns, deliver_p50_ns, deliver_p99_ns;
};

struct run_options {
    const struct scenario *scenario;
    struct log *log;
    const char *command_line;
    /* Every 200 ms of real time, on the run's thread; NULL: none. */
    void (*progress)(void *context, const struct run_progress *progress);
    void *context;
    const volatile sig_atomic_t *stop; /* becomes non-zero: end gracefully with a partial result */
    /* Asked again and again; true: end at once, nobody wants to know how it would have gone on.
       NULL: never. */
    bool (*is_unwanted)(void *context);
    void *unwanted_context;
    bool is_terse; /* in virtual time: measure only what expectations ask for, and say nothing of
                      rates and latencies; for runs by the thousand */
    bool known_may_pass;     /* what is known to fail need not: one of many runs */
    bool check_off;          /* no verification: the benchmark's control run */
    bool is_destructive;     /* servers that the run did not start may be broken too */
    const char *undo_folder; /* where it is written how to put those right; NULL: the default */
    uint64_t spin_ns;
    bool no_sleep;
    const struct instance_decorator *decorator; /* put around every broker; NULL: none */
    /* Told of every exchange until faults are healed, where links are followed; NULL: nobody. */
    const struct link_watcher *watcher;
};

/* Runs a scenario to its end.  0 with a result also when the verdict is fail or inconclusive; -1
   when it could not run (ERROR_ADAPTER, ERROR_SYSTEM) or the scenario asks for what cannot be
   (ERROR_SCENARIO). */
int run_scenario(const struct run_options *options, struct result **ret_result,
                 struct error *reterr);

/* Do all its brokers live in this process, so that virtual time suits them? */
bool run_suits_virtual(const struct scenario *scenario);

/* What scenario_load must know about adapters; to be released once the scenarios are loaded. */
void run_rules(struct scenario_rules *ret_rules);
void run_rules_release(struct scenario_rules *rules);

#endif
