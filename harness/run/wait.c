/* wait.c: a timer looks at the condition and stops the loop. */
#include "run/wait.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct wait {
    const struct waiter *waiter;
    struct loop_timer timer;
    bool (*condition)(void *context);
    void *context;
    uint64_t period_ns, deadline_ns;
    bool holds, is_over;
};

static void look(void *context)
{
    struct wait *wait = context;
    const struct waiter *waiter = wait->waiter;
    uint64_t now = loop_now_ns(waiter->loop);

    wait->holds = wait->condition(wait->context);
    if (wait->holds || now >= wait->deadline_ns ||
        (waiter->tick && waiter->tick(waiter->context))) {
        wait->is_over = true;
        loop_stop(waiter->loop);
        return;
    }
    loop_timer_start(waiter->loop, &wait->timer, now + wait->period_ns, look, wait);
}

bool wait_until(const struct waiter *waiter, bool (*condition)(void *context), void *context,
                uint64_t period_ns, uint64_t deadline_ns)
{
    struct wait wait = {.waiter = waiter,
                        .condition = condition,
                        .context = context,
                        .period_ns = period_ns,
                        .deadline_ns = deadline_ns};

    look(&wait);
    while (!wait.is_over)
        loop_run(waiter->loop);
    loop_timer_stop(waiter->loop, &wait.timer);
    return wait.holds;
}

struct question {
    struct loop *loop;
    struct answer *answer;
    bool is_answered;
};

static void on_answer(struct adapter_call *call, const struct adapter_result *result)
{
    struct question *question = call->context;
    struct answer *answer = question->answer;

    answer->outcome = result->outcome;
    answer->error = result->error;
    answer->number = result->number;
    text_copy(answer->detail, sizeof(answer->detail), result->detail ? result->detail : "");
    if (result->text.data) {
        answer->text_size = result->text.size;
        answer->text = memory_new(result->text.size + 1, 1);
        memcpy(answer->text, result->text.data, result->text.size);
    }
    question->is_answered = true;
    loop_stop(question->loop);
}

void wait_answer(const struct waiter *waiter, struct endpoint *endpoint, struct adapter_call *call,
                 uint64_t timeout_ns, struct answer *ret_answer)
{
    struct question question = {.loop = waiter->loop, .answer = ret_answer};

    *ret_answer = (struct answer){0};
    call->struct_size = sizeof(*call);
    call->done = on_answer;
    call->context = &question;
    call->adapter = NULL;
    call->deadline_ns = loop_now_ns(waiter->loop) + timeout_ns;
    endpoint_start(endpoint, call);
    while (!question.is_answered) /* the adapter keeps the deadline */
        loop_run(waiter->loop);
    call->context = NULL;
}

void answer_release(struct answer *answer)
{
    free(answer->text);
    *answer = (struct answer){0};
}
