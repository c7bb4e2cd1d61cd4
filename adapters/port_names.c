/* port_names.c: names of outcomes, errors, capabilities and tiers. */
#include <string.h>

#include "port.h"

struct flag_name {
    const char *name;
    uint32_t flags;
};

static const struct flag_name single_flags[] = {
    {"PUBLISH", ADAPTER_PUBLISH},
    {"SUBSCRIBE", ADAPTER_SUBSCRIBE},
    {"CONSUMER_GROUPS", ADAPTER_CONSUMER_GROUPS},
    {"ACK_NACK", ADAPTER_ACK_NACK},
    {"DELIVERY_GUARANTEES", ADAPTER_DELIVERY_GUARANTEES},
    {"MESSAGE_ORDERING", ADAPTER_MESSAGE_ORDERING},
    {"BLOCKING_READ", ADAPTER_BLOCKING_READ},
    {"DEAD_LETTER_QUEUE", ADAPTER_DEAD_LETTER_QUEUE},
    {"REPLAY", ADAPTER_REPLAY},
    {"STREAM_PARTITIONING", ADAPTER_STREAM_PARTITIONING},
};

/* From the lowest: each has all flags of the one before. */
static const struct flag_name tiers[] = {
    {"BASIC_PUBSUB", ADAPTER_TIER_BASIC_PUBSUB},
    {"SIMPLE_QUEUING", ADAPTER_TIER_SIMPLE_QUEUING},
    {"RELIABLE_MESSAGING", ADAPTER_TIER_RELIABLE_MESSAGING},
    {"ORDERED_MESSAGING", ADAPTER_TIER_ORDERED_MESSAGING},
    {"ENTERPRISE_STREAMING", ADAPTER_TIER_ENTERPRISE_STREAMING},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_at(const char *const *names, size_t count, uint32_t index)
{
    return index < count ? names[index] : "?";
}

const char *port_outcome_name(uint32_t outcome)
{
    static const char *const names[] = {
        [ADAPTER_DONE] = "done",
        [ADAPTER_EMPTY] = "empty",
        [ADAPTER_REFUSED] = "refused",
        [ADAPTER_UNKNOWN] = "unknown",
        [ADAPTER_UNSUPPORTED] = "unsupported",
    };

    return name_at(names, COUNT(names), outcome);
}

const char *port_error_name(uint32_t error)
{
    static const char *const names[] = {
        [ADAPTER_ERROR_NONE] = "none",
        [ADAPTER_ERROR_VALIDATION] = "validation",
        [ADAPTER_ERROR_CONNECTION] = "connection",
        [ADAPTER_ERROR_LEASE_LOST] = "lease_lost",
        [ADAPTER_ERROR_NOT_SUPPORTED] = "not_supported",
        [ADAPTER_ERROR_OTHER] = "other",
    };

    return name_at(names, COUNT(names), error);
}

const char *port_capability_name(uint32_t flag)
{
    for (size_t i = 0; i < COUNT(single_flags); i++)
        if (single_flags[i].flags == flag)
            return single_flags[i].name;
    return "?";
}

static uint32_t find_flags(const struct flag_name *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].flags;
    return 0;
}

uint32_t port_capability_find(const char *name)
{
    uint32_t flags = find_flags(single_flags, COUNT(single_flags), name);

    return flags ? flags : find_flags(tiers, COUNT(tiers), name);
}

const char *port_tier_name(uint32_t capabilities)
{
    for (size_t i = COUNT(tiers); i-- > 0;)
        if ((tiers[i].flags & ~capabilities) == 0)
            return tiers[i].name;
    return "none";
}
