/* common.c: operations and hooks that all the Redis adapters have. */
#include "common.h"

#include "resp.h"

struct redis_instance *redis_instance_of(struct adapter_instance *instance)
{
    return (struct redis_instance *)(void *)instance;
}

int redis_create(const struct adapter_host *host, const struct adapter_config *config,
                 const struct adapter_profile *profile, struct adapter_instance **ret_instance,
                 char reterr[256])
{
    struct redis_instance *instance = redis_instance_new(host, config, reterr);

    if (!instance)
        return -1;
    instance->profile = *profile;
    *ret_instance = (struct adapter_instance *)(void *)instance;
    return 0;
}

struct redis_session *redis_open(struct adapter_instance *instance, const struct adapter_host *host,
                                 const struct adapter_session_config *config,
                                 const struct redis_kind *kind,
                                 struct adapter_session **ret_session)
{
    struct redis_session *session = redis_session_new(redis_instance_of(instance), host, config);

    session->kind = kind;
    *ret_session = (struct adapter_session *)(void *)session;
    return session;
}

void redis_destroy(struct adapter_instance *instance)
{
    redis_instance_free(redis_instance_of(instance));
}

const struct adapter_profile *redis_profile_of(const struct adapter_instance *instance)
{
    return &((const struct redis_instance *)(const void *)instance)->profile;
}

void redis_close(struct adapter_session *session)
{
    redis_session_end(redis_session_of(session), false);
}

void redis_abandon(struct adapter_session *session)
{
    redis_session_end(redis_session_of(session), true);
}

/* --- Ping ------------------------------------------------------------------------------------- */

/* A server that refuses a ping (NOAUTH, LOADING) is there, and of no use: false, in its own words.
 */
static void on_pong(struct redis_operation *operation, const struct redis_reply *reply)
{
    if (reply->type == REDIS_ERROR) {
        redis_answer_refusal(operation, reply);
        return;
    }
    redis_answer_done(operation, redis_reply_equals(reply, "PONG"));
}

void redis_send_ping(struct redis_operation *operation)
{
    struct text *text = redis_compose(operation);

    REDIS_COMMAND(text, "PING");
    redis_send(operation, text, on_pong, 1);
}

void redis_fail_as_false(struct redis_operation *operation, const struct adapter_result *failure)
{
    struct adapter_result result = {.outcome = ADAPTER_DONE, .detail = failure->detail};

    redis_answer(operation, &result);
}

void redis_ping(struct adapter_session *session, struct adapter_call *call)
{
    static const struct redis_flow flow = {
        .send = redis_send_ping,
        .fail = redis_fail_as_false,
        .link = REDIS_LINK_COMMAND,
        .retries = true,
    };

    redis_start(redis_session_of(session), call, &flow);
}

void redis_ensure_connection(struct adapter_session *session, struct adapter_call *call)
{
    redis_ping(session, call);
}
