/* spawn.c: `spawn: redis-server`, or {command: ..., config: {...}, ready: ...}: a server of the
   run's own. */
#include "scenario/spawn.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "scenario/environment.h"
#include "scenario/fields.h"
#include "scenario/tables.h"

static const struct schema_option OPTIONS[] = {
    {"command", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "redis-server, or a command line for a shell with {port} and {dir}"},
    {"ready", SCHEMA_TEXT, NULL, 0, 0, NULL, "how to see that it serves: tcp, redis or log:TEXT"},
    {"config", SCHEMA_TEXT, NULL, 0, 0, NULL, "redis-server only: lines of its configuration"},
    {"replica", SCHEMA_BOOLEAN, NULL, 0, 0, "false",
     "redis-server only: a second server follows it, and can be promoted"},
    {"timeout", SCHEMA_DURATION, NULL, 1, 3600e9, "60s", "the longest wait until it serves"},
};
static const struct schema SCHEMA = {"spawn", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

const struct schema *scenario_schema_spawn(void)
{
    return &SCHEMA;
}

/* --- Configuration --------------------------------------------------------------------------- */

static int add_line(struct loader *loader, const char *key, const struct node *node,
                    struct scenario_spawn *spawn)
{
    struct scenario_option *line;
    bool has_reference = false;
    char *text = NULL;

    if (node->kind != NODE_SCALAR)
        return error_set_at(loader->reterr, node->place, "'%.60s' takes a value or a list, not %s",
                            key, node_describe(node));
    if (environment_expand(node->is_null ? "\"\"" : node->text, node->place, &text, &has_reference,
                           loader->reterr) != 0)
        return -1;
    if (strpbrk(text, "\r\n")) {
        free(text);
        return error_set_at(loader->reterr, node->place, "'%.60s' must be one line", key);
    }
    spawn->config = memory_grow(spawn->config, spawn->config_count + 1, sizeof(*spawn->config));
    line = &spawn->config[spawn->config_count++];
    *line = (struct scenario_option){.key = memory_string(key), .text = text, .place = node->place};
    if (!text[0]) {
        free(line->text);
        line->text = memory_string("\"\"");
    }
    return 0;
}

/* A key that is said several times takes a list. */
static int add_lines(struct loader *loader, const char *key, const struct node *node,
                     struct scenario_spawn *spawn)
{
    if (strcmp(key, "port") == 0 || strcmp(key, "dir") == 0 || strcmp(key, "daemonize") == 0)
        return error_set_at(loader->reterr, node->place, "the run itself chooses '%s'", key);
    if (node->kind != NODE_SEQUENCE)
        return add_line(loader, key, node, spawn);
    for (size_t i = 0; i < node->count; i++)
        if (add_line(loader, key, node->items[i], spawn) != 0)
            return -1;
    return 0;
}

static int read_config(struct loader *loader, const struct schema *schema,
                       const struct schema_option *option, const struct node *node, void *target)
{
    (void)schema;
    if (node->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, node->place,
                            "'%s' takes a mapping, as {appendonly: yes}, not %s", option->key,
                            node->is_null ? "nothing" : node_describe(node));
    for (size_t i = 0; i < node->count; i++)
        if (add_lines(loader, node->keys[i].text, node->items[i], target) != 0)
            return -1;
    return 0;
}

/* The words that harness/server/ready.c knows. */
static int read_ready(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    struct scenario_spawn *spawn = target;
    const char *text = fields_text(loader, option->key, node);

    (void)schema;
    if (!text)
        return -1;
    if (strcmp(text, "tcp") != 0 && strcmp(text, "redis") != 0 && strncmp(text, "log:", 4) != 0)
        return error_set_at(loader->reterr, node->place,
                            "'%.60s' is no way to see that a server is ready: say tcp, redis or "
                            "'log:TEXT'",
                            text);
    spawn->ready = memory_string(text);
    return 0;
}

/* --- The whole ------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct scenario_spawn, member)

static const struct field FIELDS[] = {
    {"command", field_command, AT(command), true},
    {"ready", read_ready, 0, false},
    {"config", read_config, 0, false},
    {"replica", field_boolean, AT(replica), false},
    {"timeout", field_count, AT(timeout_ns), false},
};
static const struct form FORM = {&SCHEMA, "spawn", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

int spawn_read(struct loader *loader, const struct node *node, struct scenario_spawn *spawn)
{
    static const struct schema_option command = {"spawn", SCHEMA_TEXT, NULL, 0, 0, NULL, ""};

    if (node->kind == NODE_MAPPING)
        return fields_read(loader, &FORM, node, spawn);
    return field_command(loader, NULL, &command, node, &spawn->command);
}

void scenario_spawn_release(struct scenario_spawn *spawn)
{
    for (size_t i = 0; i < spawn->config_count; i++) {
        free(spawn->config[i].key);
        free(spawn->config[i].text);
    }
    free(spawn->config);
    free(spawn->command);
    free(spawn->ready);
    *spawn = (struct scenario_spawn){0};
}
