/* options.c: the one parser of all commands. */
#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"
#include "cli/option_scan.h"

void option_list_add(struct option_list *list, const char *value)
{
    list->values = memory_grow(list->values, list->count + 1, sizeof(list->values[0]));
    list->values[list->count++] = value;
}

void option_list_release(struct option_list *list)
{
    free(list->values);
    *list = (struct option_list){0};
}

/* --- Values: one function for each type ----------------------------------------------------------
 */

typedef int set_value(void *member, const char *value, struct error *reterr);

static int set_flag(void *member, const char *value, struct error *reterr)
{
    (void)value, (void)reterr;
    *(bool *)member = true;
    return 0;
}

static int set_text(void *member, const char *value, struct error *reterr)
{
    (void)reterr;
    *(const char **)member = value;
    return 0;
}

static int set_list(void *member, const char *value, struct error *reterr)
{
    (void)reterr;
    option_list_add(member, value);
    return 0;
}

static int set_count(void *member, const char *value, struct error *reterr)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || errno)
        return error_set(reterr, ERROR_USAGE, "'%s' is not a whole number from 0 to 2^64 - 1",
                         value);
    *(struct option_count *)member = (struct option_count){.is_given = true, .value = number};
    return 0;
}

static int set_time(void *member, const char *value, struct error *reterr)
{
    return duration_parse(value, member, reterr);
}

static set_value *const setters[] = {
    [OPTION_FLAG] = set_flag,  [OPTION_TEXT] = set_text,   [OPTION_LIST] = set_list,
    [OPTION_WORDS] = set_list, [OPTION_COUNT] = set_count, [OPTION_TIME] = set_time,
};

static bool is_choice(const char *choices, const char *value)
{
    size_t size = strlen(value);
    for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (size > 0 && strcspn(at, "|") == size && strncmp(at, value, size) == 0)
            return true;
    return false;
}

static int apply(const struct option_scan *scan, void *target, struct error *reterr)
{
    const struct option *option = scan->option;
    if (option->choices && !is_choice(option->choices, scan->value))
        return error_set(reterr, ERROR_USAGE, "--%s is one of %s, not '%s'", option->name,
                         option->choices, scan->value);
    if (setters[option->type]((char *)target + option->offset, scan->value, reterr)) {
        reterr->kind = ERROR_USAGE;
        return error_prefix(reterr, "--%s: ", option->name);
    }
    return 0;
}

/* --- Parsing -----------------------------------------------------------------------------------
 */

static int refuse_unknown(const struct option_table *table, const char *word, struct error *reterr)
{
    const char **names = memory_new(table->option_count, sizeof(names[0]));
    char name[64];
    size_t count = 0;
    for (size_t i = 0; i < table->option_count; i++)
        if (!(table->options[i].flags & OPTION_HIDDEN))
            names[count++] = table->options[i].name;
    text_copy(name, sizeof(name), word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    /* A single letter is near to everything. */
    const char *nearest = strlen(name) > 1 ? text_nearest(name, names, count) : NULL;
    free(names);
    /* Its value, if it has one, may be a password. */
    int shown = (int)strcspn(word, "=");
    if (nearest)
        return error_set(reterr, ERROR_USAGE, "unknown option '%.*s': did you mean '--%s'?", shown,
                         word, nearest);
    return error_set(reterr, ERROR_USAGE,
                     "unknown option '%.*s': 'gauntlet %s --help' lists them all", shown, word,
                     table->command);
}

static int refuse(const struct option_table *table, const struct option_scan *scan,
                  struct error *reterr)
{
    if (scan->kind == SCAN_UNKNOWN)
        return refuse_unknown(table, scan->word, reterr);
    if (scan->kind == SCAN_MISSING)
        return error_set(reterr, ERROR_USAGE, "--%s needs a value: --%s %s", scan->option->name,
                         scan->option->name, scan->option->value);
    return error_set(reterr, ERROR_USAGE, "--%s takes no value", scan->option->name);
}

static struct option_list *list_of(const struct option *option, void *target)
{
    return (struct option_list *)(void *)((char *)target + option->offset);
}

int options_parse(const struct option_table *table, int argc, const char *const *argv, void *target,
                  struct option_list *ret_operands, struct error *reterr)
{
    struct option_scan scan = option_scan_init(argc, argv);
    struct option_list *words = ret_operands;
    while (option_scan_next(table, &scan)) {
        if (scan.kind == SCAN_OPERAND) {
            option_list_add(words, scan.word);
            continue;
        }
        if (scan.kind != SCAN_OPTION)
            return refuse(table, &scan, reterr);
        if (apply(&scan, target, reterr))
            return -1;
        words = scan.option->type == OPTION_WORDS ? list_of(scan.option, target) : ret_operands;
    }
    return 0;
}
