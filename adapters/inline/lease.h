/* lease.h: who may work on a partition, for how long, and in which generation. */
#ifndef INLINE_LEASE_H
#define INLINE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

struct inline_broker;

/* The token that holds the lease now, or NULL. */
const char *inline_lease_token(const struct inline_broker *broker, const char *name,
                               uint64_t now_ns);
void inline_leases_clear(struct inline_broker *broker);

#endif
