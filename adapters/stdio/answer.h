/* answer.h: a line of an adapter's process as the result of a call, checked against the protocol.
 */
#ifndef ADAPTERS_STDIO_ANSWER_H
#define ADAPTERS_STDIO_ANSWER_H

#include "adapter.h"
#include "adapters/stdio/json.h"
#include "base/text.h"

struct stdio_call;

/* One answer with all the memory it needs, used again and again. */
struct stdio_answer {
    struct stdio_answer *next;
    struct stdio_call *call;      /* what it answers */
    struct adapter_result result; /* points into what is below */
    bool is_delivery;             /* entries of a subscription: more may follow */
    char *bytes;                  /* the line */
    size_t size, capacity;
    struct stdio_json json;
    struct adapter_entry *entries;
    struct adapter_item *items;
    size_t entry_capacity, item_capacity;
    char detail[400];
};

/* What the protocol says about answers to a request. */
struct stdio_question {
    uint32_t operation; /* enum adapter_operation */
    uint32_t flags;     /* of enum adapter_call_flag */
    size_t item_count;
};

/* Why an answer is none. */
struct stdio_complaint {
    char expected[160], why[240];
};

/* Copies the line. */
void stdio_answer_take(struct stdio_answer *answer, const char *line, size_t size);
/* Fill in answer->result from its json, which was read.  -1 when it is against the protocol: then
   `complaint` says how, and the result is UNKNOWN, because nobody can tell what happened. */
int stdio_answer_read(struct stdio_answer *answer, const struct stdio_question *question,
                      struct stdio_complaint *complaint);
/* The result of a call that got no answer; `detail` is copied. */
void stdio_answer_fail(struct stdio_answer *answer, enum adapter_outcome outcome,
                       enum adapter_error error, const char *detail);
void stdio_answer_free(struct stdio_answer *answer);

/* The words of an error: kind, and what it says of the outcome. */
struct stdio_error_kind {
    const char *name;
    uint32_t error;   /* enum adapter_error */
    bool is_definite; /* unless the answer says otherwise: it surely did not happen */
};
/* In a stable order; NULL past the end. */
const struct stdio_error_kind *stdio_error_kind_at(size_t index);

#endif
