/* shrink_passes.c: what may be taken away: items of lists, in chunks first; keys, where the loader
   does not need them; and from numbers, as much as there is. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tree_edit.h"
#include "run/shrink_parts.h"

/* Where a broker is, and what its server is told, is never changed: without its address another
   server would be met, and without its commands it would be left in another state. */
static const char *const untouched[] = {"broker", "brokers", "seed", "time", "name", "known"};

static bool is_untouched(const struct shrink_path *path, const struct tree *child)
{
    for (size_t i = 0; path->depth == 0 && i < sizeof(untouched) / sizeof(untouched[0]); i++)
        if (child->key && strcmp(child->key, untouched[i]) == 0)
            return true;
    return false;
}

/* Calls a pass for every value, parents first.  A value may lose children meanwhile. */
typedef bool shrink_pass(struct shrink *shrink, const struct shrink_path *path);

static bool walk(struct shrink *shrink, struct shrink_path *path, shrink_pass *pass)
{
    bool has_shrunk = pass(shrink, path);

    if (path->depth == SHRINK_DEPTH_MAX)
        return has_shrunk;
    path->depth++;
    for (size_t i = 0;; i++) {
        struct shrink_path above = *path;
        const struct tree *parent;

        above.depth--;
        parent = shrink_follow(&shrink->document, &above);
        if (i >= parent->count || shrink->is_over)
            break;
        path->at[path->depth - 1] = i;
        if (!is_untouched(&above, &parent->children[i]) && walk(shrink, path, pass))
            has_shrunk = true;
    }
    path->depth--;
    return has_shrunk;
}

/* --- Lists and keys -------------------------------------------------------------------------- */

static bool try_without(struct shrink *shrink, const struct shrink_path *path, size_t first,
                        size_t count)
{
    struct shrink_path gone = *path;
    struct text what = {0};
    struct tree document;
    bool result;

    if (path->depth == SHRINK_DEPTH_MAX)
        return false;
    gone.at[gone.depth++] = first;
    text_append_string(&what, "without ");
    shrink_name(&shrink->document, &gone, &what);
    if (count > 1)
        text_appendf(&what, " and the %zu after it", count - 1);
    tree_copy(&document, &shrink->document);
    for (size_t i = 0; i < count; i++)
        tree_drop(shrink_follow(&document, path), first);
    result = shrink_try(shrink, &document, text_string(&what));
    text_release(&what);
    return result;
}

static size_t count_at(struct shrink *shrink, const struct shrink_path *path)
{
    return shrink_follow(&shrink->document, path)->count;
}

/* Halves first, then quarters, down to single items. */
static bool drop_items(struct shrink *shrink, const struct shrink_path *path)
{
    bool has_shrunk = false;
    size_t chunk = count_at(shrink, path);

    if (shrink_follow(&shrink->document, path)->kind != TREE_LIST)
        return false;
    for (; chunk > 0; chunk /= 2)
        for (size_t first = 0; first < count_at(shrink, path);) {
            size_t rest = count_at(shrink, path) - first;

            if (try_without(shrink, path, first, chunk < rest ? chunk : rest))
                has_shrunk = true;
            else
                first += chunk;
        }
    return has_shrunk;
}

static bool drop_keys(struct shrink *shrink, const struct shrink_path *path)
{
    bool has_shrunk = false;

    for (size_t i = 0; i < count_at(shrink, path);) {
        const struct tree *map = shrink_follow(&shrink->document, path);

        if (map->kind == TREE_MAP && !is_untouched(path, &map->children[i]) &&
            try_without(shrink, path, i, 1))
            has_shrunk = true;
        else
            i++;
    }
    return has_shrunk;
}

/* --- Numbers --------------------------------------------------------------------------------- */

/* "250ms" is 250 and "ms", "1_000" is 1000 and nothing; false for what is no such number. */
static bool split_number(const struct tree *scalar, uint64_t *ret_number, const char **ret_unit)
{
    const char *at = scalar->text;
    uint64_t number = 0;

    if (scalar->kind != TREE_SCALAR || !at || *at < '0' || *at > '9')
        return false;
    for (; (*at >= '0' && *at <= '9') || *at == '_'; at++) {
        if (number > UINT64_MAX / 16)
            return false;
        number = *at == '_' ? number : number * 10 + (uint64_t)(*at - '0');
    }
    *ret_number = number;
    *ret_unit = at;
    return at[strcspn(at, "0123456789.-")] == '\0';
}

static bool try_number(struct shrink *shrink, const struct shrink_path *path, uint64_t number,
                       const char *unit)
{
    struct text what = {0};
    struct tree document;
    char *value = memory_format("%llu%s", (unsigned long long)number, unit);
    bool result;

    shrink_name(&shrink->document, path, &what);
    text_appendf(&what, ": %s", value);
    tree_copy(&document, &shrink->document);
    tree_set_text(shrink_follow(&document, path), value);
    result = shrink_try(shrink, &document, text_string(&what));
    text_release(&what);
    free(value);
    return result;
}

/* A lower rate is no smaller: it only takes longer. */
static bool is_rate(const struct tree *scalar)
{
    return scalar->key && strcmp(scalar->key, "rate") == 0;
}

/* 1 at once; otherwise the smallest that fails, between what does not and what does. */
static bool lower_number(struct shrink *shrink, const struct shrink_path *path)
{
    struct tree *scalar = shrink_follow(&shrink->document, path);
    /* In real time the last tenth is not worth its runs. */
    uint64_t precision = shrink->best->scenario->time == SCENARIO_TIME_REAL ? 10 : UINT64_MAX;
    uint64_t low = 1, high, first;
    const char *unit;
    char *kept;

    if (is_rate(scalar) || !split_number(scalar, &high, &unit) || high < 2)
        return false;
    kept = memory_string(unit); /* the scalar is replaced below */
    first = high;
    if (try_number(shrink, path, 1, kept))
        high = 1;
    while (high - low > 1 + high / precision && !shrink->is_over) {
        uint64_t middle = low + (high - low) / 2;

        if (try_number(shrink, path, middle, kept))
            high = middle;
        else
            low = middle;
    }
    free(kept);
    return high < first;
}

static bool lower_counts(struct shrink *shrink, const struct shrink_path *path)
{
    const struct tree *scalar = shrink_follow(&shrink->document, path);

    return scalar->key && strcmp(scalar->key, "count") == 0 && lower_number(shrink, path);
}

/* Items first: a run without one of them mostly fails as soon as before, while one with too few
   messages waits in vain.  Then what makes the runs short. */
bool shrink_round(struct shrink *shrink)
{
    static shrink_pass *const passes[] = {drop_items, lower_counts, drop_keys, lower_number};
    bool has_shrunk = false;

    for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]) && !shrink->is_over; i++) {
        struct shrink_path path = {.depth = 0};

        if (walk(shrink, &path, passes[i]))
            has_shrunk = true;
    }
    return has_shrunk && !shrink->is_over;
}
