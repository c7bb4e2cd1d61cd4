/* channels.h: what the operations of the channels adapter share. */
#ifndef REDIS_CHANNELS_H
#define REDIS_CHANNELS_H

#include "adapter.h"

adapter_start redis_channels_subscribe, redis_channels_ping;

#endif
