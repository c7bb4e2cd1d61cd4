/* script_compute.c: the little arithmetic that `let` knows. */
#include <string.h>

#include "actors/script_sight.h"

static struct value *operand_error(const struct tree *tree, struct error *reterr)
{
    error_set_at(reterr, tree->place, "%s wants whole numbers: [$a, $b]", tree->key);
    return NULL;
}

static bool read_operand(const struct value *list, size_t index, int64_t *ret_number)
{
    return value_to_integer(list->items[index], ret_number);
}

static struct value *add_up(const struct value *operands, const struct tree *tree,
                            struct error *reterr)
{
    int64_t sum = 0, number;

    for (size_t i = 0; i < operands->count; i++)
        if (!read_operand(operands, i, &number) || __builtin_add_overflow(sum, number, &sum))
            return operand_error(tree, reterr);
    return value_integer(sum);
}

static struct value *subtract(const struct value *operands, const struct tree *tree,
                              struct error *reterr)
{
    int64_t from, number, difference;

    if (operands->count != 2 || !read_operand(operands, 0, &from) ||
        !read_operand(operands, 1, &number) || __builtin_sub_overflow(from, number, &difference))
        return operand_error(tree, reterr);
    return value_integer(difference);
}

static struct value *join(const struct value *operands, const struct tree *tree,
                          struct error *reterr)
{
    struct value *joined = value_list();

    for (size_t i = 0; i < operands->count; i++) {
        const struct value *list = operands->items[i];

        if (list->kind != VALUE_LIST) {
            value_drop(joined);
            error_set_at(reterr, tree->place, "concat wants lists: [$a, $b]");
            return NULL;
        }
        for (size_t item = 0; item < list->count; item++)
            value_append(joined, value_keep(list->items[item]));
    }
    return joined;
}

static struct value *measure(const struct value *operand, const struct tree *tree,
                             struct error *reterr)
{
    if (operand->kind == VALUE_LIST || operand->kind == VALUE_OBJECT)
        return value_integer((int64_t)operand->count);
    if (operand->kind == VALUE_STRING)
        return value_integer((int64_t)operand->size);
    error_set_at(reterr, tree->place, "size wants a list, an object or text, not a %s",
                 value_kind_name(operand));
    return NULL;
}

static const struct {
    const char *name;
    bool wants_list;
    struct value *(*compute)(const struct value *operands, const struct tree *tree,
                             struct error *reterr);
} operators[] = {
    {"sum", true, add_up},
    {"minus", true, subtract},
    {"concat", true, join},
    {"size", false, measure},
};

enum { OPERATOR_COUNT = sizeof(operators) / sizeof(operators[0]) };

struct value *sight_computed(const struct script_sight *sight, const struct tree *tree,
                             struct error *reterr)
{
    const struct tree *inner = tree->kind == TREE_MAP && tree->count == 1 ? tree->children : NULL;
    struct value *operands, *value = NULL;
    size_t i = 0;

    while (inner && i < OPERATOR_COUNT && strcmp(operators[i].name, inner->key) != 0)
        i++;
    if (!inner || i == OPERATOR_COUNT)
        return sight_value(sight, tree, reterr);
    operands = sight_value(sight, inner, reterr);
    if (operands && operators[i].wants_list && operands->kind != VALUE_LIST)
        error_set_at(reterr, inner->place, "%s wants a list: [$a, $b]", inner->key);
    else if (operands)
        value = operators[i].compute(operands, inner, reterr);
    value_drop(operands);
    return value;
}
