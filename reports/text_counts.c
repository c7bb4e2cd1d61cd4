/* text_counts.c: how much, how fast and how long, as tables. */
#include "reports/text.h"

#include <stdio.h>

#include "base/quantity.h"

#define NUMBER_WIDTH 13u
#define NAME_WIDTH   22u

static void put_count(struct page *page, uint64_t count)
{
    char buffer[64];
    page_right(page, count_show(count, buffer, sizeof(buffer)), NUMBER_WIDTH);
}

static void put_head(struct page *page, const char *first, const char *const *names, size_t count)
{
    page_paint(page, PAGE_BOLD, first, NAME_WIDTH);
    for (size_t i = 0; i < count; i++)
        page_right(page, names[i], NUMBER_WIDTH);
    text_append_string(page->text, "\n");
}

/* Names longer than their column take a line of their own. */
static void put_name(struct page *page, const char *name)
{
    text_append_string(page->text, "  ");
    page_left(page, name, NAME_WIDTH - 2);
    if (page_columns(name) > NAME_WIDTH - 2) {
        text_append_string(page->text, "\n");
        page_left(page, "", NAME_WIDTH);
    }
}

static void put_messages(struct page *page, const struct ledger_report *ledger)
{
    static const char *const heads[] = {"attempted", "accepted", "refused", "unknown"};
    const uint64_t counts[] = {ledger->attempted, ledger->accepted, ledger->refused,
                               ledger->unknown};
    text_append_string(page->text, "\n");
    put_head(page, "Messages", heads, 4);
    page_left(page, "", NAME_WIDTH);
    for (size_t i = 0; i < 4; i++)
        put_count(page, counts[i]);
    text_append_string(page->text, "\n");
}

static void put_groups(struct page *page, const struct ledger_report *ledger)
{
    static const char *const heads[] = {"expected", "delivered", "again",
                                        "settled",  "nacked",    "dead letters"};
    if (ledger->group_count == 0)
        return;
    text_append_string(page->text, "\n");
    put_head(page, "Groups", heads, 6);
    for (size_t i = 0; i < ledger->group_count; i++) {
        const struct ledger_group_report *group = &ledger->groups[i];
        const uint64_t counts[] = {group->expected, group->first,  group->again,
                                   group->settled,  group->nacked, group->dead_lettered};
        put_name(page, group->name);
        for (size_t column = 0; column < 6; column++)
            put_count(page, counts[column]);
        text_append_string(page->text, "\n");
    }
}

static void put_rates(struct page *page, const struct result *result)
{
    char rate[64], time[64];
    if (result->publish_rate <= 0 && result->deliver_rate <= 0)
        return;
    page_heading(page, "Rates");
    if (result->publish_rate > 0)
        page_wrapf(page, "  ", "published %s in %s",
                   rate_show(result->publish_rate, rate, sizeof(rate)),
                   duration_show(result->publish_ns, time, sizeof(time)));
    if (result->deliver_rate > 0)
        page_wrapf(page, "  ", "delivered %s", rate_show(result->deliver_rate, rate, sizeof(rate)));
}

/* A percentile of few samples would only be the maximum under another name. */
static const struct percentile {
    const char *name;
    double share;
    uint64_t count_min;
} percentiles[] = {{"p50", 0.5, 1}, {"p90", 0.9, 10}, {"p99", 0.99, 100}, {"p99.9", 0.999, 1000}};

static void put_latency(struct page *page, const struct result_latency *latency)
{
    const struct histogram *histogram = &latency->histogram;
    char buffer[64];
    put_name(page, latency->metric);
    put_count(page, histogram->count);
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        const struct percentile *percentile = &percentiles[i];
        uint64_t value = histogram_percentile(histogram, percentile->share);
        bool is_known = histogram->count >= percentile->count_min;
        page_right(page, is_known ? duration_show(value, buffer, sizeof(buffer)) : "-",
                   NUMBER_WIDTH);
    }
    page_right(page, duration_show(histogram->maximum, buffer, sizeof(buffer)), NUMBER_WIDTH);
    text_append_string(page->text, "\n");
}

static void put_latencies(struct page *page, const struct result *result)
{
    static const char *const heads[] = {"count", "p50", "p90", "p99", "p99.9", "max"};
    bool has_head = false;
    for (size_t i = 0; i < result->latency_count; i++) {
        if (result->latencies[i].histogram.count == 0)
            continue;
        if (!has_head) {
            text_append_string(page->text, "\n");
            put_head(page, "Latency", heads, 6);
            has_head = true;
        }
        put_latency(page, &result->latencies[i]);
    }
}

void text_counts(struct page *page, const struct result *result)
{
    if (result->ledger) {
        put_messages(page, result->ledger);
        put_groups(page, result->ledger);
    }
    put_rates(page, result);
    put_latencies(page, result);
}
