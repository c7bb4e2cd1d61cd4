/* script_expect.c: the table of matchers, and how they are combined. */
#include "actors/script_expect.h"

#include <stdarg.h>
#include <string.h>

#include "actors/value_json.h"

enum { SHOWN = 200 };

/* --- Saying why not -------------------------------------------------------------------------- */

bool script_ask_why(struct script_ask *ask, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&ask->why, format, arguments);
    va_end(arguments);
    return false;
}

bool script_ask_got(struct script_ask *ask, const struct value *answer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&ask->why, format, arguments);
    va_end(arguments);
    if (answer == ask->answer)
        return false;
    text_append_string(&ask->why, ", got ");
    value_show(&ask->why, answer, SHOWN);
    return false;
}

void script_ask_cut(struct script_ask *ask, size_t size)
{
    if (ask->why.size > size) {
        ask->why.size = size;
        ask->why.data[size] = '\0';
    }
}

bool script_ask_broken(struct script_ask *ask, const struct tree *tree, const char *format, ...)
{
    struct text message = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&message, format, arguments);
    va_end(arguments);
    error_set_at(&ask->error, tree->place, "%s", text_string(&message));
    text_release(&message);
    ask->is_broken = true;
    return false;
}

struct value *script_ask_value(struct script_ask *ask, const struct tree *argument)
{
    struct value *value = sight_value(&ask->sight, argument, &ask->error);

    if (!value)
        ask->is_broken = true;
    return value;
}

static bool holds_message(const struct value *value)
{
    if (value->kind == VALUE_LIST)
        return value->count > 0 && value->items[0]->role == VALUE_MESSAGE;
    return value->role == VALUE_MESSAGE;
}

void script_ask_about(struct script_ask *ask, struct value *value)
{
    if (!ask->about && value && holds_message(value))
        ask->about = value_keep(value);
}

void script_ask_release(struct script_ask *ask)
{
    value_drop(ask->about);
    ask->about = NULL;
    text_release(&ask->why);
}

/* --- Combinations ---------------------------------------------------------------------------- */

static bool match_one_of(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    size_t size = ask->why.size;

    for (size_t i = 0; i < argument->count && !ask->is_broken; i++) {
        if (script_expect(ask, &argument->children[i], answer)) {
            script_ask_cut(ask, size);
            return true;
        }
        script_ask_why(ask, "%s", i + 1 < argument->count ? "; or " : "");
    }
    return false;
}

static bool match_not(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    size_t size = ask->why.size;
    bool holds = script_expect(ask, argument, answer);

    if (ask->is_broken)
        return false;
    if (holds)
        return script_ask_got(ask, answer, "expected anything but that");
    script_ask_cut(ask, size); /* what was said against it speaks for it here */
    return true;
}

static bool match_all(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    for (size_t i = 0; i < argument->count; i++)
        if (!script_expect(ask, &argument->children[i], answer))
            return false;
    return true;
}

static bool match_fields(struct script_ask *ask, const struct tree *argument, struct value *answer)
{
    for (size_t i = 0; i < argument->count; i++) {
        const struct tree *field = &argument->children[i];
        struct value *value = sight_follow(&ask->sight, answer, field->key);
        size_t size = ask->why.size;
        bool holds;

        if (!value)
            return script_ask_broken(ask, field, "'%s' is no path: write details.status or id",
                                     field->key);
        text_appendf(&ask->why, "%s: ", field->key);
        holds = script_expect(ask, field, value);
        value_drop(value);
        if (!holds)
            return false;
        script_ask_cut(ask, size);
    }
    return true;
}

/* --- The table ------------------------------------------------------------------------------- */

