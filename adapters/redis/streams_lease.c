/* streams_lease.c: leases on partitions, and what may be done only while one holds. */
#include <string.h>

#include "connection.h"
#include "resp.h"
#include "script.h"
#include "streams.h"

static void note_key(struct redis_session *session, const char *key)
{
    if (key)
        redis_note_name(session->instance, session->host, REDIS_NAME_KEY, key, NULL);
}

static void refuse(struct redis_operation *operation, const char *why)
{
    redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION, why);
}

/* --- acquire, renew, release ------------------------------------------------------------------ */

static void on_acquired(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_NIL)
        redis_answer_empty(operation);
    else
        redis_reply_number_done(operation, reply);
}

static void send_acquire(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    redis_argument_string(text, "2");
    redis_argument_string(text, call->key);
    redis_argument_string(text, call->generation_key);
    redis_argument_string(text, call->token);
    redis_argument_number(text, call->duration_ms);
    redis_script_run(operation, REDIS_SCRIPT_ACQUIRE, 5, on_acquired);
}

void redis_streams_acquire_lease(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_acquire, .link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    if (call->duration_ms <= 0) {
        refuse(operation, "a lease must last: its ttl is not over 0");
        return;
    }
    note_key(session, call->key);
    note_key(session, call->generation_key);
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}

static void send_renew(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    redis_argument_string(text, "1");
    redis_argument_string(text, call->key);
    redis_argument_string(text, call->token);
    redis_argument_number(text, call->duration_ms);
    redis_script_run(operation, REDIS_SCRIPT_RENEW, 4, redis_reply_number_done);
}

void redis_streams_renew_lease(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_renew, .link = REDIS_LINK_COMMAND};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->duration_ms <= 0)
        refuse(operation, "a lease must last: its ttl is not over 0");
    else
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}

static void send_release(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    redis_argument_string(text, "1");
    redis_argument_string(text, call->key);
    redis_argument_string(text, call->token);
    redis_script_run(operation, REDIS_SCRIPT_RELEASE, 3, redis_reply_number_done);
}

void redis_streams_release_lease(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_release, .link = REDIS_LINK_COMMAND};

    redis_start(redis_session_of(session), call, &flow);
}

/* --- Fenced read ------------------------------------------------------------------------------ */

void redis_answer_fenced(struct redis_operation *operation)
{
    redis_answer_failure(operation, ADAPTER_REFUSED, ADAPTER_ERROR_LEASE_LOST,
                         "the lease is not held under this token");
}

bool redis_is_fenced(const struct redis_reply *reply)
{
    return redis_reply_is_error(reply, "FENCED") || redis_reply_is_error(reply, "ERR FENCED");
}

static void send_fenced_read(struct redis_operation *operation);

static void on_fenced_read(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_reply *list = redis_entries_of(reply);

    if (redis_is_fenced(reply)) {
        redis_answer_fenced(operation);
        return;
    }
    if (reply->type == REDIS_ERROR) {
        redis_answer_refusal(operation, reply);
        return;
    }
    redis_take_entries(operation, list, false, &operation->cursor);
    if (list && list->size && !operation->entry_count) {
        send_fenced_read(operation); /* none could be read: not the end */
        return;
    }
    for (size_t i = 0; i < operation->entry_count; i++) {
        bool is_own = operation->call->flags & ADAPTER_CALL_OWN_PENDING;

        operation->entries[i].attempt = is_own ? 0 : 1;
        operation->entries[i].flags = is_own ? ADAPTER_ENTRY_OWN_PENDING : 0;
    }
    redis_answer_entries(operation);
}

static void send_fenced_read(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);
    char cursor[REDIS_ID_SIZE];

    redis_id_write(cursor, operation->cursor);
    redis_argument_string(text, "2");
    redis_argument_string(text, call->key);
    redis_argument_string(text, call->stream);
    redis_argument_string(text, call->token);
    redis_argument_string(text, call->group);
    redis_argument_string(text, operation->view->consumer);
    redis_argument_number(text, call->count);
    redis_argument_string(text, call->flags & ADAPTER_CALL_OWN_PENDING ? cursor : ">");
    redis_script_run(operation, REDIS_SCRIPT_FENCED_READ, 8, on_fenced_read);
}

/* The fence token is the consumer's name inside the group. */
void redis_streams_read_fenced(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_fenced_read, .link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    operation->cursor = (struct redis_id){0};
    if (call->count < 0) {
        refuse(operation, "a negative number of messages cannot be read");
        return;
    }
    if (call->count == 0) {
        redis_answer_later(operation, ADAPTER_EMPTY, ADAPTER_ERROR_NONE, NULL);
        return;
    }
    operation->view = redis_view_find(session, call->stream, call->group,
                                      call->consumer ? call->consumer : call->token);
    redis_note_fence(session->instance, session->host, call->stream, call->group, call->key);
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}

/* --- Fenced ack ------------------------------------------------------------------------------- */

static void on_fenced_ack(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_INTEGER && reply->number < 0)
        redis_answer_fenced(operation);
    else
        redis_reply_number_done(operation, reply);
}

static void send_fenced_ack(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    redis_argument_string(text, "2");
    redis_argument_string(text, call->key);
    redis_argument_string(text, call->stream);
    redis_argument_string(text, call->token);
    redis_argument_string(text, call->group);
    redis_argument(text, call->items[0].data, call->items[0].size);
    redis_script_run(operation, REDIS_SCRIPT_FENCED_ACK, 6, on_fenced_ack);
}

void redis_streams_ack_fenced(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_fenced_ack, .link = REDIS_LINK_COMMAND};
    struct redis_operation *operation = redis_begin(redis_session_of(session), call, &flow);

    if (call->item_count == 1 && redis_id_is_valid(call->items[0].data, call->items[0].size))
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}
