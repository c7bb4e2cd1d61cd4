/* channels.c: the adapter "redis_channels": the server's own PUBLISH and SUBSCRIBE. */
#include "channels.h"

#include "admin.h"
#include "common.h"
#include "disturb.h"
#include "kind.h"
#include "publish.h"
#include "redis.h"

static const struct adapter_option options[] = {
    {.key = "retry",
     .type = ADAPTER_OPTION_CHOICE,
     .choices = "none|once",
     .default_text = "once",
     .help = "whether a command is sent again, once, after a lost connection"},
};

static const struct redis_kind kind = {.publish_command = "PUBLISH", .has_envelope = true};

static const struct adapter_profile profile = {.struct_size = sizeof(profile)};

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    return redis_create(host, config, &profile, ret_instance, reterr);
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    (void)reterr;
    (void)redis_open(instance, host, config, &kind, ret_session);
    return 0;
}

const struct broker_adapter redis_channels_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(redis_channels_adapter),
    .name = "redis_channels",
    .summary = "Redis PUBLISH and SUBSCRIBE: fire and forget; who does not listen misses it",
    .capabilities = ADAPTER_TIER_BASIC_PUBSUB,
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
    .subscribe = redis_channels_subscribe,
    .trim = redis_trim_nothing,
    .health_stats = redis_health_stats,
    .info = redis_info,
    .data_reset = redis_data_reset,
    .stream_depth = redis_stream_depth,
    .stream_remove = redis_stream_remove,
    REDIS_DISTURBANCES,
    .ping = redis_channels_ping,
    .ensure_connection = redis_channels_ping,
};
