/* connection.c: dialling with patience, signing on, and handing replies to those who expect them.
 */
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "resp.h"
#include "session.h"

#define DIAL_TIMEOUT_NS 5000000000u
#define BACKOFF_NS_MIN  10000000u /* 10, 30, 90, 200 ms */
#define BACKOFF_NS_MAX  200000000u
#define DIAL_TRIES      3u    /* before those who wait are told */
#define FEED_SIZE       4096u /* the parser moves what is left of it after every kilobyte */
#define NEVER           UINT64_MAX

static const char *link_name(const struct redis_connection *connection)
{
    return connection->link == REDIS_LINK_READ ? "read" : "command";
}

/* --- Signing on ------------------------------------------------------------------------------- */

/* The steps, in the order in which they are sent. */
enum sign_on { SIGN_AUTH, SIGN_SELECT, SIGN_NAME, SIGN_DONE };

static bool needs_step(const struct redis_connection *connection, enum sign_on step)
{
    const struct redis_address *address = &connection->session->instance->address;

    if (step == SIGN_AUTH)
        return address->has_password;
    return step != SIGN_SELECT || address->database;
}

/* What the server lists the connection as: no spaces, nothing that is not printable. */
static void make_client_name(const struct redis_connection *connection, char name[96])
{
    (void)snprintf(name, 96, "gauntlet:%.70s.%s", connection->session->name, link_name(connection));
    for (char *at = name; *at; at++)
        if (*at <= ' ' || *at > '~')
            *at = '_';
}

static void write_sign_on(struct redis_connection *connection)
{
    const struct redis_address *address = &connection->session->instance->address;
    struct text *text = &connection->session->commands;
    char name[96], database[16];

    make_client_name(connection, name);
    (void)snprintf(database, sizeof(database), "%u", address->database);
    text_clear(text);
    if (address->has_password && address->user[0])
        REDIS_COMMAND(text, "AUTH", address->user, address->password);
    else if (address->has_password)
        REDIS_COMMAND(text, "AUTH", address->password);
    if (address->database)
        REDIS_COMMAND(text, "SELECT", database);
    REDIS_COMMAND(text, "CLIENT", "SETNAME", name);
    connection->session->host->stream_write(connection->stream, text->data, text->size);
    explicit_bzero(text->data, text->size);
    connection->sign_on_index = needs_step(connection, SIGN_AUTH)     ? SIGN_AUTH
                                : needs_step(connection, SIGN_SELECT) ? SIGN_SELECT
                                                                      : SIGN_NAME;
}

static void open_for_business(struct redis_connection *connection)
{
    struct redis_session *session = connection->session;
    struct redis_operation *operation;

    connection->state = REDIS_OPEN;
    connection->due_ns = NEVER;
    connection->failures = 0;
    if (connection->was_lost) {
        session->is_reconnected = true;
        redis_session_log(session, ADAPTER_LOG_INFO, "%s.%s: connected to %s again", session->name,
                          link_name(connection), session->instance->address.shown);
    }
    connection->was_lost = false;
    while (connection->state == REDIS_OPEN &&
           (operation = redis_queue_pop(&connection->waiting)) != NULL)
        operation->send(operation);
}

static void give_up_waiting(struct redis_connection *connection, enum adapter_error error,
                            const char *reason)
{
    struct redis_queue waiting = {0};
    struct redis_operation *operation;

    while ((operation = redis_queue_pop(&connection->waiting)) != NULL)
        redis_queue_push(&waiting, operation);
    while ((operation = redis_queue_pop(&waiting)) != NULL)
        redis_give_up(operation, error, reason);
}

static uint64_t backoff_ns(const struct redis_connection *connection)
{
    uint64_t delay = BACKOFF_NS_MIN;

    for (uint32_t i = 1; i < connection->failures && delay < BACKOFF_NS_MAX; i++)
        delay *= 3;
    return delay < BACKOFF_NS_MAX ? delay : BACKOFF_NS_MAX;
}

static void drop_stream(struct redis_connection *connection)
{
    connection->session->host->stream_close(connection->stream, 1);
    connection->stream = NULL;
    connection->state = REDIS_DOWN;
    connection->generation++;
}

