/* script_sight.c: `$names` in texts and names, prefixes, durations. */
#include "actors/script_sight.h"

#include <stdlib.h>
#include <string.h>

#include "actors/value_json.h"
#include "actors/value_path.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"

/* --- References ------------------------------------------------------------------------------ */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t measure_name(const char *at)
{
    size_t size = 0;

    if (!is_letter(*at))
        return 0;
    while (is_letter(at[size]) || is_digit(at[size]))
        size++;
    return size;
}

/* Keys of objects are freer than names: "{s}:dlq", "created-at". */
static size_t measure_key(const char *at)
{
    size_t size = 0;

    while (at[size] != '\0' &&
           (is_letter(at[size]) || is_digit(at[size]) || strchr("-:{}", at[size])))
        size++;
    return size;
}

/* "[...]" may hold a `$name`; elsewhere a path is of names, dots and braces. */
static size_t measure_path(const char *at)
{
    size_t size = 0, step;

    for (;;) {
        if (at[size] == '[')
            step = strcspn(at + size, "]") + 1;
        else if (at[size] == '.')
            step = 1 + measure_key(at + size + 1);
        else
            return size;
        size += step;
        if (size > strlen(at))
            return strlen(at);
    }
}

bool sight_is_reference(const char *text)
{
    size_t name = text[0] == '$' ? measure_name(text + 1) : 0;

    return name > 0 && text[1 + name + measure_path(text + 1 + name)] == '\0';
}

static char *rename_step(void *context, const char *name)
{
    return strchr(name, '{') ? sight_prefix(context, name) : memory_string(name);
}

struct value *sight_follow(const struct script_sight *sight, struct value *value, const char *path)
{
    struct script_sight copy = *sight;

    return value_follow(value, path, rename_step, &copy);
}

static int expand(const struct script_sight *sight, const char *text, struct source_place place,
                  struct text *target, struct error *reterr);

/* `reference` without its dollar sign. */
static struct value *look_up(const struct script_sight *sight, const char *reference, size_t size,
                             struct source_place place, struct error *reterr)
{
    size_t name_size = measure_name(reference);
    char *name = memory_format("%.*s", (int)name_size, reference);
    char *rest = memory_format("%.*s", (int)(size - name_size), reference + name_size);
    struct value *value = scope_find(sight->scope, name), *found = NULL;
    struct text path = {0};

    if (!value) {
        error_set_at(reterr, place, "$%s has no value here", name);
    } else if (expand(sight, rest, place, &path, reterr) == 0) {
        found = sight_follow(sight, value, text_string(&path));
        if (!found)
            error_set_at(reterr, place, "'$%.*s' is no path: write $%s.key or $%s[0]", (int)size,
                         reference, name, name);
    }
    text_release(&path);
    free(name);
    free(rest);
    return found;
}

struct value *sight_look_up(const struct script_sight *sight, const struct tree *tree,
                            struct error *reterr)
{
    return look_up(sight, tree->text + 1, strlen(tree->text + 1), tree->place, reterr);
}

/* --- Texts ----------------------------------------------------------------------------------- */

/* A message in the place of a text is its id. */
static int append_value(struct text *target, const struct value *value, const char *name,
                        struct source_place place, struct error *reterr)
{
    if (value->role == VALUE_MESSAGE)
        value = value->items[0];
    if (value->kind == VALUE_STRING) {
        text_append(target, value->text, value->size);
        return 0;
    }
    if (value->kind == VALUE_LIST || value->kind == VALUE_OBJECT || value->kind == VALUE_NULL)
        return error_set_at(reterr, place, "'%s' is %s: text or a number is needed here", name,
                            value->kind == VALUE_NULL   ? "null"
                            : value->kind == VALUE_LIST ? "a list"
                                                        : "an object");
    value_write(target, value);
    return 0;
}

/* The reference that begins at a dollar sign: where it begins and ends, and what follows. */
struct reference {
    const char *begin, *end, *next;
};

static bool find_reference(const char *dollar, struct reference *ret_reference)
{
    const char *begin = dollar + 1, *end;

    if (*begin == '{') {
        begin++;
        end = begin + measure_name(begin);
        end += measure_path(end);
        if (end == begin || *end != '}')
            return false;
        *ret_reference = (struct reference){begin, end, end + 1};
        return true;
    }
    end = begin + measure_name(begin);
    *ret_reference = (struct reference){begin, end, end};
    return end > begin;
}

