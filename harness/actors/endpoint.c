/* endpoint.c: opening, starting and ending, the same for adapters that block and those that do not.
 */
#include "actors/endpoint.h"

#include "actors/host.h"
#include "actors/watched.h"
#include "port.h"

/* The links of an adapter that dials by itself are all named after the broker. */
static struct link_owner *find_owner(const struct endpoint_broker *broker,
                                     const struct endpoint_place *place, const char *name)
{
    bool is_dialled = broker->adapter->traits & ADAPTER_TRAIT_DIALS;

    if (!place->faults || !link_faults_reads_frames(place->faults))
        return NULL;
    return link_faults_owner(place->faults, is_dialled ? name : broker->name);
}

static struct link_dialer *choose_dialer(const struct endpoint_broker *broker,
                                         const struct endpoint_place *place)
{
    return broker->is_proxied && place->proxied ? place->proxied : place->dialer;
}

int endpoint_open(struct endpoint *endpoint, const struct endpoint_broker *broker,
                  const struct endpoint_place *place, const char *name, const char *consumer,
                  struct error *reterr)
{
    struct adapter_session_config config = {
        .struct_size = sizeof(config),
        .name = name,
        .consumer = consumer,
        .flags = endpoint->falls ? (uint32_t)ADAPTER_SESSION_FALLS : 0};
    char reason[256] = "no reason given";

    endpoint->broker = broker;
    endpoint->loop = place->loop;
    endpoint->owner = find_owner(broker, place, name);
    endpoint->host =
        host_new(place->loop, choose_dialer(broker, place), place->log, place->seed, name);
    if (port_open(broker->adapter, broker->instance, host_port(endpoint->host), &config,
                  &endpoint->session, reason) == 0)
        return 0;
    host_free(endpoint->host);
    endpoint->host = NULL;
    endpoint->session = NULL;
    return error_set(reterr, ERROR_ADAPTER, "%s: no session on broker %s: %s", name, broker->name,
                     reason);
}

struct adapter_call *endpoint_watch(struct endpoint *endpoint, struct adapter_call *call)
{
    return endpoint->owner ? watched_call(endpoint->owner, call) : call;
}

void endpoint_start(struct endpoint *endpoint, struct adapter_call *call)
{
    port_start(endpoint->broker->adapter, endpoint->broker->declared, host_port(endpoint->host),
               endpoint->session, endpoint_watch(endpoint, call));
}

static void end_session(struct endpoint *endpoint, void (*end)(const struct broker_adapter *adapter,
                                                               struct adapter_session *session))
{
    struct adapter_session *session = endpoint->session;

    if (!session)
        return;
    endpoint->session = NULL;
    end(endpoint->broker->adapter, session);
    host_free(endpoint->host);
    endpoint->host = NULL;
}

void endpoint_close(struct endpoint *endpoint)
{
    if (endpoint->session)
        end_session(endpoint, port_close);
}

void endpoint_abandon(struct endpoint *endpoint)
{
    if (endpoint->session)
        end_session(endpoint, port_abandon);
}
