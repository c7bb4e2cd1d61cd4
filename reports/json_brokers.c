/* json_brokers.c: brokers in result.json. */
#include "reports/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static json_t *write_capabilities(const void *member, const struct result *result)
{
    uint32_t capabilities = *(const uint32_t *)member;
    json_t *array = json_array();
    const char *name;
    (void)result;
    for (unsigned bit = 0; (name = result_capability_name(bit)) != NULL; bit++)
        if (capabilities & (1u << bit))
            json_array_append_new(array, json_text(name));
    return array;
}

/* 0 when there is none of that name. */
static uint32_t capability_of(const char *word)
{
    const char *name;
    for (unsigned bit = 0; word && (name = result_capability_name(bit)) != NULL; bit++)
        if (strcmp(name, word) == 0)
            return 1u << bit;
    return 0;
}

static int read_capabilities(const json_t *value, void *member, const struct result *result,
                             struct error *reterr)
{
    (void)result;
    if (!json_is_array(value))
        return json_field_refuse(value, "a list", reterr);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *word = json_array_get(value, i);
        uint32_t bit = capability_of(json_string_value(word));
        if (!bit)
            return json_field_refuse(word, "the name of a capability", reterr);
        *(uint32_t *)member |= bit;
    }
    return 0;
}

static const struct json_field_kind capabilities = {write_capabilities, read_capabilities};

/* The broker's own document as it is when it is one, else as text. */
static json_t *write_health(const void *member, const struct result *result)
{
    const char *text = *(char *const *)member;
    json_t *health = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    (void)result;
    return health ? health : json_text(text);
}

/* Whatever its form, as a document: written again, it is the same. */
static int read_health(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    (void)result, (void)reterr;
    if (json_is_null(value))
        return 0;
    char *dump = json_dumps(value, JSON_ENCODE_ANY);
    *(char **)member = memory_string(dump);
    free(dump);
    return 0;
}

static const struct json_field_kind health = {write_health, read_health};

#define AT(member) offsetof(struct result_broker, member)

static const struct json_field broker_fields[] = {
    {"name", &json_field_word, AT(name)},
    {"adapter", &json_field_word, AT(adapter)},
    {"uri", &json_field_text, AT(uri)},
    {"tier", &json_field_text, AT(tier)},
    {"capabilities", &capabilities, AT(capabilities)},
    {"was_asked", &json_field_flag, AT(was_asked)},
    {"health", &health, AT(health)},
    {"health_before", &health, AT(health_before)},
    {"cpu_ns", &json_field_count, AT(cpu_ns)},
    {"rss_bytes", &json_field_count, AT(rss_bytes)},
    {"stored", &json_field_known, AT(stored)},
};
static const struct json_field_table broker_table =
    JSON_FIELDS(broker_fields, struct result_broker);

static json_t *write_brokers(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&broker_table, result->brokers, result->broker_count, result);
}

static int read_brokers(const json_t *value, void *member, const struct result *result,
                        struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&broker_table, value, (void **)&into->brokers, &into->broker_count,
                                result, reterr);
}

const struct json_field_kind json_brokers = {write_brokers, read_brokers};
