/* compare_html.c: compare.html: what changed as a table, and the curves of both sides over each
   other. */
#include <stdio.h>
#include <string.h>

#include "reports/chart.h"
#include "reports/compare.h"
#include "reports/html.h"

#define COLOUR_BASE    1u
#define COLOUR_CURRENT 2u

/* --- The table ----------------------------------------------------------------------------------
 */

static void put_metric(struct text *page, const struct compare_metric *metric)
{
    static const char *const colours[] = {[COMPARE_SAME] = "muted",
                                          [COMPARE_BETTER] = "pass",
                                          [COMPARE_WORSE] = "fail",
                                          [COMPARE_UNDECIDED] = "inconclusive"};
    enum compare_change change = compare_change_of(metric);
    char words[64], low[32], high[32], interval[80] = "";
    if (metric->ratio.is_decided)
        snprintf(interval, sizeof(interval), "%s to %s",
                 compare_show_change(metric->ratio.low, low, sizeof(low)),
                 compare_show_change(metric->ratio.high, high, sizeof(high)));
    text_append_string(page, "<tr>");
    html_cell(page, false, metric->name);
    html_cell(page, true, compare_show(metric, metric->base, words, sizeof(words)));
    html_cell(page, true, compare_show(metric, metric->current, words, sizeof(words)));
    html_cell(page, true, compare_show_change(metric->ratio.ratio, words, sizeof(words)));
    html_cell(page, true, interval);
    text_append_string(page, "<td>");
    html_pill(page, colours[change], compare_change_name(change));
    text_append_string(page, "</td></tr>\n");
}

static void put_metrics(struct text *page, const struct comparison *comparison)
{
    const struct html_column columns[] = {
        {"Metric", false},
        {compare_head(comparison, comparison->base), true},
        {compare_head(comparison, comparison->current), true},
        {"change", true},
        {"95 % interval", true},
        {"", false},
    };
    html_open_section(page, "changes", "Changes");
    html_open_table(page, columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < comparison->metric_count; i++)
        put_metric(page, &comparison->metrics[i]);
    html_close_table(page);
    html_close_section(page);
}

static void put_head(struct text *page, const struct comparison *comparison)
{
    const struct compare_side *const sides[] = {comparison->base, comparison->current};
    struct text title = {0};
    compare_title(comparison, &title);
    text_append_string(page, "<header id=\"verdict\">\n<p class=\"kicker\">Gauntlet "
                             "\xC2\xB7 comparison</p>\n<h1>");
    html_put(page, text_string(&title));
    text_release(&title);
    text_append_string(page, "</h1>\n<ul class=\"reasons\">\n");
    for (size_t i = 0; i < 2; i++) {
        struct text line = {0};
        const char *head = compare_head(comparison, sides[i]);
        bool is_named = strcmp(head, sides[i]->name) != 0;
        compare_describe(sides[i], &line);
        text_append_string(page, "<li class=\"muted\">");
        html_putf(page, "%s%s%s: %s", is_named ? head : "", is_named ? ", " : "", sides[i]->name,
                  text_string(&line));
        text_append_string(page, "</li>\n");
        text_release(&line);
    }
    if (!comparison->is_enough)
        text_append_string(page, "<li class=\"inconclusive\">So few runs cannot tell a change from "
                                 "noise: four a side are needed.</li>\n");
    text_append_string(page, "</ul>\n</header>\n");
}

/* --- Charts -------------------------------------------------------------------------------------
 */

static void merge(const struct compare_side *side, const char *metric, struct histogram *into)
{
    histogram_init(into);
    for (size_t i = 0; i < side->count; i++)
        for (size_t k = 0; k < side->results[i]->latency_count; k++)
            if (strcmp(side->results[i]->latencies[k].metric, metric) == 0)
                histogram_add(into, &side->results[i]->latencies[k].histogram);
}

static void add_curve(struct plot *plot, const struct compare_side *side, unsigned colour,
                      const char *metric)
{
    struct histogram merged;
    merge(side, metric, &merged);
    if (merged.count >= 10)
        chart_add_percentiles(plot, side->name, colour, &merged);
    histogram_release(&merged);
}

