/* override.c: --adapter, --uri and --set, applied to the tree. */
#include "scenario/override.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/environment.h"
#include "scenario/path.h"

static void set_key(struct node *mapping, const char *key, struct node *value)
{
    size_t index = node_index(mapping, key);
    struct node_key named = {memory_string(key), value->place};

    if (index == NODE_ABSENT)
        node_append(mapping, &named, value);
    else
        mapping->items[index] = value;
    free(named.text);
}

/* What `broker: NAME` is short for. */
static void open_broker(struct loader *loader, struct node *parent, size_t index)
{
    struct node *node = parent->items[index];
    struct node *mapping;

    if (node->kind != NODE_SCALAR || node->is_null)
        return;
    mapping = node_new(&loader->document, NODE_MAPPING, node->place);
    set_key(mapping, "adapter", node);
    parent->items[index] = mapping;
}

void override_open_brokers(struct loader *loader)
{
    size_t one = node_index(loader->top, "broker"), many = node_index(loader->top, "brokers");
    struct node *brokers;

    if (one != NODE_ABSENT)
        open_broker(loader, loader->top, one);
    if (many == NODE_ABSENT)
        return;
    brokers = node_fork(&loader->document, loader->top->items[many]);
    loader->top->items[many] = brokers;
    for (size_t i = 0; brokers->kind == NODE_MAPPING && i < brokers->count; i++)
        open_broker(loader, brokers, i);
}

/* The mapping of the default broker, made when there is none; NULL when it is something else. */
static struct node *default_broker(struct loader *loader, struct source_place place)
{
    struct node *parent = loader->top;
    struct node *brokers = node_get(parent, "brokers");
    const char *key = brokers && !node_get(parent, "broker") ? "default" : "broker";
    struct node *broker;

    if (strcmp(key, "default") == 0)
        parent = brokers;
    broker = node_get(parent, key);
    if (parent->kind != NODE_MAPPING || (broker && broker->kind != NODE_MAPPING))
        return NULL;
    broker = broker ? node_fork(&loader->document, broker)
                    : node_new(&loader->document, NODE_MAPPING, place);
    set_key(parent, key, broker);
    return broker;
}

static void replace_adapter(struct loader *loader, const char *adapter)
{
    static const struct source_place place = {"--adapter", 1, 1};
    struct node *broker = default_broker(loader, place);

    if (!broker)
        return; /* the check that follows says what it is */
    while (broker->count > 0)
        node_remove(broker, broker->count - 1);
    set_key(broker, "adapter", node_scalar(&loader->document, adapter, place));
}

static void remove_key(struct node *mapping, const char *key)
{
    size_t index = node_index(mapping, key);

    if (index != NODE_ABSENT)
        node_remove(mapping, index);
}

/* A server is somewhere, or it is started: the one drops the other, unless that has {port}. */
static void replace_place(struct loader *loader, const char *key, const char *dropped,
                          const char *text, struct source_place place)
{
    struct node *broker = default_broker(loader, place);

    if (!broker)
        return;
    if (dropped)
        remove_key(broker, dropped);
    set_key(broker, key, node_scalar(&loader->document, text, place));
}

static void replace_uri(struct loader *loader, const char *uri, bool is_spawned)
{
    replace_place(loader, "uri", is_spawned ? NULL : "spawn", uri,
                  (struct source_place){"--uri", 1, 1});
}

static void replace_spawn(struct loader *loader, const char *command)
{
    replace_place(loader, "spawn", "uri", command, (struct source_place){"--spawn", 1, 1});
}

static bool is_null_word(const char *text)
{
    return strcmp(text, "null") == 0 || strcmp(text, "~") == 0;
}

static void put(struct path_target *target, struct node *value)
{
    if (value && target->index != NODE_ABSENT)
        target->container->items[target->index] = value;
    else if (value)
        set_key(target->container, target->key, value);
    else if (target->index != NODE_ABSENT)
        node_remove(target->container, target->index);
}

static int apply(struct loader *loader, const char *setting, size_t path_size, const char *label)
{
    const char *text = setting + path_size + 1;
    struct source_place place = {label, 1, 1};
    struct path_target target = {0};
    struct node *value = NULL;

    if (text[strspn(text, " ")] == '\0')
        return error_set_at(loader->reterr, place,
                            "there is nothing after '=': say a value, or null to remove the key");
    if (!is_null_word(text) &&
        document_parse(&loader->document, label, text, strlen(text), &value, loader->reterr) != 0)
        return -1;
    if (path_find(loader, setting, path_size, label, &target) != 0)
        return -1;
    put(&target, value);
    free(target.key);
    return 0;
}

static int apply_setting(struct loader *loader, const char *option, const char *setting)
{
    struct scenario_loaded *loaded = (struct scenario_loaded *)loader->scenario;
    const char *equals = strchr(setting, '=');
    char *label;

    if (!equals || equals == setting)
        return error_set(loader->reterr, ERROR_USAGE,
                         "%s '%.100s': say key=value, such as producers.0.rate=2000/s", option,
                         setting);
    label = memory_format("%s %.*s", option, (int)(equals - setting), setting);
    loaded->labels[loaded->label_count++] = label;
    loaded->scenario.overrides[loaded->scenario.override_count++] =
        strstr(setting, "://") ? environment_show(setting) : memory_string(setting);
    return apply(loader, setting, (size_t)(equals - setting), label);
}

int overrides_apply(struct loader *loader, const struct scenario_overrides *overrides)
{
    struct scenario_loaded *loaded = (struct scenario_loaded *)loader->scenario;

    override_open_brokers(loader);
    if (overrides->adapter)
        replace_adapter(loader, overrides->adapter);
    if (overrides->spawn)
        replace_spawn(loader, overrides->spawn);
    if (overrides->uri)
        replace_uri(loader, overrides->uri, overrides->spawn != NULL);
    loaded->labels = memory_new(overrides->setting_count, sizeof(*loaded->labels));
    loaded->scenario.overrides =
        memory_new(overrides->setting_count, sizeof(*loaded->scenario.overrides));
    for (size_t i = 0; i < overrides->setting_count; i++) {
        bool is_variant = i + overrides->variant_count >= overrides->setting_count;

        if (apply_setting(loader, is_variant ? "--variant" : "--set", overrides->settings[i]) != 0)
            return -1;
    }
    return 0;
}
