/* fields.c: mappings read by tables. */
#include "scenario/fields.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define SUGGESTION_SIZE_MAX 300

static const struct schema_option *find_option(const struct schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->option_count; i++)
        if (strcmp(schema->options[i].key, key) == 0)
            return &schema->options[i];
    return NULL;
}

static const struct field *find_field(const struct form *form, const char *key)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (strcmp(form->fields[i].key, key) == 0)
            return &form->fields[i];
    return NULL;
}

const char *fields_suggest(const char *word, const char *const *words, size_t count,
                           const char *lead, char *buffer, size_t capacity)
{
    const char *nearest = text_nearest(word, words, count);
    struct text list = {0};

    if (nearest) {
        (void)snprintf(buffer, capacity, ": did you mean '%s'?", nearest);
        return buffer;
    }
    text_appendf(&list, ": %s ", lead);
    for (size_t i = 0; i < count; i++)
        text_appendf(&list, "%s%s", i > 0 ? ", " : "", words[i]);
    text_copy(buffer, capacity, count > 0 ? text_string(&list) : "");
    text_release(&list);
    return buffer;
}

/* Keys that belong to scenarios, and that this version cannot honour. */
static bool is_for_later(const char *key)
{
    static const char *const KEYS[] = {"steps", "clause", "says", "needs", "sweep"};

    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
        if (strcmp(KEYS[i], key) == 0)
            return true;
    return false;
}

int fields_refuse_key(struct loader *loader, const struct schema *schema, const char *article,
                      const struct node_key *key)
{
    const char **words;
    char suggestion[SUGGESTION_SIZE_MAX];

    if (is_for_later(key->text))
        return error_set_at(loader->reterr, key->place, "'%s' is not supported by this version",
                            key->text);
    words = memory_new(schema->option_count + 1, sizeof(*words));
    for (size_t i = 0; i < schema->option_count; i++)
        words[i] = schema->options[i].key;
    (void)fields_suggest(key->text, words, schema->option_count, "it takes", suggestion,
                         sizeof(suggestion));
    free(words);
    return error_set_at(loader->reterr, key->place, "unknown key '%.60s' in %s%s", key->text,
                        article, suggestion);
}

const char *fields_text(struct loader *loader, const char *key, const struct node *node)
{
    if (node->kind != NODE_SCALAR)
        (void)error_set_at(loader->reterr, node->place, "'%s' takes one value, not %s", key,
                           node_describe(node));
    else if (node->is_null)
        (void)error_set_at(loader->reterr, node->place, "'%s' has no value", key);
    else if (strstr(node->text, "${"))
        (void)error_set_at(loader->reterr, node->place,
                           "'%s': references to the environment (${...}) are allowed in the values "
                           "of brokers only",
                           key);
    else
        return node->text;
    return NULL;
}

int fields_value(struct loader *loader, const struct schema *schema,
                 const struct schema_option *option, const struct node *node,
                 struct schema_value *ret_value)
{
    const struct schema one = {schema->subject, option, 1};
    const char *text = fields_text(loader, option->key, node);
    struct schema_value *value;
    int result;

    if (!text)
        return -1;
    value = schema_values_new(&one);
    result = schema_set(&one, value, option->key, text, loader->reterr);
    if (result == 0)
        *ret_value = *value;
    else if (loader->reterr)
        loader->reterr->place = node->place;
    ret_value->text = NULL;
    schema_values_free(value, 1);
    return result;
}

int field_text(struct loader *loader, const struct schema *schema,
               const struct schema_option *option, const struct node *node, void *target)
{
    const char *text = fields_text(loader, option->key, node);

    (void)schema;
    if (!text)
        return -1;
    *(char **)target = memory_string(text);
    return 0;
}

int field_command(struct loader *loader, const struct schema *schema,
                  const struct schema_option *option, const struct node *node, void *target)
{
    (void)schema;
    if (node->kind != NODE_SCALAR || node->is_null || !node->text[0])
        return error_set_at(loader->reterr, node->place, "'%s' takes a command, not %s",
                            option->key, node->is_null ? "nothing" : node_describe(node));
    *(char **)target = memory_string(node->text);
    return 0;
}

int field_count(struct loader *loader, const struct schema *schema,
                const struct schema_option *option, const struct node *node, void *target)
{
    struct schema_value value = {0};

    if (fields_value(loader, schema, option, node, &value) != 0)
        return -1;
    *(uint64_t *)target = (uint64_t)value.number;
    return 0;
}

int field_real(struct loader *loader, const struct schema *schema,
               const struct schema_option *option, const struct node *node, void *target)
{
    struct schema_value value = {0};

    if (fields_value(loader, schema, option, node, &value) != 0)
        return -1;
    *(double *)target = value.real;
    return 0;
}

int field_choice(struct loader *loader, const struct schema *schema,
                 const struct schema_option *option, const struct node *node, void *target)
{
    struct schema_value value = {0};

    if (fields_value(loader, schema, option, node, &value) != 0)
        return -1;
    *(unsigned *)target = (unsigned)value.number;
    return 0;
}

int field_boolean(struct loader *loader, const struct schema *schema,
                  const struct schema_option *option, const struct node *node, void *target)
{
    struct schema_value value = {0};

    if (fields_value(loader, schema, option, node, &value) != 0)
        return -1;
    *(bool *)target = value.number != 0;
    return 0;
}

static int read_field(struct loader *loader, const struct form *form, const char *key,
                      const struct node *node, void *target)
{
    const struct field *field = find_field(form, key);

    assert(field); /* the tables agree */
    if (!field->read)
        return 0;
    return field->read(loader, form->schema, find_option(form->schema, key), node,
                       (char *)target + field->offset);
}

static int read_default(struct loader *loader, const struct form *form,
                        const struct schema_option *option, const struct node *mapping,
                        void *target)
{
    const struct field *field = find_field(form, option->key);

    if (node_get(mapping, option->key))
        return 0;
    assert(field);
    if (field->is_required)
        return error_set_at(loader->reterr, mapping->place, "%s needs '%s' (%s)", form->article,
                            option->key, option->help);
    if (!option->default_text)
        return 0;
    return read_field(loader, form, option->key,
                      node_scalar(&loader->document, option->default_text, mapping->place), target);
}

int fields_read(struct loader *loader, const struct form *form, const struct node *mapping,
                void *target)
{
    if (mapping->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, mapping->place,
                            "%s is a mapping of keys to values, not %s", form->article,
                            mapping->is_null ? "nothing" : node_describe(mapping));
    for (size_t i = 0; i < mapping->count; i++) {
        const struct node_key *key = &mapping->keys[i];

        if (!find_option(form->schema, key->text))
            return fields_refuse_key(loader, form->schema, form->article, key);
        if (read_field(loader, form, key->text, mapping->items[i], target) != 0)
            return -1;
    }
    for (size_t i = 0; i < form->schema->option_count; i++)
        if (read_default(loader, form, &form->schema->options[i], mapping, target) != 0)
            return -1;
    return 0;
}
