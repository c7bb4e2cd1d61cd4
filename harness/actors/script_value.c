/* script_value.c: trees as JSON values: literals, `$names`, and words that make large values. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_sight.h"
#include "actors/value_json.h"
#include "base/memory.h"
#include "base/text.h"

/* A script asks for megabytes; more is a slip of the pen. */
enum { MADE_MAX = 64 * 1024 * 1024, DEEP_MAX = 1000 };

/* --- Words that make values ------------------------------------------------------------------ */

static int read_size(const struct script_sight *sight, const struct tree *tree, int64_t most,
                     int64_t *ret_size, struct error *reterr)
{
    if (sight_integer(sight, tree, ret_size, reterr) < 0)
        return -1;
    if (*ret_size < 0 || *ret_size > most)
        return error_set_at(reterr, tree->place, "%s must be 0 to %lld", tree->key,
                            (long long)most);
    return 0;
}

static struct value *make_repeated(const struct script_sight *sight, const struct tree *tree,
                                   struct error *reterr)
{
    const struct tree *piece = tree_get(tree, "text"), *times = tree_get(tree, "times");
    struct text text = {0};
    struct value *value;
    int64_t count;

    if (read_size(sight, times, MADE_MAX, &count, reterr) < 0)
        return NULL;
    if (piece->size > 0 && count > MADE_MAX / (int64_t)piece->size) {
        error_set_at(reterr, tree->place, "repeat would make more than 64 MiB");
        return NULL;
    }
    for (int64_t i = 0; i < count; i++)
        text_append(&text, piece->text, piece->size);
    value = value_string(text_string(&text), text.size);
    text_release(&text);
    return value;
}

static struct value *make_wide(const struct script_sight *sight, const struct tree *tree,
                               struct error *reterr)
{
    struct value *object;
    int64_t count;

    if (read_size(sight, tree, 1000000, &count, reterr) < 0)
        return NULL;
    object = value_object();
    for (int64_t i = 0; i < count; i++) {
        char *key = memory_format("k%lld", (long long)i);

        value_set(object, key, value_integer(i));
        free(key);
    }
    return object;
}

static struct value *make_deep(const struct script_sight *sight, const struct tree *tree,
                               struct error *reterr)
{
    struct value *value;
    int64_t count;

    if (read_size(sight, tree, DEEP_MAX, &count, reterr) < 0)
        return NULL;
    value = value_object();
    value_set(value, "level", value_integer(count));
    for (int64_t i = count - 1; i >= 1; i--) {
        struct value *outer = value_object();

        value_set(outer, "level", value_integer(i));
        value_set(outer, "in", value);
        value = outer;
    }
    return value;
}

static struct value *make_prefixed(const struct script_sight *sight, const struct tree *tree,
                                   struct error *reterr)
{
    char *name = sight_name(sight, tree, reterr);
    struct value *value = name ? value_text(name) : NULL;

    free(name);
    return value;
}

static bool is_scalar(const struct tree *tree)
{
    return tree->kind == TREE_SCALAR;
}

static bool is_repeat(const struct tree *tree)
{
    const struct tree *text = tree_get(tree, "text"), *times = tree_get(tree, "times");

    return tree->count == 2 && text && text->kind == TREE_SCALAR && times;
}

typedef struct value *make_value(const struct script_sight *sight, const struct tree *tree,
                                 struct error *reterr);

struct value_word {
    const char *name;
    bool (*fits)(const struct tree *tree); /* else it is a key like any other */
    make_value *make;
};

static const struct value_word value_words[] = {
    {"repeat", is_repeat, make_repeated},
    {"wide", is_scalar, make_wide},
    {"deep", is_scalar, make_deep},
    {"prefixed", is_scalar, make_prefixed},
};

static const struct value_word *find_word(const struct value_word *words, size_t count,
                                          const struct tree *tree)
{
    if (tree->kind != TREE_MAP || tree->count != 1)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].name, tree->children[0].key) == 0 && words[i].fits(&tree->children[0]))
            return &words[i];
    return NULL;
}

/* --- Scalars --------------------------------------------------------------------------------- */

static struct value *make_scalar(const struct script_sight *sight, const struct tree *tree,
                                 struct error *reterr)
{
    const char *text = tree->text;
    char *expanded;
    struct value *value;

    if (sight_is_reference(text))
        return sight_look_up(sight, tree, reterr);
    if (!tree->is_plain)
        return value_string(text, tree->size);
    if (strcmp(text, "null") == 0 || text[0] == '\0')
        return value_null();
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return value_boolean(text[0] == 't');
    if (value_is_number(text, tree->size))
        return value_number(text, tree->size);
    if (!memchr(text, '$', tree->size))
        return value_string(text, tree->size);
    expanded = sight_text(sight, tree, reterr);
    value = expanded ? value_text(expanded) : NULL;
    free(expanded);
    return value;
}

/* --- Trees ----------------------------------------------------------------------------------- */

static struct value *make_list(const struct script_sight *sight, const struct tree *tree,
                               struct error *reterr)
{
    struct value *list = value_list();

    for (size_t i = 0; i < tree->count; i++) {
        struct value *item = sight_value(sight, &tree->children[i], reterr);

        if (!item) {
            value_drop(list);
            return NULL;
        }
        value_append(list, item);
    }
    return list;
}

static struct value *make_object(const struct script_sight *sight, const struct tree *tree,
                                 struct error *reterr)
{
    struct value *object = value_object();

    for (size_t i = 0; i < tree->count; i++) {
        struct value *item = sight_value(sight, &tree->children[i], reterr);

        if (!item) {
            value_drop(object);
            return NULL;
        }
        value_set(object, tree->children[i].key, item);
    }
    return object;
}

struct value *sight_value(const struct script_sight *sight, const struct tree *tree,
                          struct error *reterr)
{
    const struct value_word *word =
        find_word(value_words, sizeof(value_words) / sizeof(value_words[0]), tree);

    if (word)
        return word->make(sight, &tree->children[0], reterr);
    if (tree->kind == TREE_LIST)
        return make_list(sight, tree, reterr);
    if (tree->kind == TREE_MAP)
        return make_object(sight, tree, reterr);
    return make_scalar(sight, tree, reterr);
}
