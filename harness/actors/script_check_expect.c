/* script_check_expect.c: expectations before they are asked. */
#include <stdio.h>
#include <string.h>

#include "actors/script_check.h"
#include "actors/script_expect.h"

enum { MATCHERS_MAX = 64 };

static const char *find_nearest(const char *key)
{
    const char *names[MATCHERS_MAX];
    const struct script_matcher *matcher;
    size_t count = 0;

    for (size_t i = 0; (matcher = script_matcher_at(i)) != NULL && count < MATCHERS_MAX; i++)
        names[count++] = matcher->name;
    return text_nearest(key, names, count);
}

/* --- What stands behind a matcher ------------------------------------------------------------ */

static int check_list(const struct tree *argument, struct error *reterr)
{
    if (argument->kind != TREE_LIST)
        return error_set_at(reterr, argument->place, "%s wants a list of expectations",
                            argument->key);
    for (size_t i = 0; i < argument->count; i++)
        if (script_check_expectation(&argument->children[i], reterr) < 0)
            return -1;
    return 0;
}

static int check_fields(const struct tree *argument, struct error *reterr)
{
    if (argument->kind != TREE_MAP)
        return error_set_at(reterr, argument->place,
                            "fields wants a map of paths: {status: healthy}");
    for (size_t i = 0; i < argument->count; i++)
        if (script_check_expectation(&argument->children[i], reterr) < 0)
            return -1;
    return 0;
}

static int check_choice(const struct tree *argument, const struct tree *choice,
                        const char *const *choices, struct error *reterr)
{
    struct text list = {0};
    int result;

    for (size_t i = 0; choice->kind == TREE_SCALAR && choices[i]; i++)
        if (strcmp(choices[i], choice->text) == 0)
            return 0;
    for (size_t i = 0; choices[i]; i++)
        text_appendf(&list, "%s%s", i > 0 ? ", " : "", choices[i]);
    result = error_set_at(reterr, choice->place, "'%s' is no %s: say one of %s",
                          choice->kind == TREE_SCALAR ? choice->text : "...", argument->key,
                          text_string(&list));
    text_release(&list);
    return result;
}

static int check_choices(const struct tree *argument, const char *const *choices,
                         struct error *reterr)
{
    if (argument->kind != TREE_LIST)
        return check_choice(argument, argument, choices, reterr);
    for (size_t i = 0; i < argument->count; i++)
        if (check_choice(argument, &argument->children[i], choices, reterr) < 0)
            return -1;
    return 0;
}

static int check_argument(const struct script_matcher *matcher, const struct tree *argument,
                          struct error *reterr)
{
    switch (matcher->takes) {
    case MATCHER_TAKES_EXPECTATION:
        return script_check_expectation(argument, reterr);
    case MATCHER_TAKES_EXPECTATIONS:
        return check_list(argument, reterr);
    case MATCHER_TAKES_FIELDS:
        return check_fields(argument, reterr);
    case MATCHER_TAKES_CHOICES:
        return check_choices(argument, matcher->choices, reterr);
    case MATCHER_TAKES_VALUE:
    default:
        return 0;
    }
}

/* --- Expectations ---------------------------------------------------------------------------- */

static size_t count_matchers(const struct tree *expectation)
{
    size_t count = 0;

    for (size_t i = 0; i < expectation->count; i++)
        count += script_matcher_find(expectation->children[i].key) != NULL;
    return count;
}

/* A single key that is nearly a matcher was meant to be one; a literal says `equal`. */
static int check_literal(const struct tree *expectation, struct error *reterr)
{
    const struct tree *only = expectation->children;
    const char *nearest = expectation->count == 1 ? find_nearest(only->key) : NULL;

    if (nearest && strlen(only->key) > 3)
        return error_set_at(
            reterr, only->place,
            "'%s' is no matcher: did you mean '%s'? (a literal: {equal: {%s: ...}})", only->key,
            nearest, only->key);
    return 0;
}

int script_check_expectation(const struct tree *expectation, struct error *reterr)
{
    size_t count;

    if (expectation->kind != TREE_MAP)
        return 0;
    count = count_matchers(expectation);
    if (count == 0)
        return check_literal(expectation, reterr);
    if (count < expectation->count)
        return error_set_at(reterr, expectation->place,
                            "matchers and other keys cannot be mixed: for a literal write "
                            "{equal: {...}}");
    for (size_t i = 0; i < expectation->count; i++) {
        const struct tree *argument = &expectation->children[i];

        if (check_argument(script_matcher_find(argument->key), argument, reterr) < 0)
            return -1;
    }
    return 0;
}
