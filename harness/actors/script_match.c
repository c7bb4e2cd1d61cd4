/* script_match.c: matchers for single values: equality, kinds, numbers, errors. */
#include <string.h>

#include "actors/script_expect.h"
#include "actors/value_compare.h"
#include "actors/value_json.h"

enum { SHOWN = 200 };

static bool is_nested(const struct value *value)
{
    return value->kind == VALUE_LIST || value->kind == VALUE_OBJECT;
}

bool match_equal(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *expected = script_ask_value(ask, argument);
    bool holds = expected && value_equal(answer, expected);

    if (expected && !holds) {
        script_ask_about(ask, expected);
        script_ask_about(ask, answer);
        text_append_string(&ask->why, "expected ");
        value_show(&ask->why, expected, SHOWN);
        if (is_nested(answer) && is_nested(expected)) {
            text_append_string(&ask->why, "; ");
            value_difference(&ask->why, answer, expected);
        }
    }
    value_drop(expected);
    return holds;
}

/* --- Choices --------------------------------------------------------------------------------- */

/* One word, or a list of words of which one must fit. */
static bool fits_choice(const struct tree *argument, const char *word,
                        bool (*fits)(const char *choice, const char *word, const void *context),
                        const void *context)
{
    if (argument->kind == TREE_SCALAR)
        return fits(argument->text, word, context);
    for (size_t i = 0; i < argument->count; i++)
        if (argument->children[i].kind == TREE_SCALAR &&
            fits(argument->children[i].text, word, context))
            return true;
    return false;
}

static void tell_choices(struct text *text, const struct tree *argument)
{
    if (argument->kind == TREE_SCALAR)
        text_append_string(text, argument->text);
    for (size_t i = 0; i < argument->count; i++)
        text_appendf(text, "%s%s", i > 0 ? " or " : "",
                     argument->children[i].text ? argument->children[i].text : "?");
}

static bool tell_missed(struct script_ask *ask, const struct tree *argument, const char *what,
                        const struct value *answer)
{
    text_appendf(&ask->why, "expected %s ", what);
    tell_choices(&ask->why, argument);
    return script_ask_got(ask, answer, "%s", "");
}

const char *const script_match_types[] = {"string", "number", "integer", "boolean", "object",
                                          "list",   "null",   "message", NULL};

static bool fits_type(const char *choice, const char *word, const void *context)
{
    const struct value *answer = context;
    int64_t number;

    if (strcmp(choice, "integer") == 0)
        return value_to_integer(answer, &number) ||
               (answer->kind == VALUE_NUMBER && !strpbrk(answer->text, ".eE"));
    if (strcmp(choice, "message") == 0)
        return answer->role == VALUE_MESSAGE;
    return strcmp(choice, word) == 0;
}

bool match_type(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return fits_choice(argument, value_kind_name(answer), fits_type, answer) ||
           tell_missed(ask, argument, "the type", answer);
}

const char *const script_match_errors[] = {
    "any", "validation", "connection", "lease_lost", "not_supported", "other", "none", NULL};
const char *const script_match_outcomes[] = {"refused", "unknown", "unsupported", NULL};

static bool fits_word(const char *choice, const char *word, const void *context)
{
    (void)context;
    return strcmp(choice, "any") == 0 || strcmp(choice, word) == 0;
}

static bool match_error_part(struct script_ask *ask, const struct tree *argument,
                             struct value *answer, const char *part, const char *what)
{
    if (answer->role == VALUE_ERROR &&
        fits_choice(argument, value_get(answer, part)->text, fits_word, NULL))
        return true;
    return tell_missed(ask, argument, what, answer);
}

bool match_error(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return match_error_part(ask, argument, answer, "error", "an error of kind");
}

bool match_outcome(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return match_error_part(ask, argument, answer, "outcome", "an error with the outcome");
}

/* --- Emptiness, beginnings ------------------------------------------------------------------- */

bool match_empty(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *wanted = script_ask_value(ask, argument);
    bool is_empty = answer->kind == VALUE_NULL || (is_nested(answer) && answer->count == 0) ||
                    (answer->kind == VALUE_STRING && answer->size == 0);
    bool holds = wanted && wanted->kind == VALUE_BOOLEAN && wanted->boolean == is_empty;

    if (wanted && wanted->kind != VALUE_BOOLEAN)
        script_ask_broken(ask, argument, "empty is true or false");
    else if (wanted && !holds)
        script_ask_got(ask, answer, "expected %s", is_empty ? "something" : "nothing");
    value_drop(wanted);
    return holds;
}

bool match_begins(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *start = script_ask_value(ask, argument);
    bool holds = start && answer->kind == VALUE_STRING && start->kind == VALUE_STRING &&
                 start->size <= answer->size && memcmp(start->text, answer->text, start->size) == 0;

    if (start && !holds)
        script_ask_got(ask, answer, "expected a text that begins with \"%s\"", start->text);
    value_drop(start);
    return holds;
}

/* --- Numbers --------------------------------------------------------------------------------- */

/* A list stands for the number of its items.  Gives. */
static struct value *number_of(struct value *answer)
{
    if (answer->kind == VALUE_LIST)
        return value_integer((int64_t)answer->count);
    return value_keep(answer);
}

/* Does the answer stand on the right side of the bound: -1 below or equal, 1 above or equal? */
static bool holds_bound(struct script_ask *ask, const struct tree *argument,
                        const struct value *bound, struct value *answer, int side)
{
    struct value *number = number_of(answer);
    int order;
    bool is_number = number->kind == VALUE_NUMBER, holds = false;

    if (bound->kind != VALUE_NUMBER)
        script_ask_broken(ask, argument, "%s wants numbers",
                          argument->key ? argument->key : "this");
    else if (is_number && value_rank(number, bound, &order))
        holds = order * side >= 0;
    if (!holds && !ask->is_broken)
        script_ask_got(ask, is_number ? number : answer, "expected %s %s%s",
                       side > 0 ? "at least" : "at most", bound->text,
                       answer->kind == VALUE_LIST ? " items" : "");
    value_drop(number);
    return holds;
}

static bool match_bound(struct script_ask *ask, const struct tree *argument, struct value *answer,
                        int side)
{
    struct value *bound = script_ask_value(ask, argument);
    bool holds = bound && holds_bound(ask, argument, bound, answer, side);

    value_drop(bound);
    return holds;
}

bool match_at_least(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return match_bound(ask, argument, answer, 1);
}

bool match_at_most(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    return match_bound(ask, argument, answer, -1);
}

bool match_between(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    struct value *bounds = script_ask_value(ask, argument);
    bool holds = false;

    if (bounds && (bounds->kind != VALUE_LIST || bounds->count != 2))
        script_ask_broken(ask, argument, "between wants two numbers: [1, 5]");
    else if (bounds)
        holds = holds_bound(ask, argument, bounds->items[0], answer, 1) &&
                holds_bound(ask, argument, bounds->items[1], answer, -1);
    value_drop(bounds);
    return holds;
}
