/* streams.h: what the operations of the Streams adapter share. */
#ifndef REDIS_STREAMS_H
#define REDIS_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "operation.h"
#include "session.h"

/* What a session knows of (stream, group, consumer). */
struct redis_view {
    char *stream, *group, *consumer;
    size_t stream_size, group_size, consumer_size;
    struct redis_id newest[REDIS_LINK_COUNT]; /* the last new entry handed over by each link */
    struct redis_id own_cursor;               /* own pending entries up to it were served */
    bool is_reserved;                         /* no stream may have this name */
    bool is_ensured;                          /* the group was seen to exist */
    bool owes_own;                            /* own pending entries are to be served first */
    struct redis_operation *own_reader;       /* who is serving them now */
    struct redis_queue waiters;               /* reads that came meanwhile */
    uint64_t reclaim_at_ns;
    uint32_t epoch; /* of the instance's names, when these were noted */
};

/* streams_view.c */
struct redis_view *redis_view_find(struct redis_session *session, const char *stream,
                                   const char *group, const char *consumer);
void redis_views_free(struct redis_session *session);
/* Replies to reads on this link are lost: what they carried is pending under our name. */
void redis_view_lose(struct redis_view *view, enum redis_link link);
/* The group is gone. */
void redis_view_reset(struct redis_view *view);
/* An entry was nacked: look for it soon. */
void redis_views_expect_redelivery(struct redis_session *session, const char *stream,
                                   const char *group, uint64_t at_ns);

/* streams_entry.c: entries as replies. */
/* The payload of [id, [field, value, ...]]; NULL when the entry is a tombstone (*ret_tombstone) or
   not one that this adapter can decode. */
const struct redis_reply *redis_entry_payload(const struct redis_reply *entry, bool *ret_tombstone);
/* The list of entries in an answer of XREADGROUP or XREAD for one stream, or NULL. */
const struct redis_reply *redis_entries_of(const struct redis_reply *reply);
/* Append the entries of a list to operation->entries.  Texts are borrowed from the reply, or copied
   when `keep`.  Undecodable entries and tombstones are acknowledged (when there is a view), told
   and left out.  Gives the id of the last entry of the list, whatever it is. */
void redis_take_entries(struct redis_operation *operation, const struct redis_reply *list,
                        bool keep, struct redis_id *ret_last);
void redis_sort_entries(struct redis_operation *operation);

/* streams_group.c */
adapter_start redis_streams_ensure_group;
bool redis_group_is_created(const struct redis_reply *reply); /* now, or before */
void redis_compose_group(struct text *text, const struct redis_view *view);
void redis_refuse_name(struct redis_operation *operation);

/* streams_read.c */
adapter_start redis_streams_get_next, redis_streams_read, redis_streams_read_blocking;
/* Go on with a read: whatever is next. */
void redis_read_next(struct redis_operation *operation);
/* The group is not there: create it and go on, a bounded number of times. */
void redis_read_regroup(struct redis_operation *operation, const struct redis_reply *error);

/* streams_reclaim.c: the phase of a read that takes over what others left behind. */
bool redis_reclaim_is_due(struct redis_operation *operation);
void redis_reclaim_begin(struct redis_operation *operation);

/* streams_settle.c */
adapter_start redis_streams_ack, redis_streams_nack;

/* streams_history.c */
adapter_start redis_streams_subscribe, redis_streams_read_from;

/* streams_dlq.c, streams_replay.c */
adapter_start redis_streams_dlq_list, redis_streams_dlq_inspect, redis_streams_dlq_replay,
    redis_streams_dlq_replay_all, redis_streams_dlq_purge, redis_streams_dlq_trim,
    redis_streams_dlq_depth;

/* streams_partition.c, streams_lease.c */
adapter_start redis_streams_record_partition, redis_streams_partition_keys,
    redis_streams_reap_partition, redis_streams_acquire_lease, redis_streams_renew_lease,
    redis_streams_release_lease, redis_streams_read_fenced, redis_streams_ack_fenced,
    redis_streams_reclaim_pending;
bool redis_is_fenced(const struct redis_reply *reply);
void redis_answer_fenced(struct redis_operation *operation);

/* streams_trim.c */
adapter_start redis_streams_trim;

#endif
