/* plugin_null.h: the smallest adapter that can be: a broker that answers at once and keeps nothing.
   The plugins that the loader must accept or refuse differ from it in one thing each. */
#ifndef FAKES_PLUGIN_NULL_H
#define FAKES_PLUGIN_NULL_H

#include <stdlib.h>

#include "adapter.h"

struct adapter_instance {
    int session_count;
};

struct adapter_session {
    struct adapter_instance *instance;
};

static int null_create(const struct adapter_host *host, const struct adapter_config *config,
                       struct adapter_instance **ret_instance, char reterr[256])
{
    (void)host, (void)config, (void)reterr;
    *ret_instance = calloc(1, sizeof(**ret_instance));
    return 0;
}

static void null_destroy(struct adapter_instance *instance)
{
    free(instance);
}

static int null_open(struct adapter_instance *instance, const struct adapter_host *host,
                     const struct adapter_session_config *config,
                     struct adapter_session **ret_session, char reterr[256])
{
    (void)host, (void)config, (void)reterr;
    *ret_session = calloc(1, sizeof(**ret_session));
    (*ret_session)->instance = instance;
    instance->session_count++;
    return 0;
}

static void null_close(struct adapter_session *session)
{
    if (session)
        session->instance->session_count--;
    free(session);
}

/* Answers with how many sessions its instance has. */
static void null_start(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .attempts = 1,
                                    .number = session->instance->session_count};

    call->done(call, &result);
}

/* clang-format off */
#define NULL_HEAD                                                                                  \
    .abi = BROKER_ADAPTER_ABI, .struct_size = sizeof(struct broker_adapter),                       \
    .summary = "answers at once and keeps nothing"
#define NULL_LIFE                                                                                  \
    .create = null_create, .destroy = null_destroy, .open = null_open, .close = null_close,        \
    .abandon = null_close
#define NULL_OPERATIONS                                                                            \
    .publish = null_start, .ping = null_start, .ensure_connection = null_start
/* clang-format on */

#endif
