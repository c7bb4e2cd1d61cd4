/* tamper.c: changes behind the adapter's back: what it believes of a stream stays as it was. */
#include <stdio.h>

#include "parts.h"

struct target {
    struct stream stream;
    char group[NAME_SIZE];
    const struct adapter_text *item; /* NULL: none */
};

static natsStatus wipe(struct adapter_session *session, const struct target *target)
{
    return store_delete_named(session, target->stream.encoded);
}

static natsStatus remove_group(struct adapter_session *session, const struct target *target)
{
    return js_DeleteConsumer(session->js, target->stream.encoded, target->group,
                             connection_options(session), NULL);
}

static natsStatus delete_entry(struct adapter_session *session, const struct target *target)
{
    if (!target->item)
        return NATS_INVALID_ARG;
    return js_DeleteMsg(session->js, target->stream.encoded,
                        name_sequence(&target->stream, target->item), connection_options(session),
                        NULL);
}

static natsStatus put_raw(struct adapter_session *session, const struct target *target)
{
    char subject[SUBJECT_SIZE];

    if (!target->item)
        return NATS_INVALID_ARG;
    name_subject(&target->stream, subject);
    return js_Publish(NULL, session->js, subject, target->item->data, (int)target->item->size, NULL,
                      NULL);
}

/* A stream of the same name that keeps other subjects. */
static natsStatus set_foreign_type(struct adapter_session *session, const struct target *target)
{
    char subject[SUBJECT_SIZE];
    const char *subjects[] = {subject};
    jsStreamConfig config;

    snprintf(subject, sizeof(subject), "foreign.%s", target->stream.encoded);
    (void)wipe(session, target);
    jsStreamConfig_Init(&config);
    config.Name = target->stream.encoded;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    return js_AddStream(NULL, session->js, &config, connection_options(session), NULL);
}

static natsStatus (*const DEEDS[])(struct adapter_session *session, const struct target *target) = {
    [ADAPTER_TAMPER_WIPE] = wipe,
    [ADAPTER_TAMPER_REMOVE_GROUP] = remove_group,
    [ADAPTER_TAMPER_DELETE_ENTRY] = delete_entry,
    [ADAPTER_TAMPER_PUT_RAW] = put_raw,
    [ADAPTER_TAMPER_SET_FOREIGN_TYPE] = set_foreign_type,
};

void tamper(struct adapter_session *session, struct adapter_call *call)
{
    struct target target = {.item = call->item_count ? &call->items[0] : NULL};
    natsStatus s = NATS_NOT_FOUND;

    if (!connection_begin(session, call)) {
        answer_unsent(session, call);
        return;
    }
    name_encode(call->stream, target.stream.encoded);
    name_suffix(call->stream, target.stream.suffix);
    name_encode(call->group ? call->group : "", target.group);
    if (call->verb < sizeof(DEEDS) / sizeof(DEEDS[0]))
        s = DEEDS[call->verb](session, &target);
    answer_number(session, call, s == NATS_OK);
}
