/* lie.h: what a lie is, and what the author of one may use.

   A lie changes one thing on the way between the harness and an honest broker: the call before the
   broker sees it (`ask`), or the answer before the harness does (`answer`).  Each family of lies is
   one file with a table. */
#ifndef FAKES_LIE_H
#define FAKES_LIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"

struct lie_call;

#define LIE_ON(operation) (1ull << ADAPTER_OP_##operation)
#define LIE_ON_READS                                                                               \
    (LIE_ON(GET_NEXT) | LIE_ON(READ) | LIE_ON(READ_BLOCKING) | LIE_ON(READ_PARTITION_FENCED))
#define LIE_ON_GROUP_READS (LIE_ON(GET_NEXT) | LIE_ON(READ) | LIE_ON(READ_BLOCKING))

struct lie {
    const char *name;   /* "forgets_acks" */
    const char *says;   /* what it does, in one line */
    const char *proves; /* the clauses it is there for, each failed by it: "ACK-01 ACK-02" */
    const char *over;   /* the adapter it is told around; NULL: inline */
    uint64_t on;        /* operations it lies about: LIE_ON(...); 0: all */
    void (*ask)(struct lie_call *call);
    void (*answer)(struct lie_call *call, struct adapter_result *result);
    void (*ended)(struct adapter_session *session, bool is_crash); /* a session is over */
    const char *text, *other; /* for functions that several lies share */
    int64_t number;
    uint32_t every;  /* lies about one message in so many; 0: about each */
    uint32_t hides;  /* capabilities that it has, and does not declare */
    uint32_t server; /* lies of the fake Redis server itself (redis_fake.h) */
    bool is_common;  /* instances that should be apart are one */
    bool flickers;   /* declares fewer at every second question */
};

/* Something that a lie remembers: mostly a delivery. */
struct lie_note {
    const struct adapter_session *session; /* whose it was; only to compare */
    char *stream, *group, *id, *payload;
    uint64_t at_ns;
    int64_t number;
    bool is_marked; /* the lie's own */
};

/* One broker that lies: what all its sessions share. */
struct liar {
    const struct lie *lie;
    struct lie_note *notes; /* in the order they were made */
    size_t note_count;
    uint64_t count; /* of messages that came by */
    int64_t number; /* the lie's own */
};

/* A call on its way. */
struct lie_call {
    struct adapter_call call; /* first member: what the honest broker will see; may be changed */
    struct adapter_call *original;
    struct adapter_session *session;
    struct liar *liar;
    const struct lie *lie;
    uint64_t now_ns;
};

/* --- Instead of asking the broker ------------------------------------------------------------- */

/* Answer so, without asking. */
void lie_tell(struct lie_call *call, enum adapter_outcome outcome, int64_t number);
void lie_tell_error(struct lie_call *call, enum adapter_error error);
void lie_tell_result(struct lie_call *call, const struct adapter_result *result);
/* Hold the call back for a while. */
void lie_hold(struct lie_call *call, uint64_t duration_ns);
/* For `answer`: tell it only after so long; it must hold nothing but numbers. */
void lie_hold_answer(struct lie_call *call, uint64_t duration_ns,
                     const struct adapter_result *result);
/* A call of the lie's own, before this one; `id` or `payload` as its one item, NULL for none.
   Copies.  More than one are made in their order. */
struct adapter_call *lie_first(struct lie_call *call, uint32_t operation, const char *stream,
                               const char *group, const char *item);
/* The same, after the answer is known; nobody waits for it. */
struct adapter_call *lie_later(struct lie_call *call, uint32_t operation, const char *stream,
                               const char *group, const char *item);

/* And only after so long. */
void lie_later_by(struct lie_call *call, uint64_t duration_ns, uint32_t operation,
                  const char *stream, const char *group, const char *item);

/* Whole lies, for their tables: answer DONE with the lie's number, nothing, or an error, without
   asking; let the lie's number replace the true one, or be added to it. */
void lie_say_number(struct lie_call *call);
void lie_say_nothing(struct lie_call *call);
void lie_say_error(struct lie_call *call);
void lie_answer_number(struct lie_call *call, struct adapter_result *result);
void lie_answer_sum(struct lie_call *call, struct adapter_result *result);
void lie_answer_empty(struct lie_call *call, struct adapter_result *result);
/* In its text, and in the payloads of its entries, the lie's `text` becomes its `other`. */
void lie_respell(struct lie_call *call, struct adapter_result *result);

/* --- In the answer ---------------------------------------------------------------------------- */

/* The entries, to be changed, with room for `more`. */
struct adapter_entry *lie_entries(struct lie_call *call, struct adapter_result *result,
                                  size_t more);
/* Take one of them out. */
void lie_drop_entry(struct lie_call *call, struct adapter_result *result, size_t index);
/* Put a remembered one behind them. */
void lie_add_entry(struct lie_call *call, struct adapter_result *result,
                   const struct lie_note *note);
/* Outcome and count follow from the entries. */
void lie_settle_outcome(struct adapter_result *result);
/* The one id of an ack or nack or the like; the answer to one item. */
void lie_set_number(struct lie_call *call, struct adapter_result *result, int64_t number);

/* --- Memory ----------------------------------------------------------------------------------- */

/* Is this message one in so many? */
bool lie_is_due(struct lie_call *call, size_t count);
/* Bytes that live as long as the call. */
void *lie_memory(struct lie_call *call, size_t size);
/* "..." for texts of the call: its first item, or those of an entry. */
const char *lie_item(struct lie_call *call);
char *lie_text(struct lie_call *call, struct adapter_text text);
struct lie_note *lie_remember(struct lie_call *call, const char *id, const char *payload);
/* The first note from `index` on about this stream and group (NULL: any) and id (NULL: any). */
struct lie_note *lie_recall(struct liar *liar, size_t index, const char *stream, const char *group,
                            const char *id);
size_t lie_note_index(const struct liar *liar, const struct lie_note *note);
struct liar *lie_liar(const struct adapter_session *session);

#endif
