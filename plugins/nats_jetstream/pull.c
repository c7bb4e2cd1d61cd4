/* pull.c: messages of a group, by hand: a batch costs one round trip, and no request is left behind
   at the server for messages that nobody will wait for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

#define ACK_PREFIX "$JS.ACK."

enum { ANSWER_MS = 800 }; /* the server's, beyond what it was asked to wait */
enum { LAG_MS = 200 };    /* of its consumers behind its streams */

/* $JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<...>; with a domain and an account in front
   of the stream in newer servers. */
static const char *find_token(const char *subject, int index)
{
    int dots = 0;

    for (const char *at = subject; *at; at++)
        dots += *at == '.';
    if (dots > 8)
        index += 2;
    for (; subject && index > 0; index--) {
        subject = strchr(subject, '.');
        subject = subject ? subject + 1 : NULL;
    }
    return subject;
}

uint64_t pull_token(const char *subject, int index)
{
    const char *token = find_token(subject, index);

    return token ? strtoull(token, NULL, 10) : 0;
}

void pull_give_back(struct adapter_session *session, natsMsg *message)
{
    const char *reply = natsMsg_GetReply(message);

    if (reply && strncmp(reply, ACK_PREFIX, strlen(ACK_PREFIX)) == 0)
        (void)natsConnection_PublishString(session->connection, reply, "-NAK");
}

/* An inbox serves all reads of a session: what answers an earlier one may come late. */
static int is_of(const char *reply, const struct stream *stream, const struct group *group)
{
    char both[2 * NAME_SIZE + 4];
    size_t size = (size_t)snprintf(both, sizeof(both), "%s.%s.", stream->encoded, group->encoded);
    const char *token = find_token(reply, 2);

    return token && strncmp(token, both, size) == 0;
}

enum pull_status { PULL_GOES_ON, PULL_IS_OVER, PULL_FAILED };

/* 404 and 408 say that there is no more; others that the consumer is gone. */
static enum pull_status note_status(natsMsg *message)
{
    const char *status = NULL;

    (void)natsMsgHeader_Get(message, "Status", &status);
    return status && (strcmp(status, "404") == 0 || strcmp(status, "408") == 0) ? PULL_IS_OVER
                                                                                : PULL_FAILED;
}

/* A message without a subject to acknowledge at is a status.  Takes the message. */
static enum pull_status note_message(struct adapter_session *session, const struct stream *stream,
                                     const struct group *group, const char *request,
                                     struct haul *haul, natsMsg *message)
{
    const char *reply = natsMsg_GetReply(message);
    enum pull_status status = PULL_GOES_ON;

    if (reply && strncmp(reply, ACK_PREFIX, strlen(ACK_PREFIX)) == 0 &&
        is_of(reply, stream, group)) {
        haul->messages[haul->count++] = message;
        return PULL_GOES_ON;
    }
    if (reply)
        pull_give_back(session, message);
    else if (strcmp(natsMsg_GetSubject(message), request) == 0)
        status = note_status(message); /* others are late, of earlier requests */
    natsMsg_Destroy(message);
    return status;
}

static natsStatus ask(struct adapter_session *session, const struct stream *stream,
                      const struct group *group, size_t count, int64_t wait_ms, const char *reply)
{
    char subject[2 * NAME_SIZE + 64], request[128];

    snprintf(subject, sizeof(subject), "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream->encoded,
             group->encoded);
    if (wait_ms > 0)
        snprintf(request, sizeof(request), "{\"batch\":%zu,\"expires\":%lld}", count,
                 (long long)wait_ms * NS_PER_MS);
    else
        snprintf(request, sizeof(request), "{\"batch\":%zu,\"no_wait\":true}", count);
    return natsConnection_PublishRequestString(session->connection, subject, reply, request);
}

