/* schema.c: options checked against their table. */
#include "base/schema.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"

#define LIMIT_SIZE_MAX 48

/* Reading one type: the value goes into `number` or `real`. */
typedef int reader(const char *text, const struct schema_option *option, struct schema_value *value,
                   struct error *reterr);

static int read_text(const char *text, const struct schema_option *option,
                     struct schema_value *value, struct error *reterr)
{
    (void)text, (void)option, (void)value, (void)reterr;
    return 0;
}

static int read_boolean(const char *text, const struct schema_option *option,
                        struct schema_value *value, struct error *reterr)
{
    (void)option;
    return boolean_parse(text, &value->number, reterr);
}

static int read_integer(const char *text, const struct schema_option *option,
                        struct schema_value *value, struct error *reterr)
{
    (void)option;
    return integer_parse(text, &value->number, reterr);
}

static int read_number(const char *text, const struct schema_option *option,
                       struct schema_value *value, struct error *reterr)
{
    (void)option;
    return number_parse(text, &value->real, reterr);
}

static int read_duration(const char *text, const struct schema_option *option,
                         struct schema_value *value, struct error *reterr)
{
    uint64_t ns;

    (void)option;
    if (duration_parse(text, &ns, reterr) != 0)
        return -1;
    value->number = (int64_t)ns;
    return 0;
}

static int read_size(const char *text, const struct schema_option *option,
                     struct schema_value *value, struct error *reterr)
{
    uint64_t bytes;

    (void)option;
    if (size_parse(text, &bytes, reterr) != 0)
        return -1;
    value->number = (int64_t)bytes;
    return 0;
}

static int read_rate(const char *text, const struct schema_option *option,
                     struct schema_value *value, struct error *reterr)
{
    (void)option;
    return rate_parse(text, &value->real, reterr);
}

static int read_percent(const char *text, const struct schema_option *option,
                        struct schema_value *value, struct error *reterr)
{
    (void)option;
    return percent_parse(text, &value->real, reterr);
}

static int read_choice(const char *text, const struct schema_option *option,
                       struct schema_value *value, struct error *reterr)
{
    const char *choice = option->choices;
    size_t size;

    for (int64_t index = 0;; index++) {
        size = strcspn(choice, "|");
        if (size == strlen(text) && memcmp(choice, text, size) == 0) {
            value->number = index;
            return 0;
        }
        if (!choice[size])
            break;
        choice += size + 1;
    }
    return error_set(reterr, ERROR_SCENARIO, "'%s' is not one of the choices: say one of %s", text,
                     option->choices);
}

static const struct {
    reader *read;
    int is_real; /* the value is in `real`, and `number` follows it; else the other way round */
} TYPES[] = {
    [SCHEMA_TEXT] = {read_text, 0},         [SCHEMA_BOOLEAN] = {read_boolean, 0},
    [SCHEMA_INTEGER] = {read_integer, 0},   [SCHEMA_NUMBER] = {read_number, 1},
    [SCHEMA_DURATION] = {read_duration, 0}, [SCHEMA_SIZE] = {read_size, 0},
    [SCHEMA_RATE] = {read_rate, 1},         [SCHEMA_PERCENT] = {read_percent, 1},
    [SCHEMA_CHOICE] = {read_choice, 0},
};

/* A bound, in the words that the user would write it in. */
static const char *show_limit(enum schema_type type, double limit, char buffer[LIMIT_SIZE_MAX])
{
    char shown[LIMIT_SIZE_MAX];

    if (type == SCHEMA_DURATION)
        return duration_show((uint64_t)limit, buffer, LIMIT_SIZE_MAX);
    if (type == SCHEMA_SIZE)
        return size_show((uint64_t)limit, buffer, LIMIT_SIZE_MAX);
    (void)snprintf(shown, sizeof(shown), "%.15g", type == SCHEMA_PERCENT ? limit * 100 : limit);
    (void)snprintf(buffer, LIMIT_SIZE_MAX, "%.40s%s", shown,
                   type == SCHEMA_PERCENT ? "%" : (type == SCHEMA_RATE ? "/s" : ""));
    return buffer;
}

static int check_bounds(const struct schema_option *option, const struct schema_value *value,
                        const char *text, struct error *reterr)
{
    char low[LIMIT_SIZE_MAX], high[LIMIT_SIZE_MAX];

    if (option->minimum == 0 && option->maximum == 0)
        return 0;
    if (option->type == SCHEMA_TEXT || option->type == SCHEMA_CHOICE)
        return 0;
    if (value->real >= option->minimum && value->real <= option->maximum)
        return 0;
    return error_set(reterr, ERROR_SCENARIO, "'%s' is out of bounds: say %s to %s", text,
                     show_limit(option->type, option->minimum, low),
                     show_limit(option->type, option->maximum, high));
}

