/* disturb.h: faults that a Redis server can be given by its own commands, and their undoing.

   An undo is {"disturbance": "out_of_memory", "commands": [["CONFIG", "SET", "maxmemory", "0"]]}:
   any session can send these, also in another process. */
#ifndef REDIS_DISTURB_H
#define REDIS_DISTURB_H

#include "adapter.h"

extern const struct adapter_disturbance redis_disturbances[];
extern const uint64_t redis_disturbance_count;

adapter_start redis_disturb, redis_restore;

#define REDIS_DISTURBANCES                                                                         \
    .disturbances = redis_disturbances, .disturbance_count = 9, .disturb = redis_disturb,          \
    .restore = redis_restore

#endif
