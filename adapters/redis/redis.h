/* redis.h: the adapters for Redis. */
#ifndef REDIS_REDIS_H
#define REDIS_REDIS_H

#include "adapter.h"

extern const struct broker_adapter redis_adapter;          /* Streams */
extern const struct broker_adapter redis_pubsub_adapter;   /* Lists with a position per group */
extern const struct broker_adapter redis_channels_adapter; /* native PUBLISH and SUBSCRIBE */

#endif
