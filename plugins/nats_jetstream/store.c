/* store.c: streams and consumers on the server.  A stream is a JetStream stream with one subject, a
   group a durable pull consumer with explicit acknowledgements. */
#include <string.h>

#include "parts.h"

/* Somebody else's stream of that name has other subjects. */
int store_is_our_kind(const struct stream *stream, const jsStreamInfo *info)
{
    char subject[SUBJECT_SIZE];

    name_subject(stream, subject);
    return info->Config && info->Config->SubjectsLen == 1 &&
           strcmp(info->Config->Subjects[0], subject) == 0;
}

static natsStatus check_kind(struct adapter_session *session, const struct stream *stream)
{
    jsStreamInfo *info = NULL;
    natsStatus s =
        js_GetStreamInfo(&info, session->js, stream->encoded, connection_options(session), NULL);

    if (s == NATS_OK && !store_is_our_kind(stream, info))
        s = NATS_ERR;
    jsStreamInfo_Destroy(info);
    return s;
}

natsStatus store_make_stream(struct adapter_session *session, struct stream *stream)
{
    char subject[SUBJECT_SIZE];
    const char *subjects[] = {subject};
    jsStreamConfig config;
    jsErrCode code = 0;

    if (known_flag(session->instance, &stream->is_made))
        return NATS_OK;
    name_subject(stream, subject);
    jsStreamConfig_Init(&config);
    config.Name = stream->encoded;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = session->instance->in_memory ? js_MemoryStorage : js_FileStorage;
    natsStatus s = js_AddStream(NULL, session->js, &config, connection_options(session), &code);
    if (s != NATS_OK && code == JSStreamNameExistErr)
        s = check_kind(session, stream); /* other settings are for whoever made it to say */
    known_set_flag(session->instance, &stream->is_made, s == NATS_OK);
    return s;
}

/* MaxAckPending is 1000 unless said otherwise, and the group then stops in silence. */
static natsStatus add_consumer(struct adapter_session *session, const struct stream *stream,
                               const struct group *group, jsErrCode *code)
{
    jsConsumerConfig config;

    jsConsumerConfig_Init(&config);
    config.Durable = group->encoded;
    config.DeliverPolicy = js_DeliverAll;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = (int64_t)session->instance->redelivery_ns;
    config.MaxAckPending = -1;
    return js_AddConsumer(NULL, session->js, stream->encoded, &config, connection_options(session),
                          code);
}

natsStatus store_make_group(struct adapter_session *session, struct stream *stream,
                            struct group *group)
{
    int was_made = known_flag(session->instance, &stream->is_made);
    jsErrCode code = 0;
    natsStatus s = store_make_stream(session, stream);

    if (s != NATS_OK || known_flag(session->instance, &group->is_made))
        return s;
    s = add_consumer(session, stream, group, &code);
    if (s != NATS_OK && (code == JSConsumerNameExistErr || code == JSConsumerExistingActiveErr))
        s = NATS_OK;
    if (s != NATS_OK && code == JSStreamNotFoundErr && was_made) {
        known_set_flag(session->instance, &stream->is_made, 0); /* gone behind our back */
        return store_make_group(session, stream, group);
    }
    known_set_flag(session->instance, &group->is_made, s == NATS_OK);
    return s;
}

natsStatus store_find(struct adapter_session *session, const struct adapter_call *call,
                      struct stream **ret_stream, struct group **ret_group, unsigned *ret_removals)
{
    *ret_stream = known_stream(session->instance, call->stream);
    *ret_group = known_group(session->instance, *ret_stream, call->group);
    pthread_mutex_lock(&session->instance->mutex);
    *ret_removals = (*ret_stream)->removals;
    pthread_mutex_unlock(&session->instance->mutex);
    return store_make_group(session, *ret_stream, *ret_group);
}

/* A reader that was blocked when we removed the stream on purpose must not bring it back. */
natsStatus store_make_again(struct adapter_session *session, struct stream *stream,
                            struct group *group, unsigned removals)
{
    pthread_mutex_lock(&session->instance->mutex);
    int is_ours = stream->removals != removals;
    if (!is_ours)
        group->is_made = stream->is_made = 0;
    pthread_mutex_unlock(&session->instance->mutex);
    return is_ours ? NATS_NOT_FOUND : store_make_group(session, stream, group);
}

/* NATS_NOT_FOUND when it was not there. */
static natsStatus delete_one(struct adapter_session *session, const char *name)
{
    jsErrCode code = 0;
    natsStatus s = js_DeleteStream(session->js, name, connection_options(session), &code);

    return s != NATS_OK && code == JSStreamNotFoundErr ? NATS_NOT_FOUND : s;
}

/* With the streams beside it. */
natsStatus store_delete_named(struct adapter_session *session, const char *encoded)
{
    char name[NAME_SIZE + 8];
    natsStatus s;

    large_name(encoded, name);
    s = delete_one(session, name);
    roll_name(encoded, name);
    if (s == NATS_OK || s == NATS_NOT_FOUND)
        s = delete_one(session, name);
    return s == NATS_OK || s == NATS_NOT_FOUND ? delete_one(session, encoded) : s;
}

static void forget_hands(struct adapter_session *session, struct stream *stream)
{
    for (struct group *group = known_groups(session->instance, stream); group;
         group = group->next) {
        known_set_flag(session->instance, &group->is_made, 0);
        book_lock();
        book_empty(group->book);
        book_unlock();
    }
}

natsStatus store_delete(struct adapter_session *session, struct stream *stream)
{
    natsStatus s;

    pthread_mutex_lock(&session->instance->mutex);
    stream->removals++;
    pthread_mutex_unlock(&session->instance->mutex);
    s = store_delete_named(session, stream->encoded);
    if (s == NATS_NOT_FOUND)
        s = NATS_OK;
    if (s == NATS_OK) {
        known_set_flag(session->instance, &stream->is_made, 0);
        known_set_flag(session->instance, &stream->has_parts, 0);
        forget_hands(session, stream);
    }
    return s;
}

natsStatus store_ask_pending(struct adapter_session *session, const struct stream *stream,
                             const struct group *group, struct pending *ret)
{
    jsConsumerInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus s = js_GetConsumerInfo(&info, session->js, stream->encoded, group->encoded,
                                      connection_options(session), &code);

    if (s != NATS_OK)
        return code == JSConsumerNotFoundErr || code == JSStreamNotFoundErr ? NATS_NOT_FOUND : s;
    *ret = (struct pending){info->AckFloor.Stream, info->Delivered.Stream, info->Delivered.Consumer,
                            info->NumAckPending};
    jsConsumerInfo_Destroy(info);
    return NATS_OK;
}
