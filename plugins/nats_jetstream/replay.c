/* replay.c: reads outside any group.  The sequence number is the position. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

struct range {
    uint64_t next, last;
};

static natsStatus ask_range(struct adapter_session *session, const struct stream *stream,
                            const char *position, struct range *ret)
{
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus s =
        js_GetStreamInfo(&info, session->js, stream->encoded, connection_options(session), &code);

    if (s == NATS_NOT_FOUND || code == JSStreamNotFoundErr) {
        *ret = (struct range){1, 0};
        return NATS_OK;
    }
    if (s != NATS_OK)
        return s;
    ret->next = strcmp(position, "start") == 0 ? 1 : strtoull(position, NULL, 10) + 1;
    ret->last = info->State.LastSeq;
    if (ret->next < info->State.FirstSeq)
        ret->next = info->State.FirstSeq;
    s = store_is_our_kind(stream, info) ? NATS_OK : NATS_ERR;
    jsStreamInfo_Destroy(info);
    return s;
}

/* Nothing is added when it was deleted. */
static natsStatus add_one(struct adapter_session *session, const struct stream *stream,
                          uint64_t sequence, struct room *room)
{
    struct adapter_entry *entry;
    natsMsg *message = NULL;
    jsErrCode code = 0;
    natsStatus s = js_GetMsg(&message, session->js, stream->encoded, sequence,
                             connection_options(session), &code);

    if (s == NATS_OK)
        s = room_add(room, session, stream, sequence, message, &entry);
    return s == NATS_NOT_FOUND || code == JSNoMessageFoundErr ? NATS_OK : s;
}

void read_from(struct adapter_session *session, struct adapter_call *call)
{
    struct room room = room_make(call->count > 0 ? (size_t)call->count : 0);
    struct range range;
    struct stream *stream;
    natsStatus s;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        room_free(&room);
        return;
    }
    stream = known_stream(session->instance, call->stream);
    s = ask_range(session, stream, call->key, &range);
    for (; s == NATS_OK && range.next <= range.last && room.count < room.capacity; range.next++)
        s = add_one(session, stream, range.next, &room);
    if (s == NATS_OK)
        room_answer(&room, session, call);
    else
        answer_status(session, call, s, 1);
    room_free(&room);
}
