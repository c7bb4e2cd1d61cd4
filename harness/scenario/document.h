/* document.h: a YAML document as a tree of nodes that know where they stand.  What aliases share in
   the text they share in the tree, so nodes belong to the document and not to their parents. */
#ifndef SCENARIO_DOCUMENT_H
#define SCENARIO_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/tree.h"

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

struct node_key {
    char *text;
    struct source_place place;
};

struct node {
    enum node_kind kind;
    bool is_null;  /* a scalar that says nothing: empty, ~ or null, without quotes */
    bool is_plain; /* a scalar without quotes */
    struct source_place place;
    char *text;            /* scalars */
    size_t size;           /* of the text: it holds NUL where the document takes that */
    struct node_key *keys; /* mappings: one for each item */
    struct node **items;   /* sequences and mappings */
    size_t count, capacity;
};

struct document {
    const char *file; /* borrowed: the places point to it */
    bool takes_nul;   /* texts may hold the character NUL; keys never do */
    struct node *root;
    struct node **nodes; /* every one of them */
    size_t node_count, node_capacity;
};

/* Read exactly one YAML document into `document`; its nodes are added to those already there, and
   `*ret_root` is its root.  Fails on bad YAML, on none or several documents, and on keys given
   twice. */
int document_parse(struct document *document, const char *file, const char *text, size_t size,
                   struct node **ret_root, struct error *reterr);
void document_release(struct document *document);

/* The document owns what these give. */
struct node *node_new(struct document *document, enum node_kind kind, struct source_place place);
struct node *node_scalar(struct document *document, const char *text, struct source_place place);
/* A copy that shares its children. */
struct node *node_fork(struct document *document, const struct node *node);

/* Put an item at the end; `key` (copied) for mappings only. */
void node_append(struct node *node, const struct node_key *key, struct node *item);
void node_remove(struct node *node, size_t index);

#define NODE_ABSENT ((size_t)-1)
/* The index of a key in a mapping, or NODE_ABSENT. */
size_t node_index(const struct node *mapping, const char *key);
/* The item under a key; NULL when there is none, or when the node is no mapping. */
struct node *node_get(const struct node *mapping, const char *key);
/* The place of the value under a key, or of the whole mapping when the key is absent. */
struct source_place node_place(const struct node *mapping, const char *key);
/* A copy as a tree that needs no document; `what` ("the steps of a clause") is for the message when
   aliases make it too large. */
int node_tree(const struct node *node, const char *what, struct tree *ret_tree,
              struct error *reterr);
/* "a list", "a mapping", "text". */
const char *node_describe(const struct node *node);

#endif