static size_t add_chart(struct chart *charts, size_t count, struct chart chart)
{
    if (!plot_fit(&chart.plot)) {
        chart_release(&chart);
        return count;
    }
    charts[count] = chart;
    return count + 1;
}

static size_t add_percentiles(const struct comparison *comparison, struct chart *charts,
                              size_t count)
{
    static const struct {
        const char *metric, *title;
    } curves[] = {{"publish", "Publish latency by percentile"},
                  {"deliver", "Delivery latency by percentile"}};
    for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
        struct chart chart = {.title = curves[i].title, .note = "All runs of a side together."};
        chart.plot = (struct plot){.title = curves[i].title,
                                   .x = {.unit = PLOT_SHARE, .is_log = true},
                                   .y = {.unit = PLOT_DURATION, .is_log = true}};
        add_curve(&chart.plot, comparison->base, COLOUR_BASE, curves[i].metric);
        add_curve(&chart.plot, comparison->current, COLOUR_CURRENT, curves[i].metric);
        count = add_chart(charts, count, chart);
    }
    return count;
}

static double longest(const struct comparison *comparison)
{
    uint64_t base_ns = comparison->base->results[0]->elapsed_ns;
    uint64_t current_ns = comparison->current->results[0]->elapsed_ns;
    return (double)(base_ns > current_ns ? base_ns : current_ns);
}

static size_t add_flows(const struct comparison *comparison, struct chart *charts, size_t count)
{
    static const struct {
        const char *title;
        enum chart_flow flow;
    } flows[] = {{"Accepted per second", CHART_ACCEPTED},
                 {"Delivered per second", CHART_DELIVERED}};
    for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        struct chart chart = {.title = flows[i].title, .note = "The first run of each side."};
        chart.plot = (struct plot){
            .title = flows[i].title, .x = {.unit = PLOT_CLOCK}, .y = {.unit = PLOT_RATE}};
        chart_add_flow(&chart.plot, comparison->base->name, COLOUR_BASE,
                       comparison->base->results[0], flows[i].flow);
        chart_add_flow(&chart.plot, comparison->current->name, COLOUR_CURRENT,
                       comparison->current->results[0], flows[i].flow);
        chart.plot.x.high = longest(comparison);
        count = add_chart(charts, count, chart);
    }
    return count;
}

static void put_charts(struct text *page, const struct comparison *comparison)
{
    struct chart charts[CHARTS_MAX];
    size_t count = add_percentiles(comparison, charts, 0);
    count = add_flows(comparison, charts, count);
    if (count == 0)
        return;
    html_open_section(page, "charts", "Charts");
    html_draw_charts(page, charts, count);
    html_close_section(page);
    for (size_t i = 0; i < count; i++)
        chart_release(&charts[i]);
}

/* --- Differences --------------------------------------------------------------------------------
 */

static void put_difference(void *context, const char *what, const char *base, const char *current)
{
    struct text *rows = context;
    text_append_string(rows, "<tr>");
    html_cell(rows, false, what);
    html_cell(rows, false, base);
    html_cell(rows, false, current);
    text_append_string(rows, "</tr>\n");
}

static void put_differences(struct text *page, const struct comparison *comparison)
{
    const struct html_column columns[] = {{"What", false},
                                          {compare_head(comparison, comparison->base), false},
                                          {compare_head(comparison, comparison->current), false}};
    struct text rows = {0};
    compare_environments(comparison, put_difference, &rows);
    html_open_section(page, "differences", "What else differs");
    if (rows.size > 0) {
        html_open_table(page, columns, sizeof(columns) / sizeof(columns[0]));
        text_append_string(page, text_string(&rows));
        html_close_table(page);
    } else {
        text_append_string(page, "<p>Nothing that the results know of.</p>\n");
    }
    html_close_section(page);
    text_release(&rows);
}

void compare_html(const struct comparison *comparison, struct text *text)
{
    html_begin(text, "Comparison");
    put_head(text, comparison);
    put_metrics(text, comparison);
    put_charts(text, comparison);
    put_differences(text, comparison);
    html_end(text, "Written by gauntlet. compare.json beside this file holds the numbers.");
}
