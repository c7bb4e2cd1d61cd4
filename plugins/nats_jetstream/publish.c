/* publish.c: a batch is sent at once, and then its answers are waited for, where the client library
   would wait for each message by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static int is_message(const struct adapter_text *text)
{
    return text->size > 2 && text->data[0] == '{' && text->data[text->size - 1] == '}' &&
           strspn(text->data + 1, " \t\r\n") < text->size - 2;
}

struct batch {
    struct adapter_item *items;
    char (*ids)[ID_SIZE];
    const char *suffix;
    size_t count, left, missing;
    unsigned long long first; /* token of the first */
};

/* --- Sending -----------------------------------------------------------------------------------
 */

static natsStatus send_large(struct adapter_session *session, struct stream *stream,
                             const char *subject, const char *reply,
                             const struct adapter_text *payload)
{
    natsMsg *message = NULL;
    natsStatus s = large_split(session, stream, subject, reply, payload, &message);

    if (s == NATS_OK)
        s = natsConnection_PublishMsg(session->connection, message);
    natsMsg_Destroy(message);
    return s;
}

static natsStatus send_item(struct adapter_session *session, struct stream *stream,
                            const char *subject, const struct adapter_text *payload,
                            unsigned long long token)
{
    char reply[128];

    snprintf(reply, sizeof(reply), "%s.%llu", session->prefix, token);
    if (large_is(session, payload))
        return send_large(session, stream, subject, reply, payload);
    return natsConnection_PublishRequest(session->connection, subject, reply, payload->data,
                                         (int)payload->size);
}

static uint32_t error_of(natsStatus status)
{
    if (status == NATS_MAX_PAYLOAD) /* not even parts fit */
        return ADAPTER_ERROR_VALIDATION;
    return answer_is_no(status) ? ADAPTER_ERROR_OTHER : ADAPTER_ERROR_CONNECTION;
}

/* What could not be sent surely did not happen. */
static void send_items(struct adapter_session *session, const struct adapter_call *call,
                       struct stream *stream, struct batch *batch)
{
    char subject[SUBJECT_SIZE];

    name_subject(stream, subject);
    for (size_t i = 0; i < batch->count; i++) {
        natsStatus s = send_item(session, stream, subject, &call->items[i], batch->first + i);

        if (s == NATS_OK)
            continue;
        batch->items[i] = (struct adapter_item){.outcome = ADAPTER_REFUSED, .error = error_of(s)};
        batch->left--;
    }
}

/* --- Answers -----------------------------------------------------------------------------------
 */

/* {"stream":"...","seq":17} or {"error":{...}} */
static void note_stored(struct batch *batch, size_t index, natsMsg *message)
{
    const char *data = natsMsg_GetDataLength(message) > 0 ? natsMsg_GetData(message) : "";
    struct adapter_item *item = &batch->items[index];
    char text[512];

    snprintf(text, sizeof(text), "%.*s", natsMsg_GetDataLength(message), data);
    const char *sequence = strstr(text, "\"seq\":");
    if (!sequence || strstr(text, "\"error\"")) {
        *item = (struct adapter_item){.outcome = ADAPTER_REFUSED, .error = ADAPTER_ERROR_OTHER};
        return;
    }
    snprintf(batch->ids[index], ID_SIZE, "%llu%s",
             strtoull(sequence + strlen("\"seq\":"), NULL, 10), batch->suffix);
    *item = (struct adapter_item){.outcome = ADAPTER_DONE,
                                  .id = {batch->ids[index], strlen(batch->ids[index])}};
}

static void note_answer(struct adapter_session *session, struct batch *batch, natsMsg *message)
{
    const char *subject = natsMsg_GetSubject(message);
    unsigned long long token = strtoull(strrchr(subject, '.') + 1, NULL, 10);
    size_t index = (size_t)(token - batch->first);

    if (natsMsg_GetReply(message)) {
        pull_give_back(session, message); /* came too late for an earlier read */
        return;
    }
    if (token < batch->first || index >= batch->count ||
        batch->items[index].outcome != ADAPTER_UNKNOWN)
        return; /* of an earlier call */
    batch->left--;
    if (natsMsg_IsNoResponders(message))
        batch->missing++;
    else
        note_stored(batch, index, message);
}

