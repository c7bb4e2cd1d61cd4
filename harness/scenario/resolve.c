/* resolve.c: a document that needs nothing beside it, and tells no secret. */
#include "scenario/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "base/tree_edit.h"
#include "base/uri.h"
#include "scenario/environment.h"

/* --- Secrets --------------------------------------------------------------------------------- */

static void hide_scalar(struct tree *scalar)
{
    char *shown;

    if (scalar->key && uri_names_secret(scalar->key, strlen(scalar->key)) &&
        !environment_is_reference(scalar->text)) {
        tree_set_text(scalar, "***");
        return;
    }
    if (!strstr(scalar->text, "://"))
        return;
    shown = environment_show(scalar->text);
    if (strcmp(shown, scalar->text) != 0)
        tree_set_text(scalar, shown);
    free(shown);
}

static void hide_secrets(struct tree *tree)
{
    if (!tree)
        return;
    if (tree->kind == TREE_SCALAR)
        hide_scalar(tree);
    for (size_t i = 0; i < tree->count; i++)
        hide_secrets(&tree->children[i]);
}

/* --- Payloads -------------------------------------------------------------------------------- */

static void inline_payloads(struct tree *document, const struct scenario *scenario)
{
    struct tree *producers = tree_child(document, "producers");

    for (size_t i = 0; producers && i < scenario->producer_count; i++) {
        struct tree *payload = tree_child(&producers->children[i], "payload");

        if (!payload || !tree_child(payload, "file"))
            continue;
        tree_drop_key(payload, "file");
        tree_put_text(payload, "body", scenario->producers[i].payload_body);
    }
}

int document_resolve(struct loader *loader)
{
    struct scenario *scenario = loader->scenario;
    struct tree *document = &scenario->document;

    if (node_tree(loader->top, "the keys of a scenario", document, loader->reterr) != 0)
        return -1;
    hide_secrets(tree_child(document, "broker"));
    hide_secrets(tree_child(document, "brokers"));
    inline_payloads(document, scenario);
    return 0;
}

int scenario_tree(const char *text, struct tree *ret_tree, struct error *reterr)
{
    struct document document = {0};
    struct node *root = NULL;
    int result = document_parse(&document, "", text, strlen(text), &root, reterr);

    if (result == 0)
        result = node_tree(root, "documents", ret_tree, reterr);
    document_release(&document);
    return result;
}
