/* conform.h: runs clauses against an adapter.  The seam between the command and everything below
   it. */
#ifndef RUN_CONFORM_H
#define RUN_CONFORM_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "run/conformance.h"
#include "scenario/clause.h"
#include "scenario/clause_profile.h"

struct instance_decorator;

enum conform_time {
    CONFORM_TIME_BEST, /* virtual where the adapter can, unless a clause says real */
    CONFORM_TIME_REAL,
    CONFORM_TIME_VIRTUAL
};

struct loop;
struct link_dialer;

/* A server inside this process, for adapters whose links the host dials: each clause has one of its
   own, in virtual time. */
struct conform_standin {
    /* Begin one on this loop, at the far ends of this dialer.  Gives; NULL with an error. */
    void *(*open)(void *context, struct loop *loop, struct link_dialer *dialer,
                  struct error *reterr);
    void (*close)(void *server);
    int (*drive)(void *server, const char *verb, struct error *reterr); /* "kill", "restart", ... */
    void *context;
};

struct conform_progress {
    size_t done_count, count; /* clauses that bind the broker */
    size_t failed_count;      /* required ones */
    const char *running;      /* ids, a few of them: "ACK-02, DLV-01 and 14 more" */
};

struct conform_options { /* borrowed */
    const struct broker_adapter *adapter;
    const char *uri;             /* environment replaced; NULL: the adapter's default */
    const char *uri_shown;       /* fit for results */
    const char *spawn;           /* command of a server of our own; NULL: none */
    const char *const *settings; /* "max_retries=3": options of the adapter */
    size_t setting_count;
    const struct clauses *clauses;
    const char *const *ids; /* patterns as in "DLV-*"; none: all */
    size_t id_count;
    const char *const *capabilities; /* only clauses that need one of these; none: all */
    size_t capability_count;
    bool core_only;
    const struct clause_profile *profile; /* NULL: the adapter's own alone */
    enum conform_time time;
    bool has_seed;
    uint64_t seed;
    bool is_destructive;                        /* the server may be wiped, stopped and reset */
    bool is_strict;                             /* what was not run is inconclusive */
    bool no_timeouts;                           /* wait for a debugger */
    size_t parallel_max;                        /* clauses that wait side by side; 0: 16 */
    const struct instance_decorator *decorator; /* put around every instance; NULL: none */
    const struct conform_standin *standin;      /* in place of a real server; NULL: none */
    struct log *log;
    const char *command_line;
    /* "gauntlet conform inline": how to run a clause again; its id and the seed are put behind. */
    const char *command;
    /* Now and then, on the run's thread; NULL: none. */
    void (*progress)(void *context, const struct conform_progress *progress);
    /* One line for each call, answer and check of a clause; NULL: none. */
    void (*trace)(void *context, const char *clause, const char *line);
    void *context;
    const volatile sig_atomic_t *stop; /* becomes non-zero: end with a partial result */
};

/* Look at every clause as far as it can be done without running it: names of capabilities, adapter
   options, words of the steps, patterns that match nothing. */
int conform_check(const struct conform_options *options, struct error *reterr);

/* Run what was chosen to its end.  0 with a result whatever the verdict; -1 when it could not run
   (ERROR_ADAPTER, ERROR_SYSTEM), or not so (ERROR_USAGE, ERROR_SCENARIO). */
int conform_run(const struct conform_options *options, struct conformance **ret_conformance,
                struct error *reterr);

#endif
