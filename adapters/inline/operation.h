/* operation.h: what each operation of the port does to the broker, under its lock. */
#ifndef INLINE_OPERATION_H
#define INLINE_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "adapters/inline/session.h"

struct inline_group;
struct inline_stream;

struct inline_turn {
    struct inline_broker *broker;
    struct adapter_session *session;
    struct adapter_call *call;
    struct inline_answer *answer;
    uint64_t now_ns;
    struct inline_group *group; /* reads: whose line to wait in */
    bool waits;                 /* nothing there yet, and the caller waits for it */
};

typedef void inline_operation(struct inline_turn *turn);

/* Begin the answer and run call->operation, if it is declared. */
void inline_operation_run(struct inline_turn *turn);

/* The call's stream, or NULL: there is none, or (false) the answer says that it is no stream. */
bool inline_turn_stream(struct inline_turn *turn, struct inline_stream **ret_stream);
/* The same, made when needed; NULL only when the answer says why. */
struct inline_stream *inline_turn_make_stream(struct inline_turn *turn);
uint64_t inline_turn_wall_ms(const struct inline_turn *turn);
/* The call's arguments; "" for NULL. */
const char *inline_turn_stream_name(const struct inline_turn *turn);
const char *inline_turn_group_name(const struct inline_turn *turn);
struct adapter_text inline_turn_item(const struct inline_turn *turn);

/* The operations, by the file they are in. */
inline_operation inline_publish, inline_read_from; /* publish.c */
inline_operation inline_get_next, inline_read, inline_read_blocking, inline_ack, inline_nack,
    inline_ensure_group; /* consume.c */
inline_operation inline_dlq_list, inline_dlq_inspect, inline_dlq_replay, inline_dlq_replay_all,
    inline_dlq_purge, inline_dlq_trim, inline_dlq_depth; /* dlq.c */
inline_operation inline_record_partition, inline_partition_keys, inline_reap_partition;
inline_operation inline_acquire_lease, inline_renew_lease, inline_release_lease; /* lease.c */
inline_operation inline_read_fenced, inline_ack_fenced, inline_reclaim;          /* fenced.c */
inline_operation inline_ping, inline_ensure_connection, inline_health_stats, inline_info;
inline_operation inline_tamper;
inline_operation inline_trim, inline_stream_depth, inline_stream_remove, inline_data_reset;

/* Join the group under the call's consumer name (or `name`). */
struct inline_reader inline_turn_join(struct inline_turn *turn, struct inline_group *group,
                                      const char *name);

#endif
