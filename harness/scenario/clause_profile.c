/* clause_profile.c: profiles of adapters, read. */
#include "scenario/clause_profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/control_read.h"
#include "scenario/fields.h"
#include "scenario/file.h"

#define FILE_SIZE_MAX (64u << 10)

static const struct schema_option OPTIONS[] = {
    {"in_process", SCHEMA_BOOLEAN, NULL, 0, 0, NULL, "the broker's state dies with the process"},
    {"redelivery_time_ms", SCHEMA_INTEGER, NULL, 1, 86400e3, NULL,
     "a crashed consumer's messages are back after it"},
    {"retry_budget", SCHEMA_BOOLEAN, NULL, 0, 0, NULL, "the broker itself counts nacks"},
    {"block_cap_ms", SCHEMA_INTEGER, NULL, 1, 86400e3, NULL, "longest wait of one blocking read"},
    {"trim_granularity", SCHEMA_INTEGER, NULL, 1, 1e9, NULL, "trim removes whole nodes of so many"},
    {"trims", SCHEMA_BOOLEAN, NULL, 0, 0, NULL, "trim can remove messages"},
    {"dlq_populated_by", SCHEMA_CHOICE, "broker|caller", 0, 0, NULL, "who writes dead letters"},
    {"control", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "commands that drive it, as {start: ..., kill: ...}"},
};
static const struct schema SCHEMA = {"profile", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

static void add_fact(struct clause_profile *profile, const char *key, const char *text)
{
    profile->facts = memory_grow(profile->facts, profile->fact_count + 1, sizeof(*profile->facts));
    profile->facts[profile->fact_count++] =
        (struct clause_fact){.key = memory_string(key), .text = memory_string(text)};
}

/* Checked by its type, kept in one spelling. */
static int read_fact(struct loader *loader, const struct schema *schema,
                     const struct schema_option *option, const struct node *node, void *target)
{
    struct schema_value value = {0};

    if (fields_value(loader, schema, option, node, &value) != 0)
        return -1;
    if (option->type == SCHEMA_BOOLEAN)
        add_fact(target, option->key, value.number ? "true" : "false");
    else
        add_fact(target, option->key, node->text);
    return 0;
}

static int read_control(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct node *node, void *target)
{
    struct clause_profile *profile = target;

    (void)schema;
    return control_read(loader, option->key, node, &profile->control);
}

static const struct field FIELDS[] = {
    {"in_process", read_fact, 0, false},       {"redelivery_time_ms", read_fact, 0, false},
    {"retry_budget", read_fact, 0, false},     {"block_cap_ms", read_fact, 0, false},
    {"trim_granularity", read_fact, 0, false}, {"trims", read_fact, 0, false},
    {"dlq_populated_by", read_fact, 0, false}, {"control", read_control, 0, false},
};
static const struct form FORM = {&SCHEMA, "a profile", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

void clause_profile_release(struct clause_profile *profile)
{
    for (size_t i = 0; i < profile->fact_count; i++) {
        free(profile->facts[i].key);
        free(profile->facts[i].text);
    }
    free(profile->facts);
    scenario_control_release(&profile->control);
    *profile = (struct clause_profile){0};
}

static int read_root(struct loader *loader, struct clause_profile *profile)
{
    if (loader->top->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, loader->top->place,
                            "a profile is a mapping of keys to values, not %s",
                            node_describe(loader->top));
    return fields_read(loader, &FORM, loader->top, profile);
}

int clause_profile_load(const char *path, struct clause_profile *ret_profile, struct error *reterr)
{
    struct loader loader = {.reterr = reterr};
    struct clause_profile profile = {0};
    char *text = NULL;
    size_t size = 0;
    int result = file_read(path, FILE_SIZE_MAX, &text, &size, reterr);

    if (result == 0)
        result = document_parse(&loader.document, path, text, size, &loader.top, reterr);
    if (result == 0)
        result = read_root(&loader, &profile);
    document_release(&loader.document);
    free(text);
    if (result != 0)
        clause_profile_release(&profile);
    else
        *ret_profile = profile;
    return result;
}
