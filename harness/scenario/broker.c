/* broker.c: `broker` and `brokers`: adapter, uri and the adapter's own options. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/control_read.h"
#include "scenario/environment.h"
#include "scenario/fields.h"
#include "scenario/names.h"
#include "scenario/spawn.h"
#include "scenario/tables.h"

/* Said of an option whose value came from the environment: the value itself is not for showing. */
static const char *const TYPE_WORDS[] = {
    [SCHEMA_TEXT] = "text",
    [SCHEMA_BOOLEAN] = "true or false",
    [SCHEMA_INTEGER] = "a whole number",
    [SCHEMA_NUMBER] = "a number",
    [SCHEMA_DURATION] = "a duration such as 250ms",
    [SCHEMA_SIZE] = "a size such as 4KiB",
    [SCHEMA_RATE] = "a rate such as 5000/s",
    [SCHEMA_PERCENT] = "a percentage such as 1%",
    [SCHEMA_CHOICE] = "one of its choices",
};

/* One scalar with the environment replaced.  Gives. */
static int read_value(struct loader *loader, const char *key, const struct node *node,
                      char **ret_text, bool *ret_has_reference)
{
    if (node->kind != NODE_SCALAR)
        return error_set_at(loader->reterr, node->place, "'%.60s' takes one value, not %s", key,
                            node_describe(node));
    if (node->is_null)
        return error_set_at(loader->reterr, node->place, "'%.60s' has no value", key);
    if (environment_expand(node->text, node->place, ret_text, ret_has_reference, loader->reterr) !=
        0)
        return -1;
    if (**ret_text)
        return 0;
    free(*ret_text);
    *ret_text = NULL;
    (void)error_set_at(loader->reterr, node->place, "'%.60s' is empty", key);
    return -1;
}

/* An error without a place gets one; what is wrong with a scenario is wrong there. */
static int place_error(struct loader *loader, struct source_place place)
{
    struct error *error = loader->reterr;

    if (!error)
        return -1;
    error->place = place;
    if (error->kind != ERROR_SYSTEM)
        error->kind = ERROR_SCENARIO;
    return -1;
}

static int read_adapter(struct loader *loader, const struct node *node,
                        struct scenario_broker *broker, struct schema *ret_schema)
{
    const struct scenario_rules *rules = loader->rules;
    bool has_reference = false;

    if (read_value(loader, "adapter", node, &broker->adapter, &has_reference) != 0)
        return -1;
    if (strstr(broker->adapter, "://") && strncmp(broker->adapter, "exec:", 5) != 0)
        return error_set_at(loader->reterr, node->place,
                            "an address is no adapter: say {adapter: NAME, uri: ADDRESS}");
    if (!rules || !rules->adapter_schema)
        return 0;
    if (rules->adapter_schema(rules->context, broker->adapter, ret_schema, loader->reterr) != 0)
        return place_error(loader, node->place);
    return 0;
}

static int read_uri(struct loader *loader, const struct node *node, struct scenario_broker *broker)
{
    bool has_reference = false;

    if (read_value(loader, "uri", node, &broker->uri, &has_reference) != 0)
        return -1;
    broker->uri_shown = environment_show(node->text);
    return 0;
}

static int read_proxy(struct loader *loader, const struct node *node,
                      struct scenario_broker *broker)
{
    static const char *const kinds[] = {[SCENARIO_PROXY_NONE] = "none",
                                        [SCENARIO_PROXY_INSIDE] = "inside",
                                        [SCENARIO_PROXY_TCP] = "tcp"};
    const char *text = fields_text(loader, "proxy", node);

    for (unsigned i = 0; text && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i], text) == 0) {
            broker->proxy = (enum scenario_proxy)i;
            return 0;
        }
    return text ? error_set_at(loader->reterr, node->place,
                               "'%.60s' is no kind of proxy: say none, inside or tcp", text)
                : -1;
}

/* The keys of this broker: ours and its adapter's. */
static int refuse_option(struct loader *loader, const struct scenario_broker *broker,
                         const struct schema *options, const struct node_key *key)
{
    const struct schema *ours = scenario_schema_broker();
    struct schema both = {.option_count = ours->option_count + options->option_count};
    struct schema_option *list = memory_new(both.option_count, sizeof(*list));
    char *article = memory_format("a broker with adapter '%.60s'", broker->adapter);

    memcpy(list, ours->options, ours->option_count * sizeof(*list));
    if (options->option_count > 0)
        memcpy(list + ours->option_count, options->options, options->option_count * sizeof(*list));
    both.options = list;
    (void)fields_refuse_key(loader, &both, article, key);
    free(article);
    free(list);
    return -1;
}

static int check_option(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct scenario_option *written,
                        bool has_reference)
{
    const struct schema one = {schema->subject, option, 1};
    struct schema_value *value = schema_values_new(&one);
    int result = schema_set(&one, value, option->key, written->text, loader->reterr);

    schema_values_free(value, 1);
    if (result == 0)
        return 0;
    if (has_reference) /* the message above holds the value */
        return error_set_at(loader->reterr, written->place,
                            "'%s': the value from the environment is not %s", option->key,
                            TYPE_WORDS[option->type]);
    return place_error(loader, written->place);
}