/* The attempt to connect failed; a definite failure is told at once. */
static void fail_dial(struct redis_connection *connection, enum adapter_error error,
                      const char *reason, bool is_definite)
{
    struct redis_session *session = connection->session;
    char line[320];

    (void)snprintf(line, sizeof(line), "cannot connect to %.120s: %.150s",
                   session->instance->address.shown, reason);
    drop_stream(connection);
    connection->failures++;
    connection->due_ns = redis_session_now(session) + backoff_ns(connection);
    redis_session_log(session, connection->failures == 1 ? ADAPTER_LOG_WARNING : ADAPTER_LOG_DEBUG,
                      "%s.%s: %s", session->name, link_name(connection), line);
    if (is_definite || connection->failures >= DIAL_TRIES)
        give_up_waiting(connection, error, line);
    if (!session->is_ended && connection->waiting.first)
        redis_connection_wake(connection);
}

static void on_sign_on(struct redis_connection *connection, const struct redis_reply *reply)
{
    enum sign_on step = connection->sign_on_index;
    char words[200];

    if (reply->type == REDIS_ERROR &&
        (step != SIGN_NAME || redis_reply_is_error(reply, "DENIED") ||
         redis_reply_is_error(reply, "ERR max number of clients reached"))) {
        redis_address_conceal(&connection->session->instance->address, reply->text, reply->size,
                              words, sizeof(words));
        fail_dial(connection, ADAPTER_ERROR_OTHER, words, true);
        return;
    }
    do
        step++;
    while (step < SIGN_DONE && !needs_step(connection, step));
    connection->sign_on_index = step;
    if (step == SIGN_DONE)
        open_for_business(connection);
}

/* --- Replies ---------------------------------------------------------------------------------- */

static struct redis_expectation *ring_at(struct redis_connection *connection, uint32_t index)
{
    return &connection->ring[(connection->ring_head + index) & (connection->ring_capacity - 1)];
}

static void grow_ring(struct redis_connection *connection)
{
    uint32_t capacity = connection->ring_capacity ? connection->ring_capacity * 2 : 64;
    struct redis_expectation *ring = memory_new(capacity, sizeof(*ring));

    for (uint32_t i = 0; i < connection->ring_count; i++)
        ring[i] = *ring_at(connection, i);
    free(connection->ring);
    connection->ring = ring;
    connection->ring_capacity = capacity;
    connection->ring_head = 0;
}

void redis_connection_expect(struct redis_connection *connection, struct redis_operation *operation,
                             redis_on_reply *on_reply, uint32_t count)
{
    if (connection->ring_count == connection->ring_capacity)
        grow_ring(connection);
    *ring_at(connection, connection->ring_count++) =
        (struct redis_expectation){operation, on_reply, count};
    if (operation) {
        operation->outstanding += count;
        operation->is_sent = true;
        operation->received_mark = connection->received;
    }
}

static void hand_over(struct redis_connection *connection, const struct redis_reply *reply)
{
    struct redis_expectation *expectation = ring_at(connection, 0);
    struct redis_operation *operation = expectation->operation;
    redis_on_reply *on_reply = expectation->on_reply;

    if (--expectation->count == 0) {
        connection->ring_head++;
        connection->ring_count--;
    }
    if (!operation)
        return;
    if (operation->call)
        on_reply(operation, reply);
    else if (operation->is_late && operation->flow->lost)
        operation->flow->lost(operation);
    redis_unexpect(operation, 1);
}

static void handle_reply(struct redis_connection *connection, const struct redis_reply *reply)
{
    if (connection->state == REDIS_DIALLING)
        on_sign_on(connection, reply);
    else if (connection->ring_count)
        hand_over(connection, reply);
    else if (connection->on_push)
        connection->on_push(connection->session, reply);
    else
        redis_connection_break(connection, "the server answered what was not asked");
}

/* Handle every reply that is complete, unless the stream goes. */
static void drain(struct redis_connection *connection)
{
    uint32_t generation = connection->generation;
    const struct redis_reply *reply;
    int found;

    while ((found = redis_reader_next(&connection->reader, &reply)) > 0) {
        handle_reply(connection, reply);
        if (connection->generation != generation)
            return;
        redis_reader_forget(&connection->reader);
    }
    if (found < 0)
        redis_connection_break(connection, redis_reader_problem(&connection->reader));
}

/* Handle the replies at the beginning that need no parser; how many bytes they were.  The stream
   may be gone then. */
static size_t take_flat(struct redis_connection *connection, const char *bytes, size_t size)
{
    uint32_t generation = connection->generation;
    struct redis_reply reply;
    size_t taken = 0, one;

    if (!redis_reader_is_between(&connection->reader))
        return 0;
    while (connection->generation == generation &&
           (one = redis_reply_flat(bytes + taken, size - taken, &reply)) > 0) {
        taken += one;
        handle_reply(connection, &reply);
    }
    return taken;
}

