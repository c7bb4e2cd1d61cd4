/* stream.c: groups by name, and retention. */
#include "adapters/inline/stream.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/group.h"
#include "adapters/inline/subscription.h"
#include "base/memory.h"

struct inline_stream *inline_stream_new(struct inline_broker *broker, const char *name)
{
    struct inline_stream *stream = memory_new(1, sizeof(*stream));

    stream->broker = broker;
    stream->name = memory_string(name);
    stream->number = ++broker->stream_serial;
    message_id_space_init(&stream->ids, broker->key, stream->number);
    message_log_init(&stream->log, &broker->pool);
    inline_subscriptions_attach(broker, stream);
    return stream;
}

void inline_stream_free(struct inline_stream *stream)
{
    inline_subscriptions_detach(stream->broker, stream);
    for (size_t i = 0; i < stream->groups.count; i++)
        if (stream->groups.entries[i].value)
            inline_group_free(stream->groups.entries[i].value);
    map_release(&stream->groups);
    message_log_release(&stream->log);
    free(stream->name);
    free(stream);
}

struct inline_group *inline_stream_group(const struct inline_stream *stream, const char *name)
{
    return map_get(&stream->groups, name, strlen(name));
}

struct inline_group *inline_stream_make_group(struct inline_stream *stream, const char *name,
                                              uint64_t wall_ms)
{
    struct inline_group *group = inline_stream_group(stream, name);

    if (group)
        return group;
    group = inline_group_new(stream, name, ++stream->broker->group_serial, wall_ms);
    map_set(&stream->groups, name, strlen(name), group);
    return group;
}

bool inline_stream_remove_group(struct inline_stream *stream, const char *name)
{
    struct inline_group *group = map_remove(&stream->groups, name, strlen(name));

    if (group)
        inline_group_free(group);
    return group != NULL;
}

void inline_stream_published(struct inline_stream *stream, uint64_t now_ns)
{
    stream->published_ns = now_ns;
    if (stream->subscription_count > 0)
        inline_subscriptions_ring(stream->broker, stream);
    if (stream->waiter_count == 0)
        return;
    for (size_t i = 0; i < stream->groups.count; i++)
        if (stream->groups.entries[i].value)
            inline_group_wake(stream->groups.entries[i].value);
}

uint64_t inline_stream_needed(const struct inline_stream *stream)
{
    uint64_t needed = UINT64_MAX;

    for (size_t i = 0; i < stream->groups.count; i++) {
        const struct inline_group *group = stream->groups.entries[i].value;

        if (group && group->window.low < needed)
            needed = group->window.low;
    }
    return needed;
}

void inline_stream_release_settled(struct inline_stream *stream)
{
    uint64_t needed, subscribed;

    if (stream->broker->settings.retains_all)
        return;
    needed = inline_stream_needed(stream);
    subscribed = stream->subscription_count > 0
                     ? inline_subscriptions_needed(stream->broker, stream)
                     : UINT64_MAX;
    if (subscribed < needed)
        needed = subscribed;
    if (needed != UINT64_MAX && needed > stream->log.first)
        message_log_drop_before(&stream->log, needed);
}
