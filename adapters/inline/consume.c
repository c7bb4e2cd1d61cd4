/* consume.c: reading in a group, and settling what was read. */
#include <string.h>

#include "adapters/inline/group.h"
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"

/* --- Reading ------------------------------------------------------------------------------------
 */

struct inline_reader inline_turn_join(struct inline_turn *turn, struct inline_group *group,
                                      const char *name)
{
    struct adapter_session *session = turn->session;

    if (!name)
        name = turn->call->consumer ? turn->call->consumer : session->consumer;
    if (session->member_group != group->serial || strcmp(session->member->name, name) != 0) {
        session->member = inline_member_join(group, name, session->serial);
        session->member_group = group->serial;
        session->has_joined = true;
    }
    return (struct inline_reader){session->member, session->serial, turn->now_ns,
                                  inline_turn_wall_ms(turn)};
}

static void read_messages(struct inline_turn *turn, int64_t count)
{
    struct inline_stream *stream;
    struct inline_reader reader;

    if (count <= 0) {
        inline_answer_empty(turn->answer);
        return;
    }
    stream = inline_turn_make_stream(turn);
    if (!stream)
        return;
    turn->group = inline_stream_group(stream, inline_turn_group_name(turn));
    if (!turn->group)
        turn->group = inline_stream_make_group(stream, inline_turn_group_name(turn),
                                               inline_turn_wall_ms(turn));
    reader = inline_turn_join(turn, turn->group, NULL);
    inline_group_take(turn->group, &reader, (size_t)count, turn->answer);
    inline_answer_deliver(turn->answer);
    inline_stream_release_settled(stream);
}

void inline_get_next(struct inline_turn *turn)
{
    read_messages(turn, 1);
}

void inline_read(struct inline_turn *turn)
{
    read_messages(turn, turn->call->count);
}

void inline_read_blocking(struct inline_turn *turn)
{
    read_messages(turn, turn->call->count);
    turn->waits = turn->answer->result.outcome == ADAPTER_EMPTY && turn->group &&
                  turn->call->duration_ms >= 0 &&
                  turn->broker->settings.declared & ADAPTER_BLOCKING_READ;
}

void inline_ensure_group(struct inline_turn *turn)
{
    struct inline_stream *stream = inline_turn_make_stream(turn);

    if (stream)
        inline_stream_make_group(stream, inline_turn_group_name(turn), inline_turn_wall_ms(turn));
}

/* --- Settling -----------------------------------------------------------------------------------
 */

/* The call's stream and group; false when the answer is complete: no item was settled. */
static bool find_group(struct inline_turn *turn, struct inline_stream **ret_stream,
                       struct inline_group **ret_group)
{
    if (!inline_turn_stream(turn, ret_stream))
        return false;
    inline_answer_items(turn->answer, turn->call->item_count);
    *ret_group =
        *ret_stream ? inline_stream_group(*ret_stream, inline_turn_group_name(turn)) : NULL;
    if (*ret_group)
        return true;
    for (size_t i = turn->call->item_count; i-- > 0;)
        inline_answer_item(turn->answer, i)->number = 0;
    return false;
}

/* How many items from `index` on name adjacent positions; 0 when the first is no id. */
static size_t measure_stretch(const struct inline_stream *stream, const struct adapter_call *call,
                              size_t index, uint64_t *ret_position)
{
    const struct adapter_text *items = call->items;
    struct message_id_cursor cursor;
    uint64_t position;
    size_t i = index + 1;

    if (!message_id_read(&stream->ids, items[index].data, items[index].size, ret_position))
        return 0;
    position = *ret_position;
    message_id_seek(&cursor, position);
    for (; i < call->item_count; i++) {
        message_id_step(&cursor, ++position);
        if (!message_id_is(&stream->ids, &cursor, position, items[i].data, items[i].size))
            break;
    }
    return i - index;
}

void inline_ack(struct inline_turn *turn)
{
    struct inline_stream *stream;
    struct inline_group *group;
    size_t settled = 0, count;
    uint64_t from;

    if (!find_group(turn, &stream, &group))
        return;
    for (size_t i = 0; i < turn->call->item_count; i += count) {
        count = measure_stretch(stream, turn->call, i, &from);
        if (count > 0) {
            settled +=
                inline_group_ack(group, from, from + count, turn->session->serial, turn->answer, i);
            continue;
        }
        inline_answer_item(turn->answer, i)->number = 0;
        count = 1;
    }
    inline_answer_number(turn->answer, (int64_t)settled);
    inline_stream_release_settled(stream);
}

void inline_nack(struct inline_turn *turn)
{
    const struct inline_reader reader = {NULL, turn->session->serial, turn->now_ns,
                                         inline_turn_wall_ms(turn)};
    struct inline_stream *stream;
    struct inline_group *group;
    uint64_t position;
    int64_t count = 0;

    if (!find_group(turn, &stream, &group))
        return;
    for (size_t i = 0; i < turn->call->item_count; i++) {
        const struct adapter_text *id = &turn->call->items[i];

        if (message_id_read(&stream->ids, id->data, id->size, &position) &&
            inline_group_nack(group, position, &reader))
            count++;
        else
            inline_answer_item(turn->answer, i)->number = 0;
    }
    inline_answer_number(turn->answer, count);
    inline_stream_release_settled(stream);
}
