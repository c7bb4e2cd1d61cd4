/* value_difference.c: the first place where two values part, told as a path. */
#include <string.h>

#include "actors/value_compare.h"
#include "actors/value_json.h"

enum { SHOWN = 160 };

static void show_pair(struct text *text, const char *path, const struct value *actual,
                      const struct value *expected)
{
    text_appendf(text, "%s is ", path[0] ? path : "it");
    if (actual)
        value_show(text, actual, SHOWN);
    else
        text_append_string(text, "missing");
    text_append_string(text, ", expected ");
    if (expected)
        value_show(text, expected, SHOWN);
    else
        text_append_string(text, "nothing there");
}

static void part(struct text *text, struct text *path, const struct value *actual,
                 const struct value *expected);

static void part_below(struct text *text, struct text *path, const struct value *actual,
                       const struct value *expected)
{
    if (actual && expected)
        part(text, path, actual, expected);
    else
        show_pair(text, text_string(path), actual, expected);
}

static void part_lists(struct text *text, struct text *path, const struct value *actual,
                       const struct value *expected)
{
    size_t i = 0;

    while (i < actual->count && i < expected->count &&
           value_equal(actual->items[i], expected->items[i]))
        i++;
    text_appendf(path, "[%zu]", i);
    part_below(text, path, i < actual->count ? actual->items[i] : NULL,
               i < expected->count ? expected->items[i] : NULL);
    if (actual->count != expected->count)
        text_appendf(text, " (%zu items, expected %zu)", actual->count, expected->count);
}

static void enter(struct text *path, const struct value_key *key)
{
    if (path->size > 0)
        text_append(path, ".", 1);
    text_append(path, key->text, key->size);
}

/* False when no key of `a` differs in `b`. */
static bool part_at_key(struct text *text, struct text *path, const struct value *a,
                        const struct value *b, bool a_is_actual)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct value *other = value_find(b, a->keys[i].text, a->keys[i].size);
        bool is_attempt = a->role == VALUE_MESSAGE && strcmp(a->keys[i].text, "attempt") == 0;

        if (is_attempt && (!other || b->role == VALUE_MESSAGE))
            continue;
        if (other && value_equal(a->items[i], other))
            continue;
        enter(path, &a->keys[i]);
        part_below(text, path, a_is_actual ? a->items[i] : other,
                   a_is_actual ? other : a->items[i]);
        return true;
    }
    return false;
}

static void part(struct text *text, struct text *path, const struct value *actual,
                 const struct value *expected)
{
    if (actual->kind == VALUE_LIST && expected->kind == VALUE_LIST) {
        part_lists(text, path, actual, expected);
        return;
    }
    if (actual->kind == VALUE_OBJECT && expected->kind == VALUE_OBJECT &&
        (part_at_key(text, path, actual, expected, true) ||
         part_at_key(text, path, expected, actual, false)))
        return;
    show_pair(text, text_string(path), actual, expected);
}

void value_difference(struct text *text, const struct value *actual, const struct value *expected)
{
    struct text path = {0};

    part(text, &path, actual, expected);
    text_release(&path);
}
