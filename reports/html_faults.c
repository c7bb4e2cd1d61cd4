/* html_faults.c: what was done on purpose, and what came of it. */
#include <string.h>

#include "base/quantity.h"
#include "reports/html.h"

static uint64_t longest_recovery(const struct result_fault *fault, bool *ret_is_known)
{
    uint64_t longest_ns = 0;
    *ret_is_known = false;
    for (size_t i = 0; i < fault->window_count; i++) {
        if (!fault->windows[i].is_recovered)
            continue;
        *ret_is_known = true;
        if (fault->windows[i].recovery_ns > longest_ns)
            longest_ns = fault->windows[i].recovery_ns;
    }
    return longest_ns;
}

static uint64_t total_time(const struct result *result, const struct result_fault *fault)
{
    uint64_t total_ns = 0, end_ns = result->start_ns + result->elapsed_ns;
    for (size_t i = 0; i < fault->window_count; i++) {
        const struct result_fault_window *window = &fault->windows[i];
        uint64_t until_ns = window->end_ns ? window->end_ns : end_ns;
        total_ns += until_ns > window->begin_ns ? until_ns - window->begin_ns : 0;
    }
    return total_ns;
}

/* What it met, each once. */
static void put_hits(struct text *page, const struct result_fault *fault)
{
    struct text hits = {0};
    for (size_t i = 0; i < fault->window_count; i++) {
        const char *hit = fault->windows[i].hit;
        if (hit && !strstr(text_string(&hits), hit))
            text_appendf(&hits, "%s%s", hits.size ? "; " : "met ", hit);
    }
    if (hits.size > 0) {
        text_append_string(page, "<br><span class=\"muted\">");
        html_put(page, text_string(&hits));
        text_append_string(page, "</span>");
    }
    text_release(&hits);
}

static void put_fault(struct text *page, const struct result *result,
                      const struct result_fault *fault)
{
    const uint64_t counts[] = {fault->accepted, fault->delivered, fault->settled, fault->refused,
                               fault->unknown};
    char words[64];
    bool is_known;
    uint64_t recovery_ns = longest_recovery(fault, &is_known);
    text_append_string(page, "<tr><td class=\"wide\">");
    html_put(page, fault->name);
    text_append_string(page, "<br><code class=\"muted\">");
    html_put(page, fault->text);
    text_append_string(page, "</code>");
    put_hits(page, fault);
    text_append_string(page, "</td>");
    if (fault->fired == 0 && fault->is_expected)
        html_cell(page, true, "never");
    else
        html_count_cell(page, fault->fired);
    uint64_t lasted_ns = total_time(result, fault);
    html_cell(page, true,
              lasted_ns ? duration_show(lasted_ns, words, sizeof(words)) : "\xE2\x80\x93");
    html_cell(page, true,
              is_known ? duration_show(recovery_ns, words, sizeof(words)) : "\xE2\x80\x93");
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        html_count_cell(page, counts[i]);
    text_append_string(page, "</tr>\n");
}

void html_faults(struct text *page, const struct result *result)
{
    static const struct html_column columns[] = {
        {"Fault", false},           {"fired", true},    {"lasted", true},
        {"longest recovery", true}, {"accepted", true}, {"delivered", true},
        {"settled", true},          {"refused", true},  {"unknown", true},
    };
    if (result->fault_count == 0)
        return;
    html_open_section(page, "faults", "Faults");
    text_append_string(page, "<p class=\"note\">Counts are of what happened while the fault was "
                             "on.</p>\n");
    html_open_table(page, columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < result->fault_count; i++)
        put_fault(page, result, &result->faults[i]);
    html_close_table(page);
    html_close_section(page);
}
