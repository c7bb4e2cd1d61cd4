/* inline.c: the reference broker as an adapter. */
#include "adapters/inline/inline.h"

#include <stdlib.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/session.h"
#include "adapters/inline/settings.h"
#include "base/memory.h"

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    struct adapter_instance *instance = memory_new(1, sizeof(*instance));

    (void)reterr;
    inline_broker_init(&instance->broker, host, config);
    *ret_instance = instance;
    return 0;
}

static void destroy(struct adapter_instance *instance)
{
    if (!instance)
        return;
    inline_broker_release(&instance->broker);
    free(instance);
}

static uint32_t declared(const struct adapter_instance *instance)
{
    return instance->broker.settings.declared;
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    return &instance->broker.profile;
}

/* Under the default options. */
static const struct adapter_profile default_profile = {.struct_size = sizeof(default_profile),
                                                       .redelivery_time_ms = 500,
                                                       .retry_budget = 1,
                                                       .trim_granularity = 1,
                                                       .trims = 1,
                                                       .dlq_populated_by = "broker"};

const struct broker_adapter inline_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "inline",
    .summary = "the reference broker: in this process, with every capability",
    .capabilities = ADAPTER_TIER_ENTERPRISE_STREAMING,
    .traits = ADAPTER_TRAIT_IN_PROCESS,
    .options = inline_options,
    .option_count = INLINE_OPTION_COUNT,
    .profile = &default_profile,
    .create = create,
    .destroy = destroy,
    .open = inline_session_open,
    .close = inline_session_close,
    .abandon = inline_session_abandon,
    .declared = declared,
    .profile_of = profile_of,
    .publish = inline_session_start,
    .get_next = inline_session_start,
    .read = inline_session_start,
    .read_blocking = inline_session_start,
    .ack = inline_session_start,
    .nack = inline_session_start,
    .subscribe = inline_session_start,
    .read_from = inline_session_start,
    .tamper = inline_session_start,
    .ping = inline_session_start,
    .ensure_connection = inline_session_start,
    .health_stats = inline_session_start,
    .info = inline_session_start,
    .ensure_group = inline_session_start,
    .data_reset = inline_session_start,
    .dlq_list = inline_session_start,
    .dlq_inspect = inline_session_start,
    .dlq_replay = inline_session_start,
    .dlq_replay_all = inline_session_start,
    .dlq_purge = inline_session_start,
    .dlq_trim = inline_session_start,
    .dlq_depth = inline_session_start,
    .trim = inline_session_start,
    .record_partition = inline_session_start,
    .partition_keys = inline_session_start,
    .reap_partition = inline_session_start,
    .acquire_partition_lease = inline_session_start,
    .renew_partition_lease = inline_session_start,
    .release_partition_lease = inline_session_start,
    .read_partition_fenced = inline_session_start,
    .ack_partition_fenced = inline_session_start,
    .reclaim_partition_pending = inline_session_start,
    .stream_depth = inline_session_start,
    .stream_remove = inline_session_start,
};
