/* answer.c: ending calls: what happened, what is known of it, and in whose words. */
#include <string.h>

#include "connection.h"
#include "operation.h"
#include "session.h"

void redis_answer(struct redis_operation *operation, struct adapter_result *result)
{
    struct redis_session *session = operation->session;
    struct adapter_call *call = operation->call;

    redis_queue_remove(operation);
    operation->wake_ns = UINT64_MAX;
    if (operation->flow->finish)
        operation->flow->finish(operation);
    redis_operation_deactivate(operation);
    operation->call = NULL;
    result->struct_size = sizeof(*result);
    result->attempts = operation->is_sent ? 1 + operation->resends : 0;
    if (session->is_reconnected)
        result->flags |= ADAPTER_RESULT_RECONNECTED;
    session->is_reconnected = false;
    operation->outstanding++; /* keeps what the result points to */
    call->done(call, result);
    redis_unexpect(operation, 1);
}

void redis_answer_done(struct redis_operation *operation, int64_t number)
{
    struct adapter_result result = {.outcome = ADAPTER_DONE, .number = number};

    redis_answer(operation, &result);
}

void redis_answer_empty(struct redis_operation *operation)
{
    struct adapter_result result = {.outcome = ADAPTER_EMPTY};

    redis_answer(operation, &result);
}

void redis_answer_text(struct redis_operation *operation)
{
    struct adapter_result result = {
        .outcome = ADAPTER_DONE,
        .number = 1,
        .text = {text_string(&operation->text), operation->text.size},
    };

    redis_answer(operation, &result);
}

void redis_answer_entries(struct redis_operation *operation)
{
    struct adapter_result result = {
        .outcome = operation->entry_count ? ADAPTER_DONE : ADAPTER_EMPTY,
        .number = (int64_t)operation->entry_count,
        .entries = operation->entries,
        .entry_count = operation->entry_count,
    };

    redis_answer(operation, &result);
}

void redis_answer_failure(struct redis_operation *operation, enum adapter_outcome outcome,
                          enum adapter_error error, const char *detail)
{
    struct adapter_result result = {
        .outcome = (uint32_t)outcome,
        .error = (uint32_t)error,
        .detail = detail,
    };

    if (operation->flow->fail)
        operation->flow->fail(operation, &result);
    else
        redis_answer(operation, &result);
}

void redis_answer_refusal(struct redis_operation *operation, const struct redis_reply *error)
{
    struct redis_session *session = operation->session;

    if (error->type == REDIS_ERROR)
        redis_address_conceal(&session->instance->address, error->text, error->size,
                              session->detail, sizeof(session->detail));
    else
        text_copy(session->detail, sizeof(session->detail),
                  "the server answered something that this command never does");
    redis_answer_failure(operation, operation->resends ? ADAPTER_UNKNOWN : ADAPTER_REFUSED,
                         ADAPTER_ERROR_OTHER, session->detail);
}

static void answer_now(struct redis_operation *operation)
{
    struct adapter_result result = {
        .outcome = operation->phase,
        .error = operation->tries,
        .detail = operation->word,
        .number = operation->number,
    };

    redis_answer(operation, &result);
}

void redis_answer_later(struct redis_operation *operation, enum adapter_outcome outcome,
                        enum adapter_error error, const char *detail)
{
    operation->phase = (uint32_t)outcome;
    operation->tries = (uint32_t)error;
    operation->word = detail;
    redis_wake_after(operation, 0, answer_now);
}

void redis_reply_number_done(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_ERROR)
        redis_answer_refusal(operation, reply);
    else
        redis_answer_done(operation, redis_reply_number(reply, 1));
}

void redis_reply_ignored(struct redis_operation *operation, const struct redis_reply *reply)
{
    (void)operation;
    (void)reply;
}
