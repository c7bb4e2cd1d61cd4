/* plugin_check.c: is what a stranger has built complete, and of our time? */
#include <stdlib.h>

#include "base/schema.h"
#include "base/text.h"
#include "plugin.h"
#include "port.h"
#include "registry.h"

/* More members than anybody will append: then it is no size at all. */
enum { SIZE_MAX_CREDIBLE = 65536 };

static int check_age(const struct broker_adapter *adapter, const char *subject,
                     struct error *reterr)
{
    if (adapter->abi > BROKER_ADAPTER_ABI)
        return error_set(reterr, ERROR_USAGE,
                         "%s is built for port %u, and this gauntlet speaks port %u: install a "
                         "newer gauntlet, or build it against this one's adapter.h",
                         subject, adapter->abi, BROKER_ADAPTER_ABI);
    if (adapter->abi < BROKER_ADAPTER_ABI)
        return error_set(reterr, ERROR_USAGE,
                         "%s is built for port %u, and this gauntlet speaks port %u: set '.abi = "
                         "BROKER_ADAPTER_ABI' and build it against this gauntlet's adapter.h",
                         subject, adapter->abi, BROKER_ADAPTER_ABI);
    if (adapter->struct_size < offsetof(struct broker_adapter, declared))
        return error_set(reterr, ERROR_USAGE,
                         "%s says that its struct_size is %u, which ends before the required "
                         "members: set '.struct_size = sizeof(struct broker_adapter)'",
                         subject, adapter->struct_size);
    if (adapter->struct_size > SIZE_MAX_CREDIBLE)
        return error_set(reterr, ERROR_USAGE,
                         "%s says that its struct_size is %u, which cannot be: set '.struct_size = "
                         "sizeof(struct broker_adapter)'",
                         subject, adapter->struct_size);
    return 0;
}

/* --- What is missing -------------------------------------------------------------------------- */

static void miss(struct text *missing, const char *name)
{
    text_appendf(missing, "%s%s", missing->size ? ", " : "", name);
}

static int check_required(const struct broker_adapter *adapter, const char *subject,
                          struct error *reterr)
{
    struct text missing = {0};
    int result = 0;

    if (!adapter->name || !adapter->name[0])
        miss(&missing, "name");
    if (!adapter->create)
        miss(&missing, "create");
    if (!adapter->destroy)
        miss(&missing, "destroy");
    if (!adapter->open)
        miss(&missing, "open");
    if (!adapter->close)
        miss(&missing, "close");
    if (!adapter->abandon)
        miss(&missing, "abandon");
    if (missing.size)
        result = error_set(reterr, ERROR_USAGE, "%s leaves out what every adapter needs: %s",
                           subject, text_string(&missing));
    text_release(&missing);
    return result;
}

static int check_known_flags(const struct broker_adapter *adapter, const char *subject,
                             struct error *reterr)
{
    uint32_t unknown = adapter->capabilities & ~(uint32_t)ADAPTER_TIER_ENTERPRISE_STREAMING;

    if (!unknown)
        return 0;
    return error_set(reterr, ERROR_USAGE,
                     "%s declares capabilities 0x%x, which this gauntlet does not know: install a "
                     "newer one, or leave them out",
                     subject, unknown);
}

/* A group is read by get_next or read; a reader without groups subscribes. */
static void check_reading(const struct broker_adapter *adapter, struct text *missing)
{
    uint32_t declared = adapter->capabilities;
    bool has_groups = declared & ADAPTER_CONSUMER_GROUPS;

    if (declared & ADAPTER_PUBLISH && !port_has(adapter, ADAPTER_OP_PUBLISH))
        miss(missing, "publish (for PUBLISH)");
    if (declared & ADAPTER_SUBSCRIBE && !has_groups && !port_has(adapter, ADAPTER_OP_SUBSCRIBE))
        miss(missing, "subscribe (for SUBSCRIBE without CONSUMER_GROUPS)");
}

static int check_declared(const struct broker_adapter *adapter, const char *subject,
                          struct error *reterr)
{
    struct text missing = {0};
    int result = 0;

    check_reading(adapter, &missing);
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++) {
        const struct port_operation *operation = &port_operations[i];

        if (!(operation->capability & adapter->capabilities) || port_has(adapter, i))
            continue;
        text_appendf(&missing, "%s%s (for %s)", missing.size ? ", " : "", operation->name,
                     port_capability_name(operation->capability));
    }
    if (missing.size)
        result = error_set(reterr, ERROR_USAGE,
                           "%s does not have what it declares: %.260s: fill it in, or leave the "
                           "capability out",
                           subject, text_string(&missing));
    text_release(&missing);
    return result;
}

static int check_options(const struct broker_adapter *adapter, const char *subject,
                         struct error *reterr)
{
    struct schema_option *options;

    if (adapter->option_count > 0 && !adapter->options)
        return error_set(reterr, ERROR_USAGE, "%s counts %u options, and has no table of them",
                         subject, adapter->option_count);
    struct schema schema = registry_schema(adapter, &options);
    int result = schema_check(&schema, reterr);
    free(options);
    if (result < 0) {
        reterr->kind = ERROR_USAGE;
        return error_prefix(reterr, "%s: ", subject);
    }
    return 0;
}

/* What is begun must be ended, and the argument must be one that can be read. */
static int check_disturbance(const struct broker_adapter *adapter,
                             const struct adapter_disturbance *one, const char *subject,
                             struct error *reterr)
{
    if (!one->key || !one->key[0])
        return error_set(reterr, ERROR_USAGE, "%s has a disturbance without a name", subject);
    if (!port_has(adapter, ADAPTER_OP_DISTURB) ||
        (one->flags & ADAPTER_DISTURBANCE_LASTS && !port_has(adapter, ADAPTER_OP_RESTORE)))
        return error_set(reterr, ERROR_USAGE,
                         "%s lists the disturbance '%.60s': then it needs 'disturb', and "
                         "'restore' where one lasts",
                         subject, one->key);
    struct schema_option value = registry_disturbance_value(one);
    const struct schema schema = {.subject = one->key, .options = &value, .option_count = 1};
    if (one->flags & ADAPTER_DISTURBANCE_BARE || schema_check(&schema, reterr) == 0)
        return 0;
    reterr->kind = ERROR_USAGE;
    return error_prefix(reterr, "%s: disturbance ", subject);
}

static int check_disturbances(const struct broker_adapter *adapter, const char *subject,
                              struct error *reterr)
{
    uint64_t count = adapter->struct_size >= offsetof(struct broker_adapter, restore)
                         ? adapter->disturbance_count
                         : 0;

    if (count > 0 && !adapter->disturbances)
        return error_set(reterr, ERROR_USAGE, "%s counts disturbances, and has no table of them",
                         subject);
    for (uint64_t i = 0; i < count; i++)
        if (check_disturbance(adapter, &adapter->disturbances[i], subject, reterr) < 0)
            return -1;
    return 0;
}

int plugin_check(const struct broker_adapter *adapter, const char *subject, struct error *reterr)
{
    if (check_age(adapter, subject, reterr) < 0 || check_required(adapter, subject, reterr) < 0 ||
        check_known_flags(adapter, subject, reterr) < 0 ||
        check_declared(adapter, subject, reterr) < 0 ||
        check_disturbances(adapter, subject, reterr) < 0 ||
        check_options(adapter, subject, reterr) < 0)
        return -1;
    return 0;
}
