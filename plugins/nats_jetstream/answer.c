/* answer.c: how calls end. */
#include <string.h>

#include "parts.h"

void answer_result(struct adapter_session *session, struct adapter_call *call,
                   struct adapter_result result)
{
    result.struct_size = sizeof(result);
    if (result.attempts)
        result.attempts = session->attempts;
    if (session->is_again && result.outcome != ADAPTER_UNKNOWN)
        result.flags |= ADAPTER_RESULT_RECONNECTED;
    if (result.flags & ADAPTER_RESULT_RECONNECTED)
        session->is_again = 0;
    call->done(call, &result);
}

void answer_number(struct adapter_session *session, struct adapter_call *call, int64_t number)
{
    answer_result(
        session, call,
        (struct adapter_result){.outcome = ADAPTER_DONE, .attempts = 1, .number = number});
}

void answer_json(struct adapter_session *session, struct adapter_call *call, const char *json)
{
    answer_result(session, call,
                  (struct adapter_result){
                      .outcome = ADAPTER_DONE, .attempts = 1, .text = {json, strlen(json)}});
}

void answer_fail(struct adapter_session *session, struct adapter_call *call, uint32_t outcome,
                 uint32_t error, const char *detail)
{
    answer_result(session, call,
                  (struct adapter_result){.outcome = outcome,
                                          .error = error,
                                          .attempts = outcome == ADAPTER_UNKNOWN,
                                          .detail = detail});
}

void answer_unsent(struct adapter_session *session, struct adapter_call *call)
{
    answer_fail(session, call, ADAPTER_REFUSED, ADAPTER_ERROR_CONNECTION, session->problem);
}

int answer_is_no(natsStatus status)
{
    return status == NATS_ERR || status == NATS_NOT_FOUND || status == NATS_NO_RESPONDERS;
}

/* The library's own words say more than the status, where it has some. */
static const char *words_of(natsStatus status)
{
    natsStatus last = NATS_OK;
    const char *words = nats_GetLastError(&last);

    return words && words[0] && last == status ? words : natsStatus_GetText(status);
}

void answer_status(struct adapter_session *session, struct adapter_call *call, natsStatus status,
                   int was_sent)
{
    int is_no = answer_is_no(status);

    answer_fail(session, call, is_no || !was_sent ? ADAPTER_REFUSED : ADAPTER_UNKNOWN,
                is_no ? ADAPTER_ERROR_OTHER : ADAPTER_ERROR_CONNECTION, words_of(status));
}
