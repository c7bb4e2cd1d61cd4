/* broker.c: streams by name. */
#include "adapters/inline/broker.h"

#include <string.h>

#include "adapters/inline/group.h"
#include "adapters/inline/partition.h"
#include "adapters/inline/stream.h"

/* What is kept for good is written once, into blocks that cost few page faults; what soon goes
   again should still be in the processor's cache when its block is used for the next messages. */
#define SEGMENT_SIZE_KEPT    ((size_t)8 << 20)
#define SEGMENT_SIZE_PASSING ((size_t)1 << 20)

void inline_broker_init(struct inline_broker *broker, const struct adapter_host *host,
                        const struct adapter_config *config)
{
    inline_settings_read(&broker->settings, config);
    inline_settings_profile(&broker->settings, &broker->profile);
    broker->pool.size = broker->settings.retains_all ? SEGMENT_SIZE_KEPT : SEGMENT_SIZE_PASSING;
    broker->key = host->entropy(host);
    broker->created_ns = host->now_ns(host);
    pthread_mutex_init(&broker->mutex, NULL);
}

void inline_broker_release(struct inline_broker *broker)
{
    inline_broker_reset(broker);
    map_release(&broker->streams);
    inline_pool_release(&broker->pool);
    text_release(&broker->scratch);
    pthread_mutex_destroy(&broker->mutex);
}

struct inline_stream *inline_broker_stream(const struct inline_broker *broker, const char *name)
{
    return map_get(&broker->streams, name, strlen(name));
}

struct inline_stream *inline_broker_make_stream(struct inline_broker *broker, const char *name)
{
    struct inline_stream *stream = inline_broker_stream(broker, name);

    if (stream)
        return stream;
    stream = inline_stream_new(broker, name);
    map_set(&broker->streams, name, strlen(name), stream);
    return stream;
}

bool inline_broker_remove_stream(struct inline_broker *broker, const char *name)
{
    struct inline_stream *stream = map_remove(&broker->streams, name, strlen(name));

    if (stream)
        inline_stream_free(stream);
    return stream != NULL;
}

void inline_broker_reset(struct inline_broker *broker)
{
    for (size_t i = 0; i < broker->streams.count; i++)
        if (broker->streams.entries[i].value)
            inline_stream_free(broker->streams.entries[i].value);
    map_release(&broker->streams);
    inline_partitions_clear(broker);
}

static void leave_stream(struct inline_stream *stream, uint64_t session, uint64_t until_ns)
{
    for (size_t i = 0; i < stream->groups.count; i++) {
        struct inline_group *group = stream->groups.entries[i].value;

        if (!group)
            continue;
        inline_group_leave(group, session, until_ns);
        inline_group_wake(group);
        inline_group_remind(group);
    }
}

void inline_broker_leave(struct inline_broker *broker, uint64_t session, uint64_t now_ns)
{
    uint64_t until_ns = now_ns + broker->settings.redelivery_ns;

    for (size_t i = 0; i < broker->streams.count; i++)
        if (broker->streams.entries[i].value)
            leave_stream(broker->streams.entries[i].value, session, until_ns);
}
