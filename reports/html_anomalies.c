/* html_anomalies.c: what went wrong, family by family, and the first offenders with their
   histories. */
#include <stdio.h>

#include "base/quantity.h"
#include "reports/html.h"

#define OPEN_MAX   5u  /* witnesses that stand open; the others unfold */
#define EVENTS_MAX 60u /* of one history */

static bool has_anomalies(const struct ledger_report *ledger)
{
    for (int family = 0; family < ANOMALY_FAMILIES; family++)
        if (ledger->anomalies[family].observed > 0)
            return true;
    return ledger->witness_count > 0;
}

static void put_families(struct text *page, const struct ledger_report *ledger)
{
    static const struct html_column columns[] = {
        {"Anomaly", false}, {"observed", true}, {"forbidden", true}, {"with cause", true}};
    html_open_table(page, columns, sizeof(columns) / sizeof(columns[0]));
    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        const struct anomaly_count *count = &ledger->anomalies[family];
        if (count->observed == 0)
            continue;
        text_append_string(page, "<tr>");
        html_cell(page, false, anomaly_name((enum anomaly)family));
        html_count_cell(page, count->observed);
        html_count_cell(page, count->disallowed);
        html_count_cell(page, count->caused);
        text_append_string(page, "</tr>\n");
    }
    html_close_table(page);
}

static void put_event(struct text *page, const struct witness_event *event, uint64_t start_ns)
{
    text_append_string(page, "<li><span class=\"time\">");
    html_putf(page, "%+.6f s", (double)(int64_t)(event->time_ns - start_ns) / 1e9);
    text_append_string(page, "</span><span class=\"actor\">");
    html_put(page, event->actor);
    text_append_string(page, "</span><span class=\"what\">");
    html_put(page, event->what);
    text_append_string(
        page, event->is_exact ? "</span></li>\n"
                              : " <span class=\"muted\">known to the batch</span></span></li>\n");
}

static void put_title(struct text *page, const struct witness *witness)
{
    text_append_string(page, "<h3>");
    html_pill(page, witness->is_allowed ? "inconclusive" : "fail", anomaly_name(witness->anomaly));
    if (witness->producer)
        html_putf(page, "%s#%llu", witness->producer, (unsigned long long)witness->sequence);
    if (witness->stream)
        html_putf(page, " on %s", witness->stream);
    if (witness->group)
        html_putf(page, ", group %s", witness->group);
    if (witness->is_allowed)
        text_append_string(page, " <span class=\"muted\">allowed</span>");
    text_append_string(page, "</h3>\n<p>");
    html_put(page, witness->why);
    text_append_string(page, "</p>\n");
}

static void put_witness(struct text *page, const struct witness *witness, uint64_t start_ns)
{
    size_t shown = witness->event_count < EVENTS_MAX ? witness->event_count : EVENTS_MAX;
    text_append_string(page, "<div class=\"witness\">\n");
    put_title(page, witness);
    if (!witness->is_history_complete)
        text_append_string(page, "<p class=\"note\">What came before is no longer known.</p>\n");
    if (shown > 0)
        text_append_string(page, "<ol class=\"history\">\n");
    for (size_t i = 0; i < shown; i++)
        put_event(page, &witness->events[i], start_ns);
    if (shown > 0)
        text_append_string(page, "</ol>\n");
    if (shown < witness->event_count)
        text_appendf(page, "<p class=\"note\">%zu more events are in result.json.</p>\n",
                     witness->event_count - shown);
    text_append_string(page, "</div>\n");
}

/* Forbidden ones first. */
static const struct witness *witness_at(const struct ledger_report *ledger, size_t index)
{
    for (int allowed = 0; allowed < 2; allowed++)
        for (size_t i = 0; i < ledger->witness_count; i++)
            if (ledger->witnesses[i].is_allowed == allowed && index-- == 0)
                return &ledger->witnesses[i];
    return NULL;
}

static void put_witnesses(struct text *page, const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;
    for (size_t i = 0; i < ledger->witness_count; i++) {
        if (i == OPEN_MAX)
            text_appendf(page, "<details>\n<summary>%zu more messages</summary>\n",
                         ledger->witness_count - OPEN_MAX);
        const struct witness *witness = witness_at(ledger, i);
        if (witness)
            put_witness(page, witness, result->start_ns);
    }
    if (ledger->witness_count > OPEN_MAX)
        text_append_string(page, "</details>\n");
}

void html_anomalies(struct text *page, const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;
    if (!ledger)
        return;
    html_open_section(page, "anomalies", "Anomalies");
    if (has_anomalies(ledger)) {
        put_families(page, ledger);
        if (ledger->witness_count > 0)
            html_sequence(page, result, witness_at(ledger, 0));
        put_witnesses(page, result);
    } else {
        text_append_string(page, "<p>None.</p>\n");
    }
    html_close_section(page);
}
