/* tree.c: reading, copying and releasing documents. */
#include "base/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const struct tree *tree_get(const struct tree *tree, const char *key)
{
    if (!tree || tree->kind != TREE_MAP)
        return NULL;
    for (size_t i = 0; i < tree->count; i++)
        if (tree->children[i].key && strcmp(tree->children[i].key, key) == 0)
            return &tree->children[i];
    return NULL;
}

const char *tree_text(const struct tree *tree, const char *key)
{
    const struct tree *child = tree_get(tree, key);

    return child && child->kind == TREE_SCALAR ? child->text : NULL;
}

void tree_copy(struct tree *target, const struct tree *source)
{
    *target = *source;
    target->key = memory_string(source->key);
    target->children = NULL;
    if (source->text) {
        target->text = memory_new(source->size + 1, 1);
        memcpy(target->text, source->text, source->size);
    }
    if (source->count > 0)
        target->children = memory_new(source->count, sizeof(*target->children));
    for (size_t i = 0; i < source->count; i++)
        tree_copy(&target->children[i], &source->children[i]);
}

void tree_release(struct tree *tree)
{
    if (!tree)
        return;
    for (size_t i = 0; i < tree->count; i++)
        tree_release(&tree->children[i]);
    free(tree->children);
    free(tree->key);
    free(tree->text);
    *tree = (struct tree){0};
}
