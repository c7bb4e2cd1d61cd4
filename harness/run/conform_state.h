/* conform_state.h: everything one conformance run has in its hands, and the steps it goes through,
   one file each. */
#ifndef RUN_CONFORM_STATE_H
#define RUN_CONFORM_STATE_H

#include "base/schema.h"
#include "run/conform.h"
#include "run/conform_facts.h"
#include "run/conform_task.h"

struct conform {
    const struct conform_options *options;
    const struct broker_adapter *adapter;
    struct conformance *result;
    struct conform_setting setting;
    struct schema schema;
    struct schema_option *schema_options;
    struct scenario_option *settings; /* of the user, taken apart */
    struct conform_facts facts;
    uint32_t declared;
    struct conform_desk *desk;
    bool is_virtual;
    bool is_spawned; /* its server was started for this run */
    bool is_owned;   /* nobody else uses the broker: in process, or a server of this run's own */
    struct conform_task *tasks; /* one for each chosen clause */
    size_t task_count;
};

/* conform_options.c: look at the options; the settings of the user, and the clauses chosen. */
int conform_read_settings(struct conform *conform, struct error *reterr);
void conform_release_settings(struct conform *conform);
bool conform_is_chosen(const struct conform_options *options, const struct clause *clause);
/* The flags that these names stand for, tiers included. */
uint32_t conform_flags(char *const *names, size_t count);

/* conform_desk.c: a loop of its own for the run's questions, which may be asked while another loop
   waits. */
struct conform_desk *conform_desk_new(struct conform *conform, struct error *reterr);
void conform_desk_free(struct conform_desk *desk);
uint64_t conform_desk_now_ns(struct conform_desk *desk);
uint64_t conform_desk_wall_ns(struct conform_desk *desk);
/* Is the broker there?  Takes a moment at most; a `conform_desk` as its context. */
bool conform_desk_answers(void *desk);
/* What it declares and what is known of it, under the user's settings.  Fails where it cannot be
   reached. */
int conform_desk_ask(struct conform_desk *desk, struct error *reterr);

/* conform_bind.c: decide what can be decided without running; the rest is wanted. */
void conform_bind(struct conform *conform, struct conform_task *task);
/* conform_play.c: run every one of these tasks that is wanted. */
int conform_play(struct conform *conform, struct conform_task *tasks, size_t task_count,
                 struct error *reterr);
/* conform_probe.c: what is not declared, and may be there all the same, becomes a note. */
int conform_probe(struct conform *conform, struct error *reterr);
/* conform_derive.c: clauses that follow from the results of others. */
bool conform_derives(const char *word);
void conform_derive(struct conform *conform);
/* conform_standing.c: capabilities and tiers, declared and demonstrated. */
void conform_stand(struct conform *conform);

#endif
