/* admin.c: how much is stored, and removing what this broker named and nothing else. */
#include "admin.h"

#include <string.h>

#include "kind.h"
#include "resp.h"
#include "session.h"
#include "streams.h"

/* --- Depth ------------------------------------------------------------------------------------ */

static void send_depth(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, operation->session->kind->length_command, operation->call->stream);
    redis_send(operation, text, redis_reply_number_done, 1);
}

void redis_stream_depth(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_depth, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    if (session->kind->length_command)
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}

void redis_trim_nothing(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.link = REDIS_LINK_COMMAND};

    redis_answer_later(redis_begin(redis_session_of(session), call, &flow), ADAPTER_DONE,
                       ADAPTER_ERROR_NONE, NULL);
}

/* --- Removal ---------------------------------------------------------------------------------- */

/* The keys to remove are arguments in operation->arguments, argument_count of them. */
static void send_removal(struct redis_operation *operation);

static void on_removed(struct redis_operation *operation, const struct redis_reply *reply)
{
    struct redis_session *session = operation->session;

    if (reply->type == REDIS_ERROR && !redis_lacks(session->instance, REDIS_LACKS_UNLINK) &&
        (redis_reply_is_error(reply, "NOPERM") || redis_reply_is_error(reply, "ERR"))) {
        redis_note_lack(session->instance, session->host, REDIS_LACKS_UNLINK,
                        "redis: UNLINK is refused: using DEL");
        send_removal(operation);
        return;
    }
    redis_reply_number_done(operation, reply);
}

static void send_removal(struct redis_operation *operation)
{
    bool unlinks = !redis_lacks(operation->session->instance, REDIS_LACKS_UNLINK);
    struct text *text = redis_compose(operation);

    redis_command(text, 1 + operation->argument_count);
    redis_argument_string(text, unlinks ? "UNLINK" : "DEL");
    text_append(text, operation->arguments.data, operation->arguments.size);
    redis_send(operation, text, on_removed, 1);
}

/* Reads after it create their groups anew. */
static void forget_groups(struct redis_session *session, const char *stream)
{
    for (size_t i = 0; i < session->view_count; i++)
        if (!stream || !strcmp(session->views[i]->stream, stream))
            redis_view_reset(session->views[i]);
}

static const struct redis_flow removal_flow = {.send = send_removal, .link = REDIS_LINK_COMMAND};

static void submit_removal(struct redis_operation *operation)
{
    if (operation->argument_count)
        redis_submit(operation, REDIS_LINK_COMMAND, send_removal);
    else
        redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}

void redis_stream_remove(struct adapter_session *adapter_session, struct adapter_call *call)
{
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &removal_flow);

    text_clear(&operation->arguments);
    operation->argument_count =
        session->kind->add_keys ? session->kind->add_keys(operation, call->stream) : 0;
    forget_groups(session, call->stream);
    redis_forget_names(session->instance, call->stream);
    submit_removal(operation);
}

void redis_data_reset(struct adapter_session *adapter_session, struct adapter_call *call)
{
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &removal_flow);
    struct redis_name *names;
    size_t count;

    text_clear(&operation->arguments);
    operation->argument_count = 0;
    names = redis_copy_names(session->instance, REDIS_NAME_STREAM, &operation->arena, &count);
    for (size_t i = 0; i < count && session->kind->add_keys; i++)
        operation->argument_count += session->kind->add_keys(operation, names[i].first);
    names = redis_copy_names(session->instance, REDIS_NAME_KEY, &operation->arena, &count);
    for (size_t i = 0; i < count; i++, operation->argument_count++)
        redis_argument_string(&operation->arguments, names[i].first);
    forget_groups(session, NULL);
    redis_forget_names(session->instance, NULL);
    submit_removal(operation);
}
