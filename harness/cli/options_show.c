/* options_show.c: options written out: for --help, and as the command line that a result records.
 */
#include "cli/options.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/uri.h"
#include "cli/option_scan.h"
#include "reports/page.h"

static void show_option(const struct option *option, struct page *page)
{
    struct text left = {0};
    if (option->letter)
        text_appendf(&left, "  -%c, --%s", option->letter, option->name);
    else
        text_appendf(&left, "      --%s", option->name);
    if (option->value)
        text_appendf(&left, " %s", option->value);
    while (left.size < 26)
        text_append_string(&left, " ");
    text_append_string(&left, " ");
    page_wrap(page, text_string(&left), option->help);
    text_release(&left);
}

void options_show(const struct option_table *table, FILE *out)
{
    struct text text = {0};
    struct page page = {.text = &text};
    for (size_t i = 0; i < table->option_count; i++)
        if (!(table->options[i].flags & OPTION_HIDDEN))
            show_option(&table->options[i], &page);
    fputs(text_string(&text), out);
    text_release(&text);
}

/* --- The recorded command line -----------------------------------------------------------------
 */

/* As a POSIX shell reads it back. */
static void put_quoted(struct text *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:=,@%+*";
    if (*word && strspn(word, plain) == strlen(word)) {
        text_append_string(text, word);
        return;
    }
    text_append_string(text, "'");
    for (; *word; word++)
        text_append_string(text, *word == '\'' ? "'\\''" : (char[]){*word, '\0'});
    text_append_string(text, "'");
}

/* "broker.password=x": settings whose key says that the value is a secret. */
static bool names_secret(const char *setting)
{
    return uri_names_secret(setting, strcspn(setting, "="));
}

void option_redact(const char *value, char *shown, size_t capacity)
{
    const char *equals = strchr(value, '=');
    const char *scheme = strstr(value, "://");
    size_t key_size = equals && (!scheme || equals < scheme) ? (size_t)(equals - value) + 1 : 0;
    int size = snprintf(shown, capacity, "%.*s", (int)key_size, value);
    if (size < 0 || (size_t)size >= capacity)
        return;
    if (key_size && names_secret(value))
        text_copy(shown + size, capacity - (size_t)size, "***");
    else if (scheme)
        uri_redact(value + key_size, shown + size, capacity - (size_t)size);
    else
        text_copy(shown + size, capacity - (size_t)size, value + key_size);
}

void options_record_setting(struct text *line, const char *setting)
{
    char shown[2048];
    option_redact(setting, shown, sizeof(shown));
    text_append_string(line, " --set ");
    put_quoted(line, shown);
}

static void put_value(struct text *text, const struct option *option, const char *value)
{
    char shown[2048];
    if (option->flags & OPTION_SECRET)
        option_redact(value, shown, sizeof(shown));
    put_quoted(text, option->flags & OPTION_SECRET ? shown : value);
}

static void put_option(struct text *text, const struct option_scan *scan)
{
    if (scan->option->flags & OPTION_PRESENTATION)
        return;
    text_appendf(text, " --%s", scan->option->name);
    if (scan->option->type == OPTION_FLAG)
        return;
    text_append_string(text, " ");
    put_value(text, scan->option, scan->value);
}

char *options_record(const struct option_table *table, int argc, const char *const *argv)
{
    struct text text = {0};
    struct option_scan scan = option_scan_init(argc, argv);
    text_appendf(&text, "gauntlet %s", table->command);
    while (option_scan_next(table, &scan)) {
        if (scan.kind == SCAN_OPTION)
            put_option(&text, &scan);
        if (scan.kind != SCAN_OPERAND)
            continue;
        text_append_string(&text, " ");
        put_quoted(&text, scan.word);
    }
    char *line = memory_string(text_string(&text));
    text_release(&text);
    return line;
}
