/* lists.h: what the operations of the Lists adapter share. */
#ifndef REDIS_LISTS_H
#define REDIS_LISTS_H

#include "adapter.h"
#include "operation.h"

adapter_start redis_lists_read, redis_lists_ensure_group, redis_lists_subscribe;

/* Append a stored item to operation->entries, its texts borrowed; what is no message is told and
   left out. */
void redis_lists_add_item(struct redis_operation *operation, const struct redis_reply *item);
/* Append the keys of a list as arguments to operation->arguments; how many. */
size_t redis_lists_add_keys(struct redis_operation *operation, const char *stream);
/* "position:<stream>:<group>" and "reads:<stream>:<group>"; gives (free). */
char *redis_lists_position_key(const char *stream, const char *group);
char *redis_lists_reads_key(const char *stream, const char *group);

#endif
