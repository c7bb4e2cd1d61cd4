/* text_anomalies.c: what was observed, what of it is forbidden, and the first offenders with their
   histories. */
#include "reports/text.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"

#define SHOWN_MAX  3u /* witnesses of one family and group; the files have them all */
#define EVENTS_MAX 12u

static void put_family(struct page *page, enum anomaly family, const struct anomaly_count *count)
{
    static const unsigned width = 13;
    const uint64_t counts[] = {count->observed, count->disallowed, count->caused};
    char buffer[64];
    text_append_string(page->text, "  ");
    page_paint(page, count->disallowed ? PAGE_RED : PAGE_DIM, anomaly_name(family), 20);
    for (size_t i = 0; i < 3; i++)
        page_right(page, count_show(counts[i], buffer, sizeof(buffer)), width);
    text_append_string(page->text, "\n");
}

static void put_families(struct page *page, const struct ledger_report *ledger)
{
    bool has_head = false;
    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        const struct anomaly_count *count = &ledger->anomalies[family];
        if (count->observed == 0)
            continue;
        if (!has_head) {
            text_append_string(page->text, "\n");
            page_paint(page, PAGE_BOLD, "Anomalies", 22);
            text_append_string(page->text, "     observed    forbidden  with cause\n");
            has_head = true;
        }
        put_family(page, (enum anomaly)family, count);
    }
    if (!has_head) {
        text_append_string(page->text, "\n");
        page_paint(page, PAGE_BOLD, "Anomalies", 22);
        text_append_string(page->text, "none\n");
    }
}

/* "by cause: 12 nack, 3 crash", of all groups together. */
static void put_causes(struct page *page, const struct ledger_report *ledger)
{
    static const char *const names[] = {"nack",   "crash", "connection",
                                        "expiry", "retry", "unknown ack"};
    struct text line = {0};
    char buffer[64];
    for (size_t cause = 0; cause < sizeof(names) / sizeof(names[0]); cause++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < ledger->group_count; i++)
            sum += ledger->groups[i].duplicates_by_cause[cause];
        if (sum > 0)
            text_appendf(&line, "%s%s %s", line.size ? ", " : "",
                         count_show(sum, buffer, sizeof(buffer)), names[cause]);
    }
    if (line.size)
        page_wrapf(page, "  ", "Deliveries again, by cause: %s.", text_string(&line));
    text_release(&line);
}

static void put_recovered(struct page *page, const struct ledger_report *ledger)
{
    uint64_t sum = 0;
    char buffer[64];
    for (size_t i = 0; i < ledger->group_count; i++)
        sum += ledger->groups[i].recovered;
    if (sum > 0)
        page_wrapf(page, "  ", "%s messages of unknown publish outcome were delivered.",
                   count_show(sum, buffer, sizeof(buffer)));
}

/* --- Witnesses ---------------------------------------------------------------------------------
 */

static void put_title(struct page *page, const struct witness *witness)
{
    text_append_string(page->text, "\n  ");
    page_paint(page, witness->is_allowed ? PAGE_YELLOW : PAGE_RED, anomaly_name(witness->anomaly),
               0);
    if (witness->producer)
        text_appendf(page->text, "  %s#%llu", witness->producer,
                     (unsigned long long)witness->sequence);
    if (witness->stream)
        text_appendf(page->text, " on %s", witness->stream);
    if (witness->group)
        text_appendf(page->text, ", group %s", witness->group);
    text_append_string(page->text, witness->is_allowed ? "  (allowed)\n" : "\n");
    if (witness->why[0])
        page_wrap(page, "    ", witness->why);
}

static void put_event(struct page *page, const struct witness_event *event, uint64_t start_ns)
{
    char time[64];
    int64_t since = (int64_t)(event->time_ns - start_ns);
    snprintf(time, sizeof(time), "%+.6f s", (double)since / 1e9);
    text_append_string(page->text, "    ");
    page_right(page, time, 16);
    text_append_string(page->text, "  ");
    page_left(page, event->actor ? event->actor : "", 20);
    text_append_string(page->text, " ");
    page_left(page, event->what ? event->what : "", event->is_exact ? 0 : 16);
    text_append_string(page->text, event->is_exact ? "\n" : " (known to the batch)\n");
}

static void put_witness(struct page *page, const struct witness *witness, uint64_t start_ns)
{
    size_t shown = witness->event_count < EVENTS_MAX ? witness->event_count : EVENTS_MAX;
    put_title(page, witness);
    if (!witness->is_history_complete)
        text_append_string(page->text, "      what came before is no longer known\n");
    for (size_t i = 0; i < shown; i++)
        put_event(page, &witness->events[i], start_ns);
    if (shown < witness->event_count)
        text_appendf(page->text, "      and %zu more events in result.json\n",
                     witness->event_count - shown);
}

static bool is_same_family(const struct witness *one, const struct witness *other)
{
    bool same_group = one->group == other->group ||
                      (one->group && other->group && strcmp(one->group, other->group) == 0);
    return one->anomaly == other->anomaly && one->is_allowed == other->is_allowed && same_group;
}

static size_t count_before(const struct ledger_report *ledger, size_t index)
{
    size_t before = 0;
    for (size_t i = 0; i < index; i++)
        before += is_same_family(&ledger->witnesses[i], &ledger->witnesses[index]);
    return before;
}

/* What is forbidden comes first. */
static size_t put_witnesses(struct page *page, const struct result *result, bool allowed)
{
    const struct ledger_report *ledger = result->ledger;
    size_t hidden = 0;
    for (size_t i = 0; i < ledger->witness_count; i++) {
        if (ledger->witnesses[i].is_allowed != allowed)
            continue;
        if (count_before(ledger, i) < SHOWN_MAX)
            put_witness(page, &ledger->witnesses[i], result->start_ns);
        else
            hidden++;
    }
    return hidden;
}

void text_anomalies(struct page *page, const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;
    if (!ledger)
        return;
    put_families(page, ledger);
    put_causes(page, ledger);
    put_recovered(page, ledger);
    size_t hidden = put_witnesses(page, result, false);
    hidden += put_witnesses(page, result, true);
    if (hidden > 0)
        text_appendf(page->text, "\n  %zu more witnesses are in result.json.\n", hidden);
}
