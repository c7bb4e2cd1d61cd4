/* script_match_list.c: matchers for lists: as sets, as sequences, item by item. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_expect.h"
#include "actors/value_compare.h"
#include "actors/value_json.h"

enum { SHOWN = 120, EXAMPLES = 3 };

static bool is_list(struct script_ask *ask, const struct value *answer)
{
    return answer->kind == VALUE_LIST || script_ask_got(ask, answer, "expected a list");
}

/* The argument as a list (gives); NULL when the answer or the argument is none. */
static struct value *read_lists(struct script_ask *ask, const struct tree *argument,
                                const struct value *answer)
{
    struct value *list = is_list(ask, answer) ? script_ask_value(ask, argument) : NULL;

    if (!list || list->kind == VALUE_LIST)
        return list;
    script_ask_broken(ask, argument, "%s wants a list", argument->key);
    value_drop(list);
    return NULL;
}

/* --- Sets ------------------------------------------------------------------------------------ */

/* Items of one list that the other lacks, each counted as often as it is too many. */
struct surplus {
    struct text examples;
    struct value *first;
    size_t count;
};

static void add_surplus(struct surplus *surplus, struct value *item)
{
    if (surplus->count == 0)
        surplus->first = item;
    if (surplus->count++ >= EXAMPLES)
        return;
    text_append_string(&surplus->examples, surplus->count > 1 ? ", " : "");
    value_show(&surplus->examples, item, SHOWN);
}

static void find_surplus(const struct value *a, const struct value *b, struct surplus *only_a,
                         struct surplus *only_b)
{
    struct value **as = value_sorted(a), **bs = value_sorted(b);
    size_t i = 0, j = 0;

    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : value_order(as[i], bs[j]);

        if (order < 0)
            add_surplus(only_a, as[i]);
        else if (order > 0)
            add_surplus(only_b, bs[j]);
        i += order <= 0;
        j += order >= 0;
    }
    free(as);
    free(bs);
}

static void tell_surplus(struct script_ask *ask, struct surplus *surplus, const char *what)
{
    if (surplus->count > 0)
        script_ask_why(ask, ", %zu %s: %s%s", surplus->count, what, text_string(&surplus->examples),
                       surplus->count > EXAMPLES ? ", ..." : "");
    text_release(&surplus->examples);
}

static bool match_items(struct script_ask *ask, const struct tree *argument, struct value *answer,
                        bool wants_all)
{
    struct value *expected = read_lists(ask, argument, answer);
    struct surplus extra = {0}, missing = {0};
    bool holds;

    if (!expected)
        return false;
    find_surplus(answer, expected, &extra, &missing);
    holds = extra.count == 0 && (missing.count == 0 || !wants_all);
    if (!holds)
        script_ask_why(ask, "expected %s %zu items in any order, got %zu",
                       wants_all ? "the same" : "only some of", expected->count, answer->count);
    if (!holds) {
        script_ask_about(ask, wants_all ? missing.first : NULL);
        script_ask_about(ask, extra.first);
    }
    if (!wants_all || holds) {
        text_release(&missing.examples);
        missing.count = 0;
    }
    tell_surplus(ask, &missing, "missing");
    tell_surplus(ask, &extra, "too many");
    value_drop(expected);
    return holds;
}

bool match_set(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return match_items(ask, argument, answer, true);
}

bool match_subset(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return match_items(ask, argument, answer, false);
}

/* --- Sequences ------------------------------------------------------------------------------- */

bool match_prefix(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *whole = read_lists(ask, argument, answer);
    size_t i = 0;
    bool holds;

    if (!whole)
        return false;
    while (i < answer->count && i < whole->count && value_equal(answer->items[i], whole->items[i]))
        i++;
    holds = i == answer->count;
    if (!holds && i < whole->count) {
        script_ask_why(ask, "expected the first %zu of a list; at [%zu]: ", answer->count, i);
        value_difference(&ask->why, answer->items[i], whole->items[i]);
    } else if (!holds) {
        script_ask_why(ask, "expected at most %zu items, got %zu", whole->count, answer->count);
    }
    value_drop(whole);
    return holds;
}

/* In this order, with others between them perhaps. */
bool match_subsequence(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *whole = read_lists(ask, argument, answer);
    size_t i = 0;

    if (!whole)
        return false;
    for (size_t at = 0; at < whole->count && i < answer->count; at++)
        i += value_equal(answer->items[i], whole->items[at]);
    if (i < answer->count) {
        script_ask_why(ask, "expected its items in this order among %zu others; [%zu] is not: ",
                       whole->count, i);
        value_show(&ask->why, answer->items[i], SHOWN);
    }
    value_drop(whole);
    return i == answer->count || ask->is_broken;
}

/* {distinct: true} looks at the items, {distinct: id} at what a path takes from each.  Gives. */
static struct value *project(struct script_ask *ask, const struct tree *argument,
                             struct value *answer)
{
    struct value *values;

