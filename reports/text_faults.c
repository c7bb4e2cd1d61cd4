/* text_faults.c: what was broken on purpose: how often, whom it met, how long until all was well.
 */
#include "reports/text.h"

#include <stdio.h>

#include "base/quantity.h"

#define FAULTS_SHOWN 30u
#define HITS_SHOWN   3u

/* The longest of its recoveries; "never" when one was not seen to end. */
static const char *show_recovery(const struct result_fault *fault, char *buffer, size_t capacity)
{
    uint64_t longest = 0;

    if (fault->window_count == 0)
        return "-";
    for (size_t i = 0; i < fault->window_count; i++) {
        const struct result_fault_window *window = &fault->windows[i];

        if (!window->is_recovered)
            return "never";
        longest = window->recovery_ns > longest ? window->recovery_ns : longest;
    }
    return duration_show(longest, buffer, capacity);
}

static const char *show_lasted(const struct result_fault *fault, char *buffer, size_t capacity)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < fault->window_count; i++)
        if (fault->windows[i].end_ns > fault->windows[i].begin_ns)
            sum += fault->windows[i].end_ns - fault->windows[i].begin_ns;
    return fault->window_count ? duration_show(sum, buffer, capacity) : "-";
}

static void put_fault(struct page *page, const struct result_fault *fault)
{
    const uint64_t counts[] = {fault->accepted, fault->delivered, fault->refused, fault->unknown};
    char buffer[64];

    text_append_string(page->text, "  ");
    page_left(page, fault->name, 34);
    page_right(page, count_show(fault->fired, buffer, sizeof(buffer)), 7);
    page_right(page, show_lasted(fault, buffer, sizeof(buffer)), 10);
    page_right(page, show_recovery(fault, buffer, sizeof(buffer)), 10);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        page_right(page, count_show(counts[i], buffer, sizeof(buffer)), i < 2 ? 10 : 8);
    text_append_string(page->text, "\n");
    if (fault->fired == 0)
        page_wrap(page, "      ",
                  fault->is_expected ? "never happened" : "never happened; it need not");
    for (size_t i = 0; i < fault->window_count && i < HITS_SHOWN; i++)
        if (fault->windows[i].hit)
            page_wrapf(page, "      ", "met %s", fault->windows[i].hit);
}

/* Shares of calls that succeeded: "publish 97.7 % of 3,000 calls". */
static void put_availability(struct page *page, const struct result *result)
{
    struct text line = {0};
    char buffer[64];

    for (size_t i = 0; i < result->operation_count; i++) {
        const struct result_operation *operation = &result->operations[i];
        uint64_t calls = operation->done + operation->refused + operation->unknown;

        text_appendf(&line, "%s%s %.2f %% of %s calls",
                     i > 0 ? "; " : "Succeeded: ", operation->name,
                     100.0 * (double)operation->done / (double)calls,
                     count_show(calls, buffer, sizeof(buffer)));
    }
    if (line.size > 0)
        page_wrap(page, "  ", text_string(&line));
    text_release(&line);
}

void text_faults(struct page *page, const struct result *result)
{
    if (result->fault_count == 0)
        return;
    page_heading(page, "Faults                                fired    lasted  recov"
                       "ery  accepted delivered refused unknown");
    for (size_t i = 0; i < result->fault_count && i < FAULTS_SHOWN; i++)
        put_fault(page, &result->faults[i]);
    if (result->fault_count > FAULTS_SHOWN)
        page_wrapf(page, "  ", "and %zu more", result->fault_count - FAULTS_SHOWN);
    put_availability(page, result);
}
