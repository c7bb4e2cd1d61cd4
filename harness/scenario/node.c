/* node.c: the nodes of a document. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/document.h"

struct node *node_new(struct document *document, enum node_kind kind, struct source_place place)
{
    struct node *node = memory_new(1, sizeof(*node));

    node->kind = kind;
    node->place = place;
    if (document->node_count == document->node_capacity) {
        document->node_capacity = document->node_capacity * 2 + 32;
        document->nodes = memory_grow(document->nodes, document->node_capacity, sizeof(void *));
    }
    document->nodes[document->node_count++] = node;
    return node;
}

struct node *node_scalar(struct document *document, const char *text, struct source_place place)
{
    struct node *node = node_new(document, NODE_SCALAR, place);

    node->text = memory_string(text);
    node->size = strlen(text);
    return node;
}

struct node *node_fork(struct document *document, const struct node *node)
{
    struct node *copy = node_new(document, node->kind, node->place);

    copy->is_null = node->is_null;
    copy->is_plain = node->is_plain;
    if (node->text) {
        copy->text = memory_new(node->size + 1, 1);
        memcpy(copy->text, node->text, node->size);
        copy->size = node->size;
    }
    for (size_t i = 0; i < node->count; i++)
        node_append(copy, node->keys ? &node->keys[i] : NULL, node->items[i]);
    return copy;
}

void node_append(struct node *node, const struct node_key *key, struct node *item)
{
    if (node->count == node->capacity) {
        node->capacity = node->capacity * 2 + 8;
        node->items = memory_grow(node->items, node->capacity, sizeof(void *));
        if (node->kind == NODE_MAPPING)
            node->keys = memory_grow(node->keys, node->capacity, sizeof(*node->keys));
    }
    if (node->kind == NODE_MAPPING) {
        assert(key);
        node->keys[node->count].text = memory_string(key->text);
        node->keys[node->count].place = key->place;
    }
    node->items[node->count++] = item;
}

void node_remove(struct node *node, size_t index)
{
    size_t behind = node->count - index - 1;

    if (node->kind == NODE_MAPPING) {
        free(node->keys[index].text);
        memmove(&node->keys[index], &node->keys[index + 1], behind * sizeof(*node->keys));
    }
    memmove(&node->items[index], &node->items[index + 1], behind * sizeof(void *));
    node->count--;
}

size_t node_index(const struct node *mapping, const char *key)
{
    if (!mapping || mapping->kind != NODE_MAPPING)
        return NODE_ABSENT;
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i].text, key) == 0)
            return i;
    return NODE_ABSENT;
}

struct node *node_get(const struct node *mapping, const char *key)
{
    size_t index = node_index(mapping, key);

    return index == NODE_ABSENT ? NULL : mapping->items[index];
}

struct source_place node_place(const struct node *mapping, const char *key)
{
    const struct node *node = node_get(mapping, key);

    return node ? node->place : mapping->place;
}

const char *node_describe(const struct node *node)
{
    static const char *const WORDS[] = {
        [NODE_SCALAR] = "text",
        [NODE_SEQUENCE] = "a list",
        [NODE_MAPPING] = "a mapping",
    };

    return WORDS[node->kind];
}

static void free_node(struct node *node)
{
    for (size_t i = 0; node->keys && i < node->count; i++)
        free(node->keys[i].text);
    free(node->keys);
    free(node->items);
    free(node->text);
    free(node);
}

void document_release(struct document *document)
{
    for (size_t i = 0; i < document->node_count; i++)
        free_node(document->nodes[i]);
    free(document->nodes);
    *document = (struct document){0};
}
