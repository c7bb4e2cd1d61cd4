/* streams_trim.c: removing what every group is done with. */
#include "resp.h"
#include "script.h"
#include "streams.h"

static void send_trim(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    redis_argument_string(text, "1");
    redis_argument_string(text, call->stream);
    redis_argument_number(text, call->count);
    redis_script_run(operation, REDIS_SCRIPT_TRIM, 3, redis_reply_number_done);
}

void redis_streams_trim(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_trim, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->count > 0)
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}
