/* stage.h: everything one run has in its hands, for the files of this room; and the steps a run
   goes through, one file each. */
#ifndef RUN_STAGE_H
#define RUN_STAGE_H

#include "run/cast.h"
#include "run/fault.h"
#include "run/look.h"
#include "run/phases.h"
#include "run/run.h"
#include "run/upkeep.h"
#include "run/wait.h"

struct stage {
    const struct run_options *options;
    const struct scenario *scenario;
    struct result *result;
    struct workers workers;
    struct brokers brokers;
    struct cast cast;
    struct faults *faults;     /* NULL: none */
    struct link_faults *links; /* where links are proxied and no fault needs them; NULL: none */
    struct undo_book *undos;   /* for servers that are not the run's; NULL: they are not changed */
    struct waiter waiter;
    struct phases phases;
    struct gauge backlog;
    struct look look;
    struct upkeep upkeep;
    struct meter total;             /* of all workers, once they rest */
    const char *phase;              /* for the progress line */
    uint64_t phase_end_ns;          /* at the latest; 0: not known */
    uint64_t begin_ns, progress_ns; /* progress_ns: when it was last told */
    struct {
        uint64_t at_ns, machine_ns, own_ns, brokers_ns;
    } work_before; /* CPU time of all, when sending began */
    uint64_t publish_begin_ns, publish_end_ns, drain_begin_ns, drain_end_ns;
    uint64_t loss_count; /* of adapters' processes, before this run */
    bool is_interrupted, is_drained;
    bool is_unwanted; /* interrupted, and nothing is waited for any more */
    bool is_patient;  /* what has ended the sending early does not end the drain too */
};

/* collect.c: has any call of any actor failed so far? */
bool stage_has_trouble(const struct stage *stage);

/* tell.c: how far the run is, to whoever wants to know. */
void stage_tell(struct stage *stage, uint64_t now_ns);
/* run.c: has the process of an adapter, shared by sessions of the run, ended? */
bool stage_has_loss(const struct stage *stage);
/* run.c: is there a reason to send no more: Ctrl-C, an expectation that ends the run? */
bool stage_ends_early(const struct stage *stage);
/* files.c: let this process open as many files as the connections of the actors need; before they
   are made. */
int stage_allow_files(struct stage *stage, struct error *reterr);
/* greet.c: reach every broker, take the floor of its ping, look at streams that others may own. */
int stage_greet(struct stage *stage, struct error *reterr);
/* play.c: consumers start, producers send, the drain is awaited, all actors stop. */
void stage_play(struct stage *stage);
/* dead_letters.c: tell the ledger what the brokers keep in dead letter queues. */
void stage_collect_dead_letters(struct stage *stage);
/* farewell.c: the brokers' own counts and health, and the removal of what this run made. */
void stage_farewell(struct stage *stage);
/* environment.c: remember what has worked so far, at the beginning of the sending; and at its end,
   how many cores other programs took meanwhile. */
void stage_work_begin(struct stage *stage);
void stage_work_end(struct stage *stage);
/* windows.c: slices of time into the result. */
void stage_collect_windows(struct stage *stage);
/* collect.c: actors, rates, latencies and series into the result. */
void stage_collect(struct stage *stage);
/* judge.c: expectations one by one, and the verdict. */
void stage_judge(struct stage *stage);
/* environment.c: facts of the machine; nothing in virtual time. */
void stage_environment(struct stage *stage);

#endif
