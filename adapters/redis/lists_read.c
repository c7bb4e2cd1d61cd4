/* lists_read.c: a script hands out the next items of a list and moves the group's position, in one
   step, so that concurrent consumers neither repeat nor skip.

   Each read carries a token.  Sent again after a lost connection, under the same token, it is given
   the same items: a lost answer loses nothing unless the reader is lost, too. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "connection.h"
#include "envelope.h"
#include "lists.h"
#include "resp.h"
#include "script.h"
#include "session.h"

char *redis_lists_position_key(const char *stream, const char *group)
{
    return memory_format("position:%s:%s", stream, group);
}

char *redis_lists_reads_key(const char *stream, const char *group)
{
    return memory_format("reads:%s:%s", stream, group);
}

void redis_lists_add_item(struct redis_operation *operation, const struct redis_reply *item)
{
    struct redis_session *session = operation->session;
    struct adapter_text id, payload;
    struct adapter_entry *entry;

    if (item->type == REDIS_STRING && redis_envelope_read(item->text, item->size, &id, &payload)) {
        entry = redis_add_entry(operation);
        entry->id = id;
        entry->payload = payload;
        entry->attempt = operation->resends ? 0 : 1;
    } else if (atomic_fetch_add(&session->instance->skipped_count, 1) < 10) {
        redis_session_log(session, ADAPTER_LOG_WARNING,
                          "%s: an item of list %s is no message (not [\"id\", {...}]): left out",
                          session->name, operation->call->stream);
    }
}

static void send_take(struct redis_operation *operation);

static void on_taken(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    for (size_t i = 0; i < reply->size; i++)
        redis_lists_add_item(operation, redis_reply_at(reply, i));
    if (reply->size && !operation->entry_count) { /* none could be read: not the end of the list */
        operation->word = NULL;
        send_take(operation);
        return;
    }
    redis_answer_entries(operation);
}

static const char *make_token(struct redis_operation *operation)
{
    char token[REDIS_UUID_SIZE + 1] = "";

    if (operation->session->instance->retries && !(operation->call->flags & ADAPTER_CALL_NO_RETRY))
        redis_uuid(operation->session, token);
    return redis_keep(operation, token, sizeof(token));
}

static void send_take(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);
    char *position = redis_lists_position_key(call->stream, call->group);
    char *reads = redis_lists_reads_key(call->stream, call->group);

    if (!operation->word)
        operation->word = make_token(operation);
    redis_argument_string(text, "3");
    redis_argument_string(text, call->stream);
    redis_argument_string(text, position);
    redis_argument_string(text, reads);
    redis_argument_number(text, (int64_t)operation->wanted);
    redis_argument_string(text, operation->session->consumer);
    redis_argument_string(text, operation->word ? operation->word : "");
    free(position);
    free(reads);
    redis_script_run(operation, REDIS_SCRIPT_TAKE, 7, on_taken);
}

void redis_lists_read(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_take, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);
    int64_t count = call->operation == ADAPTER_OP_GET_NEXT ? 1 : call->count;

    if (count <= 0) {
        redis_answer_later(operation, ADAPTER_EMPTY, ADAPTER_ERROR_NONE, NULL);
        return;
    }
    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, call->stream, NULL);
    redis_note_name(session->instance, session->host, REDIS_NAME_GROUP, call->stream, call->group);
    operation->wanted = (size_t)count;
    operation->word = NULL;
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}

/* A group is a position, and an absent one is the start: there is nothing to create. */
void redis_lists_ensure_group(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, call->stream, NULL);
    redis_note_name(session->instance, session->host, REDIS_NAME_GROUP, call->stream, call->group);
    operation->number = 1;
    redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}
