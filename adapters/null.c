/* null.c: the broker that is not there: says yes to every message and keeps none.  With it, what is
   measured is the harness itself (pacing, cost per publish). */
#include <stdio.h>
#include <stdlib.h>

#include "adapter.h"
#include "base/memory.h"

extern const struct broker_adapter null_adapter;

struct adapter_instance {
    int unused;
};

/* Calls under way, answered together on the loop's next turn. */
struct adapter_session {
    const struct adapter_host *host;
    struct adapter_call **calls;
    size_t count, capacity;
    int is_posted, is_closed;
};

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    (void)host;
    if (config->uri) {
        snprintf(reterr, 256, "the null adapter has no server: leave out 'uri'");
        return -1;
    }
    *ret_instance = memory_new(1, sizeof(**ret_instance));
    return 0;
}

static void destroy(struct adapter_instance *instance)
{
    free(instance);
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    (void)instance, (void)config, (void)reterr;
    *ret_session = memory_new(1, sizeof(**ret_session));
    (*ret_session)->host = host;
    return 0;
}

static void answer_all(struct adapter_session *session)
{
    struct adapter_result result = {
        .struct_size = sizeof(result), .outcome = ADAPTER_DONE, .attempts = 1, .number = 1};
    size_t count = session->count;

    for (size_t i = 0; i < count; i++)
        session->calls[i]->done(session->calls[i], &result);
    /* What was started meanwhile is answered on the next turn. */
    for (size_t i = count; i < session->count; i++)
        session->calls[i - count] = session->calls[i];
    session->count -= count;
}

static void free_session(struct adapter_session *session)
{
    free(session->calls);
    free(session);
}

static void on_turn(void *context)
{
    struct adapter_session *session = context;

    session->is_posted = 0;
    if (session->is_closed) {
        free_session(session);
        return;
    }
    answer_all(session);
    if (session->count > 0 && !session->is_posted) {
        session->is_posted = 1;
        session->host->post(session->host, on_turn, session);
    }
}

static void start_call(struct adapter_session *session, struct adapter_call *call)
{
    if (session->count == session->capacity) {
        session->capacity = session->capacity ? session->capacity * 2 : 16;
        session->calls =
            memory_grow(session->calls, session->capacity, sizeof(struct adapter_call *));
    }
    session->calls[session->count++] = call;
    if (!session->is_posted) {
        session->is_posted = 1;
        session->host->post(session->host, on_turn, session);
    }
}

static void close_session(struct adapter_session *session)
{
    if (!session)
        return;
    while (session->count > 0)
        answer_all(session);
    if (session->is_posted)
        session->is_closed = 1;
    else
        free_session(session);
}

static const struct adapter_profile profile = {.struct_size = sizeof(profile)};

const struct broker_adapter null_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "null",
    .summary = "answers at once and keeps nothing: measures Gauntlet itself",
    .capabilities = ADAPTER_PUBLISH,
    .traits = ADAPTER_TRAIT_IN_PROCESS,
    .profile = &profile,
    .create = create,
    .destroy = destroy,
    .open = open_session,
    .close = close_session,
    .abandon = close_session,
    .publish = start_call,
    .ping = start_call,
    .ensure_connection = start_call,
};
