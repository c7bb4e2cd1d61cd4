/* page.h: lines for a terminal: columns, wrapped paragraphs and colour. */
#ifndef REPORTS_PAGE_H
#define REPORTS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define PAGE_WIDTH 100u

enum page_colour { PAGE_GREEN, PAGE_RED, PAGE_YELLOW, PAGE_BOLD, PAGE_DIM };

struct page {
    struct text *text;
    bool has_colour;
};

/* Columns as seen: code points, not bytes. */
size_t page_columns(const char *string);
/* A cell of at least `width` columns. */
void page_left(struct page *page, const char *string, size_t width);
void page_right(struct page *page, const char *string, size_t width);
/* A cell in a colour. */
void page_paint(struct page *page, enum page_colour colour, const char *string, size_t width);
/* A blank line and a heading. */
void page_heading(struct page *page, const char *string);
/* A paragraph broken at spaces to fit the page: `first` before its first line, and as many spaces
   before the others.  Control characters become spaces.  Ends the line. */
void page_wrap(struct page *page, const char *first, const char *string);
void page_wrapf(struct page *page, const char *first, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
