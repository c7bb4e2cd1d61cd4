/* fault.h: `faults`, as typed structs: when something is done, to whom, and what.  A timeline and a
   chaos menu come to the same list.  The words of `do` are not known here: run hands them in. */
#ifndef SCENARIO_FAULT_H
#define SCENARIO_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"

enum scenario_role {
    SCENARIO_NOBODY,
    SCENARIO_PRODUCER,
    SCENARIO_CONSUMER,
    SCENARIO_LINK,
    SCENARIO_BROKER
};

/* Behind the name of a broker: the link between its server and the replica that follows. */
#define SCENARIO_REPLICATION ".replication"

struct scenario_party {
    enum scenario_role role;
    char *name; /* "billing" (all its members), "billing-2"; of links also "billing-2.read",
                   and "default.replication" of a broker */
    struct source_place place;
};

enum scenario_op {
    SCENARIO_OP_NONE,
    SCENARIO_OP_CONNECT,
    SCENARIO_OP_PUBLISH,
    SCENARIO_OP_READ,
    SCENARIO_OP_ACK,
    SCENARIO_OP_NACK,
    SCENARIO_OP_RECLAIM,
    SCENARIO_OP_CLOSE
};

enum scenario_edge {
    SCENARIO_EDGE_ANY,
    SCENARIO_EDGE_REQUEST,
    SCENARIO_EDGE_REPLY,
    SCENARIO_EDGE_MID_REPLY,
    SCENARIO_EDGE_DONE
};

enum scenario_flow {
    SCENARIO_FLOW_NONE,
    SCENARIO_SEND,
    SCENARIO_ACCEPT,
    SCENARIO_RECEIVE,
    SCENARIO_SETTLE
};

#define SCENARIO_NO_FAULT ((size_t)-1)

/* What must hold, all of it: the moments first (`at`, `count`, `after`), then, from then on, the
   event (`op`, `edge`, `message`, `attempt`).  Nothing at all: the start of the producers. */
struct scenario_trigger {
    struct scenario_party who;
    bool has_at;
    uint64_t at_ns; /* from the start of the producers */
    enum scenario_flow flow;
    uint64_t reaches; /* messages, of all members of `who` together */
    char *after_name; /* NULL: none */
    size_t after;     /* its index; the end of that fault is the moment */
    enum scenario_op op;
    enum scenario_edge edge;
    char *message_producer; /* a member: "shop-1"; NULL: any message */
    uint64_t message;       /* its number */
    uint64_t attempt;       /* 0: any */
    char *command;          /* of the protocol, as it is sent: "XREADGROUP"; NULL: any */
    uint64_t exchange; /* of a link: its n-th request and the reply to it; with `command`, the n-th
                          of those that bring something; 0: any */
    uint64_t empty;    /* with both: the n-th in a row before it that brings nothing; 0: none */
    struct scenario_trigger *all, *any;
    size_t all_count, any_count;
    /* Of the whole `when` only. */
    uint64_t every_ns; /* 0: not on a clock */
    uint64_t times;    /* at most; 0: no limit */
    uint64_t for_ns;   /* then it is healed; 0: by its own recovery, or at the end */
    struct source_place place;
};

struct scenario_option;

struct scenario_do {
    struct scenario_party target;
    char *word;     /* "crash", "cut", "kill", ... */
    char *main_key; /* of the option that may stand behind the word; NULL: none may */
    struct scenario_option *options; /* as written, checked */
    size_t option_count;
    struct source_place place;
};

struct scenario_fault {
    char *name; /* NULL: none was given */
    struct scenario_trigger when;
    struct scenario_do action;
    bool is_expected; /* that it never fired proves nothing about the broker */
    struct source_place place;
};

struct scenario_chaos_item {
    double weight;
    struct scenario_do action;
    bool lasts; /* gets a time to be on */
};

struct scenario_chaos {
    bool has_seed;
    uint64_t seed; /* the run's unless given */
    uint64_t budget;
    uint64_t from_ns, every_ns;        /* the mean gap between two */
    uint64_t on_ns, on_max_ns, off_ns; /* how long each is on, and the least quiet time behind it */
    bool is_expected;                  /* the first of them */
    bool has_swarm;                    /* each seed takes a part of the menu, with other weights */
    struct scenario_chaos_item *items;
    size_t item_count;
    struct source_place place;
};

/* One word of `do`, as run knows it. */
struct scenario_fault_word {
    const char *word;
    enum scenario_role role;
    struct schema options; /* subject: "crash" */
    bool takes_value;      /* for options[0]: what stands behind the word, as in `cut: rst` */
    bool lasts;            /* it is on until it is healed: `for` has a meaning */
    bool needs_event;      /* it acts on one exchange: `op`, `message` or `edge` must say which */
    const char *help;      /* one line */
};

/* The faults that a chaos comes to under a seed.  Gives the array (scenario_faults_free). */
struct scenario_fault *scenario_chaos_expand(const struct scenario_chaos *chaos, uint64_t run_seed,
                                             size_t *ret_count);
void scenario_faults_free(struct scenario_fault *faults, size_t count);
void scenario_do_release(struct scenario_do *action);
void scenario_chaoses_free(struct scenario_chaos *chaoses, size_t count);

/* {when: ..., do: ...} in one line of YAML that loads again.  Gives (free). */
char *scenario_fault_text(const struct scenario_fault *fault);
/* For people: its name, or "crash billing-2".  Gives (free). */
char *scenario_fault_title(const struct scenario_fault *fault);

const char *scenario_role_name(enum scenario_role role); /* "consumer" */

#endif