static size_t feed(struct redis_connection *connection, const char *bytes, size_t size)
{
    size_t slice = size < FEED_SIZE ? size : FEED_SIZE;

    if (redis_reader_feed(&connection->reader, bytes, slice))
        redis_connection_break(connection, "out of memory");
    else
        drain(connection);
    return slice;
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct redis_connection *connection = context;
    struct redis_session *session = connection->session;
    uint32_t generation = connection->generation;

    redis_session_enter(session);
    connection->received++;
    while (size && connection->generation == generation) {
        size_t taken = take_flat(connection, bytes, size);

        if (taken == 0)
            taken = feed(connection, bytes, size);
        bytes += taken;
        size -= taken;
    }
    redis_session_leave(session);
}

/* --- The stream ------------------------------------------------------------------------------- */

static void on_opened(void *context)
{
    (void)context; /* the first reply is what counts */
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct redis_connection *connection = context;
    struct redis_session *session = connection->session;

    redis_session_enter(session);
    if (error_number == 0 && (!reason || !reason[0]))
        reason = "closed by the server";
    redis_connection_break(connection, reason ? reason : strerror(error_number));
    redis_session_leave(session);
}

static void dial(struct redis_connection *connection)
{
    static const struct adapter_stream_events events = {
        .opened = on_opened, .received = on_received, .closed = on_closed};
    struct redis_session *session = connection->session;

    if (redis_reader_open(&connection->reader))
        return;
    connection->state = REDIS_DIALLING;
    connection->generation++;
    connection->due_ns = redis_session_now(session) + DIAL_TIMEOUT_NS;
    redis_session_wake_at(session, connection->due_ns);
    connection->stream = session->host->dial(session->host, session->instance->address.dial,
                                             link_name(connection), &events, connection);
    write_sign_on(connection);
}

void redis_connection_wake(struct redis_connection *connection)
{
    if (connection->state != REDIS_DOWN || connection->session->is_ended)
        return;
    if (connection->due_ns == NEVER || connection->due_ns <= redis_session_now(connection->session))
        dial(connection);
    else
        redis_session_wake_at(connection->session, connection->due_ns);
}

void redis_connection_tick(struct redis_connection *connection, uint64_t now_ns)
{
    if (now_ns < connection->due_ns)
        return;
    if (connection->state == REDIS_DIALLING) {
        redis_connection_break(connection, "no answer");
    } else if (connection->state == REDIS_DOWN) {
        connection->due_ns = NEVER;
        if (connection->waiting.first)
            dial(connection);
    }
}

/* Take the expectations back; those who still wait for an answer go to `lost`, in order. */
static void collect_lost(struct redis_connection *connection, struct redis_queue *lost)
{
    for (uint32_t i = 0; i < connection->ring_count; i++) {
        struct redis_expectation *expectation = ring_at(connection, i);
        struct redis_operation *operation = expectation->operation;

        if (!operation)
            continue;
        if (operation->call && !operation->queue && lost)
            redis_queue_push(lost, operation);
        redis_unexpect(operation, expectation->count);
    }
    connection->ring_count = 0;
}

static void lose_stream(struct redis_connection *connection, const char *reason)
{
    struct redis_session *session = connection->session;
    struct redis_queue lost = {0};
    struct redis_operation *operation;
    char line[320];

    (void)snprintf(line, sizeof(line), "connection to %.120s lost: %.150s",
                   session->instance->address.shown, reason);
    redis_session_log(session, ADAPTER_LOG_INFO, "%s.%s: %s", session->name, link_name(connection),
                      line);
    drop_stream(connection);
    connection->was_lost = true;
    connection->due_ns = NEVER;
    connection->failures = 0;
    collect_lost(connection, &lost);
    while ((operation = redis_queue_pop(&lost)) != NULL)
        redis_lose(operation, line);
    if (connection->on_break)
        connection->on_break(session, line);
}

void redis_connection_break(struct redis_connection *connection, const char *reason)
{
    if (!connection->stream)
        return;
    if (connection->state == REDIS_OPEN)
        lose_stream(connection, reason);
    else
        fail_dial(connection, ADAPTER_ERROR_CONNECTION, reason, false);
}

void redis_connection_close(struct redis_connection *connection, bool reset)
{
    if (connection->stream)
        connection->session->host->stream_close(connection->stream, reset);
    connection->stream = NULL;
    connection->state = REDIS_DOWN;
    connection->generation++;
    collect_lost(connection, NULL);
}

void redis_connection_release(struct redis_connection *connection)
{
    redis_reader_release(&connection->reader);
    free(connection->ring);
}
