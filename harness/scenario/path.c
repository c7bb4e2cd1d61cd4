/* path.c: paths of overrides. */
#include "scenario/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/fields.h"

struct walk {
    struct loader *loader;
    const char *path; /* up to `seen` it has been walked */
    size_t seen;
    struct source_place place;
};

static const char *name_of(const struct node *node)
{
    const struct node *name = node_get(node, "name");

    return name && name->kind == NODE_SCALAR ? name->text : NULL;
}

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* A key of a mapping; an index in a list, or the name of the actor that stands there. */
static size_t find_index(const struct node *node, const char *segment)
{
    unsigned long long index;

    if (node->kind == NODE_MAPPING)
        return node_index(node, segment);
    if (is_number(segment)) {
        index = strtoull(segment, NULL, 10);
        return index < node->count ? (size_t)index : NODE_ABSENT;
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *name = name_of(node->items[i]);

        if (name && strcmp(name, segment) == 0)
            return i;
    }
    return NODE_ABSENT;
}

/* What there is instead: keys, or names of actors, or so many entries. */
static void suggest(const struct node *node, const char *segment, char *buffer, size_t capacity)
{
    const char **words = memory_new(node->count, sizeof(*words));
    size_t count = 0;

    for (size_t i = 0; i < node->count; i++) {
        words[count] = node->kind == NODE_MAPPING ? node->keys[i].text : name_of(node->items[i]);
        count += words[count] != NULL;
    }
    if (count > 0 && !is_number(segment))
        (void)fields_suggest(segment, words, count, "it has", buffer, capacity);
    else
        (void)snprintf(buffer, capacity, ": it has %zu, counted from 0", node->count);
    free(words);
}

static int refuse_segment(const struct walk *walk, const struct node *node, const char *segment)
{
    char where[100] = "the scenario", suggestion[250];

    if (walk->seen > 0)
        (void)snprintf(where, sizeof(where), "'%.*s'", walk->seen < 90 ? (int)walk->seen - 1 : 90,
                       walk->path);
    if (node->kind == NODE_SCALAR)
        return error_set_at(walk->loader->reterr, walk->place,
                            "%s is one value and has no '%.60s' in it: set it as a whole", where,
                            segment);
    suggest(node, segment, suggestion, sizeof(suggestion));
    return error_set_at(walk->loader->reterr, walk->place, "%s has no '%.60s'%s", where, segment,
                        suggestion);
}

static struct node *fork_item(const struct walk *walk, struct node *node, size_t index)
{
    node->items[index] = node_fork(&walk->loader->document, node->items[index]);
    return node->items[index];
}

/* One step down: to the item under a segment, which must exist. */
static int step(struct walk *walk, struct node **node, const char *segment)
{
    size_t index = find_index(*node, segment);

    if (index == NODE_ABSENT)
        return refuse_segment(walk, *node, segment);
    *node = fork_item(walk, *node, index);
    return 0;
}

static int finish(const struct walk *walk, struct node *node, char *key,
                  struct path_target *ret_target)
{
    size_t index = find_index(node, key);

    if (index == NODE_ABSENT && node->kind != NODE_MAPPING)
        return refuse_segment(walk, node, key);
    *ret_target = (struct path_target){node, key, index};
    return 0;
}

int path_find(struct loader *loader, const char *path, size_t size, const char *label,
              struct path_target *ret_target)
{
    struct walk walk = {loader, path, 0, {label, 1, 1}};
    struct node *node = loader->top = node_fork(&loader->document, loader->top);
    int result = 0;

    while (result == 0) {
        const char *point = memchr(path + walk.seen, '.', size - walk.seen);
        size_t end = point ? (size_t)(point - path) : size;
        char *segment = memory_format("%.*s", (int)(end - walk.seen), path + walk.seen);

        if (!point) {
            result = finish(&walk, node, segment, ret_target);
            if (result != 0)
                free(segment);
            break;
        }
        result = step(&walk, &node, segment);
        free(segment);
        walk.seen = end + 1;
    }
    return result;
}
