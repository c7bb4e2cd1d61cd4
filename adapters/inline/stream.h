/* stream.h: one stream: its log, its groups, and who waits for what is published. */
#ifndef INLINE_STREAM_H
#define INLINE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/inline/message_id.h"
#include "adapters/inline/message_log.h"
#include "base/map.h"

struct inline_broker;
struct inline_group;

struct inline_stream {
    struct inline_broker *broker;
    char *name;
    uint64_t number; /* never used again, so that ids of a removed stream mean nothing */
    struct message_id_space ids;
    struct message_log log;
    struct map groups; /* name -> group */
    size_t waiter_count, subscription_count;
    uint64_t published_ns; /* when the last message came */
    bool is_foreign;       /* something else was stored under its name: no stream */
};

struct inline_stream *inline_stream_new(struct inline_broker *broker, const char *name);
void inline_stream_free(struct inline_stream *stream);

struct inline_group *inline_stream_group(const struct inline_stream *stream, const char *name);
struct inline_group *inline_stream_make_group(struct inline_stream *stream, const char *name,
                                              uint64_t wall_ms);
bool inline_stream_remove_group(struct inline_stream *stream, const char *name);
/* After messages were appended: wake those who wait for them. */
void inline_stream_published(struct inline_stream *stream, uint64_t now_ns);
/* Drop what every group and subscription is done with, where options say so. */
void inline_stream_release_settled(struct inline_stream *stream);
/* The first position that some group still needs. */
uint64_t inline_stream_needed(const struct inline_stream *stream);

#endif
