/* value_compare.c: equality and order of values. */
#include "actors/value_compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int order_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int order_bytes(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t shorter = a_size < b_size ? a_size : b_size;
    int order = shorter > 0 ? memcmp(a, b, shorter) : 0;

    return order != 0 ? order : order_sizes(a_size, b_size);
}

static int order_keys(const struct value_key *a, const struct value_key *b)
{
    return order_bytes(a->text, a->size, b->text, b->size);
}

static int order_lists(const struct value *a, const struct value *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int order = value_order(a->items[i], b->items[i]);

        if (order != 0)
            return order;
    }
    return 0;
}

/* --- Objects --------------------------------------------------------------------------------- */

struct member {
    const struct value_key *key;
    const struct value *item;
};

static int order_members(const void *a, const void *b)
{
    return order_keys(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static bool skips_attempt(const struct value *value, const struct value *other)
{
    return value->role == VALUE_MESSAGE && value->count > 2 &&
           (other->role == VALUE_MESSAGE || !value_get(other, "attempt"));
}

static struct member *sort_members(const struct value *object, size_t count)
{
    struct member *members = memory_new(count, sizeof(*members));

    for (size_t i = 0; i < count; i++)
        members[i] = (struct member){&object->keys[i], object->items[i]};
    qsort(members, count, sizeof(*members), order_members);
    return members;
}

static int order_sorted(const struct value *a, const struct value *b, size_t count)
{
    struct member *as = sort_members(a, count), *bs = sort_members(b, count);
    int order = 0;

    for (size_t i = 0; i < count && order == 0; i++)
        order = order_keys(as[i].key, bs[i].key);
    for (size_t i = 0; i < count && order == 0; i++)
        order = value_order(as[i].item, bs[i].item);
    free(as);
    free(bs);
    return order;
}

static bool has_same_keys(const struct value *a, const struct value *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (order_keys(&a->keys[i], &b->keys[i]) != 0)
            return false;
    return true;
}

/* Sorting the keys is for objects whose keys stand in different orders only; an order of members as
   they stand would not be the same for both. */
static bool is_ascending(const struct value *object, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (order_keys(&object->keys[i - 1], &object->keys[i]) > 0)
            return false;
    return true;
}

static int order_objects(const struct value *a, const struct value *b)
{
    size_t a_count = skips_attempt(a, b) ? 2 : a->count;
    size_t b_count = skips_attempt(b, a) ? 2 : b->count;

    if (a_count != b_count)
        return order_sizes(a_count, b_count);
    if (has_same_keys(a, b, a_count) && is_ascending(a, a_count))
        return order_lists(a, b, a_count);
    return order_sorted(a, b, a_count);
}

/* --- Values ---------------------------------------------------------------------------------- */

int value_order(const struct value *a, const struct value *b)
{
    if (a == b)
        return 0;
    if (a->kind != b->kind)
        return order_sizes(a->kind, b->kind);
    if (a->kind == VALUE_BOOLEAN)
        return order_sizes(a->boolean, b->boolean);
    if (a->kind == VALUE_OBJECT)
        return order_objects(a, b);
    if (a->kind == VALUE_LIST && a->count != b->count)
        return order_sizes(a->count, b->count);
    if (a->kind == VALUE_LIST)
        return order_lists(a, b, a->count);
    return order_bytes(a->text, a->size, b->text, b->size);
}

static bool equal_as_they_stand(const struct value *a, const struct value *b)
{
    if (a->kind != VALUE_OBJECT || b->kind != VALUE_OBJECT || a->count != b->count ||
        skips_attempt(a, b) || skips_attempt(b, a) || !has_same_keys(a, b, a->count))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!value_equal(a->items[i], b->items[i]))
            return false;
    return true;
}

/* Without the sorting where the keys stand in the same order, as they nearly always do. */
bool value_equal(const struct value *a, const struct value *b)
{
    return equal_as_they_stand(a, b) || value_order(a, b) == 0;
}

static int order_items(const void *a, const void *b)
{
    return value_order(*(struct value *const *)a, *(struct value *const *)b);
}

struct value **value_sorted(const struct value *list)
{
    struct value **items = memory_new(list->count, sizeof(struct value *));

    if (list->count > 0) {
        memcpy(items, list->items, list->count * sizeof(struct value *));
        qsort(items, list->count, sizeof(struct value *), order_items);
    }
    return items;
}
