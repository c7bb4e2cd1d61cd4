/* html_verdict.c: what the run came to, why, and every expectation with what was measured. */
#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "reports/html.h"

/* --- Verdict and reasons ------------------------------------------------------------------------
 */

static const char *const titles[] = {
    [VERDICT_PASS] = "Passed",
    [VERDICT_INCONCLUSIVE] = "Inconclusive",
    [VERDICT_FAIL] = "Failed",
};

static void put_kicker(struct text *page, const struct result *result)
{
    char time[64];
    text_append_string(page, "<p class=\"kicker\">Gauntlet");
    if (result->run_id)
        html_putf(page, " \xC2\xB7 run %s", result->run_id);
    if (!result->is_virtual && result->environment.started)
        html_putf(page, " \xC2\xB7 %s", result->environment.started);
    if (result->elapsed_ns)
        html_putf(page, " \xC2\xB7 took %s", duration_show(result->elapsed_ns, time, sizeof(time)));
    html_putf(page, " \xC2\xB7 %s, seed %llu", result->is_virtual ? "virtual time" : "real time",
              (unsigned long long)result->seed);
    text_append_string(page, "</p>\n");
}

static void put_title(struct text *page, const struct result *result)
{
    text_append_string(page, "<h1>");
    html_pill(page, result->has_failed_as_known ? "known" : verdict_name(result->verdict),
              result->has_failed_as_known ? "Failed as known" : titles[result->verdict]);
    html_putf(page, " %s", result->scenario_name ? result->scenario_name : "scenario");
    text_append_string(page, "</h1>\n");
}

static void put_lede(struct text *page, const struct result *result)
{
    if (result->description) {
        text_append_string(page, "<p class=\"lede\">");
        html_put(page, result->description);
        text_append_string(page, "</p>\n");
    }
    if (result->is_partial)
        text_append_string(
            page, "<p class=\"lede\">Partial: the run was interrupted before its end.</p>\n");
    if (result->known_because) {
        text_append_string(page, "<p class=\"lede\">");
        html_putf(page, "%s: %s", result->has_failed_as_known ? "Failed as known" : "Known to fail",
                  result->known_because);
        text_append_string(page, "</p>\n");
    }
}

static void put_reasons(struct text *page, const struct result *result)
{
    if (result->reason_count == 0)
        return;
    text_append_string(page, "<ul class=\"reasons\">\n");
    for (size_t i = 0; i < result->reason_count; i++) {
        text_appendf(page, "<li class=\"%s\">", verdict_name(result->reasons[i].verdict));
        html_put(page, result->reasons[i].text);
        text_append_string(page, "</li>\n");
    }
    text_append_string(page, "</ul>\n");
}

/* --- Key figures --------------------------------------------------------------------------------
 */

static void put_figure(struct text *page, const char *name, const char *value, const char *small)
{
    text_append_string(page, "<li><span>");
    html_put(page, name);
    text_append_string(page, "</span><b>");
    html_put(page, value);
    text_append_string(page, "</b>");
    if (small) {
        text_append_string(page, "<small>");
        html_put(page, small);
        text_append_string(page, "</small>");
    }
    text_append_string(page, "</li>\n");
}

static void put_messages(struct text *page, const struct ledger_report *ledger)
{
    char accepted[64], attempted[64], small[96];
    count_show(ledger->accepted, accepted, sizeof(accepted));
    count_show(ledger->attempted, attempted, sizeof(attempted));
    snprintf(small, sizeof(small), "of %s sent", attempted);
    put_figure(page, "Accepted", accepted, small);
}

static void put_anomalies(struct text *page, const struct ledger_report *ledger)
{
    uint64_t observed = 0, disallowed = 0;
    char count[64], small[96];
    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        observed += ledger->anomalies[family].observed;
        disallowed += ledger->anomalies[family].disallowed;
    }
    count_show(observed, count, sizeof(count));
    snprintf(small, sizeof(small), "of %s anomal%s", count, observed == 1 ? "y" : "ies");
    count_show(disallowed, count, sizeof(count));
    put_figure(page, "Forbidden", disallowed ? count : "nothing", observed ? small : NULL);
}

static void put_rate(struct text *page, const char *name, double rate)
{
    char words[64];
    if (rate > 0)
        put_figure(page, name, rate_show(rate, words, sizeof(words)), NULL);
}

static void put_latency(struct text *page, const struct result *result, const char *metric,
                        const char *name)
{
    char p99[64], p50[64], small[96];
    for (size_t i = 0; i < result->latency_count; i++) {
        const struct histogram *histogram = &result->latencies[i].histogram;
        if (strcmp(result->latencies[i].metric, metric) != 0 || histogram->count < 100)
            continue;
        duration_show(histogram_percentile(histogram, 0.99), p99, sizeof(p99));
        duration_show(histogram_percentile(histogram, 0.5), p50, sizeof(p50));
        snprintf(small, sizeof(small), "p50 %s", p50);
        put_figure(page, name, p99, small);
    }
}

static void put_figures(struct text *page, const struct result *result)
{
    char time[64];
    if (!result->ledger)
        return;
    text_append_string(page, "<ul class=\"figures\">\n");
    put_messages(page, result->ledger);
    put_anomalies(page, result->ledger);
    put_rate(page, "Published", result->publish_rate);
    put_rate(page, "Delivered", result->deliver_rate);
    put_latency(page, result, "publish", "Publish p99");
    put_latency(page, result, "deliver", "Deliver p99");
    if (result->drain_ns)
        put_figure(page, "Drained in", duration_show(result->drain_ns, time, sizeof(time)),
                   result->ledger->is_drained ? NULL : "not proven");
    text_append_string(page, "</ul>\n");
}

void html_verdict(struct text *page, const struct result *result)
{
    text_appendf(page, "<header id=\"verdict\">\n<div class=\"head %s\">\n",
                 result->has_failed_as_known ? "known" : verdict_name(result->verdict));
    put_kicker(page, result);
    put_title(page, result);
    put_lede(page, result);
    put_reasons(page, result);
    text_append_string(page, "</div>\n");
    put_figures(page, result);
    text_append_string(page, "</header>\n");
}

/* --- Expectations -------------------------------------------------------------------------------
 */

static void put_expectation(struct text *page, const struct result_expectation *expectation,
                            bool has_scenario)
{
    const char *word = expectation->is_known ? "known" : verdict_name(expectation->verdict);
    text_append_string(page, "<li>");
    html_pill(page, word, word);
    text_append_string(page, "<span class=\"text\">");
    if (expectation->line > 0 && has_scenario)
        text_appendf(page, "<a href=\"#line-%d\">", expectation->line);
    text_append_string(page, "<code>");
    html_put(page, expectation->text);
    text_append_string(page, "</code>");
    text_append_string(page, expectation->line > 0 && has_scenario ? "</a></span>" : "</span>");
    text_append_string(page, "<span class=\"measured\">");
    html_put(page, expectation->measured ? expectation->measured : "not measured");
    text_append_string(page, "</span>");
    if (expectation->reason) {
        text_append_string(page, "<span class=\"why\">");
        html_put(page, expectation->reason);
        text_append_string(page, "</span>");
    }
    text_append_string(page, "</li>\n");
}

void html_expectations(struct text *page, const struct result *result)
{
    if (result->expectation_count == 0)
        return;
    html_open_section(page, "expectations", "Expectations");
    text_append_string(page, "<ul class=\"expect\">\n");
    for (size_t i = 0; i < result->expectation_count; i++)
        put_expectation(page, &result->expectations[i], result->scenario_text != NULL);
    text_append_string(page, "</ul>\n");
    html_close_section(page);
}
