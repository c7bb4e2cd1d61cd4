/* tamper.c: changing the store behind the adapter's back: nothing that a session remembers follows.
 */
#include "tamper.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lists.h"
#include "resp.h"
#include "session.h"

/* What a verb needs of the call. */
static bool has_item(const struct adapter_call *call)
{
    return call->item_count == 1 && call->items[0].data;
}

static void answer_unsupported(struct redis_operation *operation)
{
    redis_answer_later(operation, ADAPTER_UNSUPPORTED, ADAPTER_ERROR_NOT_SUPPORTED,
                       "this broker cannot be tampered with in that way");
}

/* The number of the last command's reply is the answer. */
static void send_verb(struct redis_operation *operation, const struct text *text, uint32_t before)
{
    if (before)
        redis_connection_expect(operation->connection, NULL, NULL, before);
    redis_send(operation, text, redis_reply_number_done, 1);
}

static void compose_put(struct text *text, const struct adapter_call *call)
{
    redis_command(text, 5);
    redis_argument_string(text, "XADD");
    redis_argument_string(text, call->stream);
    redis_argument_string(text, "*");
    redis_argument_string(text, call->items[0].size ? "data" : "strange");
    redis_argument(text, call->items[0].data, call->items[0].size);
}

static void send_streams_tamper(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);
    char *dlq = memory_format("%s:dlq", call->stream);
    uint32_t before = 0;

    if (call->verb == ADAPTER_TAMPER_WIPE) {
        REDIS_COMMAND(text, "DEL", call->stream, dlq);
    } else if (call->verb == ADAPTER_TAMPER_REMOVE_GROUP) {
        REDIS_COMMAND(text, "XGROUP", "DESTROY", call->stream, call->group);
    } else if (call->verb == ADAPTER_TAMPER_DELETE_ENTRY) {
        redis_command(text, 3);
        redis_argument_string(text, "XDEL");
        redis_argument_string(text, call->stream);
        redis_argument(text, call->items[0].data, call->items[0].size);
    } else if (call->verb == ADAPTER_TAMPER_PUT_RAW) {
        compose_put(text, call);
    } else {
        REDIS_COMMAND(text, "DEL", call->stream);
        REDIS_COMMAND(text, "SET", call->stream, "foreign");
        before = 1;
    }
    free(dlq);
    send_verb(operation, text, before);
}

static bool needs_item(uint32_t verb)
{
    return verb == ADAPTER_TAMPER_DELETE_ENTRY || verb == ADAPTER_TAMPER_PUT_RAW;
}

void redis_streams_tamper(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_streams_tamper, .link = REDIS_LINK_COMMAND};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->verb > ADAPTER_TAMPER_SET_FOREIGN_TYPE || (needs_item(call->verb) && !has_item(call)))
        answer_unsupported(operation);
    else
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}

static void send_lists_tamper(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);
    uint32_t before = 0;

    if (call->verb == ADAPTER_TAMPER_WIPE) {
        operation->argument_count = 0;
        text_clear(&operation->arguments);
        redis_command(text, 1 + redis_lists_add_keys(operation, call->stream));
        redis_argument_string(text, "DEL");
        text_append(text, operation->arguments.data, operation->arguments.size);
    } else if (call->verb == ADAPTER_TAMPER_REMOVE_GROUP) {
        char *position = redis_lists_position_key(call->stream, call->group);

        REDIS_COMMAND(text, "DEL", position);
        free(position);
    } else if (call->verb == ADAPTER_TAMPER_PUT_RAW) {
        redis_command(text, 3);
        redis_argument_string(text, "RPUSH");
        redis_argument_string(text, call->stream);
        redis_argument(text, call->items[0].data, call->items[0].size);
    } else {
        REDIS_COMMAND(text, "DEL", call->stream);
        REDIS_COMMAND(text, "SET", call->stream, "foreign");
        before = 1;
    }
    send_verb(operation, text, before);
}

void redis_lists_tamper(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_lists_tamper, .link = REDIS_LINK_COMMAND};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->verb > ADAPTER_TAMPER_SET_FOREIGN_TYPE || call->verb == ADAPTER_TAMPER_DELETE_ENTRY ||
        (needs_item(call->verb) && !has_item(call)))
        answer_unsupported(operation);
    else
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
