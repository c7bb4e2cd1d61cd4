/* html_phases.c: the parts of a run, before, during and after its faults, or stage by stage. */
#include <stdio.h>

#include "base/quantity.h"
#include "reports/html.h"

static void put_rate(struct text *page, uint64_t count, uint64_t duration_ns)
{
    char words[64];
    html_cell(page, true,
              duration_ns
                  ? rate_show((double)count * 1e9 / (double)duration_ns, words, sizeof(words))
                  : "\xE2\x80\x93");
}

/* A percentile of few samples would only be the maximum under another name. */
static void put_quantile(struct text *page, uint64_t value_ns, bool is_known)
{
    char words[64];
    html_cell(page, true,
              is_known ? duration_show(value_ns, words, sizeof(words)) : "\xE2\x80\x93");
}

static void put_quantiles(struct text *page, const struct result_quantiles *quantiles)
{
    put_quantile(page, quantiles->p50_ns, quantiles->count > 0);
    put_quantile(page, quantiles->p99_ns, quantiles->count >= 100);
    put_quantile(page, quantiles->max_ns, quantiles->count > 0);
}

static void put_phase(struct text *page, const struct result_phase *phase)
{
    char words[64];
    text_append_string(page, "<tr>");
    html_cell(page, false, phase->name);
    html_cell(page, true, duration_show(phase->duration_ns, words, sizeof(words)));
    put_rate(page, phase->accepted, phase->duration_ns);
    put_rate(page, phase->delivered, phase->duration_ns);
    put_quantiles(page, &phase->publish);
    put_quantiles(page, &phase->deliver);
    text_append_string(page, "</tr>\n");
}

void html_phases(struct text *page, const struct result *result)
{
    static const struct html_column columns[] = {
        {"Part of the run", false},
        {"lasted", true},
        {"accepted", true},
        {"delivered", true},
        {"publish p50", true},
        {"p99", true},
        {"max", true},
        {"deliver p50", true},
        {"p99", true},
        {"max", true},
    };
    if (result->phase_count == 0)
        return;
    html_open_section(page, "phases", "Part by part");
    html_open_table(page, columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < result->phase_count; i++)
        put_phase(page, &result->phases[i]);
    html_close_table(page);
    html_close_section(page);
}
