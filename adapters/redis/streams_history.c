/* streams_history.c: reading outside any group: what is stored, and what is stored from now on. */
#include <string.h>

#include "connection.h"
#include "resp.h"
#include "streams.h"

#define SLICE_MS        1000u /* one blocking XREAD */
#define HANG_NS         3000000000u
#define SUBSCRIBE_COUNT 1000

/* --- read_from -------------------------------------------------------------------------------- */

static void on_range(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    redis_take_entries(operation, reply, false, &operation->cursor);
    if (reply->size && !operation->entry_count) { /* none could be read: go on behind them */
        operation->cursor = redis_id_next(operation->cursor);
        operation->send(operation);
        return;
    }
    redis_answer_entries(operation);
}

static void send_range(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    char from[REDIS_ID_SIZE];

    redis_id_write(from, operation->cursor);
    redis_command(text, 6);
    redis_argument_string(text, "XRANGE");
    redis_argument_string(text, operation->call->stream);
    redis_argument_string(text, from);
    redis_argument_string(text, "+");
    redis_argument_string(text, "COUNT");
    redis_argument_number(text, (int64_t)operation->wanted);
    redis_send(operation, text, on_range, 1);
}

void redis_streams_read_from(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_range, .link = REDIS_LINK_COMMAND, .retries = true};
    struct redis_operation *operation = redis_begin(redis_session_of(adapter_session), call, &flow);
    bool is_start = !call->key || !strcmp(call->key, "start");

    operation->cursor = (struct redis_id){0};
    if (!is_start && !redis_id_parse(call->key, strlen(call->key), &operation->cursor)) {
        redis_answer_later(operation, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                           "a position is 'start' or the id of an entry");
        return;
    }
    if (call->count <= 0) {
        redis_answer_later(operation, ADAPTER_EMPTY, ADAPTER_ERROR_NONE, NULL);
        return;
    }
    if (!is_start) /* behind it; "(id" is not known before 6.2 */
        operation->cursor = redis_id_next(operation->cursor);
    operation->wanted = (size_t)call->count;
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}

/* --- subscribe -------------------------------------------------------------------------------- */

static void send_listen(struct redis_operation *operation);

static void on_hang(struct redis_operation *operation)
{
    redis_connection_break(operation->connection, "a blocking read was not answered in time");
}

static void deliver(struct redis_operation *operation, const struct redis_reply *list)
{
    struct adapter_call *call = operation->call;

    operation->entry_count = 0;
    redis_take_entries(operation, list, false, &operation->cursor);
    for (size_t i = 0; i < operation->entry_count; i++)
        operation->entries[i].attempt = 1;
    if (operation->entry_count && call->deliver)
        call->deliver(call, operation->entries, operation->entry_count);
}

static void on_heard(struct redis_operation *operation, const struct redis_reply *reply)
{
    operation->wake_ns = UINT64_MAX;
    if (reply->type == REDIS_ARRAY) {
        deliver(operation, redis_entries_of(reply));
    } else if (reply->type == REDIS_ERROR && !redis_reply_is_error(reply, "UNBLOCKED")) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (operation->call)
        redis_submit(operation, REDIS_LINK_READ, send_listen);
}

static void send_listen(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);
    char from[REDIS_ID_SIZE];

    redis_id_write(from, operation->cursor);
    redis_command(text, 8);
    redis_argument_string(text, "XREAD");
    redis_argument_string(text, "COUNT");
    redis_argument_number(text, SUBSCRIBE_COUNT);
    redis_argument_string(text, "BLOCK");
    redis_argument_number(text, SLICE_MS);
    redis_argument_string(text, "STREAMS");
    redis_argument_string(text, operation->call->stream);
    redis_argument_string(text, from);
    redis_wake_after(operation, SLICE_MS * 1000000ull + HANG_NS, on_hang);
    redis_send(operation, text, on_heard, 1);
}

/* Where the stream ends now. */
static void on_position(struct redis_operation *operation, const struct redis_reply *reply)
{
    const struct redis_reply *id = redis_reply_at(redis_reply_at(reply, 0), 0);

    if (reply->type != REDIS_ARRAY) {
        redis_answer_refusal(operation, reply);
        return;
    }
    if (redis_reply_is_text(id))
        (void)redis_id_parse(id->text, id->size, &operation->cursor);
    operation->phase = 1;
    redis_submit(operation, REDIS_LINK_READ, send_listen);
}

/* After a lost connection it goes on from where it was: nothing is missed. */
static void send_subscribe(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    if (operation->phase) {
        redis_submit(operation, REDIS_LINK_READ, send_listen);
        return;
    }
    REDIS_COMMAND(text, "XREVRANGE", operation->call->stream, "+", "-", "COUNT", "1");
    redis_send(operation, text, on_position, 1);
}

static void lose_subscribe(struct redis_operation *operation)
{
    operation->resends = 0; /* any number of times: reading changes nothing here */
}

/* The position is asked for on the command link, so that a ping behind it tells that it is known.
 */
void redis_streams_subscribe(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_subscribe,
        .lost = lose_subscribe,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };
    struct redis_operation *operation = redis_begin(redis_session_of(adapter_session), call, &flow);

    operation->cursor = (struct redis_id){0};
    redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
}
