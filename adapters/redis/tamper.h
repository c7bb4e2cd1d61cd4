/* tamper.h: changing the store behind the adapter's back, for tests. */
#ifndef REDIS_TAMPER_H
#define REDIS_TAMPER_H

#include "adapter.h"

adapter_start redis_streams_tamper, redis_lists_tamper;

#endif
