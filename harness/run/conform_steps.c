/* conform_steps.c: steps looked at from outside; what they mean is the script's business. */
#include "run/conform_steps.h"

#include <string.h>

#include "base/quantity.h"

/* --- Words ----------------------------------------------------------------------------------- */

/* A step is a map with one key inside a list. */
bool conform_steps_use(const struct tree *steps, const char *word)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct tree *child = &steps->children[i];
        bool is_step = steps->kind == TREE_LIST && child->kind == TREE_MAP && child->count == 1;

        if (is_step && strcmp(child->children[0].key, word) == 0)
            return true;
        if (conform_steps_use(child, word))
            return true;
    }
    return false;
}

static const char *find_verb(const struct tree *tree, size_t *skip)
{
    const char *verb =
        tree->kind == TREE_MAP && tree->count == 1 ? tree_text(tree, "server") : NULL;

    if (verb && (*skip)-- == 0)
        return verb;
    for (size_t i = 0; i < tree->count; i++) {
        verb = find_verb(&tree->children[i], skip);
        if (verb)
            return verb;
    }
    return NULL;
}

const char *conform_steps_verb(const struct tree *steps, size_t skip)
{
    return find_verb(steps, &skip);
}

/* --- Times ----------------------------------------------------------------------------------- */

static uint64_t duration_of(const char *text)
{
    struct error ignored = {0};
    uint64_t ns;

    return text && duration_parse(text, &ns, &ignored) == 0 ? ns : 0;
}

/* `took`: the room between its bounds. */
static uint64_t room_of(const struct tree *took)
{
    uint64_t minimum = duration_of(tree_text(took, "min"));
    uint64_t maximum = duration_of(tree_text(took, "max"));

    return maximum > minimum ? maximum - minimum : minimum;
}

static uint64_t time_of(const struct tree *tree)
{
    static const char *const KEYS[] = {"wait", "within",   "never", "timeout",
                                       "ttl",  "min_idle", "for",   "every"};

    if (!tree->key)
        return 0;
    if (strcmp(tree->key, "took") == 0)
        return room_of(tree);
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
        if (tree->kind == TREE_SCALAR && strcmp(tree->key, KEYS[i]) == 0)
            return duration_of(tree->text);
    return 0;
}

uint64_t conform_steps_shortest_ns(const struct tree *steps)
{
    uint64_t shortest = time_of(steps);

    for (size_t i = 0; i < steps->count; i++) {
        uint64_t time = conform_steps_shortest_ns(&steps->children[i]);

        if (time > 0 && (shortest == 0 || time < shortest))
            shortest = time;
    }
    return shortest;
}

/* --- Raw calls ---------------------------------------------------------------------- */

static bool is_raw(const struct tree *tree)
{
    return tree->key && strcmp(tree->key, "raw") == 0 && tree->is_plain && tree->text &&
           strcmp(tree->text, "true") == 0;
}

static void drop_child(struct tree *tree, size_t index)
{
    tree_release(&tree->children[index]);
    memmove(&tree->children[index], &tree->children[index + 1],
            (tree->count - index - 1) * sizeof(*tree->children));
    tree->count--;
}

void conform_steps_gate(struct tree *steps)
{
    for (size_t i = steps->count; i-- > 0;)
        if (is_raw(&steps->children[i]))
            drop_child(steps, i);
        else
            conform_steps_gate(&steps->children[i]);
}