static int read_value(const struct schema_option *option, const char *text,
                      struct schema_value *ret_value, struct error *reterr)
{
    struct schema_value value = {.option = option};

    if (TYPES[option->type].read(text, option, &value, reterr) != 0)
        return -1;
    if (TYPES[option->type].is_real)
        value.number = value.real > -9e18 && value.real < 9e18 ? (int64_t)value.real : 0;
    else
        value.real = (double)value.number;
    if (check_bounds(option, &value, text, reterr) != 0)
        return -1;
    *ret_value = value;
    return 0;
}

static int check_option(const struct schema_option *option, struct error *reterr)
{
    struct schema_value value;

    if (!option->key || !*option->key)
        return error_set(reterr, ERROR_ADAPTER, "an option has no key");
    if ((size_t)option->type >= sizeof(TYPES) / sizeof(TYPES[0]))
        return error_set(reterr, ERROR_ADAPTER, "%s: there is no type %u", option->key,
                         (unsigned)option->type);
    if (option->type == SCHEMA_CHOICE && (!option->choices || !*option->choices))
        return error_set(reterr, ERROR_ADAPTER, "%s: a choice with nothing to choose from",
                         option->key);
    if (option->default_text && read_value(option, option->default_text, &value, reterr) != 0)
        return error_prefix(reterr, "%s: its own default is wrong: ", option->key);
    return 0;
}

int schema_check(const struct schema *schema, struct error *reterr)
{
    for (size_t i = 0; i < schema->option_count; i++)
        if (check_option(&schema->options[i], reterr) != 0)
            return error_prefix(reterr, "%s: ", schema->subject);
    return 0;
}

struct schema_value *schema_values_new(const struct schema *schema)
{
    struct schema_value *values = memory_new(schema->option_count, sizeof(*values));

    for (size_t i = 0; i < schema->option_count; i++) {
        const struct schema_option *option = &schema->options[i];

        values[i].option = option;
        if (option->default_text && read_value(option, option->default_text, &values[i], NULL) == 0)
            values[i].text = memory_string(option->default_text);
    }
    return values;
}

void schema_values_free(struct schema_value *values, size_t count)
{
    if (!values)
        return;
    for (size_t i = 0; i < count; i++)
        free(values[i].text);
    free(values);
}

static size_t find_option(const struct schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->option_count; i++)
        if (strcmp(schema->options[i].key, key) == 0)
            return i;
    return schema->option_count;
}

static int refuse_key(const struct schema *schema, const char *key, struct error *reterr)
{
    const char **keys = memory_new(schema->option_count, sizeof(*keys));
    struct text list = {0};
    const char *nearest;

    for (size_t i = 0; i < schema->option_count; i++) {
        keys[i] = schema->options[i].key;
        text_appendf(&list, "%s%s", i ? ", " : "", keys[i]);
    }
    nearest = text_nearest(key, keys, schema->option_count);
    if (nearest)
        (void)error_set(reterr, ERROR_SCENARIO, "%s has no option '%s': did you mean '%s'?",
                        schema->subject, key, nearest);
    else if (list.size)
        (void)error_set(reterr, ERROR_SCENARIO, "%s has no option '%s': it takes %s",
                        schema->subject, key, text_string(&list));
    else
        (void)error_set(reterr, ERROR_SCENARIO, "%s has no option '%s': it takes none",
                        schema->subject, key);
    text_release(&list);
    free(keys);
    return -1;
}

int schema_set(const struct schema *schema, struct schema_value *values, const char *key,
               const char *text, struct error *reterr)
{
    size_t index = find_option(schema, key);
    struct schema_value value;
    char *copy;

    if (index == schema->option_count)
        return refuse_key(schema, key, reterr);
    if (read_value(&schema->options[index], text, &value, reterr) != 0)
        return error_prefix(reterr, "%s: %s: ", schema->subject, key);
    copy = memory_string(text); /* before freeing: `text` may be the old one */
    free(values[index].text);
    value.text = copy;
    value.is_given = 1;
    values[index] = value;
    return 0;
}

const struct schema_value *schema_get(const struct schema *schema,
                                      const struct schema_value *values, const char *key)
{
    size_t index = find_option(schema, key);

    assert(index < schema->option_count);
    return &values[index];
}
