/* instance.c: options checked, an instance created, and what it declares under them. */
#include "run/instance.h"

#include <stdio.h>
#include <stdlib.h>

#include "actors/blocking.h"
#include "actors/host.h"
#include "actors/threaded.h"
#include "base/memory.h"
#include "port.h"
#include "registry.h"

static int set_options(struct instance *instance, const struct instance_plan *plan,
                       const struct schema *schema, struct error *reterr)
{
    for (size_t i = 0; i < plan->option_count; i++) {
        const struct scenario_option *option = &plan->options[i];

        if (schema_set(schema, instance->values, option->key, option->text, reterr) < 0) {
            reterr->place = option->place;
            return -1;
        }
    }
    return 0;
}

static void make_settings(struct instance *instance, const struct schema *schema)
{
    instance->settings = memory_new(schema->option_count + 1, sizeof(*instance->settings));
    for (size_t i = 0; i < schema->option_count; i++) {
        const struct schema_value *value = &instance->values[i];

        instance->settings[i] = (struct adapter_setting){.key = schema->options[i].key,
                                                         .text = value->text,
                                                         .number = value->number,
                                                         .real = value->real};
    }
}

/* A thread of an adapter that blocks may be left behind, and outlive the host. */
static const struct adapter_host *host_for(struct instance *instance,
                                           const struct broker_adapter *adapter)
{
    if (!(adapter->traits & ADAPTER_TRAIT_BLOCKS))
        return host_port(instance->host);
    if (!instance->lasting)
        instance->lasting = blocking_lasting_new(host_port(instance->host));
    return blocking_lasting_host(instance->lasting);
}

static void wrap_blocking(struct instance *instance)
{
    struct endpoint_broker *endpoint = &instance->endpoint;

    (void)host_for(instance, endpoint->adapter);
    blocking_wrap(&endpoint->adapter, &endpoint->instance, instance->lasting);
    instance->lasting = NULL;
}

static int create(struct instance *instance, const struct instance_plan *plan,
                  const struct endpoint_place *place, struct error *reterr)
{
    const struct broker_adapter *adapter = plan->adapter;
    struct endpoint_broker *endpoint = &instance->endpoint;
    struct adapter_config config = {.struct_size = sizeof(config),
                                    .uri = plan->uri,
                                    .settings = instance->settings,
                                    .setting_count = instance->value_count,
                                    .instance_number = plan->number,
                                    .adapter = adapter};
    char reason[256] = "no reason given";

    if (port_create(adapter, host_for(instance, adapter), &config, &endpoint->instance, reason) < 0)
        return error_set(reterr, ERROR_SCENARIO, "broker %s: %s", plan->name, reason);
    if (plan->decorator)
        plan->decorator->wrap(plan->decorator->context, &endpoint->adapter, &endpoint->instance);
    adapter = endpoint->adapter;
    endpoint->declared = ADAPTER_HAS(adapter, declared) ? adapter->declared(endpoint->instance)
                                                        : adapter->capabilities;
    endpoint->profile = ADAPTER_HAS(adapter, profile_of) ? adapter->profile_of(endpoint->instance)
                                                         : adapter->profile;
    if (adapter->traits & ADAPTER_TRAIT_BLOCKS)
        wrap_blocking(instance);
    else if (plan->is_threaded && adapter->traits & ADAPTER_TRAIT_IN_PROCESS)
        threaded_wrap(&endpoint->adapter, &endpoint->instance, place->log, place->seed);
    return 0;
}

int instance_open(struct instance *instance, const struct instance_plan *plan,
                  const struct endpoint_place *place, struct error *reterr)
{
    struct schema schema;
    char name[64];

    *instance = (struct instance){.endpoint = {.name = plan->name, .adapter = plan->adapter}};
    schema = registry_schema(plan->adapter, &instance->schema_options);
    instance->values = schema_values_new(&schema);
    instance->value_count = schema.option_count;
    if (set_options(instance, plan, &schema, reterr) < 0)
        return -1;
    make_settings(instance, &schema);
    (void)snprintf(name, sizeof(name), "broker-%s", plan->name);
    instance->host = host_new(place->loop, place->dialer, place->log, place->seed, name);
    return create(instance, plan, place, reterr);
}

void instance_close(struct instance *instance)
{
    if (instance->endpoint.instance)
        port_destroy(instance->endpoint.adapter, instance->endpoint.instance);
    blocking_lasting_free(instance->lasting);
    host_free(instance->host);
    free(instance->settings);
    if (instance->values)
        schema_values_free(instance->values, instance->value_count);
    free(instance->schema_options);
    *instance = (struct instance){0};
}
