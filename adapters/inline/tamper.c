/* tamper.c: changes behind the adapter's back, for tests of how consumers take them. */
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"
#include "base/json_members.h"

static bool wipe(struct inline_turn *turn)
{
    return inline_broker_remove_stream(turn->broker, inline_turn_stream_name(turn));
}

static bool remove_group(struct inline_turn *turn)
{
    struct inline_stream *stream =
        inline_broker_stream(turn->broker, inline_turn_stream_name(turn));

    return stream && inline_stream_remove_group(stream, inline_turn_group_name(turn));
}

static bool delete_entry(struct inline_turn *turn)
{
    struct inline_stream *stream =
        inline_broker_stream(turn->broker, inline_turn_stream_name(turn));
    struct adapter_text id = inline_turn_item(turn);
    uint64_t position;

    return stream && message_id_read(&stream->ids, id.data, id.size, &position) &&
           message_log_remove(&stream->log, position);
}

/* What a foreign writer stores may be a message all the same. */
static bool put_raw(struct inline_turn *turn)
{
    struct inline_stream *stream =
        inline_broker_make_stream(turn->broker, inline_turn_stream_name(turn));
    struct adapter_text raw = inline_turn_item(turn);
    uint64_t position;

    if (stream->is_foreign || raw.size > MESSAGE_SIZE_MAX)
        return false;
    position = message_log_append(&stream->log, raw.data, raw.size, inline_turn_wall_ms(turn));
    if (!json_members_is_message(raw.data, raw.size))
        message_log_mark(&stream->log, position)->flags |= INLINE_MARK_UNREADABLE;
    inline_stream_published(stream, turn->now_ns);
    return true;
}

static bool set_foreign_type(struct inline_turn *turn)
{
    (void)wipe(turn);
    inline_broker_make_stream(turn->broker, inline_turn_stream_name(turn))->is_foreign = true;
    return true;
}

void inline_tamper(struct inline_turn *turn)
{
    static bool (*const verbs[])(struct inline_turn * turn) = {
        [ADAPTER_TAMPER_WIPE] = wipe,
        [ADAPTER_TAMPER_REMOVE_GROUP] = remove_group,
        [ADAPTER_TAMPER_DELETE_ENTRY] = delete_entry,
        [ADAPTER_TAMPER_PUT_RAW] = put_raw,
        [ADAPTER_TAMPER_SET_FOREIGN_TYPE] = set_foreign_type,
    };

    if (turn->call->verb < sizeof(verbs) / sizeof(verbs[0]))
        inline_answer_number(turn->answer, verbs[turn->call->verb](turn));
    else
        inline_answer_refuse(turn->answer, ADAPTER_ERROR_VALIDATION, "there is no such verb");
}
