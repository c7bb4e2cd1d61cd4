/* value_path.c: following paths. */
#include "actors/value_path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct path_step {
    char *name; /* NULL: an index or a slice */
    bool is_slice;
    long from, to; /* negative: from the end */
};

/* --- Reading --------------------------------------------------------------------------------- */

static bool read_index(const char **at, long *ret_index)
{
    char *end;

    *ret_index = strtol(*at, &end, 10);
    if (end == *at)
        return false;
    *at = end;
    return true;
}

/* "3]", "-1]", "0:50]", ":50]", "10:]". */
static bool read_brackets(const char **at, struct path_step *step)
{
    bool has_from = read_index(at, &step->from);

    step->to = step->from;
    if (**at == ':') {
        (*at)++;
        step->is_slice = true;
        if (!has_from)
            step->from = 0;
        if (!read_index(at, &step->to))
            step->to = LONG_MAX;
    } else if (!has_from) {
        return false;
    }
    if (**at != ']')
        return false;
    (*at)++;
    return true;
}

/* Braces keep dots together: "{dom.order}:dlq" is one name. */
static size_t measure_name(const char *at)
{
    size_t size = strcspn(at, ".[{");

    while (at[size] == '{') {
        size += strcspn(at + size, "}");
        size += strcspn(at + size, ".[{");
    }
    return size;
}

static bool read_step(const char **at, struct path_step *step)
{
    size_t size;

    *step = (struct path_step){0};
    if (**at == '[') {
        (*at)++;
        return read_brackets(at, step);
    }
    if (**at == '.')
        (*at)++;
    size = measure_name(*at);
    if (size == 0)
        return false;
    step->name = memory_new(size + 1, 1);
    memcpy(step->name, *at, size);
    *at += size;
    return true;
}

/* --- Following ------------------------------------------------------------------------------- */

static size_t clamp(long index, size_t count)
{
    if (index < 0)
        return (size_t)-index > count ? 0 : count - (size_t)-index;
    return (size_t)index > count ? count : (size_t)index;
}

static struct value *take_slice(const struct value *list, const struct path_step *step)
{
    struct value *slice = value_list();
    size_t to = clamp(step->to, list->count);

    for (size_t i = clamp(step->from, list->count); i < to; i++)
        value_append(slice, value_keep(list->items[i]));
    return slice;
}

static struct value *take_item(const struct value *list, long index)
{
    if (index < 0)
        index += (long)list->count;
    if (index < 0 || (size_t)index >= list->count)
        return value_null();
    return value_keep(list->items[index]);
}

static struct value *take_step(struct value *value, const struct path_step *step)
{
    struct value *found, *list;

    if (!step->name && value->kind != VALUE_LIST)
        return value_null();
    if (!step->name)
        return step->is_slice ? take_slice(value, step) : take_item(value, step->from);
    if (value->kind != VALUE_LIST) {
        found = value_get(value, step->name);
        return found ? value_keep(found) : value_null();
    }
    list = value_list();
    for (size_t i = 0; i < value->count; i++)
        value_append(list, take_step(value->items[i], step));
    return list;
}

static void rename_step(struct path_step *step, char *(*rename)(void *context, const char *name),
                        void *context)
{
    char *name;

    if (!step->name || !rename)
        return;
    name = rename(context, step->name);
    free(step->name);
    step->name = name;
}

struct value *value_follow(struct value *value, const char *path,
                           char *(*rename)(void *context, const char *name), void *context)
{
    struct value *here = value_keep(value);

    while (*path && here) {
        struct path_step step;
        struct value *next = NULL;

        if (read_step(&path, &step)) {
            rename_step(&step, rename, context);
            next = take_step(here, &step);
        }
        free(step.name);
        value_drop(here);
        here = next;
    }
    return here;
}
