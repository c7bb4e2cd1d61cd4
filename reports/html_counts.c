/* html_counts.c: how many, how fast, and by whom, as tables. */
#include <stdio.h>

#include "base/quantity.h"
#include "reports/html.h"

#define COLUMNS(array) (array), sizeof(array) / sizeof((array)[0])

static void put_messages(struct text *page, const struct ledger_report *ledger)
{
    static const struct html_column columns[] = {
        {"Messages", false}, {"attempted", true}, {"accepted", true},
        {"refused", true},   {"unknown", true},
    };
    html_open_table(page, COLUMNS(columns));
    text_append_string(page, "<tr>");
    html_cell(page, false, "all producers");
    html_count_cell(page, ledger->attempted);
    html_count_cell(page, ledger->accepted);
    html_count_cell(page, ledger->refused);
    html_count_cell(page, ledger->unknown);
    text_append_string(page, "</tr>\n");
    html_close_table(page);
}

static void put_groups(struct text *page, const struct ledger_report *ledger)
{
    static const struct html_column columns[] = {
        {"Group", false},  {"expected", true}, {"delivered", true},    {"again", true},
        {"settled", true}, {"nacked", true},   {"dead letters", true},
    };
    if (ledger->group_count == 0)
        return;
    html_open_table(page, COLUMNS(columns));
    for (size_t i = 0; i < ledger->group_count; i++) {
        const struct ledger_group_report *group = &ledger->groups[i];
        const uint64_t counts[] = {group->expected, group->first,  group->again,
                                   group->settled,  group->nacked, group->dead_lettered};
        text_append_string(page, "<tr>");
        html_cell(page, false, group->name);
        for (size_t column = 0; column < 6; column++)
            html_count_cell(page, counts[column]);
        text_append_string(page, "</tr>\n");
    }
    html_close_table(page);
}

/* A percentile of few samples would only be the maximum under another name. */
static const struct percentile {
    double share;
    uint64_t count_min;
} percentiles[] = {{0.5, 1}, {0.9, 10}, {0.99, 100}, {0.999, 1000}};

static void put_latency(struct text *page, const struct result_latency *latency)
{
    const struct histogram *histogram = &latency->histogram;
    char words[64];
    text_append_string(page, "<tr>");
    html_cell(page, false, latency->metric);
    html_count_cell(page, histogram->count);
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        uint64_t value = histogram_percentile(histogram, percentiles[i].share);
        bool is_known = histogram->count >= percentiles[i].count_min;
        html_cell(page, true,
                  is_known ? duration_show(value, words, sizeof(words)) : "\xE2\x80\x93");
    }
    html_cell(page, true, duration_show(histogram->maximum, words, sizeof(words)));
    text_append_string(page, "</tr>\n");
}

static void put_latencies(struct text *page, const struct result *result)
{
    static const struct html_column columns[] = {
        {"Latency", false}, {"count", true}, {"p50", true}, {"p90", true},
        {"p99", true},      {"p99.9", true}, {"max", true},
    };
    bool has_any = false;
    for (size_t i = 0; i < result->latency_count; i++)
        has_any |= result->latencies[i].histogram.count > 0;
    if (!has_any)
        return;
    html_open_table(page, COLUMNS(columns));
    for (size_t i = 0; i < result->latency_count; i++)
        if (result->latencies[i].histogram.count > 0)
            put_latency(page, &result->latencies[i]);
    html_close_table(page);
}

static void put_actors(struct text *page, const struct result *result)
{
    static const struct html_column columns[] = {
        {"Actor", false}, {"group", false}, {"messages", true},   {"bytes", true},
        {"calls", true},  {"done", true},   {"refused", true},    {"unknown", true},
        {"acked", true},  {"nacked", true}, {"reconnects", true}, {"last error", false},
    };
    if (result->actor_count == 0)
        return;
    html_open_table(page, COLUMNS(columns));
    for (size_t i = 0; i < result->actor_count; i++) {
        const struct result_actor *actor = &result->actors[i];
        char bytes[64];
        const uint64_t counts[] = {actor->calls, actor->done,   actor->refused,   actor->unknown,
                                   actor->acked, actor->nacked, actor->reconnects};
        text_append_string(page, "<tr>");
        html_cell(page, false, actor->name);
        html_cell(page, false, actor->group ? actor->group : actor->kind);
        html_count_cell(page, actor->messages);
        html_cell(page, true, size_show(actor->bytes, bytes, sizeof(bytes)));
        for (size_t column = 0; column < sizeof(counts) / sizeof(counts[0]); column++)
            html_count_cell(page, counts[column]);
        text_append_string(page, actor->last_error ? "<td class=\"wide\">" : "<td>");
        html_put(page, actor->last_error);
        text_append_string(page, "</td></tr>\n");
    }
    html_close_table(page);
}

void html_counts(struct text *page, const struct result *result)
{
    if (!result->ledger)
        return;
    html_open_section(page, "numbers", "Numbers");
    put_messages(page, result->ledger);
    put_groups(page, result->ledger);
    put_latencies(page, result);
    put_actors(page, result);
    html_close_section(page);
}
