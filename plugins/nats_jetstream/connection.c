/* connection.c: one connection for each session, made when it is first needed, and made again here
   when it broke, not by the library: then it is known that it broke. */
#include <stdio.h>
#include <string.h>

#include "parts.h"

enum { DEFAULT_WAIT_MS = 5000, MARGIN_MS = 20, CONNECT_MS_MIN = 100 };
enum { DIALS_MAX = 3, DIAL_PAUSE_MS = 20, ATTEMPTS_MAX = 3 };

int64_t connection_left_ms(const struct adapter_session *session)
{
    uint64_t now_ns = session->host->now_ns(session->host);
    uint64_t end_ns = session->deadline_ns - MARGIN_MS * (uint64_t)NS_PER_MS;

    return end_ns > now_ns + NS_PER_MS ? (int64_t)((end_ns - now_ns) / NS_PER_MS) : 1;
}

jsOptions *connection_options(struct adapter_session *session)
{
    jsOptions_Init(&session->options);
    session->options.Wait = connection_left_ms(session);
    return &session->options;
}

void connection_end(struct adapter_session *session)
{
    natsSubscription_Destroy(session->inbox);
    jsCtx_Destroy(session->js);
    natsConnection_Destroy(session->connection);
    session->inbox = NULL;
    session->js = NULL;
    session->connection = NULL;
}

static natsStatus listen_for_answers(struct adapter_session *session)
{
    natsInbox *inbox = NULL;
    natsStatus s = natsInbox_Create(&inbox);
    char subject[96];

    if (s != NATS_OK)
        return s;
    snprintf(session->prefix, sizeof(session->prefix), "%s", inbox);
    natsInbox_Destroy(inbox);
    snprintf(subject, sizeof(subject), "%s.*", session->prefix);
    s = natsConnection_SubscribeSync(&session->inbox, session->connection, subject);
    if (s == NATS_OK)
        s = natsSubscription_SetPendingLimits(session->inbox, -1, -1);
    return s;
}

/* While the library reconnects, it keeps what is published and sends it later: not here, because
   what was refused must never arrive. */
static natsStatus dial(struct adapter_session *session)
{
    int64_t wait_ms = connection_left_ms(session);
    natsOptions *options = NULL;
    natsStatus s = natsOptions_Create(&options);

    if (s == NATS_OK)
        s = natsOptions_SetURL(options, session->instance->uri);
    if (s == NATS_OK)
        s = natsOptions_SetTimeout(options, wait_ms > CONNECT_MS_MIN ? wait_ms : CONNECT_MS_MIN);
    if (s == NATS_OK)
        s = natsOptions_SetAllowReconnect(options, false);
    if (s == NATS_OK)
        s = natsOptions_SetName(options, session->name);
    if (s == NATS_OK)
        s = natsConnection_Connect(&session->connection, options);
    natsOptions_Destroy(options);
    if (s == NATS_OK)
        s = natsConnection_JetStream(&session->js, session->connection,
                                     connection_options(session));
    return s == NATS_OK ? listen_for_answers(session) : s;
}

static int is_open(const struct adapter_session *session)
{
    return session->connection && !natsConnection_IsClosed(session->connection) &&
           natsConnection_Status(session->connection) == NATS_CONN_STATUS_CONNECTED;
}

/* A connection that is cut while it is made is tried again; a server that does not answer has had
   its time. */
static natsStatus dial_patiently(struct adapter_session *session)
{
    natsStatus s = dial(session);

    for (int i = 1; i < DIALS_MAX && s != NATS_OK && s != NATS_TIMEOUT; i++) {
        connection_end(session);
        nats_Sleep(DIAL_PAUSE_MS);
        s = dial(session);
    }
    return s;
}

static int reconnect(struct adapter_session *session)
{
    natsStatus s;

    connection_end(session);
    s = dial_patiently(session);
    if (s != NATS_OK) {
        snprintf(session->problem, sizeof(session->problem),
                 "there is no connection to the server: %s", natsStatus_GetText(s));
        connection_end(session);
        return 0;
    }
    session->is_again = session->was_connected;
    session->was_connected = 1;
    return 1;
}

int connection_is_lost(const struct adapter_session *session)
{
    return !is_open(session);
}

int connection_begin(struct adapter_session *session, const struct adapter_call *call)
{
    uint64_t now_ns = session->host->now_ns(session->host);

    session->attempts = 1;
    session->deadline_ns =
        call->deadline_ns ? call->deadline_ns : now_ns + DEFAULT_WAIT_MS * (uint64_t)NS_PER_MS;
    return is_open(session) || reconnect(session);
}

int connection_again(struct adapter_session *session, const struct adapter_call *call)
{
    if (is_open(session) || session->attempts >= ATTEMPTS_MAX ||
        (call->flags & ADAPTER_CALL_NO_RETRY) || connection_left_ms(session) <= 1)
        return 0;
    session->attempts++;
    return reconnect(session);
}
