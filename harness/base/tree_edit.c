/* tree_edit.c: putting a tree together, and changing one. */
#include "base/tree_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tree_write.h"

struct tree tree_text_new(const char *text)
{
    bool reads_as_number = text[strspn(text, "0123456789.+-eE_")] == '\0';
    bool is_nothing =
        strcmp(text, "null") == 0 || strcmp(text, "true") == 0 || strcmp(text, "false") == 0;

    return (struct tree){.kind = TREE_SCALAR,
                         .text = memory_string(text),
                         .size = strlen(text),
                         .is_plain = tree_is_word(text) && !reads_as_number && !is_nothing};
}

struct tree tree_number_new(unsigned long long number)
{
    char digits[24];
    struct tree tree;

    (void)snprintf(digits, sizeof(digits), "%llu", number);
    tree = tree_text_new(digits);
    tree.is_plain = true;
    return tree;
}

struct tree tree_list_new(void)
{
    return (struct tree){.kind = TREE_LIST};
}

struct tree tree_map_new(void)
{
    return (struct tree){.kind = TREE_MAP};
}

struct tree *tree_child(struct tree *map, const char *key)
{
    for (size_t i = 0; map && map->kind == TREE_MAP && i < map->count; i++)
        if (strcmp(map->children[i].key, key) == 0)
            return &map->children[i];
    return NULL;
}

struct tree *tree_add(struct tree *list, struct tree item)
{
    list->children = memory_grow(list->children, list->count + 1, sizeof(*list->children));
    list->children[list->count] = item;
    return &list->children[list->count++];
}

struct tree *tree_put(struct tree *map, const char *key, struct tree value)
{
    struct tree *place = tree_child(map, key);

    if (place)
        tree_release(place);
    else
        place = tree_add(map, (struct tree){0});
    *place = value;
    place->key = memory_string(key);
    return place;
}

void tree_put_text(struct tree *map, const char *key, const char *text)
{
    if (text)
        (void)tree_put(map, key, tree_text_new(text));
}

void tree_drop(struct tree *parent, size_t index)
{
    tree_release(&parent->children[index]);
    memmove(&parent->children[index], &parent->children[index + 1],
            (parent->count - index - 1) * sizeof(*parent->children));
    parent->count--;
}

void tree_drop_key(struct tree *map, const char *key)
{
    struct tree *child = tree_child(map, key);

    if (child)
        tree_drop(map, (size_t)(child - map->children));
}

void tree_set_text(struct tree *scalar, const char *text)
{
    struct tree value = tree_text_new(text);

    value.key = scalar->key;
    value.place = scalar->place;
    value.is_plain |= scalar->is_plain && tree_is_word(text);
    free(scalar->text);
    *scalar = value;
}
