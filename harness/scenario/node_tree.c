/* node_tree.c: nodes of a document into a tree that stands alone.  What aliases share is copied.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/document.h"

#define VALUES_MAX 100000u /* aliases of aliases grow without bound */

static int copy_node(const struct node *node, const char *what, size_t *count, struct tree *tree,
                     struct error *reterr)
{
    static const enum tree_kind KINDS[] = {
        [NODE_SCALAR] = TREE_SCALAR, [NODE_SEQUENCE] = TREE_LIST, [NODE_MAPPING] = TREE_MAP};

    if (++*count > VALUES_MAX)
        return error_set_at(reterr, node->place, "%s hold at most %u values", what, VALUES_MAX);
    tree->kind = KINDS[node->kind];
    tree->is_plain = node->is_plain;
    tree->place = node->place;
    if (node->text) {
        tree->size = node->size;
        tree->text = memory_new(node->size + 1, 1);
        memcpy(tree->text, node->text, node->size);
    }
    if (node->count > 0)
        tree->children = memory_new(node->count, sizeof(*tree->children));
    for (; tree->count < node->count; tree->count++) {
        struct tree *child = &tree->children[tree->count];

        if (node->keys)
            child->key = memory_string(node->keys[tree->count].text);
        if (copy_node(node->items[tree->count], what, count, child, reterr) != 0) {
            tree->count++; /* the half-built one is released too */
            return -1;
        }
    }
    return 0;
}

int node_tree(const struct node *node, const char *what, struct tree *ret_tree,
              struct error *reterr)
{
    struct tree tree = {0};
    size_t count = 0;

    if (copy_node(node, what, &count, &tree, reterr) != 0) {
        tree_release(&tree);
        return -1;
    }
    *ret_tree = tree;
    return 0;
}
