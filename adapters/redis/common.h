/* common.h: operations and hooks that all the Redis adapters have. */
#ifndef REDIS_COMMON_H
#define REDIS_COMMON_H

#include "adapter.h"
#include "session.h"

adapter_start redis_ping, redis_ensure_connection;
void redis_send_ping(struct redis_operation *operation);
/* A broker that does not answer is not an error of these operations: it is their answer. */
void redis_fail_as_false(struct redis_operation *operation, const struct adapter_result *failure);

struct redis_kind;

/* Parts of an adapter's own create and open. */
int redis_create(const struct adapter_host *host, const struct adapter_config *config,
                 const struct adapter_profile *profile, struct adapter_instance **ret_instance,
                 char reterr[256]);
struct redis_session *redis_open(struct adapter_instance *instance, const struct adapter_host *host,
                                 const struct adapter_session_config *config,
                                 const struct redis_kind *kind,
                                 struct adapter_session **ret_session);

void redis_close(struct adapter_session *session);
void redis_abandon(struct adapter_session *session);
void redis_destroy(struct adapter_instance *instance);
const struct adapter_profile *redis_profile_of(const struct adapter_instance *instance);

struct redis_instance *redis_instance_of(struct adapter_instance *instance);

#endif
