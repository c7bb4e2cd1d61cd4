/* streams.c: the adapter "redis": Redis Streams. */
#include "streams.h"

#include <string.h>

#include "admin.h"
#include "common.h"
#include "disturb.h"
#include "kind.h"
#include "publish.h"
#include "redis.h"
#include "resp.h"
#include "script.h"
#include "tamper.h"

#define NS_PER_MS 1000000u

static const struct adapter_option options[] = {
    {.key = "redelivery_time",
     .type = ADAPTER_OPTION_DURATION,
     .minimum = 1e6,
     .maximum = 86400e9,
     .default_text = "4s",
     .help = "what was neither acked nor nacked for so long is delivered again"},
    {.key = "retry_delay",
     .type = ADAPTER_OPTION_DURATION,
     .minimum = 0,
     .maximum = 86400e9,
     .default_text = "0ms",
     .help = "a nacked message comes back after it; at most redelivery_time"},
    {.key = "backoff_multiplier",
     .type = ADAPTER_OPTION_NUMBER,
     .minimum = 1,
     .maximum = 100,
     .default_text = "2",
     .help = "retry_delay grows by it with each delivery, up to redelivery_time"},
    {.key = "reclaim_interval",
     .type = ADAPTER_OPTION_DURATION,
     .minimum = 1e6,
     .maximum = 60e9,
     .default_text = "200ms",
     .help = "how often a session looks for what others left behind"},
    {.key = "retry",
     .type = ADAPTER_OPTION_CHOICE,
     .choices = "none|once",
     .default_text = "once",
     .help = "whether a command is sent again, once, after a lost connection"},
};

/* The dead letters and the partition index go with the stream. */
static size_t add_keys(struct redis_operation *operation, const char *stream)
{
    static const char *const endings[] = {"", ":dlq", ":__partitions__", ":__recorded__"};
    const size_t count = sizeof(endings) / sizeof(endings[0]);
    struct text key = {0};

    for (size_t i = 0; i < count; i++) {
        text_clear(&key);
        text_append_string(&key, stream);
        text_append_string(&key, endings[i]);
        redis_argument(&operation->arguments, key.data, key.size);
    }
    text_release(&key);
    return count;
}

/* "<anything>:__<word>__": the partition index, leases and generations. */
static bool is_reserved(const char *stream)
{
    const char *last = strrchr(stream, ':');
    size_t size = last ? strlen(last + 1) : 0;

    return size > 4 && !strncmp(last + 1, "__", 2) && !strcmp(last + size - 1, "__");
}

static const struct redis_kind kind = {
    .publish_command = "XADD",
    .behind_stream = {"*", "data"},
    .length_command = "XLEN",
    .has_server_groups = true,
    .is_reserved = is_reserved,
    .add_keys = add_keys,
};

static const struct adapter_profile profile = {
    .struct_size = sizeof(profile),
    .redelivery_time_ms = 4500,
    .redelivery_soonest_ms = 4000,
    .trim_granularity = 100,
    .trims = 1,
    .dlq_populated_by = "caller",
};

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    struct redis_instance *instance;

    if (redis_create(host, config, &profile, ret_instance, reterr))
        return -1;
    instance = redis_instance_of(*ret_instance);
    instance->profile.redelivery_time_ms =
        (uint32_t)(instance->redelivery_ms + 2 * instance->reclaim_interval_ns / NS_PER_MS + 100);
    instance->profile.redelivery_soonest_ms = (uint32_t)instance->redelivery_ms;
    return 0;
}

/* A consumer with nothing in hand leaves its groups, so that they do not fill with names. */
static void leave(struct redis_session *session)
{
    struct redis_connection *connection = &session->connections[REDIS_LINK_COMMAND];
    struct text *text = &session->commands;

    redis_connection_close(&session->connections[REDIS_LINK_READ], false);
    if (connection->state != REDIS_OPEN)
        return;
    text_clear(text);
    for (size_t i = 0; i < session->view_count; i++)
        if (session->views[i]->is_ensured)
            REDIS_COMMAND(text, "EVAL", redis_script_text(REDIS_SCRIPT_LEAVE), "1",
                          session->views[i]->stream, session->views[i]->group,
                          session->views[i]->consumer);
    if (text->size)
        session->host->stream_write(connection->stream, text->data, text->size);
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct redis_session *session = redis_open(instance, host, config, &kind, ret_session);

    (void)reterr;
    session->leave = leave;
    session->release = redis_views_free;
    return 0;
}

const struct broker_adapter redis_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(redis_adapter),
    .name = "redis",
    .summary = "Redis Streams with consumer groups, from Redis 5.0 on",
    .capabilities = ADAPTER_TIER_ENTERPRISE_STREAMING,
    .traits = ADAPTER_TRAIT_DIALS,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .profile = &profile,
    .create = create,
    .destroy = redis_destroy,
    .open = open_session,
    .close = redis_close,
    .abandon = redis_abandon,
    .profile_of = redis_profile_of,
    .publish = redis_publish,
    .get_next = redis_streams_get_next,
    .read = redis_streams_read,
    .read_blocking = redis_streams_read_blocking,
    .ack = redis_streams_ack,
    .nack = redis_streams_nack,
    .health_stats = redis_health_stats,
    .info = redis_info,
    .data_reset = redis_data_reset,
    .stream_depth = redis_stream_depth,
    .stream_remove = redis_stream_remove,
    REDIS_DISTURBANCES,
    .subscribe = redis_streams_subscribe,
    .read_from = redis_streams_read_from,
    .tamper = redis_streams_tamper,
    .dlq_list = redis_streams_dlq_list,
    .dlq_inspect = redis_streams_dlq_inspect,
    .dlq_replay = redis_streams_dlq_replay,
    .dlq_replay_all = redis_streams_dlq_replay_all,
    .dlq_purge = redis_streams_dlq_purge,
    .dlq_trim = redis_streams_dlq_trim,
    .dlq_depth = redis_streams_dlq_depth,
    .trim = redis_streams_trim,
    .record_partition = redis_streams_record_partition,
    .partition_keys = redis_streams_partition_keys,
    .reap_partition = redis_streams_reap_partition,
    .acquire_partition_lease = redis_streams_acquire_lease,
    .renew_partition_lease = redis_streams_renew_lease,
    .release_partition_lease = redis_streams_release_lease,
    .read_partition_fenced = redis_streams_read_fenced,
    .ack_partition_fenced = redis_streams_ack_fenced,
    .reclaim_partition_pending = redis_streams_reclaim_pending,
    .ping = redis_ping,
    .ensure_connection = redis_ensure_connection,
    .ensure_group = redis_streams_ensure_group,
};
