/* script_call.h: one operation of a script: its arguments, which live until the adapter is done
   with them whatever became of the script, and its answer as a value. */
#ifndef ACTORS_SCRIPT_CALL_H
#define ACTORS_SCRIPT_CALL_H

#include "actors/script_sight.h"
#include "actors/value.h"
#include "adapter.h"
#include "base/text.h"
#include "base/tree.h"

struct script;
struct script_call;
struct script_session;

/* One of the port's operations, as the language sees it. */
struct script_operation {
    enum adapter_operation operation;
    const char *arguments;      /* the words it takes; "!" behind those it needs */
    int64_t count, duration_ms; /* where the step says nothing */
    /* What a result is as a value (gives); refusals and unknown outcomes never get here. */
    struct value *(*answer)(struct script_call *call, const struct adapter_result *result);
};

/* NULL when there is none of that name. */
const struct script_operation *script_operation_find(const char *name);
const struct script_operation *script_operation_of(enum adapter_operation operation);
const struct script_operation *script_operation_at(size_t index); /* NULL past the end */
const char *script_operation_name(const struct script_operation *operation);

struct script_call {
    struct adapter_call call; /* first member */
    size_t references;
    struct script *script; /* NULL once nobody waits for the call: its answer then goes nowhere */
    const struct script_operation *operation;
    const char *session; /* its name, as long as the script lives */
    bool is_raw;
    uint64_t given; /* arguments that were named, by script_argument_bit */
    char **texts;   /* what the adapter's call points to */
    size_t text_count;
    struct adapter_text *items;
    size_t item_count;
    struct value *payloads; /* publish: what the items stand for */
    bool is_batch;          /* asked with a list: answered with one */
    uint64_t begun_ns, done_ns;
    struct value *answer; /* NULL until it is done */
    struct value *bound;  /* what `as` binds; NULL: the answer */
    const char *aside; /* what the adapter said beside an answer that is no error; NULL: nothing */
    uint32_t outcome, error, attempts, flags;
    /* Called once, inside done; NULL: nobody cares. */
    void (*answered)(void *context, struct script_call *call);
    void *context;
    struct script_call *next, *previous; /* among those under way */
};

/* A call of an operation, with one reference.  The arguments come from a map of words; those that
   are not the operation's are passed over.  NULL with the reason when one cannot be had. */
struct script_call *script_call_new(struct script *script, const struct script_operation *operation,
                                    const struct script_sight *sight, const struct tree *arguments,
                                    struct error *reterr);
/* The same without any arguments. */
struct script_call *script_call_blank(struct script *script,
                                      const struct script_operation *operation);
/* The ids of these messages (or ids themselves) as the items of the call. */
int script_call_set_ids(struct script_call *call, const struct value *ids);
/* Start it on a session; the call keeps itself until the adapter is done with it. */
void script_call_start(struct script_call *call, struct script_session *session);
struct script_call *script_call_keep(struct script_call *call);
void script_call_drop(struct script_call *call); /* NULL is fine */

/* Memory that lives as long as the call.  Takes the text, gives it back. */
char *script_call_own(struct script_call *call, char *text);

/* "w2 get_next(stream orders, group g)". */
void script_call_tell(const struct script_call *call, struct text *text);

/* An error answer (gives). */
struct value *script_error_value(uint32_t outcome, uint32_t error, const char *detail);
/* The answer of a call that completed, and what `as` binds. */
void script_call_answer(struct script_call *call, const struct adapter_result *result);
/* The first error in an answer: itself, or an item of a list; NULL when there is none. */
const struct value *script_answer_error(const struct value *answer);

#endif
