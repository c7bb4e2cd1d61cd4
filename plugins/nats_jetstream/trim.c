/* trim.c: the oldest messages are removed, and none that a group still needs. */
#include "parts.h"

/* The first sequence that some group has not settled. */
static natsStatus find_needed(struct adapter_session *session, const char *stream,
                              uint64_t *ret_needed)
{
    jsConsumerInfoList *list = NULL;
    natsStatus s = js_Consumers(&list, session->js, stream, connection_options(session), NULL);

    for (int i = 0; s == NATS_OK && i < list->Count; i++)
        if (list->List[i]->AckFloor.Stream + 1 < *ret_needed)
            *ret_needed = list->List[i]->AckFloor.Stream + 1;
    jsConsumerInfoList_Destroy(list);
    return s == NATS_NOT_FOUND ? NATS_OK : s; /* there are none */
}

static natsStatus ask_state(struct adapter_session *session, const char *stream, jsStreamState *ret,
                            jsErrCode *code)
{
    jsStreamInfo *info = NULL;
    natsStatus s = js_GetStreamInfo(&info, session->js, stream, connection_options(session), code);

    if (s == NATS_OK)
        *ret = info->State;
    jsStreamInfo_Destroy(info);
    return s;
}

static natsStatus purge_below(struct adapter_session *session, const char *stream,
                              uint64_t sequence)
{
    jsOptions *options = connection_options(session);

    options->Stream.Purge.Sequence = sequence;
    return js_PurgeStream(session->js, stream, options, NULL);
}

/* Over all attempts of a call: one whose answer was lost may have removed. */
struct trimming {
    jsStreamState before, now; /* when it was first looked at, and last */
    int is_begun;
};

static natsStatus look(struct adapter_session *session, const char *stream,
                       struct trimming *trimming, jsErrCode *code)
{
    natsStatus s = ask_state(session, stream, &trimming->now, code);

    if (s == NATS_OK && !trimming->is_begun) {
        trimming->before = trimming->now;
        trimming->is_begun = 1;
    }
    return s;
}

static uint64_t count_removed(const struct trimming *trimming)
{
    uint64_t passed = trimming->now.FirstSeq - trimming->before.FirstSeq;

    return passed < trimming->before.Msgs ? passed : trimming->before.Msgs;
}

/* NATS_OK also where there is nothing to remove. */
static natsStatus trim_to(struct adapter_session *session, const char *stream, uint64_t limit,
                          struct trimming *trimming)
{
    const jsStreamState *now = &trimming->now;
    jsErrCode code = 0;
    natsStatus s = look(session, stream, trimming, &code);
    uint64_t sequence;

    if (code == JSStreamNotFoundErr || (s == NATS_OK && now->Msgs <= limit))
        return NATS_OK;
    if (s != NATS_OK)
        return s;
    sequence = now->LastSeq - limit + 1; /* keeps at least so many */
    s = find_needed(session, stream, &sequence);
    if (s != NATS_OK || sequence <= now->FirstSeq)
        return s;
    s = purge_below(session, stream, sequence);
    return s == NATS_OK ? look(session, stream, trimming, &code) : s;
}

void trim(struct adapter_session *session, struct adapter_call *call)
{
    const struct stream *stream;
    struct trimming trimming = {0};
    natsStatus s = NATS_OK;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    stream = known_stream(session->instance, call->stream);
    do
        s = call->count > 0 ? trim_to(session, stream->encoded, (uint64_t)call->count, &trimming)
                            : NATS_OK;
    while (s != NATS_OK && connection_again(session, call));
    if (s == NATS_OK)
        answer_number(session, call, (int64_t)count_removed(&trimming));
    else
        answer_status(session, call, s, 1);
}
