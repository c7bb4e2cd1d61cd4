/* channels_subscribe.c: subscriptions live on the read link, which then carries what is published.
 */
#include <string.h>

#include "channels.h"
#include "common.h"
#include "connection.h"
#include "envelope.h"
#include "resp.h"
#include "session.h"

#define HEARTBEAT_NS                                                                               \
    5000000000u /* how long a link may be silent before it is asked whether it lives */

enum { UNCONFIRMED, CONFIRMED };

static bool is_about(const struct redis_operation *operation, const struct redis_reply *channel)
{
    return redis_reply_equals(channel, operation->call->stream);
}

/* --- What the server pushes ------------------------------------------------------------------- */

static void release_pings(struct redis_session *session)
{
    struct redis_operation *ping;

    while (!session->subscribing && (ping = redis_queue_pop(&session->pings)) != NULL)
        redis_submit(ping, REDIS_LINK_COMMAND, ping->flow->send);
}

/* Half a connection, whose other end is gone without a word, would swallow everything in silence.
 */
static void on_heartbeat(struct redis_operation *operation)
{
    struct redis_connection *connection = operation->connection;
    struct text *text = redis_compose(operation);

    if (operation->tries && connection->received == operation->received_mark) {
        redis_connection_break(connection, "the server does not answer");
        return;
    }
    REDIS_COMMAND(text, "PING");
    operation->session->host->stream_write(connection->stream, text->data, text->size);
    operation->tries = 1;
    operation->received_mark = connection->received;
    redis_wake_after(operation, HEARTBEAT_NS, on_heartbeat);
}

static void on_subscribed(struct redis_session *session)
{
    struct redis_operation *operation = redis_queue_pop(&session->unconfirmed);

    if (!operation)
        return;
    operation->index = CONFIRMED;
    session->subscribing--;
    redis_queue_push(&session->subscribed, operation);
    redis_wake_after(operation, HEARTBEAT_NS, on_heartbeat);
    release_pings(session);
}

static void on_refused(struct redis_session *session, const struct redis_reply *error)
{
    struct redis_operation *operation = redis_queue_pop(&session->unconfirmed);

    if (operation)
        redis_answer_refusal(operation, error);
}

/* A message of a stranger need not have our envelope; then it has no id. */
static bool make_entry(const struct redis_reply *message, struct adapter_entry *ret_entry)
{
    *ret_entry = (struct adapter_entry){
        .id = {"", 0}, .payload = {message->text, message->size}, .attempt = 1};
    return redis_envelope_read(message->text, message->size, &ret_entry->id, &ret_entry->payload) ||
           redis_is_message(message->text, message->size);
}

static void on_message(struct redis_session *session, const struct redis_reply *channel,
                       const struct redis_reply *message)
{
    struct redis_operation *next;
    struct adapter_entry entry;

    if (!redis_reply_is_text(message) || !make_entry(message, &entry)) {
        if (atomic_fetch_add(&session->instance->skipped_count, 1) < 10)
            redis_session_log(session, ADAPTER_LOG_WARNING,
                              "%s: something that is no JSON object came through a channel: left "
                              "out",
                              session->name);
        return;
    }
    for (struct redis_operation *at = session->subscribed.first; at; at = next) {
        next = at->queue_next;
        if (is_about(at, channel) && at->call->deliver)
            at->call->deliver(at->call, &entry, 1);
        if (session->is_ended)
            return;
    }
}

static void on_push(struct redis_session *session, const struct redis_reply *reply)
{
    const struct redis_reply *kind = redis_reply_at(reply, 0);

    if (reply->type == REDIS_ERROR)
        on_refused(session, reply);
    else if (redis_reply_equals(kind, "subscribe"))
        on_subscribed(session);
    else if (redis_reply_equals(kind, "message"))
        on_message(session, redis_reply_at(reply, 1), redis_reply_at(reply, 2));
}

/* Nothing keeps what is published while nobody listens, so the subscription ends and says so. */
static void on_break(struct redis_session *session, const char *reason)
{
    struct redis_queue ended = {0};
    struct redis_operation *operation;
    char line[400];

    while ((operation = redis_queue_pop(&session->unconfirmed)) != NULL)
        redis_queue_push(&ended, operation);
    while ((operation = redis_queue_pop(&session->subscribed)) != NULL)
        redis_queue_push(&ended, operation);
    if (!ended.first)
        return;
    text_copy(line, sizeof(line), reason);
    text_copy(line + strlen(line), sizeof(line) - strlen(line),
              "; what is published before the next subscribe is lost");
    redis_session_log(session, ADAPTER_LOG_WARNING, "%s: %s", session->name, line);
    while ((operation = redis_queue_pop(&ended)) != NULL)
        redis_answer_failure(operation, ADAPTER_UNKNOWN, ADAPTER_ERROR_CONNECTION, line);
}

/* --- subscribe -------------------------------------------------------------------------------- */

static void send_subscribe(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "SUBSCRIBE", operation->call->stream);
    session->host->stream_write(operation->connection->stream, text->data, text->size);
    operation->is_sent = true;
    redis_queue_push(&session->unconfirmed, operation);
}

static void finish_subscribe(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;

    if (operation->index == UNCONFIRMED) {
        session->subscribing--;
        if (!session->is_ended)
            release_pings(session);
    }
}

void redis_channels_subscribe(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_subscribe, .finish = finish_subscribe, .link = REDIS_LINK_READ};
    struct redis_session *session = redis_session_of(adapter_session);

    session->subscribing++;
    session->connections[REDIS_LINK_READ].on_push = on_push;
    session->connections[REDIS_LINK_READ].on_break = on_break;
    redis_start(session, call, &flow);
}

/* --- ping: tells that the subscriptions before it stand ------------------------------------------
 */

static const struct redis_flow ping_flow = {
    .send = redis_send_ping,
    .fail = redis_fail_as_false,
    .link = REDIS_LINK_COMMAND,
    .retries = true,
};

void redis_channels_ping(struct adapter_session *adapter_session, struct adapter_call *call)
{
    struct redis_session *session = redis_session_of(adapter_session);
    struct redis_operation *operation = redis_begin(session, call, &ping_flow);

    if (session->subscribing)
        redis_queue_push(&session->pings, operation);
    else
        redis_submit(operation, REDIS_LINK_COMMAND, ping_flow.send);
}
