/* script_check.c: the steps of a script before they run: words, nesting, conditions. */
#include "actors/script_check.h"

#include <string.h>

#include "base/quantity.h"

static int check_steps(const struct tree *steps, struct error *reterr);

static const char *kind_name(const struct tree *tree)
{
    static const char *const names[] = {
        [TREE_SCALAR] = "word", [TREE_LIST] = "list", [TREE_MAP] = "map"};

    return names[tree->kind];
}

/* --- What stands inside ---------------------------------------------------------------------- */

static int check_condition(const struct tree *condition, struct error *reterr)
{
    const struct tree *expect = tree_get(condition, "expect");

    if (!expect || !tree_get(condition, "value"))
        return error_set_at(reterr, condition->place, "%s wants {value: $x, expect: ...}",
                            condition->key);
    return script_check_expectation(expect, reterr);
}

static int check_loop(const struct tree *arguments, struct error *reterr)
{
    if (strcmp(arguments->key, "repeat") == 0 && !tree_get(arguments, "times") &&
        !tree_get(arguments, "for") && !tree_get(arguments, "until"))
        return error_set_at(reterr, arguments->place, "repeat needs times, for or until");
    return 0;
}

static int check_inside(const struct tree *arguments, struct error *reterr)
{
    const struct tree *expect = tree_get(arguments, "expect"), *until, *steps, *otherwise;

    until = tree_get(arguments, "until");
    steps = tree_get(arguments, "steps");
    otherwise = tree_get(arguments, "otherwise");
    if (expect && script_check_expectation(expect, reterr) < 0)
        return -1;
    if (until && check_condition(until, reterr) < 0)
        return -1;
    if (steps && check_steps(steps, reterr) < 0)
        return -1;
    if (otherwise && check_steps(otherwise, reterr) < 0)
        return -1;
    return check_loop(arguments, reterr);
}

/* --- Shapes ---------------------------------------------------------------------------------- */

static int check_map(const struct script_word *word, const struct tree *arguments,
                     struct error *reterr)
{
    static const struct tree nothing = {.kind = TREE_MAP};
    const struct script_operation *operation = script_operation_find(arguments->key);
    struct tree empty = nothing;

    if (arguments->kind == TREE_SCALAR && arguments->size == 0) { /* `ping:` */
        empty.key = arguments->key;
        empty.place = arguments->place;
        arguments = &empty;
    }
    if (arguments->kind != TREE_MAP)
        return error_set_at(reterr, arguments->place, "%s wants a map of arguments, not a %s",
                            arguments->key, kind_name(arguments));
    if (script_check_arguments(word, operation, arguments, reterr) < 0)
        return -1;
    return check_inside(arguments, reterr);
}

static int check_scalar(const struct tree *arguments, struct error *reterr)
{
    uint64_t ns;

    if (arguments->kind != TREE_SCALAR)
        return error_set_at(reterr, arguments->place, "%s wants one word, not a %s", arguments->key,
                            kind_name(arguments));
    if (strcmp(arguments->key, "wait") == 0 && !script_check_has_names(arguments) &&
        duration_parse(arguments->text, &ns, reterr) < 0) {
        if (reterr)
            reterr->place = arguments->place;
        return -1;
    }
    return 0;
}

static int check_server(const struct tree *arguments, struct error *reterr)
{
    static const char *const verbs[] = {"kill", "stop", "pause", "continue", "restart"};

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i], arguments->text) == 0)
            return 0;
    return error_set_at(reterr, arguments->place,
                        "'%s' is nothing a server can be told: say kill, stop, pause, continue or "
                        "restart",
                        arguments->text);
}

static int check_threads(const struct script_word *word, const struct tree *arguments,
                         struct error *reterr)
{
    if (arguments->kind == TREE_MAP)
        return check_map(word, arguments, reterr);
    if (arguments->kind != TREE_LIST)
        return error_set_at(reterr, arguments->place,
                            "parallel wants a list of lists of steps, or {times: 4, steps: [...]}");
    for (size_t i = 0; i < arguments->count; i++)
        if (check_steps(&arguments->children[i], reterr) < 0)
            return -1;
    return 0;
}

/* --- Steps ----------------------------------------------------------------------------------- */

static int check_step(const struct tree *step, struct error *reterr)
{
    const struct tree *arguments;
    const struct script_word *word;

    if (step->kind != TREE_MAP || step->count != 1)
        return error_set_at(reterr, step->place,
                            "a step is a map with one key: get_next: {stream: s, group: g}");
    arguments = &step->children[0];
    word = script_word_find(arguments->key);
    if (!word)
        return script_check_unknown_step(arguments, reterr);
    if (word->shape == SCRIPT_SHAPE_MAP)
        return check_map(word, arguments, reterr);
    if (word->shape == SCRIPT_SHAPE_THREADS)
        return check_threads(word, arguments, reterr);
    if (strcmp(arguments->key, "link") == 0)
        return script_check_link(arguments, reterr);
    if (word->shape == SCRIPT_SHAPE_FREE)
        return arguments->kind == TREE_MAP
                   ? 0
                   : error_set_at(reterr, arguments->place, "%s wants a map", arguments->key);
    if (check_scalar(arguments, reterr) < 0)
        return -1;
    return strcmp(arguments->key, "server") == 0 ? check_server(arguments, reterr) : 0;
}

static int check_steps(const struct tree *steps, struct error *reterr)
{
    if (steps->kind != TREE_LIST)
        return error_set_at(reterr, steps->place, "steps are a list, not a %s", kind_name(steps));
    for (size_t i = 0; i < steps->count; i++)
        if (check_step(&steps->children[i], reterr) < 0)
            return -1;
    return 0;
}

int script_check(const struct tree *steps, struct error *reterr)
{
    if (check_steps(steps, reterr) < 0)
        return -1;
    return script_check_names(steps, reterr);
}
