/* script_parallel.c: several threads of control at once. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_control.h"
#include "actors/value.h"
#include "base/memory.h"

enum { THREADS_MAX = 256 };

/* --- The end --------------------------------------------------------------------------------- */

/* In how many threads, the first included, is the name bound? */
static size_t count_bound(const struct script_flow *flow, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < flow->child_count; i++)
        count += map_get(&flow->children[i].scope.names, name, strlen(name)) != NULL;
    return count;
}

static struct value *gather(const struct script_flow *flow, const char *name)
{
    struct value *list = value_list();

    for (size_t i = 0; i < flow->child_count; i++) {
        struct value *value = map_get(&flow->children[i].scope.names, name, strlen(name));

        if (value)
            value_append(list, value_keep(value));
    }
    return list;
}

/* What was bound inside is seen outside: by one thread as it is, by several as a list. */
static void hand_up(struct script_flow *flow, const struct script_flow *child)
{
    const struct map *names = &child->scope.names;

    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->entries[i].key;
        struct value *value = names->entries[i].value;

        if (value)
            scope_bind(&flow->scope, name,
                       count_bound(flow, name) > 1 ? gather(flow, name) : value_keep(value));
    }
}

static void on_all_ended(struct script_flow *flow)
{
    for (size_t i = 0; i < flow->child_count; i++)
        hand_up(flow, &flow->children[i]);
    for (size_t i = 0; i < flow->child_count; i++)
        script_flow_release(&flow->children[i]);
    free(flow->children);
    flow->children = NULL;
    flow->child_count = 0;
    script_flow_run(flow);
}

/* --- The beginning --------------------------------------------------------------------------- */

static enum script_turn start_all(struct script_flow *flow)
{
    flow->resume = on_all_ended;
    flow->running_count = flow->child_count;
    if (flow->child_count == 0)
        return SCRIPT_GOES_ON;
    for (size_t i = 0; i < flow->child_count && !flow->script->is_over; i++)
        script_flow_run(&flow->children[i]);
    return SCRIPT_WAITS;
}

static void make_children(struct script_flow *flow, size_t count)
{
    flow->children = memory_new(count, sizeof(*flow->children));
    flow->child_count = count;
    for (size_t i = 0; i < count; i++)
        script_flow_init(&flow->children[i], flow->script, flow);
}

static enum script_turn start_equal(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    const struct tree *times = tree_get(arguments, "times");
    const char *as = tree_text(arguments, "as");
    struct error error = {0};
    int64_t count;

    if (sight_integer(&sight, times, &count, &error) < 0)
        return script_break(flow, &error);
    if (count < 0 || count > THREADS_MAX) {
        error_set_at(&error, times->place, "parallel can have 0 to %d threads", THREADS_MAX);
        return script_break(flow, &error);
    }
    make_children(flow, (size_t)count);
    for (size_t i = 0; i < flow->child_count; i++) {
        script_flow_enter(&flow->children[i], tree_get(arguments, "steps"));
        if (as)
            scope_bind(&flow->children[i].scope, as, value_integer((int64_t)i));
    }
    return start_all(flow);
}

enum script_turn script_begin_parallel(struct script_flow *flow, const struct tree *arguments)
{
    if (arguments->kind == TREE_MAP)
        return start_equal(flow, arguments);
    make_children(flow, arguments->count);
    for (size_t i = 0; i < arguments->count; i++)
        script_flow_enter(&flow->children[i], &arguments->children[i]);
    return start_all(flow);
}
