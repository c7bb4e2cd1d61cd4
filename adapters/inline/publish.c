/* publish.c: messages in, and the whole history out. */
#include <string.h>

#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"
#include "base/identity.h"
#include "base/json_members.h"

static const char not_a_message[] = "a message is a JSON object with at least one member";

/* The harness's own payloads are known to be well formed; anybody else's are read through. */
static bool is_message(const struct adapter_text *item)
{
    const size_t head = sizeof(IDENTITY_HEAD) - 1;

    if (item->size > MESSAGE_SIZE_MAX)
        return false;
    if (item->size > head && memcmp(item->data, IDENTITY_HEAD, head) == 0 &&
        item->data[item->size - 1] == '}')
        return true;
    return json_members_is_message(item->data, item->size);
}

static size_t count_messages(const struct adapter_call *call)
{
    size_t count = 0;

    for (size_t i = 0; i < call->item_count; i++)
        count += is_message(&call->items[i]);
    return count;
}

static void append_all(struct inline_stream *stream, const struct adapter_call *call,
                       uint64_t wall_ms)
{
    for (size_t i = 0; i < call->item_count; i++)
        message_log_append(&stream->log, call->items[i].data, call->items[i].size, wall_ms);
}

/* Beside each message what became of it. */
static void append_each(struct inline_turn *turn, struct inline_stream *stream, bool all_are_good,
                        uint64_t wall_ms)
{
    const struct adapter_call *call = turn->call;

    inline_answer_reserve(turn->answer, call->item_count);
    inline_answer_items(turn->answer, call->item_count);
    for (size_t i = 0; i < call->item_count; i++) {
        const struct adapter_text *item = &call->items[i];
        struct adapter_item *answer = inline_answer_item(turn->answer, i);
        uint64_t position;

        if (!all_are_good && !is_message(item)) {
            *answer = (struct adapter_item){.outcome = ADAPTER_REFUSED,
                                            .error = ADAPTER_ERROR_VALIDATION};
            continue;
        }
        position = message_log_append(&stream->log, item->data, item->size, wall_ms);
        *answer = (struct adapter_item){.outcome = ADAPTER_DONE,
                                        .id = inline_answer_id(turn->answer, stream, i, position)};
    }
}

void inline_publish(struct inline_turn *turn)
{
    const struct adapter_call *call = turn->call;
    size_t count = count_messages(call);
    bool all_are_good = count == call->item_count;
    uint64_t wall_ms = inline_turn_wall_ms(turn);
    struct inline_stream *stream;

    if (count == 0) {
        inline_answer_refuse(turn->answer, ADAPTER_ERROR_VALIDATION, not_a_message);
        return;
    }
    stream = inline_turn_make_stream(turn);
    if (!stream)
        return;
    if (all_are_good && call->flags & ADAPTER_CALL_NO_IDS)
        append_all(stream, call, wall_ms);
    else
        append_each(turn, stream, all_are_good, wall_ms);
    if (!all_are_good)
        turn->answer->result.detail = not_a_message;
    inline_answer_number(turn->answer, (int64_t)count);
    inline_stream_published(stream, turn->now_ns);
}

/* --- Replay -------------------------------------------------------------------------------------
 */

static bool find_start(const struct inline_stream *stream, const char *key, uint64_t *ret_position)
{
    *ret_position = stream->log.first;
    if (!key || key[0] == '\0' || strcmp(key, "start") == 0)
        return true;
    if (!message_id_read(&stream->ids, key, strlen(key), ret_position) ||
        *ret_position >= stream->log.end)
        return false;
    ++*ret_position; /* entries after it */
    if (*ret_position < stream->log.first)
        *ret_position = stream->log.first;
    return true;
}

void inline_read_from(struct inline_turn *turn)
{
    struct inline_answer *answer = turn->answer;
    struct inline_stream *stream;
    struct inline_segment *segment;
    struct inline_pick pick = {0};
    size_t count;

    if (!inline_turn_stream(turn, &stream))
        return;
    inline_answer_empty(answer);
    if (!stream || turn->call->count <= 0)
        return;
    if (!find_start(stream, turn->call->key, &pick.position)) {
        inline_answer_refuse(answer, ADAPTER_ERROR_VALIDATION,
                             "a position is 'start' or the id of a message of this stream");
        return;
    }
    count = (size_t)turn->call->count;
    if (count > stream->log.end - pick.position)
        count = (size_t)(stream->log.end - pick.position);
    inline_answer_reserve(answer, count);
    for (; pick.position < stream->log.end && answer->entry_count < count; pick.position++)
        if (message_log_is_readable(&stream->log, pick.position, &segment))
            inline_answer_add(answer, stream, segment, &pick);
    answer->result.outcome = ADAPTER_DONE;
    inline_answer_deliver(answer);
}
