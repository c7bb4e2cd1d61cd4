/* script_parts.h: what the parts of the interpreter share: a script, its threads of control, and
   the step that one of them is at. */
#ifndef ACTORS_SCRIPT_PARTS_H
#define ACTORS_SCRIPT_PARTS_H

#include "actors/script.h"
#include "actors/script_call.h"
#include "actors/script_evidence.h"
#include "actors/script_scope.h"
#include "actors/script_sight.h"
#include "base/heap.h"
#include "loop/loop.h"

struct script_flow;
struct script_frame;
struct script_instance;
struct script_word;

/* What stands beside the arguments of a step that has an answer. */
struct script_modifiers {
    const struct tree *expect;  /* NULL: anything but an error */
    char *as, *collect, *about; /* names, or NULL */
    char *session;
    bool is_raw, has_no_retry;
    int64_t within_ns, never_ns;      /* 0: once */
    int64_t took_min_ns, took_max_ns; /* -1: not said */
};

/* The step a flow is at, while it waits for its answer. */
struct script_step {
    const struct tree *tree; /* the one entry of the step's map: its key is the word */
    const struct script_word *word;
    const struct script_operation *operation; /* NULL: a word of ours */
    struct script_modifiers modifiers;
    struct script_call *call; /* the last one it made; NULL before */
    struct value *answer, *bound;
    uint64_t first_ns, begun_ns, done_ns;       /* of the first try; of the last try */
    void (*accepted)(struct script_flow *flow); /* told when its answer is right; or NULL */
    void *work;                                 /* of a word that makes several calls */
    void (*work_free)(void *work);
};

/* One thread of control. */
struct script_flow {
    struct script *script;
    struct script_flow *parent; /* NULL for the script's own */
    struct scope scope;
    struct script_frame *frames; /* lists of steps, one inside the other */
    size_t frame_count;
    struct script_step step;
    struct loop_timer timer; /* to go on by */
    void (*resume)(struct script_flow *flow);
    struct script_flow *children; /* of `parallel`; count of them, and of those that run */
    size_t child_count, running_count;
};

/* A fault that a step has armed. */
struct script_link {
    uint32_t number;
    const struct tree *step;
};

struct script {
    struct script_plan plan;
    struct loop *loop;
    void (*ended)(void *context, const struct script_result *result);
    void *context;
    uint64_t begun_ns, end_ns;      /* end: by the limit */
    uint64_t still_ns, still_count; /* steps done since the clock last moved */
    struct scope scope;
    struct script_flow flow;
    struct script_session *sessions;
    struct script_instance *instances;
    struct script_call *calls; /* under way */
    struct script_link *links; /* faults armed so far */
    size_t link_count;
    struct script_evidence evidence;
    struct script_result result;
    struct text reason;
    struct loop_timer limit, end;
    bool is_over;   /* decided: nothing is started any more */
    bool has_ended; /* and told */
};

/* What a step does next. */
enum script_turn { SCRIPT_GOES_ON, SCRIPT_WAITS };

enum script_shape { /* of what stands behind a word */
                    SCRIPT_SHAPE_MAP,
                    SCRIPT_SHAPE_SCALAR,
                    SCRIPT_SHAPE_THREADS, /* a list of lists of steps, or a map */
                    SCRIPT_SHAPE_FREE     /* a map of any keys */
};

/* A word of the language: an operation, or one of those that steer. */
struct script_word {
    const char *name;
    const char *arguments; /* as in struct script_operation */
    enum script_turn (*begin)(struct script_flow *flow, const struct tree *arguments);
    enum script_shape shape;
    bool has_answer; /* takes the modifiers */
};

/* --- script.c -------------------------------------------------------------------------------- */

/* Decide the verdict, unless it has been.  The script ends on a later turn. */
void script_decide(struct script *script, enum script_verdict verdict, struct source_place place,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for a step that cannot be carried out. */
enum script_turn script_break(struct script_flow *flow, const struct error *error);
/* It took as long as it may. */
void script_out_of_time(struct script *script);
/* A call completed that nobody waits for. */
void script_call_done(struct script *script);
void script_end_soon(struct script *script);

/* --- script_flow.c --------------------------------------------------------------------------- */

void script_flow_init(struct script_flow *flow, struct script *script, struct script_flow *parent);
void script_flow_release(struct script_flow *flow);
/* Stop its timers, and those of the flows inside it; nothing it waits for reaches it any more. */
void script_flow_halt(struct script_flow *flow);
/* Do these steps next. */
struct script_frame *script_flow_enter(struct script_flow *flow, const struct tree *steps);
/* Go on by calling `resume` at a time (0: on the next turn). */
void script_flow_resume_at(struct script_flow *flow, uint64_t due_ns,
                           void (*resume)(struct script_flow *flow));
/* Go on with the steps. */
void script_flow_run(struct script_flow *flow);
struct script_sight script_flow_sight(const struct script_flow *flow);

/* --- script_step.c --------------------------------------------------------------------------- */

/* Begin the step: a map with one key. */
enum script_turn script_step_begin(struct script_flow *flow, const struct tree *tree);
/* The answer of the step a flow is at; takes both (bound may be NULL).  Judged on a later turn. */
void script_step_answer(struct script_flow *flow, struct value *answer, struct value *bound);
void script_step_clear(struct script_step *step);

/* --- script_word.c --------------------------------------------------------------------------- */

const struct script_word *script_word_find(const char *name);
const struct script_word *script_word_at(size_t index); /* NULL past the end */

#endif
