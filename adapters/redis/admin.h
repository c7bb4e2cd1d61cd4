/* admin.h: operations about what is stored: how much, how it is, and away with it. */
#ifndef REDIS_ADMIN_H
#define REDIS_ADMIN_H

#include "adapter.h"

adapter_start redis_stream_depth, redis_stream_remove, redis_data_reset, redis_health_stats,
    redis_info;
/* For brokers that cannot: nothing is removed. */
adapter_start redis_trim_nothing;

#endif
