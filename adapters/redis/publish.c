/* publish.c: a batch is as many commands in one write; each has its own answer. */
#include "publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "connection.h"
#include "envelope.h"
#include "kind.h"
#include "resp.h"

#define UNDECIDED UINT32_MAX /* outcome of an item that was not answered yet */

/* --- The prepared command --------------------------------------------------------------------- */

static struct redis_stream *make_stream(struct redis_session *session, const char *name)
{
    const struct redis_kind *kind = session->kind;
    struct redis_stream *stream = memory_new(1, sizeof(*stream));
    struct text head = {0};
    size_t behind = 0;

    while (kind->behind_stream[behind])
        behind++;
    redis_command(&head, 3 + behind);
    redis_argument_string(&head, kind->publish_command);
    redis_argument_string(&head, name);
    for (size_t i = 0; i < behind; i++)
        redis_argument_string(&head, kind->behind_stream[i]);
    stream->name = memory_string(name);
    stream->head = head.data;
    stream->head_size = head.size;
    stream->is_reserved = kind->is_reserved && kind->is_reserved(name);
    stream->epoch = UINT32_MAX;
    return stream;
}

static struct redis_stream *look_up_stream(struct redis_session *session, const char *name)
{
    size_t size = strlen(name);
    struct redis_stream *stream = map_get(&session->streams, name, size);

    if (!stream) {
        stream = make_stream(session, name);
        map_set(&session->streams, name, size, stream);
    }
    session->last_stream = stream;
    return stream;
}

static struct redis_stream *find_stream(struct redis_session *session, const char *name)
{
    uint32_t epoch = atomic_load_explicit(&session->instance->epoch, memory_order_relaxed);
    struct redis_stream *stream = session->last_stream;

    if (!stream || strcmp(stream->name, name) != 0)
        stream = look_up_stream(session, name);
    if (stream->epoch != epoch) {
        redis_note_name(session->instance, session->host, REDIS_NAME_STREAM, name, NULL);
        stream->epoch = epoch;
    }
    return stream;
}

void redis_streams_free(struct redis_session *session)
{
    for (size_t i = 0; i < session->streams.count; i++) {
        struct redis_stream *stream = session->streams.entries[i].value;

        if (!stream)
            continue;
        free(stream->name);
        free(stream->head);
        free(stream);
    }
}

/* --- Answers ---------------------------------------------------------------------------------- */

static void answer(struct redis_operation *operation, const char *detail)
{
    struct adapter_call *call = operation->call;
    struct adapter_result result = {
        .outcome = ADAPTER_DONE,
        .detail = detail,
        .items = operation->items,
        .item_count = call->item_count,
    };

    /* The outcome of the whole is that of its worst item; the items say the rest. */
    for (size_t i = 0; i < call->item_count; i++) {
        const struct adapter_item *item = &operation->items[i];

        if (item->outcome == ADAPTER_DONE)
            result.number++;
        if (item->outcome > result.outcome) {
            result.outcome = item->outcome;
            result.error = item->error;
        }
    }
    redis_answer(operation, &result);
}

static void skip_decided(struct redis_operation *operation)
{
    while (operation->index < operation->call->item_count &&
           operation->items[operation->index].outcome != UNDECIDED)
        operation->index++;
}

/* The server's id, where it gives one; otherwise it is ours and known already. */
static void take_id(struct redis_operation *operation, struct adapter_item *item,
                    const struct redis_reply *reply)
{
    char *id = operation->ids[operation->index];

    if (operation->call->flags & ADAPTER_CALL_NO_IDS)
        return;
    if (reply->type == REDIS_STRING && reply->size < REDIS_ID_SIZE) {
        memcpy(id, reply->text, reply->size);
        item->id = (struct adapter_text){id, reply->size};
    } else if (operation->session->kind->has_envelope) {
        item->id = (struct adapter_text){id, REDIS_UUID_SIZE};
    }
}

