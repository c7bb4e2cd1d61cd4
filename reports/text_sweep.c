/* text_sweep.c: where the connection was cut, and where that was not survived. */
#include "reports/text.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"

#define COMMANDS_MAX 40u
#define SHOWN_MAX    30u

static const char *const edges[] = {"request", "reply", "mid_reply"};

static bool is_at(const struct result_cut *cut, const char *command, const char *edge)
{
    return strcmp(cut->command, command) == 0 && strcmp(cut->edge_name, edge) == 0;
}

/* "12", "2 of 12 failed", "1 of 12 open" */
static const char *show_cell(const struct result *result, const char *command, const char *edge,
                             char *buffer, size_t capacity)
{
    size_t count = 0, failed = 0, open = 0;

    for (size_t i = 0; i < result->cut_count; i++) {
        const struct result_cut *cut = &result->cuts[i];

        if (!is_at(cut, command, edge))
            continue;
        count++;
        failed += cut->verdict == VERDICT_FAIL;
        open += cut->verdict == VERDICT_INCONCLUSIVE;
    }
    if (count == 0)
        return "-";
    if (failed > 0)
        (void)snprintf(buffer, capacity, "%zu of %zu failed", failed, count);
    else if (open > 0)
        (void)snprintf(buffer, capacity, "%zu of %zu open", open, count);
    else
        (void)snprintf(buffer, capacity, "%zu passed", count);
    return buffer;
}

static bool is_first(const struct result *result, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(result->cuts[i].command, result->cuts[index].command) == 0)
            return false;
    return true;
}

static void put_commands(struct page *page, const struct result *result)
{
    char buffer[64];
    size_t shown = 0;

    for (size_t i = 0; i < result->cut_count && shown < COMMANDS_MAX; i++) {
        if (!is_first(result, i))
            continue;
        shown++;
        text_append_string(page->text, "  ");
        page_left(page, result->cuts[i].command, 20);
        for (size_t edge = 0; edge < sizeof(edges) / sizeof(edges[0]); edge++)
            page_right(
                page,
                show_cell(result, result->cuts[i].command, edges[edge], buffer, sizeof(buffer)),
                18);
        text_append_string(page->text, "\n");
    }
}

static void put_cut(struct page *page, const struct result_cut *cut)
{
    char turn[48] = "";

    if (cut->empty > 0)
        (void)snprintf(turn, sizeof(turn), "empty one %llu before ",
                       (unsigned long long)cut->empty);
    page_wrapf(page, "  ", "%s  the %s of %s, %sexchange %llu of %s%s%s%s",
               verdict_name(cut->verdict),
               strcmp(cut->edge_name, "mid_reply") == 0 ? "middle of the reply" : cut->edge_name,
               cut->command, turn, (unsigned long long)cut->exchange, cut->link,
               cut->message ? ", with " : "", cut->message ? cut->message : "",
               cut->fired == 0 ? ": it never came" : "");
    if (cut->reason)
        page_wrap(page, "      ", cut->reason);
}

void text_sweep(struct page *page, const struct result *result)
{
    size_t shown = 0;

    if (result->cut_count == 0)
        return;
    page_heading(page, "Sweep: cut at                      request             reply"
                       "         mid_reply");
    put_commands(page, result);
    for (int verdict = VERDICT_FAIL; verdict > VERDICT_PASS; verdict--)
        for (size_t i = 0; i < result->cut_count; i++)
            if ((int)result->cuts[i].verdict == verdict && shown++ < SHOWN_MAX)
                put_cut(page, &result->cuts[i]);
    if (shown > SHOWN_MAX)
        page_wrapf(page, "  ", "and %zu more", shown - SHOWN_MAX);
}