/* Up to so many more than there are. */
static natsStatus pull_some(struct adapter_session *session, const struct stream *stream,
                            const struct group *group, size_t count, int64_t wait_ms,
                            struct haul *haul)
{
    enum pull_status status = PULL_GOES_ON;
    size_t wanted = haul->count + count;
    char reply[128];
    natsStatus s;

    snprintf(reply, sizeof(reply), "%s.%llu", session->prefix, ++session->token);
    s = ask(session, stream, group, count, wait_ms, reply);
    while (s == NATS_OK && status == PULL_GOES_ON && haul->count < wanted) {
        int64_t left_ms = connection_left_ms(session), patience_ms = wait_ms + ANSWER_MS;
        natsMsg *message = NULL;

        s = natsSubscription_NextMsg(&message, session->inbox,
                                     patience_ms < left_ms ? patience_ms : left_ms);
        if (s == NATS_OK && natsMsg_IsNoResponders(message)) {
            natsMsg_Destroy(message);
            s = NATS_NO_RESPONDERS;
        }
        if (s == NATS_OK)
            status = note_message(session, stream, group, reply, haul, message);
    }
    return status == PULL_FAILED ? NATS_NO_RESPONDERS : s;
}

static uint64_t top_of(const struct group *group, const struct haul *haul)
{
    book_lock();
    uint64_t top = group->book->top;
    book_unlock();
    for (size_t i = 0; i < haul->count; i++) {
        uint64_t sequence = pull_token(natsMsg_GetReply(haul->messages[i]), 5);

        top = sequence > top ? sequence : top;
    }
    return top;
}

/* The server answers a publish before it tells its consumers: for a moment there is "nothing". */
static int is_behind(struct adapter_session *session, const struct stream *stream,
                     const struct group *group, const struct haul *haul, uint64_t *ret_last)
{
    jsStreamInfo *info = NULL;
    struct pending pending;

    if (js_GetStreamInfo(&info, session->js, stream->encoded, connection_options(session), NULL) !=
        NATS_OK)
        return 0;
    *ret_last = info->State.LastSeq;
    jsStreamInfo_Destroy(info);
    return *ret_last > top_of(group, haul) &&
           store_ask_pending(session, stream, group, &pending) == NATS_OK &&
           *ret_last > pending.delivered;
}

/* Who waits asks for one: of a request for more, messages would come after the answer was given. */
static natsStatus pull_waiting(struct adapter_session *session, const struct stream *stream,
                               const struct group *group, int64_t wait_ms, struct haul *haul)
{
    natsStatus s = pull_some(session, stream, group, 1, wait_ms, haul);

    if (s == NATS_OK && haul->count > 0 && haul->wanted > haul->count)
        (void)pull_some(session, stream, group, haul->wanted - haul->count, 0, haul);
    return s;
}

/* What nobody was told of yet is waited for; what does not come then was deleted. */
static natsStatus pull_behind(struct adapter_session *session, const struct stream *stream,
                              const struct group *group, struct haul *haul)
{
    size_t count = haul->count;
    natsStatus s = NATS_OK;
    uint64_t last = 0;

    if (!is_behind(session, stream, group, haul, &last))
        return NATS_OK;
    s = pull_waiting(session, stream, group, LAG_MS, haul);
    if (s == NATS_OK && haul->count == count) {
        book_lock();
        book_raise(group->book, last);
        book_unlock();
    }
    return s;
}

natsStatus pull(struct adapter_session *session, const struct stream *stream,
                const struct group *group, int64_t wait_ms, struct haul *haul)
{
    natsStatus s = pull_some(session, stream, group, haul->wanted, 0, haul);

    if (s == NATS_OK && haul->count == 0 && wait_ms > 0)
        s = pull_waiting(session, stream, group, wait_ms, haul);
    else if (s == NATS_OK && haul->count < haul->wanted && wait_ms == 0)
        s = pull_behind(session, stream, group, haul);
    return haul->count > 0 ? NATS_OK : s;
}
