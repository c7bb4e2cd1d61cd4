/* script_modifier.c: the table of modifiers. */
#include "actors/script_modifier.h"

#include <stdlib.h>
#include <string.h>

#include "actors/script_argument.h"

struct modifier {
    const char *name;
    int (*read)(struct script_modifiers *modifiers, const struct modifier *modifier,
                const struct script_sight *sight, const struct tree *tree, struct error *reterr);
    size_t offset;
};

static void *member(struct script_modifiers *modifiers, const struct modifier *modifier)
{
    return (char *)modifiers + modifier->offset;
}

static int read_expect(struct script_modifiers *modifiers, const struct modifier *modifier,
                       const struct script_sight *sight, const struct tree *tree,
                       struct error *reterr)
{
    (void)modifier;
    (void)sight;
    (void)reterr;
    modifiers->expect = tree;
    return 0;
}

static int read_text(struct script_modifiers *modifiers, const struct modifier *modifier,
                     const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    char **text = member(modifiers, modifier);

    *text = sight_text(sight, tree, reterr);
    return *text ? 0 : -1;
}

static int read_duration(struct script_modifiers *modifiers, const struct modifier *modifier,
                         const struct script_sight *sight, const struct tree *tree,
                         struct error *reterr)
{
    int64_t *ns = member(modifiers, modifier);

    if (sight_duration(sight, tree, ns, reterr) < 0)
        return -1;
    if (*ns <= 0)
        return error_set_at(reterr, tree->place, "%s must be longer than nothing", tree->key);
    return 0;
}

static int read_took(struct script_modifiers *modifiers, const struct modifier *modifier,
                     const struct script_sight *sight, const struct tree *tree,
                     struct error *reterr)
{
    const struct tree *min = tree_get(tree, "min"), *max = tree_get(tree, "max");

    (void)modifier;
    if (!min && !max)
        return error_set_at(reterr, tree->place, "took wants {min: 380ms, max: 700ms}");
    if (min && sight_duration(sight, min, &modifiers->took_min_ns, reterr) < 0)
        return -1;
    return max ? sight_duration(sight, max, &modifiers->took_max_ns, reterr) : 0;
}

static int read_raw(struct script_modifiers *modifiers, const struct modifier *modifier,
                    const struct script_sight *sight, const struct tree *tree, struct error *reterr)
{
    (void)modifier;
    (void)sight;
    if (tree->kind != TREE_SCALAR ||
        (strcmp(tree->text, "true") != 0 && strcmp(tree->text, "false") != 0))
        return error_set_at(reterr, tree->place, "raw is true or false");
    modifiers->is_raw = strcmp(tree->text, "true") == 0;
    return 0;
}

static int read_retry(struct script_modifiers *modifiers, const struct modifier *modifier,
                      const struct script_sight *sight, const struct tree *tree,
                      struct error *reterr)
{
    (void)modifier;
    (void)sight;
    if (tree->kind != TREE_SCALAR || strcmp(tree->text, "none") != 0)
        return error_set_at(reterr, tree->place, "retry can only be switched off: retry: none");
    modifiers->has_no_retry = true;
    return 0;
}

static const struct modifier table[] = {
    {"expect", read_expect, 0},
    {"as", read_text, offsetof(struct script_modifiers, as)},
    {"collect", read_text, offsetof(struct script_modifiers, collect)},
    {"about", read_text, offsetof(struct script_modifiers, about)},
    {"session", read_text, offsetof(struct script_modifiers, session)},
    {"within", read_duration, offsetof(struct script_modifiers, within_ns)},
    {"never", read_duration, offsetof(struct script_modifiers, never_ns)},
    {"took", read_took, 0},
    {"raw", read_raw, 0},
    {"retry", read_retry, 0},
};

enum { MODIFIER_COUNT = sizeof(table) / sizeof(table[0]) };

const char *script_modifier_at(size_t index)
{
    return index < MODIFIER_COUNT ? table[index].name : NULL;
}

static const struct modifier *find(const char *name)
{
    for (size_t i = 0; i < MODIFIER_COUNT; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

int script_modifiers_read(const struct script_sight *sight, const char *words,
                          const struct tree *arguments, struct script_modifiers *ret_modifiers,
                          struct error *reterr)
{
    *ret_modifiers = (struct script_modifiers){.took_min_ns = -1, .took_max_ns = -1};
    for (size_t i = 0; arguments->kind == TREE_MAP && i < arguments->count; i++) {
        const struct tree *tree = &arguments->children[i];
        const struct modifier *modifier = find(tree->key);

        if (!modifier || (words && script_words_hold(words, tree->key, NULL)))
            continue;
        if (modifier->read(ret_modifiers, modifier, sight, tree, reterr) < 0)
            return -1;
    }
    return 0;
}

void script_modifiers_release(struct script_modifiers *modifiers)
{
    free(modifiers->as);
    free(modifiers->collect);
    free(modifiers->about);
    free(modifiers->session);
    *modifiers = (struct script_modifiers){0};
}
