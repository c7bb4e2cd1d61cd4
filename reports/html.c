/* html.c: report.html: one file that needs nothing else to be read. */
#include "reports/html.h"

#include <stdarg.h>

#include "base/quantity.h"
#include "reports/report.h"
#include "reports/xml.h"

/* --- Pieces -------------------------------------------------------------------------------------
 */

void html_put(struct text *page, const char *string)
{
    if (string)
        xml_put_escaped(page, string);
}

void html_putf(struct text *page, const char *format, ...)
{
    struct text words = {0};
    va_list arguments;
    va_start(arguments, format);
    text_appendv(&words, format, arguments);
    va_end(arguments);
    html_put(page, text_string(&words));
    text_release(&words);
}

void html_open_section(struct text *page, const char *id, const char *title)
{
    text_appendf(page, "<section id=\"%s\">\n<h2>", id);
    html_put(page, title);
    text_append_string(page, "</h2>\n");
}

void html_close_section(struct text *page)
{
    text_append_string(page, "</section>\n");
}

void html_pill(struct text *page, const char *colour, const char *word)
{
    text_appendf(page, "<span class=\"pill %s\">", colour);
    html_put(page, word);
    text_append_string(page, "</span>");
}

void html_open_table(struct text *page, const struct html_column *columns, size_t count)
{
    text_append_string(page, "<div class=\"scroll\"><table>\n<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        text_append_string(page, columns[i].is_number ? "<th class=\"n\">" : "<th>");
        html_put(page, columns[i].title);
        text_append_string(page, "</th>");
    }
    text_append_string(page, "</tr></thead>\n<tbody>\n");
}

void html_cell(struct text *page, bool is_number, const char *words)
{
    text_append_string(page, is_number ? "<td class=\"n\">" : "<td>");
    html_put(page, words);
    text_append_string(page, "</td>");
}

void html_count_cell(struct text *page, uint64_t count)
{
    char buffer[64];
    html_cell(page, true, count_show(count, buffer, sizeof(buffer)));
}

void html_close_table(struct text *page)
{
    text_append_string(page, "</tbody>\n</table></div>\n");
}

/* --- The page -----------------------------------------------------------------------------------
 */

void html_begin(struct text *page, const char *title)
{
    text_append_string(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                             "<meta charset=\"utf-8\">\n"
                             "<meta name=\"viewport\" content=\"width=device-width, "
                             "initial-scale=1\">\n"
                             "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html_put(page, title);
    text_appendf(page, "</title>\n<style>\n%s%s%s</style>\n</head>\n<body>\n<main>\n", html_style,
                 html_style_parts, html_style_drawings);
}

void html_end(struct text *page, const char *footer)
{
    text_append_string(page, "<footer>");
    html_put(page, footer);
    text_append_string(page, "</footer>\n</main>\n</body>\n</html>\n");
}

void report_html(const struct report_input *input, struct text *text)
{
    const struct result *result = input->results[0];
    struct text title = {0};
    text_appendf(&title, "%s: %s", verdict_name(result->verdict),
                 result->scenario_name ? result->scenario_name : "scenario");
    html_begin(text, text_string(&title));
    html_verdict(text, result);
    html_expectations(text, result);
    html_charts(text, result);
    html_phases(text, result);
    html_counts(text, result);
    html_faults(text, result);
    html_anomalies(text, result);
    html_environment(text, result);
    html_scenario(text, result);
    html_end(text, "Written by gauntlet. result.json beside this file holds every number on it.");
    text_release(&title);
}
