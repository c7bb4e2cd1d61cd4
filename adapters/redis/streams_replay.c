/* streams_replay.c: giving dead letters another chance.  The payload travels through us, as text;
   the script moves it only while the entry is still there, so that it is replayed once. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "dead_letter.h"
#include "resp.h"
#include "script.h"
#include "streams.h"

#define PAGE_SIZE "100"

/* Run the script for an entry of operation->entries. */
static void replay_entry(struct redis_operation *operation, const struct adapter_entry *entry,
                         redis_on_reply *on_reply)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    text_clear(&operation->text);
    redis_dead_letter_payload(&operation->text, entry->payload);
    redis_argument_string(text, "2");
    redis_argument_string(text, call->stream);
    redis_argument_string(text, call->target);
    redis_argument(text, entry->id.data, entry->id.size);
    redis_argument(text, operation->text.data, operation->text.size);
    redis_script_run(operation, REDIS_SCRIPT_REPLAY, 5, on_reply);
}

static bool has_target(struct redis_operation *operation)
{
    if (operation->call->target && operation->call->target[0])
        return true;
    redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                       "a replay needs a target stream");
    return false;
}

/* --- dlq_replay ------------------------------------------------------------------------------- */

static void on_found(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    operation->entry_count = 0;
    redis_take_entries(operation, reply, true, NULL);
    if (operation->entry_count)
        replay_entry(operation, &operation->entries[0], redis_reply_number_done);
    else
        redis_answer_done(operation, 0);
}

static void send_find(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);

    redis_command(text, 4);
    redis_argument_string(text, "XRANGE");
    redis_argument_string(text, call->stream);
    redis_argument(text, call->items[0].data, call->items[0].size);
    redis_argument(text, call->items[0].data, call->items[0].size);
    redis_send(operation, text, on_found, 1);
}

void redis_streams_dlq_replay(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_find, .link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    if (!has_target(operation))
        return;
    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, call->target, NULL);
    if (call->item_count == 1 && redis_id_is_valid(call->items[0].data, call->items[0].size))
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_answer_later(operation, ADAPTER_DONE, ADAPTER_ERROR_NONE, NULL);
}

/* --- dlq_replay_all --------------------------------------------------------------------------- */

static void send_page(struct redis_operation *operation);

static void on_replayed(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply && reply->type == REDIS_ERROR) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (reply)
        operation->number += redis_reply_number(reply, 0);
    if (operation->index == operation->entry_count)
        send_page(operation);
    else
        replay_entry(operation, &operation->entries[operation->index++], on_replayed);
}

/* What cannot be read stays where it is. */
static void on_page(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (!reply->size) {
        redis_answer_done(operation, operation->number);
        return;
    }
    redis_take_entries(operation, reply, true, &operation->cursor);
    operation->cursor = redis_id_next(operation->cursor);
    on_replayed(operation, NULL);
}

static void send_page(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    char from[REDIS_ID_SIZE];

    redis_id_write(from, operation->cursor);
    operation->index = operation->entry_count = 0;
    redis_arena_clear(&operation->arena);
    REDIS_COMMAND(text, "XRANGE", operation->call->stream, from, "+", "COUNT", PAGE_SIZE);
    redis_send(operation, text, on_page, 1);
}

/* How many were replayed before it failed is part of the answer. */
static void fail_replay_all(struct redis_operation *operation, const struct adapter_result *failure)
{
    struct adapter_result result = *failure;

    result.number = operation->number;
    if (operation->number)
        result.outcome = ADAPTER_UNKNOWN;
    redis_answer(operation, &result);
}

void redis_streams_dlq_replay_all(struct adapter_session *adapter_session,
                                  struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_page, .fail = fail_replay_all, .link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    operation->cursor = (struct redis_id){0};
    if (!has_target(operation))
        return;
    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, call->target, NULL);
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
