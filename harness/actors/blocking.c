/* blocking.c: an adapter and an instance that stand for ones that block. */
#include "actors/blocking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/blocking_session.h"
#include "base/memory.h"
#include "port.h"

struct blocking {
    struct broker_adapter adapter;  /* what the harness sees */
    struct blocking_place place;    /* what stands behind it */
    struct blocking_lasting *host;  /* the instance's */
    pthread_mutex_t mutex;          /* sessions live on several loops */
    struct blocking_session *ended; /* closed, their threads perhaps still at work */
    struct blocking_session *hung;  /* left behind, like the instance then */
    struct blocking *next_hung;
};

/* Instances that threads may still use: never freed. */
static struct blocking *hung_instances;
static pthread_mutex_t hung_mutex = PTHREAD_MUTEX_INITIALIZER;

static struct blocking *blocking_of(struct adapter_instance *instance)
{
    return (struct blocking *)instance;
}

static const struct blocking_place *place_of(const struct adapter_instance *instance)
{
    return &((const struct blocking *)instance)->place;
}

/* --- Sessions --------------------------------------------------------------------------------- */

/* A crashing and returning consumer should not pile up threads: those that are over are cleared
   away whenever a session is opened. */
static struct blocking_session *take_ended(struct blocking *blocking, bool also_working)
{
    struct blocking_session **place = &blocking->ended;

    while (*place && !also_working && !blocking_session_is_over(*place))
        place = &(*place)->next_ended;
    struct blocking_session *session = *place;
    if (session)
        *place = session->next_ended;
    return session;
}

static void add_ended(struct blocking *blocking, struct blocking_session *session)
{
    pthread_mutex_lock(&blocking->mutex);
    session->next_ended = blocking->ended;
    blocking->ended = session;
    pthread_mutex_unlock(&blocking->mutex);
}

static void leave_behind(struct blocking *blocking, struct blocking_session *session)
{
    blocking_session_leave(session);
    session->next_ended = blocking->hung;
    blocking->hung = session;
}

/* False when a session was left behind: a thread of it hangs. */
static bool free_ended(struct blocking *blocking, bool also_working)
{
    struct blocking_session *session;

    do {
        pthread_mutex_lock(&blocking->mutex);
        session = take_ended(blocking, also_working);
        pthread_mutex_unlock(&blocking->mutex);
        if (session && blocking_session_waited(session))
            blocking_session_free(session);
        else if (session)
            leave_behind(blocking, session);
    } while (session);
    return !blocking->hung;
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct blocking *blocking = blocking_of(instance);

    struct blocking_session *late = NULL;

    (void)free_ended(blocking, false);
    struct blocking_session *session =
        blocking_session_new(&blocking->place, host, config, &late, reterr);
    if (late)
        add_ended(blocking, late);
    if (!session)
        return -1;
    session->owner = blocking;
    *ret_session = (struct adapter_session *)session;
    return 0;
}

static void end_session(struct adapter_session *base, bool is_abandoned)
{
    struct blocking_session *session = (struct blocking_session *)base;

    if (!session)
        return;
    struct blocking *blocking = session->owner;
    blocking_session_end(session, is_abandoned);
    add_ended(blocking, session);
}

static void close_session(struct adapter_session *session)
{
    end_session(session, false);
}

static void abandon_session(struct adapter_session *session)
{
    end_session(session, true);
}

static void start(struct adapter_session *session, struct adapter_call *call)
{
    blocking_session_start((struct blocking_session *)session, call);
}

/* --- The instance ----------------------------------------------------------------------------- */

static uint32_t declared(const struct adapter_instance *instance)
{
    const struct blocking_place *place = place_of(instance);

    return ADAPTER_HAS(place->adapter, declared) ? place->adapter->declared(place->instance)
                                                 : place->adapter->capabilities;
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    const struct blocking_place *place = place_of(instance);

    return ADAPTER_HAS(place->adapter, profile_of) ? place->adapter->profile_of(place->instance)
                                                   : place->adapter->profile;
}

static void tell_hang(const struct blocking *blocking)
{
    const struct adapter_host *host = blocking->place.host;
    char line[200];

    snprintf(line, sizeof(line),
             "%s hangs: an operation has not ended long after its deadline; its thread and its "
             "instance are left behind",
             blocking->place.adapter->name);
    host->log(host, ADAPTER_LOG_WARNING, line);
}

/* The thread that hangs may still use all of it, but nothing of the run that has ended. */
static void leave_instance(struct blocking *blocking)
{
    blocking_lasting_cut(blocking->host);
    pthread_mutex_lock(&hung_mutex);
    blocking->next_hung = hung_instances;
    hung_instances = blocking;
    pthread_mutex_unlock(&hung_mutex);
}

static void destroy(struct adapter_instance *instance)
{
    struct blocking *blocking = blocking_of(instance);

    if (!blocking)
        return;
    if (!free_ended(blocking, true)) {
        tell_hang(blocking);
        leave_instance(blocking);
        return;
    }
    port_destroy(blocking->place.adapter, blocking->place.instance);
    blocking_lasting_free(blocking->host);
    pthread_mutex_destroy(&blocking->mutex);
    free(blocking);
}

void blocking_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
                   struct blocking_lasting *host)
{
    struct blocking *blocking = memory_new(1, sizeof(*blocking));
    const struct broker_adapter *inner = *adapter;

    blocking->host = host;
    blocking->place = (struct blocking_place){inner, *instance, blocking_lasting_host(host)};
    pthread_mutex_init(&blocking->mutex, NULL);
    port_stand_for(&blocking->adapter, inner, start);
    blocking->adapter.traits =
        (inner->traits & ~(uint32_t)ADAPTER_TRAIT_BLOCKS) | ADAPTER_TRAIT_WAITS;
    blocking->adapter.destroy = destroy;
    blocking->adapter.open = open_session;
    blocking->adapter.close = close_session;
    blocking->adapter.abandon = abandon_session;
    blocking->adapter.declared = declared;
    blocking->adapter.profile_of = profile_of;
    *adapter = &blocking->adapter;
    *instance = (struct adapter_instance *)blocking;
}
