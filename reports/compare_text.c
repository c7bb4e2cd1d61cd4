/* compare_text.c: a comparison for a terminal. */
#include "reports/compare.h"

#include <stdio.h>
#include <string.h>

#include "reports/page.h"

#define NAME_WIDTH  22u
#define VALUE_WIDTH 12u

static void put_sides(struct page *page, const struct comparison *comparison)
{
    const struct compare_side *const sides[] = {comparison->base, comparison->current};
    for (size_t i = 0; i < 2; i++) {
        struct text line = {0};
        const char *head = compare_head(comparison, sides[i]);
        bool is_named = strcmp(head, sides[i]->name) != 0;
        compare_describe(sides[i], &line);
        page_wrapf(page, "  ", "%s%s%s: %s", is_named ? head : "", is_named ? ", " : "",
                   sides[i]->name, text_string(&line));
        text_release(&line);
    }
    if (!comparison->is_enough)
        page_wrap(page, "  ",
                  "So few runs cannot tell a change from noise: four a side are needed.");
}

static void put_metric(struct page *page, const struct compare_metric *metric)
{
    char words[64], low[32], high[32], interval[80] = "";
    text_append_string(page->text, "  ");
    page_left(page, metric->name, NAME_WIDTH);
    page_right(page, compare_show(metric, metric->base, words, sizeof(words)), VALUE_WIDTH);
    page_right(page, compare_show(metric, metric->current, words, sizeof(words)), VALUE_WIDTH);
    page_right(page, compare_show_change(metric->ratio.ratio, words, sizeof(words)), VALUE_WIDTH);
    if (metric->ratio.is_decided)
        snprintf(interval, sizeof(interval), "%s to %s",
                 compare_show_change(metric->ratio.low, low, sizeof(low)),
                 compare_show_change(metric->ratio.high, high, sizeof(high)));
    page_right(page, interval, 24);
    text_appendf(page->text, "  %s\n", compare_change_name(compare_change_of(metric)));
}

static void put_metrics(struct page *page, const struct comparison *comparison)
{
    text_append_string(page->text, "\n");
    page_left(page, "", NAME_WIDTH + 2);
    page_right(page, compare_head(comparison, comparison->base), VALUE_WIDTH);
    page_right(page, compare_head(comparison, comparison->current), VALUE_WIDTH);
    page_right(page, "change", VALUE_WIDTH);
    page_right(page, "95 % interval", 24);
    text_append_string(page->text, "\n");
    for (size_t i = 0; i < comparison->metric_count; i++)
        put_metric(page, &comparison->metrics[i]);
}

static uint64_t forbidden_of(const struct compare_side *side, enum anomaly family)
{
    uint64_t count = 0;
    for (size_t i = 0; i < side->count; i++)
        if (side->results[i]->ledger)
            count += side->results[i]->ledger->anomalies[family].disallowed;
    return count;
}

static void put_anomalies(struct page *page, const struct comparison *comparison)
{
    bool has_head = false;
    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        uint64_t base = forbidden_of(comparison->base, (enum anomaly)family);
        uint64_t current = forbidden_of(comparison->current, (enum anomaly)family);
        if (base == 0 && current == 0)
            continue;
        if (!has_head)
            page_heading(page, "Forbidden anomalies, over all runs");
        has_head = true;
        page_wrapf(page, "  ", "%s: %llu, then %llu", anomaly_name((enum anomaly)family),
                   (unsigned long long)base, (unsigned long long)current);
    }
}

struct differences {
    struct page *page;
    bool has_head;
};

static void put_difference(void *context, const char *what, const char *base, const char *current)
{
    struct differences *differences = context;
    if (!differences->has_head)
        page_heading(differences->page, "What else differs");
    differences->has_head = true;
    page_wrapf(differences->page, "  ", "%s: %s, then %s", what, base, current);
}

void compare_text(const struct comparison *comparison, struct text *text)
{
    struct page page = {.text = text};
    struct differences differences = {.page = &page};
    struct text title = {0};
    compare_title(comparison, &title);
    page_wrap(&page, "", text_string(&title));
    text_release(&title);
    put_sides(&page, comparison);
    put_metrics(&page, comparison);
    put_anomalies(&page, comparison);
    compare_environments(comparison, put_difference, &differences);
}
