/* streams_group.c: groups are created at the start of the stream, and may exist already. */
#include "kind.h"
#include "resp.h"
#include "streams.h"

bool redis_group_is_created(const struct redis_reply *reply)
{
    return reply->type != REDIS_ERROR || redis_reply_is_error(reply, "BUSYGROUP");
}

void redis_compose_group(struct text *text, const struct redis_view *view)
{
    REDIS_COMMAND(text, "XGROUP", "CREATE", view->stream, view->group, "0", "MKSTREAM");
}

void redis_refuse_name(struct redis_operation *operation)
{
    redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION, REDIS_RESERVED_NAME);
}

static void on_group_ensured(struct redis_operation *operation, const struct redis_reply *reply)
{
    operation->view->is_ensured = redis_group_is_created(reply);
    if (operation->view->is_ensured)
        redis_answer_done(operation, 1);
    else
        redis_answer_refusal(operation, reply);
}

static void send_ensure_group(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    redis_compose_group(text, operation->view);
    redis_send(operation, text, on_group_ensured, 1);
}

void redis_streams_ensure_group(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_ensure_group, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    operation->view = redis_view_find(session, call->stream, call->group, call->consumer);
    if (operation->view->is_reserved)
        redis_refuse_name(operation);
    else
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