static void on_added(struct redis_operation *operation, const struct redis_reply *reply)
{
    struct redis_session *session = operation->session;
    struct adapter_item *item = &operation->items[operation->index];

    if (reply->type != REDIS_ERROR) {
        item->outcome = ADAPTER_DONE;
        take_id(operation, item, reply);
    } else {
        item->outcome = operation->resends ? ADAPTER_UNKNOWN : ADAPTER_REFUSED;
        item->error = ADAPTER_ERROR_OTHER;
        redis_address_conceal(&session->instance->address, reply->text, reply->size,
                              session->detail, sizeof(session->detail));
        operation->skipped = true;
    }
    skip_decided(operation);
    if (operation->index == operation->call->item_count)
        answer(operation, operation->skipped ? session->detail : NULL);
}

static void fail_publish(struct redis_operation *operation, const struct adapter_result *failure)
{
    for (size_t i = 0; i < operation->call->item_count; i++)
        if (operation->items[i].outcome == UNDECIDED)
            operation->items[i] =
                (struct adapter_item){.outcome = failure->outcome, .error = failure->error};
    answer(operation, failure->detail);
}

/* --- Sending ---------------------------------------------------------------------------------- */

static char *write_item(const struct redis_operation *operation, size_t index, char *at)
{
    const struct adapter_text *payload = &operation->call->items[index];

    if (!operation->session->kind->has_envelope)
        return redis_write_bulk(at, payload->data, payload->size);
    at = redis_write_length(at, payload->size + REDIS_ENVELOPE_OVERHEAD);
    at = redis_envelope_write(at, operation->ids[index], *payload);
    memcpy(at, "\r\n", 2);
    return at + 2;
}

static void send_publish(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    const struct redis_stream *stream = find_stream(operation->session, call->stream);
    size_t overhead = stream->head_size + REDIS_BULK_OVERHEAD + REDIS_ENVELOPE_OVERHEAD;
    size_t size = 0;
    uint32_t count = 0;
    char *start, *at;

    for (size_t i = operation->index; i < call->item_count; i++)
        size += overhead + call->items[i].size;
    at = start = redis_reserve(operation, size);
    for (size_t i = operation->index; i < call->item_count; i++) {
        if (operation->items[i].outcome != UNDECIDED)
            continue;
        memcpy(at, stream->head, stream->head_size);
        at = write_item(operation, i, at + stream->head_size);
        count++;
    }
    redis_commit(operation, (size_t)(at - start), on_added, count);
}

static void refuse_all(struct redis_operation *operation)
{
    const struct redis_stream *stream = find_stream(operation->session, operation->call->stream);

    answer(operation, stream->is_reserved           ? REDIS_RESERVED_NAME
                      : operation->call->item_count ? "a message must be a JSON object that is not "
                                                      "empty"
                                                    : NULL);
}

static void prepare_items(struct redis_operation *operation)
{
    const struct adapter_call *call = operation->call;
    bool has_envelope = operation->session->kind->has_envelope;
    bool is_reserved = find_stream(operation->session, call->stream)->is_reserved;

    redis_need_items(operation, call->item_count);
    for (size_t i = 0; i < call->item_count; i++) {
        bool is_good =
            !is_reserved && redis_may_be_published(call->items[i].data, call->items[i].size);

        operation->items[i] =
            (struct adapter_item){.outcome = is_good ? UNDECIDED : ADAPTER_REFUSED,
                                  .error = is_good ? ADAPTER_ERROR_NONE : ADAPTER_ERROR_VALIDATION};
        if (has_envelope && is_good)
            redis_uuid(operation->session, operation->ids[i]);
    }
}

void redis_publish(struct adapter_session *adapter_session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = send_publish,
        .fail = fail_publish,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };
    struct redis_operation *operation = redis_begin(redis_session_of(adapter_session), call, &flow);

    prepare_items(operation);
    skip_decided(operation);
    if (operation->index < call->item_count)
        redis_submit(operation, REDIS_LINK_COMMAND, flow.send);
    else
        redis_wake_after(operation, 0, refuse_all);
}
