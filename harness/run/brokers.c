/* brokers.c: from a scenario's broker mappings to adapter instances. */
#include "run/brokers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "port.h"
#include "registry.h"
#include "run/broker_proxy.h"
#include "run/broker_server.h"
#include "run/run.h"
#include "server/server.h"

static int check_time(const struct broker *broker, const struct scenario *scenario,
                      struct error *reterr)
{
    const struct broker_adapter *adapter = broker->endpoint.adapter;

    if (scenario->time != SCENARIO_TIME_VIRTUAL || port_can_simulate(adapter))
        return 0;
    error_set(reterr, ERROR_SCENARIO,
              "broker %s: adapter %s %s and cannot run in virtual time: say "
              "'time: real'",
              broker->endpoint.name, adapter->name,
              adapter->traits & ADAPTER_TRAIT_IN_PROCESS ? "lives by the real clock"
                                                         : "speaks to a server");
    reterr->place = broker->scenario->place;
    return -1;
}

bool run_suits_virtual(const struct scenario *scenario)
{
    struct error error = {0};

    for (size_t i = 0; i < scenario->broker_count; i++) {
        const struct broker_adapter *adapter = registry_find(scenario->brokers[i].adapter, &error);

        if (!adapter || !port_can_simulate(adapter))
            return false;
    }
    return true;
}

static int make_instance(struct broker *broker, uint32_t number,
                         const struct instance_decorator *decorator,
                         const struct endpoint_place *place, struct error *reterr)
{
    const struct scenario_broker *scenario = broker->scenario;
    const struct instance_plan plan = {.adapter = broker->endpoint.adapter,
                                       .name = scenario->name,
                                       .uri = broker->uri,
                                       .options = scenario->options,
                                       .option_count = scenario->option_count,
                                       .number = number,
                                       .decorator = decorator};

    if (instance_open(&broker->made, &plan, place, reterr) < 0) {
        if (!reterr->place.file)
            reterr->place = scenario->place;
        return -1;
    }
    broker->endpoint = broker->made.endpoint;
    return 0;
}

/* Chaos may come to it too. */
static bool may_lose_power(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->fault_count; i++)
        if (strcmp(scenario->faults[i].action.word, "power_loss") == 0)
            return true;
    return scenario->chaos_count > 0;
}

static int open_broker(struct broker *broker, const struct scenario *scenario, uint32_t number,
                       const struct instance_decorator *decorator,
                       const struct endpoint_place *place, struct error *reterr)
{
    char name[64];

    broker->scenario = &scenario->brokers[number];
    broker->endpoint.name = broker->scenario->name;
    broker->endpoint.adapter = registry_find(broker->scenario->adapter, reterr);
    if (!broker->endpoint.adapter) {
        reterr->place = broker->scenario->place;
        return -1;
    }
    if (check_time(broker, scenario, reterr) < 0 ||
        broker_server_open(broker, place, may_lose_power(scenario), reterr) < 0 ||
        broker_proxy_open(broker, place, reterr) < 0 ||
        make_instance(broker, number, decorator, place, reterr) < 0)
        return -1;
    broker->endpoint.is_proxied = broker->scenario->proxy == SCENARIO_PROXY_TCP;
    (void)snprintf(name, sizeof(name), "control-%s", broker->endpoint.name);
    return endpoint_open(&broker->control, &broker->endpoint, place, name, NULL, reterr);
}

int brokers_open(struct brokers *brokers, const struct scenario *scenario,
                 const struct instance_decorator *decorator, const struct endpoint_place *place,
                 struct error *reterr)
{
    *brokers = (struct brokers){.items = memory_new(scenario->broker_count, sizeof(struct broker)),
                                .count = scenario->broker_count};
    for (size_t i = 0; i < brokers->count; i++)
        if (open_broker(&brokers->items[i], scenario, (uint32_t)i, decorator, place, reterr) < 0)
            return -1;
    return 0;
}

static void close_broker(struct broker *broker)
{
    endpoint_close(&broker->control);
    instance_close(&broker->made);
    broker_proxy_close(broker);
    broker_server_close(broker);
}

void brokers_close(struct brokers *brokers)
{
    for (size_t i = 0; i < brokers->count; i++)
        close_broker(&brokers->items[i]);
    free(brokers->items);
    *brokers = (struct brokers){0};
}

uint64_t broker_soonest_ns(const struct broker *broker)
{
    const struct adapter_profile *profile = broker->endpoint.profile;
    bool is_known =
        profile &&
        profile->struct_size >= offsetof(struct adapter_profile, redelivery_soonest_ms) +
                                    sizeof(profile->redelivery_soonest_ms) &&
        profile->redelivery_soonest_ms > 0;

    return is_known ? profile->redelivery_soonest_ms * 1000000ull : broker_redelivery_ns(broker);
}

bool broker_is_somebodys(const struct broker *broker)
{
    return !(broker->server && server_is_ours(broker->server)) &&
           !(broker->endpoint.adapter->traits & ADAPTER_TRAIT_IN_PROCESS);
}

uint64_t broker_redelivery_ns(const struct broker *broker)
{
    const struct adapter_profile *profile = broker->endpoint.profile;

    return profile ? profile->redelivery_time_ms * 1000000ull : 0;
}
