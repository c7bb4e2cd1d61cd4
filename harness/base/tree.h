/* tree.h: a document as a tree of values that know their place, for rooms that give documents a
   meaning of their own (steps of clauses) without knowing where they were read from. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum tree_kind { TREE_SCALAR, TREE_LIST, TREE_MAP };

struct tree {
    enum tree_kind kind;
    bool is_plain; /* scalar: written without quotes, so that true, null and 12 are not text */
    char *key;     /* of an entry of a map; NULL elsewhere */
    char *text;    /* scalar: as written, quotes and escapes resolved; NULL otherwise */
    size_t size;   /* of text: may hold NUL bytes */
    struct tree *children; /* list and map, in order */
    size_t count;
    struct source_place place;
};

/* A child of a map by key; NULL when absent, or when the tree is no map. */
const struct tree *tree_get(const struct tree *tree, const char *key);
/* The scalar under a key as text; NULL when absent or no scalar. */
const char *tree_text(const struct tree *tree, const char *key);
/* Deep copy and release of what is inside (not of the struct itself). */
void tree_copy(struct tree *target, const struct tree *source);
void tree_release(struct tree *tree);

#endif