static int read_option(struct loader *loader, const struct schema *schema,
                       const struct node_key *key, const struct node *node,
                       struct scenario_broker *broker)
{
    struct scenario_option *written = &broker->options[broker->option_count];
    bool has_rules = loader->rules && loader->rules->adapter_schema;
    const struct schema_option *option = NULL;
    bool has_reference = false;

    for (size_t i = 0; i < schema->option_count && !option; i++)
        if (strcmp(schema->options[i].key, key->text) == 0)
            option = &schema->options[i];
    if (has_rules && !option)
        return refuse_option(loader, broker, schema, key);
    written->place = node->place;
    if (read_value(loader, key->text, node, &written->text, &has_reference) != 0)
        return -1;
    written->key = memory_string(key->text);
    broker->option_count++; /* from here on it is freed with the broker */
    return option ? check_option(loader, schema, option, written, has_reference) : 0;
}

static int read_options(struct loader *loader, const struct node *node, const struct schema *schema,
                        struct scenario_broker *broker)
{
    broker->options = memory_new(node->count, sizeof(*broker->options));
    for (size_t i = 0; i < node->count; i++) {
        const char *key = node->keys[i].text;
        int result = 0;

        if (strcmp(key, "uri") == 0)
            result = read_uri(loader, node->items[i], broker);
        else if (strcmp(key, "spawn") == 0)
            result = spawn_read(loader, node->items[i], &broker->spawn);
        else if (strcmp(key, "proxy") == 0)
            result = read_proxy(loader, node->items[i], broker);
        else if (strcmp(key, "control") == 0)
            result = control_read(loader, key, node->items[i], &broker->control);
        else if (strcmp(key, "adapter") != 0)
            result = read_option(loader, schema, &node->keys[i], node->items[i], broker);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* Where the server is, is known when it has been started, not before. */
static int check_place(struct loader *loader, const struct node *node,
                       const struct scenario_broker *broker)
{
    if (broker->spawn.command && broker->uri && !strstr(broker->uri, "{port}"))
        return error_set_at(loader->reterr, node_get(node, "uri")->place,
                            "the run starts this broker's server on a port of its choice: say "
                            "{port} in the uri, as in 'redis://127.0.0.1:{port}/0', or leave out "
                            "one of 'uri' and 'spawn'");
    return 0;
}

static int read_broker(struct loader *loader, const char *name, const struct node *node)
{
    struct scenario *scenario = loader->scenario;
    struct scenario_broker *broker = &scenario->brokers[scenario->broker_count++];
    struct schema schema = {0};
    const struct node *adapter = node_get(node, "adapter");

    broker->name = memory_string(name);
    broker->place = node->place;
    if (node->kind == NODE_SCALAR && !node->is_null)
        return read_adapter(loader, node, broker, &schema);
    if (node->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, node->place,
                            "broker '%s' takes an adapter's name, or {adapter: NAME, uri: "
                            "ADDRESS, ...}, not %s",
                            name, node->is_null ? "nothing" : node_describe(node));
    if (!adapter)
        return error_set_at(loader->reterr, node->place,
                            "broker '%s' has no adapter: add 'adapter: inline', or another of "
                            "those that `gauntlet adapters` lists",
                            name);
    if (read_adapter(loader, adapter, broker, &schema) != 0 ||
        read_options(loader, node, &schema, broker) != 0)
        return -1;
    return check_place(loader, node, broker);
}

static int read_many(struct loader *loader, const struct node *many)
{
    if (many->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, many->place,
                            "'brokers' is a mapping of names to brokers, not %s",
                            many->is_null ? "nothing" : node_describe(many));
    if (!node_get(many, "default"))
        return error_set_at(loader->reterr, many->place,
                            "'brokers' has no 'default': actors that name no broker use it, so add "
                            "'default: inline', say");
    loader->scenario->brokers = memory_new(many->count, sizeof(*loader->scenario->brokers));
    for (size_t i = 0; i < many->count; i++) {
        const struct node_key *key = &many->keys[i];

        if (names_check(loader, "a broker", key->text, key->place) != 0 ||
            read_broker(loader, key->text, many->items[i]) != 0)
            return -1;
    }
    return 0;
}

int brokers_read(struct loader *loader)
{
    const struct node *one = node_get(loader->top, "broker");
    const struct node *many = node_get(loader->top, "brokers");

    if (one && many)
        return error_set_at(loader->reterr,
                            loader->top->keys[node_index(loader->top, "brokers")].place,
                            "'broker' and 'brokers' exclude each other: move the one into the "
                            "other as 'default'");
    if (many)
        return read_many(loader, many);
    if (!one)
        return error_set_at(loader->reterr, loader->top->place,
                            "a scenario needs a broker: add 'broker: inline', or say --adapter");
    loader->scenario->brokers = memory_new(1, sizeof(*loader->scenario->brokers));
    return read_broker(loader, "default", one);
}
