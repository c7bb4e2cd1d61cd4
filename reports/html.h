/* html.h: the parts of report.html.  Everything that Gauntlet did not write itself passes through
   html_put, which escapes it. */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include <stdbool.h>

#include "base/text.h"
#include "run/result.h"

/* The style sheet: of the page, its parts, and its drawings. */
extern const char html_style[], html_style_parts[], html_style_drawings[];

/* A page's beginning, with the style, up to <main>; and its end. */
void html_begin(struct text *page, const char *title);
void html_end(struct text *page, const char *footer);

/* Escaped; NULL is nothing. */
void html_put(struct text *page, const char *string);
/* Formatted, then escaped. */
void html_putf(struct text *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* <section> with a heading; html_close_section ends it.  The id is our own word. */
void html_open_section(struct text *page, const char *id, const char *title);
void html_close_section(struct text *page);
/* A word in the colour of a verdict. */
void html_pill(struct text *page, const char *colour, const char *word);

/* A table that scrolls by itself when the page is too narrow.  Cells of numbers stand right. */
struct html_column {
    const char *title;
    bool is_number;
};
void html_open_table(struct text *page, const struct html_column *columns, size_t count);
void html_cell(struct text *page, bool is_number, const char *words);
void html_count_cell(struct text *page, uint64_t count);
void html_close_table(struct text *page);

struct chart;
/* A figure: title, legend, and a drawing that has been through svg_clean. */
void html_chart(struct text *page, const struct chart *chart, const struct text *drawing);
/* All of them; false: one sentence that says why there are none. */
bool html_draw_charts(struct text *page, const struct chart *charts, size_t count);

/* The sections, in order. */
void html_verdict(struct text *page, const struct result *result);      /* html_verdict.c */
void html_expectations(struct text *page, const struct result *result); /* html_verdict.c */
void html_charts(struct text *page, const struct result *result);       /* html_charts.c */
void html_counts(struct text *page, const struct result *result);       /* html_counts.c */
void html_phases(struct text *page, const struct result *result);       /* html_phases.c */
void html_faults(struct text *page, const struct result *result);       /* html_faults.c */
void html_anomalies(struct text *page, const struct result *result);    /* html_anomalies.c */
void html_environment(struct text *page, const struct result *result);  /* html_environment.c */
void html_scenario(struct text *page, const struct result *result);     /* html_environment.c */

/* One message, drawn as a sequence: producer, broker, consumers and what was done to them. */
void html_sequence(struct text *page, const struct result *result, const struct witness *witness);

#endif
