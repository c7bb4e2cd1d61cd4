/* broker_proxy.c: from a broker's uri to that of a proxy. */
#include "run/broker_proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/uri.h"
#include "link/proxy.h"

/* Where a uri names no port. */
static int usual_port(const char *scheme)
{
    static const struct {
        const char *scheme;
        int port;
    } ports[] = {{"redis", 6379}, {"nats", 4222},  {"amqp", 5672},
                 {"mqtt", 1883},  {"kafka", 9092}, {"pulsar", 6650}};

    for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
        if (strcmp(ports[i].scheme, scheme) == 0)
            return ports[i].port;
    return 0;
}

static bool needs_proxy(const struct broker *broker, const struct endpoint_place *place)
{
    return place->faults && broker->uri && !loop_is_simulated(place->loop) &&
           !(broker->endpoint.adapter->traits & (ADAPTER_TRAIT_DIALS | ADAPTER_TRAIT_IN_PROCESS));
}

static int refuse(const struct broker *broker, const char *what, struct error *reterr)
{
    (void)error_set(reterr, ERROR_SCENARIO,
                    "broker %s: its adapter dials by itself, so links are disturbed by a proxy, "
                    "which %s",
                    broker->endpoint.name, what);
    reterr->place = broker->scenario->place;
    return -1;
}

int broker_proxy_target(const char *uri, char **ret_target, const char **ret_why)
{
    struct error ignored = {0};
    struct uri parts;

    *ret_why = "must know where the broker is: give its uri, with host and port";
    if (!uri || uri_parse(uri, &parts, &ignored) < 0)
        return -1;
    *ret_why = "speaks TCP: give the uri of a port";
    if (strcmp(parts.scheme, "unix") == 0)
        return -1;
    if (parts.port == 0)
        parts.port = usual_port(parts.scheme);
    *ret_why = "must know the port: write it into the uri";
    if (parts.port == 0 || !parts.host[0])
        return -1;
    *ret_target = memory_format(strchr(parts.host, ':') ? "tcp://[%s]:%d" : "tcp://%s:%d",
                                parts.host, parts.port);
    return 0;
}

int broker_proxy_open(struct broker *broker, const struct endpoint_place *place,
                      struct error *reterr)
{
    struct link_proxy_plan plan = {
        .faults = place->faults, .loop = place->loop, .name = broker->endpoint.name};
    const char *why;
    char *target;

    if (!needs_proxy(broker, place))
        return 0;
    if (broker_proxy_target(broker->uri, &target, &why) < 0)
        return refuse(broker, why, reterr);
    broker->proxy_dialer = link_dialer_real_new();
    plan.beneath = broker->proxy_dialer;
    plan.target = target;
    broker->proxy = link_proxy_open(&plan, reterr);
    free(target);
    if (!broker->proxy)
        return -1;
    broker->proxy_uri = uri_relocate(broker->uri, "127.0.0.1", link_proxy_port(broker->proxy));
    broker->uri = broker->proxy_uri;
    return 0;
}

void broker_proxy_close(struct broker *broker)
{
    link_proxy_close(broker->proxy);
    link_dialer_free(broker->proxy_dialer);
    free(broker->proxy_uri);
    broker->proxy = NULL;
    broker->proxy_dialer = NULL;
    broker->proxy_uri = NULL;
}
