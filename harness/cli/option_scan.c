/* option_scan.c: --name value, --name=value, -n value, -nvalue, -abc, and what is no option. */
#include "cli/option_scan.h"

#include <string.h>

struct option_scan option_scan_init(int argc, const char *const *argv)
{
    return (struct option_scan){.argc = argc, .argv = argv};
}

static const struct option *find_name(const struct option_table *table, const char *name,
                                      size_t size)
{
    for (size_t i = 0; i < table->option_count; i++) {
        const char *candidate = table->options[i].name;
        if (strlen(candidate) == size && strncmp(candidate, name, size) == 0)
            return &table->options[i];
    }
    return NULL;
}

static const struct option *find_letter(const struct option_table *table, char letter)
{
    for (size_t i = 0; i < table->option_count; i++)
        if (table->options[i].letter == letter)
            return &table->options[i];
    return NULL;
}

/* The option's value: what is attached, or the next argument. */
static void take_value(struct option_scan *scan, const char *attached)
{
    scan->kind = SCAN_OPTION;
    scan->value = attached;
    if (attached)
        return;
    if (scan->index < scan->argc)
        scan->value = scan->argv[scan->index++];
    else
        scan->kind = SCAN_MISSING;
}

static void scan_long(const struct option_table *table, struct option_scan *scan)
{
    const char *name = scan->word + 2;
    size_t size = strcspn(name, "=");
    const char *attached = name[size] ? name + size + 1 : NULL;
    scan->option = find_name(table, name, size);
    scan->value = "";
    if (!scan->option)
        scan->kind = SCAN_UNKNOWN;
    else if (scan->option->type != OPTION_FLAG)
        take_value(scan, attached);
    else
        scan->kind = attached ? SCAN_EXCESSIVE : SCAN_OPTION;
}

static void scan_letter(const struct option_table *table, struct option_scan *scan)
{
    scan->option = find_letter(table, *scan->letters++);
    scan->value = "";
    const char *rest = *scan->letters ? scan->letters : NULL;
    if (!scan->option) {
        scan->kind = SCAN_UNKNOWN;
        scan->letters = NULL;
    } else if (scan->option->type != OPTION_FLAG) {
        scan->letters = NULL;
        take_value(scan, rest);
    } else {
        scan->kind = SCAN_OPTION;
        scan->letters = rest;
    }
}

/* The word behind "--" is an operand whatever it looks like. */
static bool take_word(struct option_scan *scan)
{
    if (!scan->operands_only && scan->index < scan->argc &&
        strcmp(scan->argv[scan->index], "--") == 0) {
        scan->operands_only = true;
        scan->index++;
    }
    if (scan->index >= scan->argc)
        return false;
    scan->word = scan->argv[scan->index++];
    return true;
}

bool option_scan_next(const struct option_table *table, struct option_scan *scan)
{
    if (scan->letters) {
        scan_letter(table, scan);
        return true;
    }
    if (!take_word(scan))
        return false;
    if (scan->operands_only || scan->word[0] != '-' || scan->word[1] == '\0') {
        scan->kind = SCAN_OPERAND;
    } else if (scan->word[1] == '-') {
        scan_long(table, scan);
    } else {
        scan->letters = scan->word + 1;
        scan_letter(table, scan);
    }
    return true;
}
