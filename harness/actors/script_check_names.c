/* script_check_names.c: every `$name` that is used is bound somewhere. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_check.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"

static void bind(struct map *names, const char *name)
{
    map_set(names, name, strlen(name), names); /* any value that is not NULL */
}

/* "lane$p" binds whatever begins with "lane". */
static bool is_made(const struct map *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *dollar = strchr(names->entries[i].key, '$');
        size_t size = dollar ? (size_t)(dollar - names->entries[i].key) : 0;

        if (dollar && strncmp(names->entries[i].key, name, size) == 0)
            return true;
    }
    return false;
}

static bool binds(const char *key)
{
    return strcmp(key, "as") == 0 || strcmp(key, "collect") == 0 || strcmp(key, "about") == 0;
}

static void find_bound(struct map *names, const struct tree *tree)
{
    bool is_let = tree->key && strcmp(tree->key, "let") == 0;

    if (tree->key && tree->kind == TREE_SCALAR && binds(tree->key))
        bind(names, tree->text);
    for (size_t i = 0; i < tree->count; i++) {
        if (is_let && tree->children[i].key)
            bind(names, tree->children[i].key);
        find_bound(names, &tree->children[i]);
    }
}

static int set_unbound(const struct map *names, const struct tree *tree, const char *name,
                       struct error *reterr)
{
    const char **candidates = memory_new(names->count, sizeof(char *));
    const char *nearest;

    for (size_t i = 0; i < names->count; i++)
        candidates[i] = names->entries[i].key;
    nearest = text_nearest(name, candidates, names->count);
    if (nearest)
        error_set_at(reterr, tree->place, "no step binds $%s: did you mean $%s?", name, nearest);
    else
        error_set_at(reterr, tree->place, "no step binds $%s: say `as: %s` in the step it is of",
                     name, name);
    free(candidates);
    return -1;
}

/* Only what is one reference as a whole: a dollar sign in other texts may be money. */
static int check_scalar(const struct map *names, const struct tree *tree, struct error *reterr)
{
    size_t size;
    char *name;
    int result = 0;

    if (!sight_is_reference(tree->text))
        return 0;
    size = strcspn(tree->text + 1, ".[");
    name = memory_format("%.*s", (int)size, tree->text + 1);
    if (!map_get(names, name, size) && !is_made(names, name))
        result = set_unbound(names, tree, name, reterr);
    free(name);
    return result;
}

static int check_tree(const struct map *names, const struct tree *tree, struct error *reterr)
{
    if (tree->kind == TREE_SCALAR)
        return check_scalar(names, tree, reterr);
    for (size_t i = 0; i < tree->count; i++)
        if (check_tree(names, &tree->children[i], reterr) < 0)
            return -1;
    return 0;
}

int script_check_names(const struct tree *steps, struct error *reterr)
{
    static const char *const always[] = {"declared", "profile", "traits", "options", "i"};
    struct map names = {0};
    int result;

    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        bind(&names, always[i]);
    find_bound(&names, steps);
    result = check_tree(&names, steps, reterr);
    map_release(&names);
    return result;
}