static void hear_answers(struct adapter_session *session, struct batch *batch)
{
    natsStatus s = natsConnection_IsClosed(session->connection) ? NATS_CONNECTION_CLOSED : NATS_OK;

    while (s == NATS_OK && batch->left > 0) {
        natsMsg *message = NULL;

        s = natsSubscription_NextMsg(&message, session->inbox, connection_left_ms(session));
        if (s == NATS_OK)
            note_answer(session, batch, message);
        if (s == NATS_NO_RESPONDERS) { /* nobody keeps that subject: it was not stored */
            batch->left--;
            batch->missing++;
            s = NATS_OK;
        }
        natsMsg_Destroy(message);
    }
}

/* --- Both --------------------------------------------------------------------------------------
 */

static void send_batch(struct adapter_session *session, const struct adapter_call *call,
                       struct stream *stream, struct batch *batch)
{
    batch->first = session->token + 1;
    session->token += batch->count;
    batch->left = batch->count;
    batch->missing = 0;
    batch->suffix = stream->suffix;
    for (size_t i = 0; i < batch->count; i++)
        batch->items[i] =
            (struct adapter_item){.outcome = ADAPTER_UNKNOWN, .error = ADAPTER_ERROR_CONNECTION};
    send_items(session, call, stream, batch);
    hear_answers(session, batch);
}

/* A stream that somebody deleted answers with "no responders".  It is made again, and the batch
   sent again: none of it was stored. */
static void send_to_new_stream(struct adapter_session *session, const struct adapter_call *call,
                               struct stream *stream, struct batch *batch)
{
    natsStatus s;

    pthread_mutex_lock(&session->instance->mutex);
    stream->is_made = 0;
    pthread_mutex_unlock(&session->instance->mutex);
    s = store_make_stream(session, stream);
    if (s == NATS_OK)
        send_batch(session, call, stream, batch);
    for (size_t i = 0; s != NATS_OK && i < batch->count; i++)
        batch->items[i] =
            (struct adapter_item){.outcome = ADAPTER_REFUSED, .error = ADAPTER_ERROR_OTHER};
}

static void answer_batch(struct adapter_session *session, struct adapter_call *call,
                         const struct batch *batch)
{
    struct adapter_result result = {
        .outcome = ADAPTER_DONE, .attempts = 1, .items = batch->items, .item_count = batch->count};

    for (size_t i = 0; i < batch->count; i++)
        if (batch->items[i].outcome > result.outcome) {
            result.outcome = batch->items[i].outcome;
            result.error = batch->items[i].error;
        }
    answer_result(session, call, result);
}

static int are_messages(const struct adapter_call *call)
{
    for (size_t i = 0; i < call->item_count; i++)
        if (!is_message(&call->items[i]))
            return 0;
    return 1;
}

void publish(struct adapter_session *session, struct adapter_call *call)
{
    struct batch batch = {.count = call->item_count};
    struct stream *stream;
    natsStatus s;

    if (!are_messages(call)) {
        answer_fail(session, call, ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION,
                    "a message is a JSON object that is not empty");
        return;
    }
    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    stream = known_stream(session->instance, call->stream);
    do
        s = store_make_stream(session, stream);
    while (s != NATS_OK && connection_again(session, call));
    if (s != NATS_OK) {
        answer_status(session, call, s, 0);
        return;
    }
    session->attempts = 1; /* of the messages themselves */
    batch.items = calloc(batch.count, sizeof(*batch.items));
    batch.ids = calloc(batch.count, sizeof(*batch.ids));
    send_batch(session, call, stream, &batch);
    if (batch.missing && batch.missing == batch.count)
        send_to_new_stream(session, call, stream, &batch);
    answer_batch(session, call, &batch);
    free(batch.items);
    free(batch.ids);
}
