/* large.c: messages above the server's max_payload (1 MiB unless somebody raised it).

   Such a message goes in parts into a stream beside its own, and an empty message with a header
   that names the parts takes its place in the stream: so it has one place in the order, is
   delivered and acknowledged as one, and counts as one.  Readers fetch the parts and put them
   together.  Parts are stored before what names them: nobody sees half a message.  They go when
   their stream goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

#define HEADER "Gauntlet-Parts" /* "4194314 17 18 19 20 21": size, and where the parts are */

enum { ROOM_FOR_HEADERS = 1024, SEQUENCE_SIZE = 22 };

void large_name(const char *encoded, char name[NAME_SIZE + 8])
{
    snprintf(name, NAME_SIZE + 8, "%s__parts", encoded);
}

static void name_part_subject(const struct stream *stream, char subject[SUBJECT_SIZE])
{
    snprintf(subject, SUBJECT_SIZE, "gp.%s", stream->encoded);
}

int large_is(struct adapter_session *session, const struct adapter_text *payload)
{
    int64_t max = natsConnection_GetMaxPayload(session->connection);

    return max > 2 * ROOM_FOR_HEADERS && payload->size > (size_t)max;
}

/* --- Storing -----------------------------------------------------------------------------------
 */

static natsStatus make_parts(struct adapter_session *session, struct stream *stream)
{
    char name[NAME_SIZE + 8], subject[SUBJECT_SIZE];
    const char *subjects[] = {subject};
    jsStreamConfig config;
    jsErrCode code = 0;

    large_name(stream->encoded, name);
    name_part_subject(stream, subject);
    jsStreamConfig_Init(&config);
    config.Name = name;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = session->instance->in_memory ? js_MemoryStorage : js_FileStorage;
    natsStatus s = js_AddStream(NULL, session->js, &config, connection_options(session), &code);
    if (s != NATS_OK && code == JSStreamNameExistErr)
        s = NATS_OK;
    known_set_flag(session->instance, &stream->has_parts, s == NATS_OK);
    return s;
}

static natsStatus store_part(struct adapter_session *session, const char *subject, const char *data,
                             size_t size, uint64_t *ret_sequence)
{
    jsPubOptions options;
    jsPubAck *stored = NULL;
    natsStatus s;

    jsPubOptions_Init(&options);
    options.MaxWait = connection_left_ms(session);
    s = js_Publish(&stored, session->js, subject, data, (int)size, &options, NULL);
    if (s == NATS_OK)
        *ret_sequence = stored->Sequence;
    jsPubAck_Destroy(stored);
    return s;
}

/* Gives the header's value (free). */
static natsStatus store_parts(struct adapter_session *session, const struct stream *stream,
                              const struct adapter_text *payload, char **ret_list)
{
    size_t max = (size_t)natsConnection_GetMaxPayload(session->connection) - ROOM_FOR_HEADERS;
    size_t capacity = (payload->size / max + 3) * SEQUENCE_SIZE;
    char *list = calloc(capacity, 1), subject[SUBJECT_SIZE];
    int used = snprintf(list, capacity, "%zu", payload->size);
    natsStatus s = NATS_OK;

    name_part_subject(stream, subject);
    for (size_t at = 0; s == NATS_OK && at < payload->size; at += max) {
        size_t size = payload->size - at < max ? payload->size - at : max;
        uint64_t sequence = 0;

        s = store_part(session, subject, payload->data + at, size, &sequence);
        used +=
            snprintf(list + used, capacity - (size_t)used, " %llu", (unsigned long long)sequence);
    }
    *ret_list = list;
    return s;
}

natsStatus large_split(struct adapter_session *session, struct stream *stream, const char *subject,
                       const char *reply, const struct adapter_text *payload, natsMsg **ret)
{
    char *list = NULL;
    int has_parts = known_flag(session->instance, &stream->has_parts);
    natsStatus s = has_parts ? NATS_OK : make_parts(session, stream);

    if (s == NATS_OK)
        s = store_parts(session, stream, payload, &list);
    if (s == NATS_NO_RESPONDERS) { /* gone behind our back: nothing of it was stored */
        free(list);
        list = NULL;
        s = make_parts(session, stream);
        if (s == NATS_OK)
            s = store_parts(session, stream, payload, &list);
    }
    if (s == NATS_OK)
        s = natsMsg_Create(ret, subject, reply, NULL, 0);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(*ret, HEADER, list);
    free(list);
    return s;
}

/* --- Reading -----------------------------------------------------------------------------------
 */

int large_stands_for(natsMsg *message)
{
    const char *list = NULL;

    return natsMsg_GetDataLength(message) == 0 &&
           natsMsgHeader_Get(message, HEADER, &list) == NATS_OK;
}

static natsStatus fetch_part(struct adapter_session *session, const char *name, uint64_t sequence,
                             char *data, size_t room, size_t *ret_size)
{
    natsMsg *part = NULL;
    jsErrCode code = 0;
    natsStatus s =
        js_GetMsg(&part, session->js, name, sequence, connection_options(session), &code);
    size_t size = s == NATS_OK ? (size_t)natsMsg_GetDataLength(part) : 0;

    if (code == JSNoMessageFoundErr || code == JSStreamNotFoundErr || size > room)
        s = NATS_NOT_FOUND;
    if (s == NATS_OK)
        memcpy(data, natsMsg_GetData(part), size);
    *ret_size = size;
    natsMsg_Destroy(part);
    return s;
}

natsStatus large_join(struct adapter_session *session, const struct stream *stream,
                      natsMsg *message, char **ret_data, size_t *ret_size)
{
    char name[NAME_SIZE + 8], *data, *at;
    const char *list = NULL;
    size_t whole, filled = 0;
    natsStatus s = natsMsgHeader_Get(message, HEADER, &list);

    if (s != NATS_OK)
        return s;
    large_name(stream->encoded, name);
    whole = strtoull(list, &at, 10);
    data = malloc(whole + 1);
    while (s == NATS_OK && data && *at) {
        uint64_t sequence = strtoull(at, &at, 10);
        size_t size = 0;

        s = fetch_part(session, name, sequence, data + filled, whole - filled, &size);
        filled += size;
    }
    if (s == NATS_OK && (!data || filled != whole))
        s = NATS_NOT_FOUND;
    if (s != NATS_OK) {
        free(data);
        return s;
    }
    *ret_data = data;
    *ret_size = whole;
    return NATS_OK;
}
