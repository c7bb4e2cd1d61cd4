/* operation.h: one call of the port under way: what it waits for, and how it ends. */
#ifndef REDIS_OPERATION_H
#define REDIS_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "arena.h"
#include "base/text.h"
#include "reply.h"
#include "stream_id.h"

struct redis_operation;
struct redis_session;
struct redis_connection;
struct redis_view;
struct redis_name;

enum redis_link { REDIS_LINK_READ, REDIS_LINK_COMMAND, REDIS_LINK_COUNT };

typedef void redis_on_reply(struct redis_operation *operation, const struct redis_reply *reply);

/* How a kind of call behaves. */
struct redis_flow {
    /* Write the first commands; the link is open. */
    void (*send)(struct redis_operation *operation);
    /* Its replies are lost, or come too late: what that means beyond the answer.  May be NULL. */
    void (*lost)(struct redis_operation *operation);
    /* It is about to be answered: let go of what it holds.  May be NULL. */
    void (*finish)(struct redis_operation *operation);
    /* Answer a failure differently (ping is false, not an error).  May be NULL. */
    void (*fail)(struct redis_operation *operation, const struct adapter_result *failure);
    enum redis_link link;
    bool retries; /* once, after reconnecting */
};

struct redis_queue { /* operations that wait for the same thing, in order */
    struct redis_operation *first, *last;
};

/* An entry of a pending list: what is known of a message before it is claimed. */
struct redis_pending {
    struct redis_id id;
    uint32_t deliveries;
    bool is_own;
};

struct redis_operation {
    struct adapter_call *call; /* NULL: answered; replies still to come are dropped */
    struct redis_session *session;
    struct redis_connection *connection;
    const struct redis_flow *flow;
    void (*send)(struct redis_operation *operation); /* once the link is open */
    void (*wake)(struct redis_operation *operation); /* at wake_ns */
    uint64_t deadline_ns, wake_ns;                   /* UINT64_MAX: never */
    struct redis_operation *next, *previous;         /* active in the session */
    struct redis_operation *queue_next, *queue_previous;
    struct redis_queue *queue;
    struct redis_operation *made_before; /* all that the session made; idle ones by `next` */
    uint64_t received_mark;              /* of the connection, when it was last written to */
    uint32_t outstanding;                /* replies to come, the one being handled included */
    uint32_t resends;
    bool is_sent;
    bool is_late; /* answered before its replies came */

    /* Storage for answers; kept from call to call. */
    struct redis_arena arena;
    struct text text;
    struct adapter_item *items;
    char (*ids)[REDIS_ID_SIZE];
    size_t item_capacity;
    struct adapter_entry *entries;
    size_t entry_count, entry_capacity;

    /* The script under way. */
    struct text arguments; /* as the protocol writes them, with the number of keys in front */
    size_t argument_count;
    uint32_t script, script_loads;
    redis_on_reply *on_script;

    /* Scratch of the flows. */
    size_t index;
    int64_t number;
    uint32_t tries;          /* in a row, of what is tried a bounded number of times */
    const char *word;        /* a token, a key or a reason, in the arena or constant */
    uint32_t claims;         /* of one scan of XAUTOCLAIM */
    struct redis_view *view; /* read */
    struct redis_id cursor;
    struct redis_pending *pending;
    size_t pending_count, pending_index;
    size_t wanted;
    uint64_t until_ns;        /* a blocking read's end; 0 does not block */
    struct redis_name *names; /* health_stats, info */
    size_t name_count;
    int64_t counts[4];
    void *gathered; /* info; freed by its finish */
    uint32_t phase;
    bool skipped;
};

/* --- Life ------------------------------------------------------------------------------------- */

/* Begin a call and submit it to its flow's link. */
struct redis_operation *redis_start(struct redis_session *session, struct adapter_call *call,
                                    const struct redis_flow *flow);
/* The same without submitting it: the caller does, or lets it wake. */
struct redis_operation *redis_begin(struct redis_session *session, struct adapter_call *call,
                                    const struct redis_flow *flow);
/* Run `send` as soon as the link is open: now, when it is. */
void redis_submit(struct redis_operation *operation, enum redis_link link,
                  void (*send)(struct redis_operation *operation));
/* Call `wake` later, from the session's timer. */
void redis_wake_after(struct redis_operation *operation, uint64_t delay_ns,
                      void (*wake)(struct redis_operation *operation));
/* One reply came, or will not come; recycles the operation when it was the last one. */
void redis_unexpect(struct redis_operation *operation, uint32_t count);
/* The link was lost with replies outstanding: try again, or answer. */
void redis_lose(struct redis_operation *operation, const char *reason);
/* The link cannot be opened. */
void redis_give_up(struct redis_operation *operation, enum adapter_error error, const char *reason);
void redis_expire(struct redis_operation *operation);
/* It is no longer one of the session's active ones. */
void redis_operation_deactivate(struct redis_operation *operation);
void redis_operation_free(struct redis_operation *operation);

/* --- Writing commands ------------------------------------------------------------------------- */

/* The session's text for building commands, cleared. */
struct text *redis_compose(struct redis_operation *operation);
/* Send what was composed; `on_reply` gets `count` replies. */
void redis_send(struct redis_operation *operation, const struct text *commands,
                redis_on_reply *on_reply, uint32_t count);
/* Memory at the end of the link's queue, for hot paths; then how much was written. */
char *redis_reserve(struct redis_operation *operation, size_t size);
void redis_commit(struct redis_operation *operation, size_t size, redis_on_reply *on_reply,
                  uint32_t count);

/* --- Answering -------------------------------------------------------------------------------- */

/* Ends the call.  `result` needs outcome, error and contents only. */
void redis_answer(struct redis_operation *operation, struct adapter_result *result);
void redis_answer_done(struct redis_operation *operation, int64_t number);
void redis_answer_empty(struct redis_operation *operation);
void redis_answer_text(struct redis_operation *operation); /* operation->text */
/* operation->entries, or EMPTY when there are none. */
void redis_answer_entries(struct redis_operation *operation);
void redis_answer_failure(struct redis_operation *operation, enum adapter_outcome outcome,
                          enum adapter_error error, const char *detail);
/* The server's own words.  Its refusal is a refusal, unless the command was sent before. */
void redis_answer_refusal(struct redis_operation *operation, const struct redis_reply *error);
/* An answer that needs no server, from a later turn of the loop; `detail` is a constant.  Uses
   operation->number as the number. */
void redis_answer_later(struct redis_operation *operation, enum adapter_outcome outcome,
                        enum adapter_error error, const char *detail);

/* Handlers for commands whose whole reply is the answer. */
void redis_reply_number_done(struct redis_operation *operation, const struct redis_reply *reply);
void redis_reply_ignored(struct redis_operation *operation, const struct redis_reply *reply);

/* --- Storage ---------------------------------------------------------------------------------- */

void redis_need_items(struct redis_operation *operation, size_t count);
/* Append an entry whose texts outlive the answer. */
struct adapter_entry *redis_add_entry(struct redis_operation *operation);
char *redis_keep(struct redis_operation *operation, const void *bytes, size_t size);

/* --- Queues ----------------------------------------------------------------------------------- */

void redis_queue_push(struct redis_queue *queue, struct redis_operation *operation);
struct redis_operation *redis_queue_pop(struct redis_queue *queue); /* NULL when empty */
void redis_queue_remove(struct redis_operation *operation);         /* fine when in none */

#endif
