/* conform_task.h: one clause, round after round, on one loop: instances of its own, a script, and
   the removal of what it left behind. */
#ifndef RUN_CONFORM_TASK_H
#define RUN_CONFORM_TASK_H

#include "actors/script.h"
#include "run/conform_facts.h"
#include "run/conform_steps.h"
#include "run/conformance.h"
#include "run/instance.h"
#include "scenario/clause.h"
#include "server/server.h"

/* What all tasks of a run share; borrowed. */
struct conform_setting {
    const struct broker_adapter *adapter;
    const char *uri;
    const struct scenario_option *options; /* of the user */
    size_t option_count;
    const struct schema *schema;                /* of the adapter's options */
    const struct clause_profile *profile;       /* on file; NULL: none */
    struct server *server;                      /* NULL: none */
    const struct instance_decorator *decorator; /* NULL: none */
    const struct conform_standin *standin;      /* NULL: none */
    uint32_t run;
    uint64_t seed;
    bool no_timeouts;
    void (*trace)(void *context, const char *clause, const char *line); /* NULL: none */
    void *context;
};

/* Who else may run meanwhile, in real time. */
enum conform_company {
    CONFORM_MANY,  /* it mostly waits: others like it, and one that races */
    CONFORM_ONE,   /* it races: others that wait */
    CONFORM_NOBODY /* it touches what is everybody's */
};

struct conform_instance {
    struct instance made;
    struct adapter_profile profile; /* with what is on file */
};

struct conform_task {
    const struct conform_setting *setting;
    const struct clause *clause;
    struct conformance_clause *entry; /* what is found goes here */
    struct tree steps;                /* its own copy, adjusted to the broker */
    uint32_t removed, added;          /* capabilities that it takes away; that it pretends */
    uint64_t slack_ns; /* the hold-up that casts doubt on its times; 0: it depends on none */
    bool is_wanted;    /* to be run */
    bool is_virtual;
    enum conform_company company;
    size_t lane;            /* kept by whoever runs it */
    uint64_t timeout_count; /* calls that got no answer in time */
    uint64_t loss_count;    /* of shared processes when it began; kept by whoever runs it */
    bool had_company;       /* others ran beside it; likewise */
    uint64_t gap_ns_max;    /* worst hold-up of the loop while it ran; kept by whoever runs it */
    /* While it runs; conform_task.c only. */
    void *standin; /* the server of its own; kept by whoever runs it */
    struct endpoint_place place;
    struct link_faults *faults; /* NULL: the clause does nothing to links */
    struct proxy_thread *proxy; /* before an adapter that dials by itself; NULL: none */
    char *proxy_uri;            /* of the proxy, in place of the broker's */
    struct script_world world;
    struct script_plan plan;
    struct conform_instance **instances; /* the first is the script's, the others it opened */
    size_t instance_count;
    struct script *script;
    char *prefix;
    uint64_t passed_count; /* rounds */
    size_t emptying;       /* the instance being emptied */
    struct endpoint control;
    struct adapter_call call;
    bool is_running, is_aborted;
    bool is_leaving; /* the script's end is on its way */
    bool is_broken;  /* no further round */
    void (*over)(struct conform_task *task, void *context);
    void *over_context;
};

/* Begin its first round; `over` is called once, on a later turn, when everything is closed. */
void conform_task_start(struct conform_task *task, const struct endpoint_place *place,
                        void (*over)(struct conform_task *task, void *context), void *context);
/* End it early; `over` is called as usual. */
void conform_task_abort(struct conform_task *task);
/* After the loop's last turn, with a server that stands in: false when the dialer that it was
   started with is still to be freed. */
bool conform_task_leave_dialer(struct conform_task *task);
/* Close everything at once, when its loop has nothing left to happen. */
void conform_task_drop(struct conform_task *task);
void conform_task_release(struct conform_task *task);

/* Must the clause have this there ("child")?  conform_bind.c. */
bool conform_needs_world(const struct clause *clause, const char *word);

/* Its verdict, with one sentence. */
void conform_task_decide(struct conform_task *task, enum conformance_verdict verdict,
                         const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The options of an instance for this clause: the user's, and the clause's where the adapter has
   them.  Gives the array (free). */
struct scenario_option *conform_task_options(const struct conform_setting *setting,
                                             const struct clause *clause, size_t *ret_count);

#endif
