/* upkeep.c: retention, books and tidying up. */
#include "adapters/inline/group.h"
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"

/* Keep the newest `count`, and everything that some group was not given or has not settled. */
void inline_trim(struct inline_turn *turn)
{
    struct inline_stream *stream;
    uint64_t limit, needed;

    if (!inline_turn_stream(turn, &stream) || !stream || turn->call->count <= 0)
        return;
    if ((uint64_t)turn->call->count >= stream->log.end - stream->log.first)
        return;
    limit = stream->log.end - (uint64_t)turn->call->count;
    needed = inline_stream_needed(stream);
    inline_answer_number(turn->answer, (int64_t)message_log_drop_before(
                                           &stream->log, limit < needed ? limit : needed));
}

void inline_stream_depth(struct inline_turn *turn)
{
    struct inline_stream *stream;

    if (inline_turn_stream(turn, &stream) && stream)
        inline_answer_number(turn->answer, (int64_t)stream->log.live_count);
}

void inline_stream_remove(struct inline_turn *turn)
{
    inline_answer_number(turn->answer,
                         inline_broker_remove_stream(turn->broker, inline_turn_stream_name(turn)));
}

void inline_data_reset(struct inline_turn *turn)
{
    inline_broker_reset(turn->broker);
}