static const struct script_matcher matchers[] = {
    {"equal", match_equal, MATCHER_TAKES_VALUE, NULL},
    {"set", match_set, MATCHER_TAKES_VALUE, NULL},
    {"subset_of", match_subset, MATCHER_TAKES_VALUE, NULL},
    {"prefix_of", match_prefix, MATCHER_TAKES_VALUE, NULL},
    {"subsequence_of", match_subsequence, MATCHER_TAKES_VALUE, NULL},
    {"contains", match_contains, MATCHER_TAKES_EXPECTATION, NULL},
    {"count", match_count, MATCHER_TAKES_EXPECTATION, NULL},
    {"at_least", match_at_least, MATCHER_TAKES_VALUE, NULL},
    {"at_most", match_at_most, MATCHER_TAKES_VALUE, NULL},
    {"between", match_between, MATCHER_TAKES_VALUE, NULL},
    {"one_of", match_one_of, MATCHER_TAKES_EXPECTATIONS, NULL},
    {"not", match_not, MATCHER_TAKES_EXPECTATION, NULL},
    {"all", match_all, MATCHER_TAKES_EXPECTATIONS, NULL},
    {"each", match_each, MATCHER_TAKES_EXPECTATION, NULL},
    {"first", match_first, MATCHER_TAKES_EXPECTATION, NULL},
    {"last", match_last, MATCHER_TAKES_EXPECTATION, NULL},
    {"fields", match_fields, MATCHER_TAKES_FIELDS, NULL},
    {"empty", match_empty, MATCHER_TAKES_VALUE, NULL},
    {"error", match_error, MATCHER_TAKES_CHOICES, script_match_errors},
    {"outcome", match_outcome, MATCHER_TAKES_CHOICES, script_match_outcomes},
    {"type", match_type, MATCHER_TAKES_CHOICES, script_match_types},
    {"distinct", match_distinct, MATCHER_TAKES_VALUE, NULL},
    {"increasing", match_increasing, MATCHER_TAKES_VALUE, NULL},
    {"matches_start", match_begins, MATCHER_TAKES_VALUE, NULL},
};

enum { MATCHER_COUNT = sizeof(matchers) / sizeof(matchers[0]) };

const struct script_matcher *script_matcher_at(size_t index)
{
    return index < MATCHER_COUNT ? &matchers[index] : NULL;
}

const struct script_matcher *script_matcher_find(const char *name)
{
    for (size_t i = 0; i < MATCHER_COUNT; i++)
        if (strcmp(matchers[i].name, name) == 0)
            return &matchers[i];
    return NULL;
}

bool script_expect_has_matchers(const struct tree *expectation)
{
    if (expectation->kind != TREE_MAP || expectation->count == 0)
        return false;
    for (size_t i = 0; i < expectation->count; i++)
        if (!script_matcher_find(expectation->children[i].key))
            return false;
    return true;
}

/* --- Asking ---------------------------------------------------------------------------------- */

static bool is_any(const struct tree *expectation)
{
    return expectation->kind == TREE_SCALAR && expectation->is_plain &&
           strcmp(expectation->text, "any") == 0;
}

/* An error is never let through by words that do not speak of errors. */
static bool speaks_of_errors(const struct tree *expectation)
{
    if (expectation->key &&
        (strcmp(expectation->key, "error") == 0 || strcmp(expectation->key, "outcome") == 0))
        return true;
    for (size_t i = 0; i < expectation->count; i++)
        if (speaks_of_errors(&expectation->children[i]))
            return true;
    return false;
}

static bool holds_all(struct script_ask *ask, const struct tree *expectation, struct value *answer)
{
    for (size_t i = 0; i < expectation->count; i++) {
        const struct tree *argument = &expectation->children[i];
        const struct script_matcher *matcher = script_matcher_find(argument->key);

        if (matcher && !matcher->holds(ask, argument, answer))
            return false;
    }
    return true;
}

bool script_expect(struct script_ask *ask, const struct tree *expectation, struct value *answer)
{
    bool has_matchers = script_expect_has_matchers(expectation);

    if (is_any(expectation) && answer->role != VALUE_ERROR)
        return true;
    if (answer->role == VALUE_ERROR && !speaks_of_errors(expectation))
        return script_ask_why(ask, "expected no error");
    if (has_matchers)
        return holds_all(ask, expectation, answer);
    return match_equal(ask, expectation, answer);
}
