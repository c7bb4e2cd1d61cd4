/* streams_partition.c: which partitions a category has, taking over what is pending in one, and
   removing those that nobody needs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "resp.h"
#include "script.h"
#include "streams.h"

static char *index_key(const char *category)
{
    return memory_format("%s:__partitions__", category);
}

/* When each key was recorded: a field per key.  A Protean application never reads it. */
static char *recorded_key(const char *category)
{
    return memory_format("%s:__recorded__", category);
}

static void note_partition(struct redis_session *session, const struct adapter_call *call)
{
    char *stream = memory_format("%s:%s", call->stream, call->key);

    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, call->stream, NULL);
    redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, stream, NULL);
    free(stream);
}

/* --- record_partition, partition_keys --------------------------------------------------------- */

static void on_recorded(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_ERROR)
        redis_answer_refusal(operation, reply);
    else
        redis_answer_done(operation, 1);
}

static void send_record(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);
    char *index = index_key(call->stream), *recorded = recorded_key(call->stream);

    redis_argument_string(text, "2");
    redis_argument_string(text, index);
    redis_argument_string(text, recorded);
    redis_argument_string(text, call->key);
    free(index);
    free(recorded);
    redis_script_run(operation, REDIS_SCRIPT_RECORD, 4, on_recorded);
}

void redis_streams_record_partition(struct adapter_session *adapter_session,
                                    struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_record, .link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);

    note_partition(session, call);
    redis_start(session, call, &flow);
}

static void on_keys(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    for (size_t i = 0; redis_reply_at(reply, i); i++) {
        const struct redis_reply *key = redis_reply_at(reply, i);

        redis_add_entry(operation)->id = (struct adapter_text){key->text, key->size};
    }
    redis_answer_entries(operation);
}

static void send_keys(struct redis_operation *operation)
{
    char *index = index_key(operation->call->stream);
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "SMEMBERS", index);
    free(index);
    redis_send(operation, text, on_keys, 1);
}

void redis_streams_partition_keys(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_keys, .link = REDIS_LINK_COMMAND};

    redis_start(redis_session_of(session), call, &flow);
}

/* --- reap_partition --------------------------------------------------------------------------- */

static void add_streams(struct text *text, const struct adapter_call *call)
{
    char *stream = memory_format("%s:%s", call->stream, call->key);
    char *lane = call->target ? memory_format("%s:%s", stream, call->target) : NULL;

    redis_argument_string(text, stream);
    if (lane)
        redis_argument_string(text, lane);
    free(stream);
    free(lane);
}

static void send_reap(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);
    char *index = index_key(call->stream), *recorded = recorded_key(call->stream);
    size_t key_count = call->target ? 4 : 3;

    redis_argument_number(text, (int64_t)key_count);
    redis_argument_string(text, index);
    redis_argument_string(text, recorded);
    add_streams(text, call);
    redis_argument_string(text, call->key);
    redis_argument_number(text, call->duration_ms);
    free(index);
    free(recorded);
    redis_script_run(operation, REDIS_SCRIPT_REAP, key_count + 3, redis_reply_number_done);
}

void redis_streams_reap_partition(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_reap, .link = REDIS_LINK_COMMAND};

    redis_start(redis_session_of(session), call, &flow);
}

/* --- reclaim_partition_pending ---------------------------------------------------------------- */

/* Also from inside a script, which wraps the words. */
static bool is_about_no_group(const struct redis_reply *reply)
{
    return redis_reply_is_error(reply, "NOGROUP") || redis_reply_is_error(reply, "ERR NOGROUP");
}

static void on_reclaimed(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_reply *cursor = redis_reply_at(reply, 0);
    size_t first = operation->entry_count;

    if (redis_is_fenced(reply)) {
        redis_answer_fenced(operation);
        return;
    }
    if (is_about_no_group(reply)) {
        redis_answer_empty(operation);
        return;
    }
    if (!redis_reply_is_text(cursor)) {
        redis_answer_refusal(operation, reply);
        return;
    }
    redis_take_entries(operation, redis_reply_at(reply, 1), true, NULL);
    for (size_t i = first; i < operation->entry_count; i++)
        operation->entries[i].flags = ADAPTER_ENTRY_RECLAIMED;
    if (redis_id_parse(cursor->text, cursor->size, &operation->cursor) &&
        (operation->cursor.ms || operation->cursor.seq))
        operation->send(operation);
    else
        redis_answer_entries(operation);
}

static int64_t page_size(const struct adapter_call *call)
{
    return call->count > 0 ? call->count : 100;
}

static int64_t min_idle_ms(const struct adapter_call *call)
{
    return call->duration_ms > 0 ? call->duration_ms : 0;
}

static void send_fenced_reclaim(struct redis_operation *operation, const char *cursor)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_script_arguments(operation);

    redis_argument_string(text, "2");
    redis_argument_string(text, operation->word);
    redis_argument_string(text, call->stream);
    redis_argument_string(text, operation->view->consumer);
    redis_argument_string(text, call->group);
    redis_argument_number(text, min_idle_ms(call));
    redis_argument_string(text, cursor);
    redis_argument_number(text, page_size(call));
    redis_script_run(operation, REDIS_SCRIPT_FENCED_CLAIM, 8, on_reclaimed);
}

static void send_reclaim(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    struct text *text = redis_compose(operation);
    char cursor[REDIS_ID_SIZE];

    redis_id_write(cursor, operation->cursor);
    if (operation->word) {
        send_fenced_reclaim(operation, cursor);
        return;
    }
    redis_command(text, 8);
    redis_argument_string(text, "XAUTOCLAIM");
    redis_argument_string(text, call->stream);
    redis_argument_string(text, call->group);
    redis_argument_string(text, operation->view->consumer);
    redis_argument_number(text, min_idle_ms(call));
    redis_argument_string(text, cursor);
    redis_argument_string(text, "COUNT");
    redis_argument_number(text, page_size(call));
    redis_send(operation, text, on_reclaimed, 1);
}

/* Everything that is idle long enough, until the scan is through; `count` is the size of a page.
   The port gives no lease here.  Where a fenced read told which lease fences the group, only its
   holder may take over: a stale owner would pull the head away from under the live one. */
void redis_streams_reclaim_pending(struct adapter_session *adapter_session,
                                   struct adapter_call *call)
{
    static const struct redis_flow flow = {.send = send_reclaim, .link = REDIS_LINK_COMMAND};
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &flow);

    operation->cursor = (struct redis_id){0};
    operation->view = redis_view_find(session, call->stream, call->group, call->consumer);
    operation->word =
        redis_find_fence(session->instance, call->stream, call->group, &operation->arena);
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
