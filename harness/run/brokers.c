/* brokers.c: from a scenario's broker mappings to adapter instances. */
#include "run/brokers.h"

#include <stdio.h>
#include <stdlib.h>

#include "actors/blocking.h"
#include "actors/host.h"
#include "base/memory.h"
#include "registry.h"

static int set_options(struct broker *broker, const struct schema *schema, struct error *reterr)
{
    const struct scenario_broker *scenario = broker->scenario;

    for (size_t i = 0; i < scenario->option_count; i++) {
        const struct scenario_option *option = &scenario->options[i];

        if (schema_set(schema, broker->values, option->key, option->text, reterr) < 0) {
            reterr->place = option->place;
            return -1;
        }
    }
    return 0;
}

static void make_settings(struct broker *broker, const struct schema *schema)
{
    broker->setting_count = schema->option_count;
    broker->settings = memory_new(schema->option_count + 1, sizeof(*broker->settings));
    for (size_t i = 0; i < schema->option_count; i++) {
        const struct schema_value *value = &broker->values[i];

        broker->settings[i] = (struct adapter_setting){.key = schema->options[i].key,
                                                       .text = value->text,
                                                       .number = value->number,
                                                       .real = value->real};
    }
}

static int create_instance(struct broker *broker, uint32_t number, struct error *reterr)
{
    const struct broker_adapter *adapter = broker->endpoint.adapter;
    struct adapter_config config = {.struct_size = sizeof(config),
                                    .uri = broker->scenario->uri,
                                    .settings = broker->settings,
                                    .setting_count = broker->setting_count,
                                    .instance_number = number};
    char reason[256] = "no reason given";

    if (adapter->create(host_port(broker->host), &config, &broker->endpoint.instance, reason) < 0) {
        error_set(reterr, ERROR_SCENARIO, "broker %s: %s", broker->endpoint.name, reason);
        reterr->place = broker->scenario->place;
        return -1;
    }
    broker->endpoint.declared = ADAPTER_HAS(adapter, declared)
                                    ? adapter->declared(broker->endpoint.instance)
                                    : adapter->capabilities;
    broker->endpoint.profile = ADAPTER_HAS(adapter, profile_of)
                                   ? adapter->profile_of(broker->endpoint.instance)
                                   : adapter->profile;
    return 0;
}

static int check_time(const struct broker *broker, const struct scenario *scenario,
                      struct error *reterr)
{
    const struct broker_adapter *adapter = broker->endpoint.adapter;

    if (scenario->time != SCENARIO_TIME_VIRTUAL || adapter->traits & ADAPTER_TRAIT_IN_PROCESS)
        return 0;
    error_set(reterr, ERROR_SCENARIO,
              "broker %s: adapter %s speaks to a server and cannot run in virtual time: say "
              "'time: real'",
              broker->endpoint.name, adapter->name);
    reterr->place = broker->scenario->place;
    return -1;
}

static int open_broker(struct broker *broker, const struct scenario *scenario, uint32_t number,
                       const struct endpoint_place *place, struct error *reterr)
{
    struct schema schema;
    char name[64];

    broker->scenario = &scenario->brokers[number];
    broker->endpoint.name = broker->scenario->name;
    broker->endpoint.adapter = registry_find(broker->scenario->adapter, reterr);
    if (!broker->endpoint.adapter) {
        reterr->place = broker->scenario->place;
        return -1;
    }
    if (check_time(broker, scenario, reterr) < 0)
        return -1;
    schema = registry_schema(broker->endpoint.adapter, &broker->schema_options);
    broker->values = schema_values_new(&schema);
    if (set_options(broker, &schema, reterr) < 0)
        return -1;
    make_settings(broker, &schema);
    snprintf(name, sizeof(name), "broker-%s", broker->endpoint.name);
    broker->host = host_new(place->loop, place->dialer, place->log, place->seed, name);
    if (create_instance(broker, number, reterr) < 0)
        return -1;
    snprintf(name, sizeof(name), "control-%s", broker->endpoint.name);
    if (broker->endpoint.adapter->traits & ADAPTER_TRAIT_BLOCKS)
        blocking_wrap(&broker->endpoint.adapter, &broker->endpoint.instance,
                      host_port(broker->host));
    return endpoint_open(&broker->control, &broker->endpoint, place, name, NULL, reterr);
}

int brokers_open(struct brokers *brokers, const struct scenario *scenario,
                 const struct endpoint_place *place, struct error *reterr)
{
    *brokers = (struct brokers){.items = memory_new(scenario->broker_count, sizeof(struct broker)),
                                .count = scenario->broker_count};
    for (size_t i = 0; i < brokers->count; i++)
        if (open_broker(&brokers->items[i], scenario, (uint32_t)i, place, reterr) < 0)
            return -1;
    return 0;
}

static void close_broker(struct broker *broker)
{
    size_t value_count = broker->endpoint.adapter ? broker->endpoint.adapter->option_count : 0;

    endpoint_close(&broker->control);
    if (broker->endpoint.instance)
        broker->endpoint.adapter->destroy(broker->endpoint.instance);
    host_free(broker->host);
    free(broker->settings);
    if (broker->values)
        schema_values_free(broker->values, value_count);
    free(broker->schema_options);
}

void brokers_close(struct brokers *brokers)
{
    for (size_t i = 0; i < brokers->count; i++)
        close_broker(&brokers->items[i]);
    free(brokers->items);
    *brokers = (struct brokers){0};
}

uint64_t broker_redelivery_ns(const struct broker *broker)
{
    const struct adapter_profile *profile = broker->endpoint.profile;

    return profile ? profile->redelivery_time_ms * 1000000ull : 0;
}
