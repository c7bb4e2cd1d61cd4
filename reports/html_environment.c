/* html_environment.c: where and how the run took place, and the scenario itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/quantity.h"
#include "reports/html.h"

static void put_fact(struct text *page, const char *name, const char *value)
{
    if (!value)
        return;
    text_append_string(page, "<dt>");
    html_put(page, name);
    text_append_string(page, "</dt><dd>");
    html_put(page, value);
    text_append_string(page, "</dd>\n");
}

static void put_code_fact(struct text *page, const char *name, const char *value)
{
    if (!value)
        return;
    text_append_string(page, "<dt>");
    html_put(page, name);
    text_append_string(page, "</dt><dd><code>");
    html_put(page, value);
    text_append_string(page, "</code></dd>\n");
}

static void put_broker(struct text *page, const struct result_broker *broker)
{
    struct text line = {0};
    char stored[64];
    text_append_string(&line, broker->adapter ? broker->adapter : "");
    if (broker->uri)
        text_appendf(&line, " at %s", broker->uri);
    if (broker->tier)
        text_appendf(&line, ", %s", broker->tier);
    if (broker->stored >= 0)
        text_appendf(&line, ", %s messages stored at the end",
                     count_show((uint64_t)broker->stored, stored, sizeof(stored)));
    if (broker->cpu_ns > 0)
        text_appendf(&line, "; its process took %s of processor time",
                     duration_show(broker->cpu_ns, stored, sizeof(stored)));
    if (broker->rss_bytes > 0)
        text_appendf(&line, "%s %s of memory",
                     broker->cpu_ns > 0 ? " and held" : "; its process held",
                     size_show(broker->rss_bytes, stored, sizeof(stored)));
    if (!broker->was_asked)
        text_append_string(&line, "; did not say how it was at the end");
    struct text name = {0};
    text_appendf(&name, "Broker %s", broker->name ? broker->name : "");
    put_fact(page, text_string(&name), text_string(&line));
    text_release(&name);
    text_release(&line);
}

static void put_machine(struct text *page, const struct result *result)
{
    char words[256], one[64], other[64];
    if (result->is_virtual || !result->environment.version)
        return;
    put_fact(page, "Gauntlet", result->environment.version);
    put_fact(page, "Host", result->environment.host);
    put_fact(page, "Kernel", result->environment.kernel);
    snprintf(words, sizeof(words), "%u; workers %u, the busiest of them %.0f %% busy",
             result->environment.cores, result->environment.workers,
             result->environment.cpu_share * 100);
    put_fact(page, "Cores", words);
    snprintf(words, sizeof(words), "%s of processor time, %s of memory",
             duration_show(result->environment.cpu_ns, one, sizeof(one)),
             size_show(result->environment.rss_bytes, other, sizeof(other)));
    put_fact(page, "Cost of Gauntlet", words);
    char late[64];
    snprintf(words, sizeof(words), "ping %s, a timer late by %s, worst gap of a loop %s",
             duration_show(result->environment.ping_ns, one, sizeof(one)),
             duration_show(result->environment.overshoot_ns, late, sizeof(late)),
             duration_show(result->environment.gap_ns_max, other, sizeof(other)));
    put_fact(page, "Floor of the machine", words);
}

static void put_notes(struct text *page, const struct result *result)
{
    if (result->note_count == 0)
        return;
    text_append_string(page, "<h3>Notes</h3>\n<ul class=\"reasons\">\n");
    for (size_t i = 0; i < result->note_count; i++) {
        text_append_string(page, "<li class=\"inconclusive\">");
        html_put(page, result->notes[i].text);
        text_append_string(page, "</li>\n");
    }
    text_append_string(page, "</ul>\n");
}

/* As it came, when it is a document of more than a few words. */
static void put_said(struct text *page, const char *when, const struct result_broker *broker,
                     const char *health)
{
    json_t *document = health ? json_loads(health, 0, NULL) : NULL;
    char *dump = document ? json_dumps(document, JSON_INDENT(2)) : NULL;
    if (dump) {
        text_append_string(page, "<details><summary>");
        html_putf(page, "What %s said of itself %s", broker->name ? broker->name : "the broker",
                  when);
        text_append_string(page, "</summary>\n<pre>");
        html_put(page, dump);
        text_append_string(page, "</pre></details>\n");
    }
    free(dump);
    json_decref(document);
}

void html_environment(struct text *page, const struct result *result)
{
    html_open_section(page, "environment", "Environment");
    text_append_string(page, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < result->broker_count; i++)
        put_broker(page, &result->brokers[i]);
    put_machine(page, result);
    put_fact(page, "Ended because", result->stop_reason);
    put_code_fact(page, "Command line", result->command_line);
    put_code_fact(page, "Removes the kept keys", result->removal);
    text_append_string(page, "</dl>\n");
    put_notes(page, result);
    for (size_t i = 0; i < result->broker_count; i++) {
        const struct result_broker *broker = &result->brokers[i];
        put_said(page, "before the run", broker, broker->health_before);
        put_said(page, "at the end", broker, broker->health);
    }
    html_close_section(page);
}

/* --- The scenario, line by line -----------------------------------------------------------------
 */

static void put_lines(struct text *page, const char *text)
{
    for (int line = 1; *text; line++) {
        size_t size = strcspn(text, "\n");
        struct text words = {0};
        text_append(&words, text, size);
        text_appendf(page, "<span id=\"line-%d\">", line);
        html_put(page, size > 0 ? text_string(&words) : " ");
        text_append_string(page, "</span>");
        text_release(&words);
        text += size + (text[size] == '\n');
    }
}

void html_scenario(struct text *page, const struct result *result)
{
    if (!result->scenario_text)
        return;
    html_open_section(page, "scenario", "Scenario");
    if (result->scenario_path) {
        text_append_string(page, "<p class=\"note\"><code>");
        html_put(page, result->scenario_path);
        text_append_string(page, "</code></p>\n");
    }
    text_append_string(page, "<pre class=\"lines\">");
    put_lines(page, result->scenario_text);
    text_append_string(page, "</pre>\n");
    html_close_section(page);
}