    if (!is_list(ask, answer))
        return NULL;
    if (argument->kind != TREE_SCALAR) {
        script_ask_broken(ask, argument, "%s wants true, or a path such as payload.n",
                          argument->key);
        return NULL;
    }
    if (strcmp(argument->text, "true") == 0)
        return value_keep(answer);
    values = sight_follow(&ask->sight, answer, argument->text);
    if (!values)
        script_ask_broken(ask, argument, "'%s' is no path: write payload.n", argument->text);
    return values;
}

bool match_distinct(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *values = project(ask, argument, answer), **sorted;
    struct surplus repeated = {0};

    if (!values)
        return false;
    sorted = value_sorted(values);
    for (size_t i = 1; i < values->count; i++)
        if (value_order(sorted[i - 1], sorted[i]) == 0)
            add_surplus(&repeated, sorted[i]);
    free(sorted);
    if (repeated.count > 0)
        script_ask_why(ask, "expected %zu items without repeats", values->count);
    value_drop(values);
    tell_surplus(ask, &repeated, "repeated");
    return repeated.count == 0;
}

static bool tell_step(struct script_ask *ask, const struct value *values, size_t index)
{
    script_ask_why(ask, "expected increasing items; [%zu] is ", index - 1);
    value_show(&ask->why, values->items[index - 1], SHOWN);
    script_ask_why(ask, ", [%zu] is ", index);
    value_show(&ask->why, values->items[index], SHOWN);
    return false;
}

bool match_increasing(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *values = project(ask, argument, answer);
    bool holds = values != NULL;

    for (size_t i = 1; holds && i < values->count; i++) {
        int order;

        if (!value_rank(values->items[i - 1], values->items[i], &order) || order >= 0)
            holds = tell_step(ask, values, i);
    }
    value_drop(values);
    return holds;
}

/* --- Items ----------------------------------------------------------------------------------- */

bool match_count(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *count;
    size_t size = ask->why.size;
    bool holds;

    if (answer->kind != VALUE_LIST && answer->kind != VALUE_OBJECT)
        return script_ask_got(ask, answer, "expected something to count");
    count = value_integer((int64_t)answer->count);
    script_ask_why(ask, "%zu items, ", answer->count);
    holds = script_expect(ask, argument, count);
    if (holds)
        script_ask_cut(ask, size);
    value_drop(count);
    return holds;
}

static bool holds_substring(struct script_ask *ask, const struct tree *argument,
                            const struct value *answer)
{
    struct value *part = script_ask_value(ask, argument);
    bool holds = part && part->kind == VALUE_STRING &&
                 memmem(answer->text, answer->size, part->text, part->size);

    if (part && !holds)
        script_ask_got(ask, answer, "expected a text with \"%s\" in it",
                       part->kind == VALUE_STRING ? part->text : "?");
    value_drop(part);
    return holds;
}

static bool lacks(struct script_ask *ask, const struct tree *argument, const struct value *answer)
{
    struct value *expected = script_ask_value(ask, argument);

    if (!expected)
        return false;
    script_ask_about(ask, expected);
    script_ask_why(ask, "expected ");
    value_show(&ask->why, expected, SHOWN);
    value_drop(expected);
    return script_ask_why(ask, " among its %zu items", answer->count);
}

bool match_contains(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    size_t size = ask->why.size;

    if (answer->kind == VALUE_STRING)
        return holds_substring(ask, argument, answer);
    if (!is_list(ask, answer))
        return false;
    for (size_t i = 0; i < answer->count && !ask->is_broken; i++) {
        bool holds = script_expect(ask, argument, answer->items[i]);

        script_ask_cut(ask, size);
        if (holds)
            return true;
    }
    if (ask->is_broken)
        return false;
    if (argument->kind == TREE_SCALAR)
        return lacks(ask, argument, answer);
    return script_ask_why(ask, "none of its %zu items is as expected", answer->count);
}

static bool holds_item(struct script_ask *ask, const struct tree *argument, struct value *answer,
                       size_t index)
{
    size_t size = ask->why.size;

    script_ask_why(ask, "[%zu]: ", index);
    if (!script_expect(ask, argument, answer->items[index]))
        return false;
    script_ask_cut(ask, size);
    return true;
}

bool match_each(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    if (!is_list(ask, answer))
        return false;
    for (size_t i = 0; i < answer->count; i++)
        if (!holds_item(ask, argument, answer, i))
            return false;
    return true;
}

bool match_first(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    if (!is_list(ask, answer))
        return false;
    if (answer->count == 0)
        return script_ask_why(ask, "expected at least one item");
    return holds_item(ask, argument, answer, 0);
}

bool match_last(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    if (!is_list(ask, answer))
        return false;
    if (answer->count == 0)
        return script_ask_why(ask, "expected at least one item");
    return holds_item(ask, argument, answer, answer->count - 1);
}
