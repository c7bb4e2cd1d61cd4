/* wait.h: the run itself is a plain sequence of steps on the calling thread; these let it wait,
   with its loop running, for a condition or for the answer to a question. */
#ifndef RUN_WAIT_H
#define RUN_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actors/endpoint.h"

struct waiter {
    struct loop *loop;
    /* Called at each tick; true ends every wait early (the user's Ctrl-C); may be NULL. */
    bool (*tick)(void *context);
    void *context;
};

/* Run the loop until `condition` holds (true), or until `deadline_ns` or an early end (false).  It
   is looked at every `period_ns`. */
bool wait_until(const struct waiter *waiter, bool (*condition)(void *context), void *context,
                uint64_t period_ns, uint64_t deadline_ns);

/* An answer, copied out of the call. */
struct answer {
    uint32_t outcome, error;
    int64_t number;
    char detail[240]; /* empty when the broker said nothing */
    char *text;       /* JSON, NULL when there was none; answer_release frees it */
    size_t text_size;
};

/* Ask a question and wait for its answer, at most `timeout_ns`; fills call->done, context,
 * deadline. */
void wait_answer(const struct waiter *waiter, struct endpoint *endpoint, struct adapter_call *call,
                 uint64_t timeout_ns, struct answer *ret_answer);
void answer_release(struct answer *answer);

#endif
