/* fault_parts.h: the inside of the faults of a run, shared by its files.

   Threads: triggers are told on the threads of actors and links, moments come on the run's own loop
   (worker 0).  What changes is guarded by faults->lock, which is never held while something else is
   called.  Actors are afflicted on their own loops. */
#ifndef RUN_FAULT_PARTS_H
#define RUN_FAULT_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "actors/producer.h"
#include "actors/trouble.h"
#include "ledger/progress.h"
#include "link/fault.h"
#include "run/fault.h"
#include "run/stage.h"

struct fault;

/* One `when`, or a part of one. */
struct trigger {
    const struct scenario_trigger *when;
    struct fault *fault;
    const struct scenario_party *who; /* its own, or that of the whole */
    uint32_t track;                   /* of its message */
    _Atomic uint64_t count;           /* of messages */
    _Atomic uint64_t next;            /* the count that is waited for */
    /* Under the lock. */
    bool is_at, is_counted, is_after,
        is_met;    /* the moment, the count, the other fault, the event */
    uint64_t seen; /* of its message, for `attempt` */
    struct trigger *all, *any;
    size_t all_count, any_count;
    struct loop_timer timer;
};

#define FAULT_NO_WINDOW ((size_t)-1)

/* One whom a fault is done to: an actor, a rule on links, a broker. */
struct fault_target {
    struct fault *fault;
    struct cast_consumer *consumer;
    struct cast_producer *producer;
    struct trouble trouble;
    struct producer_fault crash;
    struct loop_timer timer;            /* the kind's own */
    const char *stream, *group;         /* brokers: what is meant */
    bool is_down, is_coming, is_ending; /* brokers: it was done; is being undone; is to be undone */
    char *undo;                         /* brokers: what restores it; NULL */
    uint32_t undo_number;               /* in the run's book of undos; 0: not written down */
    uint32_t rule;                      /* links: its number while it is armed */
    struct worker *worker;              /* links: where it is done at once */
    size_t window;                      /* open; FAULT_NO_WINDOW: none */
    _Atomic bool is_on;
};

struct fault_window {
    uint64_t begin_ns, end_ns, recovered_ns; /* 0: not yet */
    char *hit;
    struct ledger_progress *progress; /* what its recovery waits for */
    struct ledger_counts begin;
};

#define FAULT_WINDOWS_MAX 200u /* kept; the rest is counted */

struct fault_word;

struct fault {
    struct faults *owner;
    const struct scenario_fault *plan;
    const struct fault_word *word;
    struct schema_value *values;
    struct trigger root;
    struct loop_timer every_timer, for_timer;
    struct fault_target *targets;
    size_t target_count;
    struct link_rule rule; /* links: what is armed */
    /* Under the lock. */
    uint64_t started; /* how often its trigger came */
    uint64_t fired;   /* how often it hit something */
    bool has_round;   /* of `every`: a moment has come, and nothing was begun for it yet */
    _Atomic unsigned on_count;
    _Atomic bool is_over;  /* it will not come again */
    _Atomic bool is_armed; /* links: the rule waits for its exchange */
    struct fault_window *windows;
    size_t window_count;
    struct result_fault sums; /* what succeeded while it was on */
};

struct faults {
    struct stage *stage;
    struct scenario_fault *plans; /* resolved */
    size_t count;
    struct fault *items;
    struct link_faults *links;
    struct actor_probe *listeners;
    size_t listener_count;
    struct loop *loop;
    uint64_t start_ns;
    pthread_mutex_t lock;
    struct loop_timer look_timer; /* while recoveries are awaited */
    bool is_started, is_frozen, is_clock_over;
    _Atomic uint64_t fired;
};

/* What a role can be made to do; one for consumers, producers, links and brokers each. */
struct fault_kind {
    /* Refuse what cannot be; find the targets. */
    int (*bind)(struct fault *fault, struct error *reterr);
    /* Do it, or end it.  Any thread; `here`: the consumer on whose thread it is, or NULL. */
    void (*begin)(struct fault *fault, const struct cast_consumer *here);
    void (*end)(struct fault *fault);
    void (*release)(struct fault *fault); /* NULL: nothing */
};

struct fault_word {
    struct scenario_fault_word seen;
    const struct fault_kind *kind;
    int verb; /* the kind's own: which of its words it is */
};

extern const struct fault_kind fault_consumer_kind, fault_producer_kind, fault_link_kind;

/* fault_words.c: the table of what can be done to whom.  NULL past the end, or when there is none.
 */
const struct fault_word *fault_word_at(size_t index);
const struct fault_word *fault_word_find(const char *word, enum scenario_role role);
/* The value of an option; by its key. */
const struct schema_value *fault_value(const struct fault *fault, const char *key);
/* The value behind the word. */
const struct schema_value *fault_main_value(const struct fault *fault);

/* fault_trigger.c */
void trigger_init(struct trigger *trigger, struct fault *fault, const struct scenario_trigger *when,
                  const struct scenario_party *who);
void trigger_release(struct trigger *trigger);
/* Start the clocks of a trigger. */
void trigger_start(struct trigger *trigger);
void trigger_stop(struct trigger *trigger);
/* Another fault is over. */
void trigger_after(struct trigger *trigger, const struct fault *other);
/* Under the lock. */
bool trigger_holds(const struct trigger *trigger);
void trigger_reset(struct trigger *trigger);
bool trigger_waits(const struct trigger *trigger);

/* fault_probe.c: listen to actors. */
int probes_bind(struct faults *faults, struct error *reterr);
void probes_release(struct faults *faults);
/* Is this member meant?  "billing" is all of "billing-1", "billing-2", ... */
bool fault_names(const struct scenario_party *party, const char *actor, const char *member);
bool fault_names_consumer(const struct scenario_party *party, const struct cast_consumer *entry);
bool fault_names_producer(const struct scenario_party *party, const struct cast_producer *entry);

/* fault_engine.c: the trigger of a fault has changed: fire it when it holds.  Not under the lock.
 */
void fault_consider(struct fault *fault, const struct cast_consumer *here);
/* A target was met, now or from now on; it is over.  Any thread.  hit: copied. */
void fault_struck(struct fault_target *target, const char *hit, uint64_t now_ns);
void fault_healed(struct fault_target *target, uint64_t now_ns);
/* A moment that leaves nothing behind: struck and healed. */
void fault_flashed(struct fault_target *target, const char *hit, uint64_t now_ns);
/* A target is on from now; false when it was already. */
bool fault_turn_on(struct fault_target *target);
/* From now on its time runs (`for`), when it has one. */
void fault_count_down(struct fault *fault);
/* It could not be done: said in the result. */
void fault_failed(struct fault_target *target, const char *reason, uint64_t now_ns);
/* The track of a message that a trigger names. */
uint32_t fault_track(const struct faults *faults, const char *producer);
int fault_refuse(const struct fault *fault, struct error *reterr, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* fault_link.c: its rule waits for an exchange, and hits by itself. */
bool fault_waits_on_link(const struct fault *fault);
/* Does any fault need the links of actors; with their frames read? */
void fault_link_arm(struct fault *fault); /* now, on the run's own loop */
void fault_link_needs(const struct faults *faults, bool *ret_links, bool *ret_frames);

/* fault_recovery.c: look whether what waited for a healing is caught up with. */
void recovery_begin(struct faults *faults, struct fault_window *window);
void recovery_watch(struct faults *faults);
bool recovery_look(struct faults *faults);

#endif