/* Put the values of `$name`, `${a.path}` and `$$` in. */
static int expand(const struct script_sight *sight, const char *text, struct source_place place,
                  struct text *target, struct error *reterr)
{
    const char *dollar;

    for (; (dollar = strchr(text, '$')) != NULL;) {
        struct reference found;
        struct value *value;
        int result;

        text_append(target, text, (size_t)(dollar - text));
        if (!find_reference(dollar, &found)) {
            text_append(target, "$", 1);
            text = dollar + (dollar[1] == '$' ? 2 : 1);
            continue;
        }
        value = look_up(sight, found.begin, (size_t)(found.end - found.begin), place, reterr);
        if (!value)
            return -1;
        result = append_value(target, value, text, place, reterr);
        value_drop(value);
        if (result < 0)
            return -1;
        text = found.next;
    }
    text_append_string(target, text);
    return 0;
}

static char *give(struct text *text)
{
    char *data = text->data ? text->data : memory_string("");

    *text = (struct text){0};
    return data;
}

static int expand_scalar(const struct script_sight *sight, const struct tree *tree,
                         struct text *target, struct error *reterr)
{
    struct value *value;
    int result;

    if (tree->kind != TREE_SCALAR)
        return error_set_at(reterr, tree->place, "text is needed here, not a %s",
                            tree->kind == TREE_LIST ? "list" : "map");
    if (!sight_is_reference(tree->text))
        return expand(sight, tree->text, tree->place, target, reterr);
    value = sight_look_up(sight, tree, reterr);
    if (!value)
        return -1;
    result = append_value(target, value, tree->text, tree->place, reterr);
    value_drop(value);
    return result;
}

char *sight_text(const struct script_sight *sight, const struct tree *tree, struct error *reterr)
{
    struct text text = {0};

    if (expand_scalar(sight, tree, &text, reterr) == 0)
        return give(&text);
    text_release(&text);
    return NULL;
}

/* --- Names ----------------------------------------------------------------------------------- */

char *sight_prefix(const struct script_sight *sight, const char *name)
{
    const char *prefix = sight->prefix ? sight->prefix : "";
    struct text text = {0};
    const char *open, *close;

    if (!strchr(name, '{'))
        text_append_string(&text, prefix);
    for (; (open = strchr(name, '{')) != NULL && (close = strchr(open, '}')) != NULL;) {
        text_append(&text, name, (size_t)(open - name));
        text_append_string(&text, prefix);
        text_append(&text, open + 1, (size_t)(close - open - 1));
        name = close + 1;
    }
    text_append_string(&text, name);
    return give(&text);
}

char *sight_name(const struct script_sight *sight, const struct tree *tree, struct error *reterr)
{
    char *name = sight_text(sight, tree, reterr), *prefixed;

    if (!name)
        return NULL;
    prefixed = sight_prefix(sight, name);
    free(name);
    return prefixed;
}

/* --- Numbers --------------------------------------------------------------------------------- */

static int place_error(struct error *reterr, const struct tree *tree, int result)
{
    if (result < 0 && reterr)
        reterr->place = tree->place;
    return result;
}

int sight_integer(const struct script_sight *sight, const struct tree *tree, int64_t *ret_number,
                  struct error *reterr)
{
    char *text = sight_text(sight, tree, reterr);
    int result;

    if (!text)
        return -1;
    result = place_error(reterr, tree, integer_parse(text, ret_number, reterr));
    free(text);
    return result;
}

int sight_duration(const struct script_sight *sight, const struct tree *tree, int64_t *ret_ns,
                   struct error *reterr)
{
    char *text = sight_text(sight, tree, reterr);
    bool is_negative;
    uint64_t ns;
    int result;

    if (!text)
        return -1;
    is_negative = text[0] == '-';
    result = place_error(reterr, tree, duration_parse(text + is_negative, &ns, reterr));
    if (result == 0)
        *ret_ns = is_negative ? -(int64_t)ns : (int64_t)ns;
    free(text);
    return result;
}
