/* page.c: lines for a terminal. */
#include "reports/page.h"

#include <stdarg.h>
#include <string.h>

static bool starts_character(char byte)
{
    return ((unsigned char)byte & 0xC0u) != 0x80u;
}

size_t page_columns(const char *string)
{
    size_t columns = 0;
    for (; *string; string++)
        columns += starts_character(*string);
    return columns;
}

static void fill(struct page *page, size_t columns, size_t width)
{
    for (; columns < width; columns++)
        text_append(page->text, " ", 1);
}

void page_left(struct page *page, const char *string, size_t width)
{
    text_append_string(page->text, string);
    fill(page, page_columns(string), width);
}

void page_right(struct page *page, const char *string, size_t width)
{
    fill(page, page_columns(string), width);
    text_append_string(page->text, string);
}

void page_paint(struct page *page, enum page_colour colour, const char *string, size_t width)
{
    static const char *const codes[] = {
        [PAGE_GREEN] = "\033[32m", [PAGE_RED] = "\033[31m", [PAGE_YELLOW] = "\033[33m",
        [PAGE_BOLD] = "\033[1m",   [PAGE_DIM] = "\033[2m",
    };
    if (page->has_colour)
        text_append_string(page->text, codes[colour]);
    text_append_string(page->text, string);
    if (page->has_colour)
        text_append_string(page->text, "\033[0m");
    fill(page, page_columns(string), width);
}

void page_heading(struct page *page, const char *string)
{
    text_append_string(page->text, "\n");
    page_paint(page, PAGE_BOLD, string, 0);
    text_append_string(page->text, "\n");
}

/* Bytes of the next word, and its columns. */
static size_t measure_word(const char *string, size_t *ret_columns)
{
    size_t size = 0, columns = 0;
    for (; (unsigned char)string[size] > ' ' && string[size] != '\177'; size++)
        columns += starts_character(string[size]);
    *ret_columns = columns;
    return size;
}

static const char *skip_blanks(const char *string)
{
    while (*string && ((unsigned char)*string <= ' ' || *string == '\177'))
        string++;
    return string;
}

void page_wrap(struct page *page, const char *first, const char *string)
{
    size_t indent = page_columns(first), column = indent;
    text_append_string(page->text, first);
    for (string = skip_blanks(string); *string; string = skip_blanks(string)) {
        size_t columns;
        size_t size = measure_word(string, &columns);
        bool is_first = column == indent;
        if (!is_first && column + 1 + columns > PAGE_WIDTH) {
            text_append_string(page->text, "\n");
            fill(page, 0, indent);
            column = indent;
        } else if (!is_first) {
            text_append_string(page->text, " ");
            column++;
        }
        text_append(page->text, string, size);
        column += columns;
        string += size;
    }
    text_append_string(page->text, "\n");
}

void page_wrapf(struct page *page, const char *first, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    va_start(arguments, format);
    text_appendv(&line, format, arguments);
    va_end(arguments);
    page_wrap(page, first, text_string(&line));
    text_release(&line);
}
