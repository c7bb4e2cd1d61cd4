/* operation.c: the table of operations, and what undeclared ones answer. */
#include "adapters/inline/operation.h"

#include <string.h>

#include "adapters/inline/stream.h"

/* Subscribing belongs to the session: it is no single step. */
static const struct {
    inline_operation *run;
    uint32_t capability; /* 0: always there */
} operations[ADAPTER_OP_COUNT] = {
    [ADAPTER_OP_PUBLISH] = {inline_publish, 0},
    [ADAPTER_OP_GET_NEXT] = {inline_get_next, ADAPTER_CONSUMER_GROUPS},
    [ADAPTER_OP_READ] = {inline_read, ADAPTER_CONSUMER_GROUPS},
    [ADAPTER_OP_READ_BLOCKING] = {inline_read_blocking, ADAPTER_CONSUMER_GROUPS},
    [ADAPTER_OP_ACK] = {inline_ack, ADAPTER_ACK_NACK},
    [ADAPTER_OP_NACK] = {inline_nack, ADAPTER_ACK_NACK},
    [ADAPTER_OP_READ_FROM] = {inline_read_from, ADAPTER_REPLAY},
    [ADAPTER_OP_TAMPER] = {inline_tamper, 0},
    [ADAPTER_OP_PING] = {inline_ping, 0},
    [ADAPTER_OP_ENSURE_CONNECTION] = {inline_ensure_connection, 0},
    [ADAPTER_OP_HEALTH_STATS] = {inline_health_stats, 0},
    [ADAPTER_OP_INFO] = {inline_info, 0},
    [ADAPTER_OP_ENSURE_GROUP] = {inline_ensure_group, 0},
    [ADAPTER_OP_DATA_RESET] = {inline_data_reset, 0},
    [ADAPTER_OP_DLQ_LIST] = {inline_dlq_list, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_DLQ_INSPECT] = {inline_dlq_inspect, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_DLQ_REPLAY] = {inline_dlq_replay, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_DLQ_REPLAY_ALL] = {inline_dlq_replay_all, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_DLQ_PURGE] = {inline_dlq_purge, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_DLQ_TRIM] = {inline_dlq_trim, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_DLQ_DEPTH] = {inline_dlq_depth, ADAPTER_DEAD_LETTER_QUEUE},
    [ADAPTER_OP_TRIM] = {inline_trim, 0},
    [ADAPTER_OP_RECORD_PARTITION] = {inline_record_partition, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_PARTITION_KEYS] = {inline_partition_keys, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_REAP_PARTITION] = {inline_reap_partition, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_ACQUIRE_PARTITION_LEASE] = {inline_acquire_lease, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_RENEW_PARTITION_LEASE] = {inline_renew_lease, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_RELEASE_PARTITION_LEASE] = {inline_release_lease, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_READ_PARTITION_FENCED] = {inline_read_fenced, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_ACK_PARTITION_FENCED] = {inline_ack_fenced, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_RECLAIM_PARTITION_PENDING] = {inline_reclaim, ADAPTER_STREAM_PARTITIONING},
    [ADAPTER_OP_STREAM_DEPTH] = {inline_stream_depth, 0},
    [ADAPTER_OP_STREAM_REMOVE] = {inline_stream_remove, 0},
};

void inline_operation_run(struct inline_turn *turn)
{
    uint32_t operation = turn->call->operation, needed;

    inline_answer_begin(turn->answer);
    needed = operation < ADAPTER_OP_COUNT ? operations[operation].capability : 0;
    if (operation >= ADAPTER_OP_COUNT || !operations[operation].run ||
        (turn->broker->settings.declared & needed) != needed) {
        inline_answer_refuse(turn->answer, ADAPTER_ERROR_NOT_SUPPORTED,
                             "this broker does not declare it");
        turn->answer->result.outcome = ADAPTER_UNSUPPORTED;
        return;
    }
    operations[operation].run(turn);
}

const char *inline_turn_stream_name(const struct inline_turn *turn)
{
    return turn->call->stream ? turn->call->stream : "";
}

const char *inline_turn_group_name(const struct inline_turn *turn)
{
    return turn->call->group ? turn->call->group : "";
}

struct adapter_text inline_turn_item(const struct inline_turn *turn)
{
    return turn->call->item_count > 0 ? turn->call->items[0] : (struct adapter_text){"", 0};
}

uint64_t inline_turn_wall_ms(const struct inline_turn *turn)
{
    return turn->session->host->wall_ms(turn->session->host);
}

static bool is_stream(struct inline_turn *turn, const struct inline_stream *stream)
{
    if (!stream || !stream->is_foreign)
        return true;
    inline_answer_refuse(turn->answer, ADAPTER_ERROR_OTHER,
                         "what is stored under this name is no stream");
    return false;
}

bool inline_turn_stream(struct inline_turn *turn, struct inline_stream **ret_stream)
{
    *ret_stream = inline_broker_stream(turn->broker, inline_turn_stream_name(turn));
    return is_stream(turn, *ret_stream);
}

struct inline_stream *inline_turn_make_stream(struct inline_turn *turn)
{
    struct inline_stream *stream =
        inline_broker_make_stream(turn->broker, inline_turn_stream_name(turn));

    return is_stream(turn, stream) ? stream : NULL;
}
