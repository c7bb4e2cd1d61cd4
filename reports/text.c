/* text.c: the summary for a terminal: the verdict first, then what it stands on. */
#include "reports/text.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "reports/report.h"

static const struct verdict_mark {
    const char *title, *mark;
    enum page_colour colour;
} marks[] = {
    [VERDICT_PASS] = {"PASS", "ok", PAGE_GREEN},
    [VERDICT_INCONCLUSIVE] = {"INCONCLUSIVE", "?", PAGE_YELLOW},
    [VERDICT_FAIL] = {"FAIL", "FAIL", PAGE_RED},
};

static const struct verdict_mark known_mark = {"PASS", "known", PAGE_YELLOW};

static void put_verdict(struct page *page, const struct result *result)
{
    const struct verdict_mark *mark = &marks[result->verdict];
    page_paint(page, mark->colour, mark->title, 0);
    text_appendf(page->text, "  %s%s%s\n", result->scenario_name,
                 result->has_failed_as_known ? "  (failed as known)" : "",
                 result->is_partial ? "  (partial: interrupted)" : "");
    if (result->description)
        page_wrap(page, "  ", result->description);
    for (size_t i = 0; i < result->reason_count; i++)
        page_wrap(page, "  - ", result->reasons[i].text);
    if (result->known_because)
        page_wrapf(page, "  ", "%s: %s",
                   result->has_failed_as_known ? "failed as known" : "known to fail",
                   result->known_because);
}

static void put_circumstances(struct page *page, const struct result *result)
{
    struct text line = {0};
    char time[64];
    text_appendf(&line, "%s, seed %llu", result->is_virtual ? "virtual time" : "real time",
                 (unsigned long long)result->seed);
    if (result->run_id)
        text_appendf(&line, ", run %s", result->run_id);
    if (result->elapsed_ns)
        text_appendf(&line, ", took %s", duration_show(result->elapsed_ns, time, sizeof(time)));
    if (result->drain_ns)
        text_appendf(&line, ", of it %s to drain",
                     duration_show(result->drain_ns, time, sizeof(time)));
    if (result->stop_reason)
        text_appendf(&line, "; ended because: %s", result->stop_reason);
    page_wrap(page, "  ", text_string(&line));
    text_release(&line);
}

static void put_expectation(struct page *page, const struct result_expectation *expectation)
{
    const struct verdict_mark *mark =
        expectation->is_known ? &known_mark : &marks[expectation->verdict];
    text_append_string(page->text, "  ");
    page_paint(page, mark->colour, mark->mark, 6);
    page_left(page, expectation->text, expectation->measured ? 46 : 0);
    if (expectation->measured)
        text_appendf(page->text, "  %s", expectation->measured);
    text_append_string(page->text, "\n");
    if (expectation->reason)
        page_wrap(page, "          ", expectation->reason);
}

static void put_expectations(struct page *page, const struct result *result)
{
    if (result->expectation_count == 0)
        return;
    page_heading(page, "Expectations");
    for (size_t i = 0; i < result->expectation_count; i++)
        put_expectation(page, &result->expectations[i]);
}

static void put_machine(struct page *page, const struct result *result)
{
    char cpu[64], memory[64], ping[64], late[64], gap[64];
    if (result->is_virtual || !result->environment.version)
        return;
    page_heading(page, "Machine");
    page_wrapf(page, "  ",
               "cores %u, workers %u, busiest %.0f %%; CPU %s, memory %s; ping %s, timers late "
               "by %s, worst gap %s; other programs took %.1f cores",
               result->environment.cores, result->environment.workers,
               result->environment.cpu_share * 100,
               duration_show(result->environment.cpu_ns, cpu, sizeof(cpu)),
               size_show(result->environment.rss_bytes, memory, sizeof(memory)),
               duration_show(result->environment.ping_ns, ping, sizeof(ping)),
               duration_show(result->environment.overshoot_ns, late, sizeof(late)),
               duration_show(result->environment.gap_ns_max, gap, sizeof(gap)),
               result->environment.others);
}

static void put_removal(struct page *page, const struct result *result)
{
    if (!result->removal)
        return;
    /* Not wrapped: it is there to be copied. */
    page_heading(page, "The keys were kept; this removes them");
    text_appendf(page->text, "  %s\n", result->removal);
}

static void put_result(struct page *page, const struct result *result)
{
    put_verdict(page, result);
    put_circumstances(page, result);
    put_expectations(page, result);
    text_counts(page, result);
    text_phases(page, result);
    text_faults(page, result);
    text_sweep(page, result);
    text_anomalies(page, result);
    text_brokers(page, result);
    put_machine(page, result);
    put_removal(page, result);
}

void report_text(const struct report_input *input, struct text *text)
{
    struct page page = {.text = text, .has_colour = input->has_colour};
    for (size_t i = 0; i < input->count; i++)
        put_result(&page, input->results[i]);
    if (!input->folder)
        return;
    text_appendf(text, "\nFiles: %s\n", input->folder);
    if (input->results[0]->verdict == VERDICT_FAIL)
        text_appendf(text, "Again: gauntlet replay %s/failure.yaml\n", input->folder);
}
