/* html_charts.c: the charts of a result on its page, each with its legend. */
#include "reports/chart.h"
#include "reports/html.h"

static void put_legend(struct text *page, const struct plot *plot)
{
    if (plot->line_count == 0)
        return;
    text_append_string(page, "<div class=\"legend\">");
    for (size_t i = 0; i < plot->line_count; i++) {
        const struct plot_line *line = &plot->lines[i];
        if (line->count == 0)
            continue;
        text_appendf(page, "<span class=\"k%u%s\">", line->colour, line->is_dashed ? " dash" : "");
        text_append_string(page, "<span class=\"muted\">");
        html_put(page, line->name);
        text_append_string(page, "</span></span> ");
    }
    text_append_string(page, "</div>");
}

void html_chart(struct text *page, const struct chart *chart, const struct text *drawing)
{
    text_append_string(page, "<figure>\n<figcaption><h3>");
    html_put(page, chart->title);
    text_append_string(page, "</h3>");
    if (chart->note) {
        text_append_string(page, "<p>");
        html_put(page, chart->note);
        text_append_string(page, "</p>");
    }
    put_legend(page, &chart->plot);
    text_append_string(page, "</figcaption>\n");
    text_append_string(page, text_string(drawing)); /* has been through svg_clean */
    text_append_string(page, "\n</figure>\n");
}

bool html_draw_charts(struct text *page, const struct chart *charts, size_t count)
{
    struct plot plots[CHARTS_MAX] = {{0}};
    struct text drawings[CHARTS_MAX] = {{0}};
    for (size_t i = 0; i < count; i++)
        plots[i] = charts[i].plot;
    const char *why = plot_draw(plots, count, drawings);
    if (why) {
        text_append_string(page, "<p class=\"note\">There are no charts: ");
        html_put(page, why);
        text_append_string(page, "</p>\n");
    } else {
        text_append_string(page, "<div class=\"charts\">\n");
        for (size_t i = 0; i < count; i++)
            html_chart(page, &charts[i], &drawings[i]);
        text_append_string(page, "</div>\n");
    }
    for (size_t i = 0; i < CHARTS_MAX; i++)
        text_release(&drawings[i]);
    return !why;
}

void html_charts(struct text *page, const struct result *result)
{
    struct chart charts[CHARTS_MAX];
    size_t count = charts_of(result, charts);
    if (count == 0)
        return;
    html_open_section(page, "charts", "Charts");
    if (!html_draw_charts(page, charts, count))
        text_append_string(page, "<p class=\"note\"><code>gauntlet report</code> draws them later, "
                                 "from result.json alone.</p>\n");
    if (chart_is_short(result))
        text_append_string(page,
                           "<p class=\"note\">The run was too short for charts over time.</p>\n");
    html_close_section(page);
    for (size_t i = 0; i < count; i++)
        chart_release(&charts[i]);
}
