/* script_session.c: opening and ending sessions and instances by name. */
#include "actors/script_session.h"

#include <stdlib.h>
#include <string.h>

#include "actors/host.h"
#include "base/memory.h"
#include "port.h"

/* --- Instances ------------------------------------------------------------------------------- */

static struct script_instance *add_instance(struct script *script, const char *name,
                                            const struct endpoint_broker *broker, bool is_ours)
{
    struct script_instance *instance = memory_new(1, sizeof(*instance));

    instance->name = memory_string(name);
    instance->broker = broker;
    instance->is_ours = is_ours;
    instance->next = script->instances;
    script->instances = instance;
    return instance;
}

/* An in-process broker is its instance: a second one would be another broker, so here every name is
   the same one, unless they are to be apart. */
static struct script_instance *get_instance(struct script *script, const char *name, bool is_apart,
                                            struct error *reterr)
{
    const struct endpoint_broker *first = script->plan.broker, *broker;
    const struct script_world *world = script->plan.world;

    for (struct script_instance *i = script->instances; i; i = i->next)
        if (strcmp(i->name, name) == 0)
            return i;
    if (strcmp(name, "a") == 0 ||
        ((first->adapter->traits & ADAPTER_TRAIT_IN_PROCESS) && !is_apart))
        return add_instance(script, name, first, false);
    if (!world || !world->open_instance) {
        error_set(reterr, ERROR_USAGE, "instance %s: a second instance cannot be made here", name);
        return NULL;
    }
    broker = world->open_instance(world->context, reterr);
    return broker ? add_instance(script, name, broker, true) : NULL;
}

/* --- Subscriptions --------------------------------------------------------------------------- */

static void free_subscriptions(struct script_session *session)
{
    while (session->subscriptions) {
        struct script_subscription *subscription = session->subscriptions;

        session->subscriptions = subscription->next;
        script_call_drop(subscription->call);
        value_drop(subscription->received);
        value_drop(subscription->ended);
        free(subscription->stream);
        free(subscription);
    }
}

/* Their calls complete when the session ends, or, stopped at the gate, even later. */
static void forget_subscriptions(struct script_session *session)
{
    for (struct script_subscription *s = session->subscriptions; s; s = s->next)
        if (s->call)
            s->call->answered = NULL, s->call->context = NULL;
}

/* --- Sessions -------------------------------------------------------------------------------- */

struct script_session *script_session_find(struct script *script, const char *name)
{
    struct script_session *session = script->sessions;

    while (session && strcmp(session->name, name) != 0)
        session = session->next;
    return session;
}

static struct script_session *add_session(struct script *script, const char *name)
{
    struct script_session *session = memory_new(1, sizeof(*session));

    session->name = memory_string(name);
    session->script = script;
    session->next = script->sessions;
    script->sessions = session;
    return session;
}

/* Does a `crash` name it?  A name that is put together ('w$w') is taken for all that begin so. */
static bool is_named(const struct tree *crash, const char *name)
{
    const char *session = tree_text(crash, "session");
    const char *dollar = session ? strchr(session, '$') : NULL;

    if (dollar)
        return strncmp(session, name, (size_t)(dollar - session)) == 0;
    return strcmp(session ? session : "main", name) == 0;
}

static bool falls(const struct tree *steps, const char *name)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct tree *child = &steps->children[i];

        if (child->key && strcmp(child->key, "crash") == 0 ? is_named(child, name)
                                                           : falls(child, name))
            return true;
    }
    return false;
}

/* Each opening has a name of its own, "w1-2": luck is keyed by it, and with it the consumer name
   that an adapter makes up. */
static int open_now(struct script_session *session, struct error *reterr)
{
    struct script *script = session->script;
    char *actor;
    int result;

    session->open_count++;
    actor = session->open_count == 1 ? memory_string(session->name)
                                     : memory_format("%s-%u", session->name, session->open_count);
    session->endpoint.falls = script->plan.kills && falls(script->plan.steps, session->name);
    result = endpoint_open(&session->endpoint, session->instance->broker, script->plan.place, actor,
                           session->consumer, reterr);
    session->is_open = result == 0;
    free(actor);
    return result;
}

int script_session_open(struct script *script, const char *name,
                        const struct script_opening *opening, struct error *reterr)
{
    struct script_session *session = script_session_find(script, name);
    struct script_instance *home = session ? session->instance : NULL;

    if (opening->instance || !home)
        home = get_instance(script, opening->instance ? opening->instance : "a", opening->is_apart,
                            reterr);
    if (!home)
        return -1;
    if (!session)
        session = add_session(script, name);
    script_session_close(session, false);
    session->instance = home;
    if (opening->consumer) {
        free(session->consumer);
        session->consumer = memory_string(opening->consumer);
    }
    return open_now(session, reterr);
}

struct script_session *script_session_get(struct script *script, const char *name,
                                          struct error *reterr)
{
    static const struct script_opening usual;
    struct script_session *session = script_session_find(script, name);

    if (session && session->is_open)
        return session;
    if (script_session_open(script, name, &usual, reterr) < 0)
        return NULL;
    return script_session_find(script, name);
}

/* Ungated: the port lets everything through that is declared. */
void script_session_start(struct script_session *session, struct adapter_call *call, bool is_raw)
{
    struct endpoint *endpoint = &session->endpoint;

    if (is_raw)
        port_start(endpoint->broker->adapter, UINT32_MAX, host_port(endpoint->host),
                   endpoint->session, endpoint_watch(endpoint, call));
    else
        endpoint_start(endpoint, call);
}

void script_session_close(struct script_session *session, bool is_crash)
{
    if (!session->is_open)
        return;
    session->is_open = false;
    forget_subscriptions(session);
    if (is_crash)
        endpoint_abandon(&session->endpoint);
    else
        endpoint_close(&session->endpoint);
    free_subscriptions(session);
}

void script_sessions_close(struct script *script)
{
    for (struct script_session *session = script->sessions; session; session = session->next)
        script_session_close(session, false);
}

static void free_instances(struct script *script)
{
    const struct script_world *world = script->plan.world;

    while (script->instances) {
        struct script_instance *instance = script->instances;

        script->instances = instance->next;
        if (instance->is_ours && world->close_instance)
            world->close_instance(world->context, instance->broker);
        free(instance->name);
        free(instance);
    }
}

void script_sessions_release(struct script *script)
{
    script_sessions_close(script);
    while (script->sessions) {
        struct script_session *session = script->sessions;

        script->sessions = session->next;
        free(session->name);
        free(session->consumer);
        free(session);
    }
    free_instances(script);
}
