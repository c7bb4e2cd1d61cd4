/* conformance_text.c: the summary for a terminal: the verdict, a row for each capability, and what
   did not pass. */
#include "reports/conformance.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "reports/page.h"

#define LISTED_MAX   40u /* clauses, when only some were chosen */
#define EVIDENCE_MAX 12u

static const struct mark {
    const char *word;
    enum page_colour colour;
} MARKS[] = {
    [CONFORMANCE_PASS] = {"ok", PAGE_GREEN},          [CONFORMANCE_FAIL] = {"FAIL", PAGE_RED},
    [CONFORMANCE_INCONCLUSIVE] = {"?", PAGE_YELLOW},  [CONFORMANCE_NOT_RUN] = {"not run", PAGE_DIM},
    [CONFORMANCE_NOT_APPLICABLE] = {"n/a", PAGE_DIM},
};

/* --- The head -------------------------------------------------------------------------------- */

/* Some clauses alone say nothing about a tier. */
static bool speaks_of_tiers(const struct conformance *conformance)
{
    return !conformance->is_chosen && !conformance->is_partial;
}

static void put_verdict(struct page *page, const struct conformance *conformance)
{
    static const struct mark TITLES[] = {
        [VERDICT_PASS] = {"PASS", PAGE_GREEN},
        [VERDICT_INCONCLUSIVE] = {"INCONCLUSIVE", PAGE_YELLOW},
        [VERDICT_FAIL] = {"FAIL", PAGE_RED},
    };

    page_paint(page, TITLES[conformance->verdict].colour, TITLES[conformance->verdict].word, 0);
    text_appendf(page->text, "  %s%s%s: %s%s\n", conformance->adapter,
                 conformance->uri ? " at " : "", conformance->uri ? conformance->uri : "",
                 conformance->verdict_reason,
                 conformance->is_partial ? "  (partial: interrupted)" : "");
    if (conformance->difference)
        page_wrap(page, "  ", conformance->difference);
    else
        page_wrapf(page, "  ", "declares %s%s%s", conformance->declared_tier,
                   speaks_of_tiers(conformance) ? "; demonstrates " : "",
                   speaks_of_tiers(conformance) ? conformance->shown_tier : "");
}

static void put_circumstances(struct page *page, const struct conformance *conformance)
{
    struct text line = {0};
    char time[64];

    text_appendf(&line, "%s, seed %llu, run %s, took %s",
                 conformance->is_virtual ? "virtual time" : "real time",
                 (unsigned long long)conformance->seed, conformance->run_id,
                 duration_show(conformance->elapsed_ns, time, sizeof(time)));
    for (size_t i = 0; i < conformance->setting_count; i++)
        text_appendf(&line, ", %s", conformance->settings[i]);
    if (conformance->is_chosen)
        text_appendf(&line, "; %zu clauses were chosen", conformance->clause_count);
    page_wrap(page, "  ", text_string(&line));
    text_release(&line);
}

/* --- Capabilities ---------------------------------------------------------------------------- */

static void put_count(struct page *page, size_t count, size_t width)
{
    char buffer[32];

    (void)snprintf(buffer, sizeof(buffer), "%zu", count);
    page_right(page, count ? buffer : "-", width);
}

static size_t count_all(const struct conformance_tally *tally)
{
    return conformance_bound(tally) + tally->by_verdict[CONFORMANCE_NOT_APPLICABLE];
}

static void put_capability(struct page *page, const struct conformance_capability *capability)
{
    static const enum page_colour COLOURS[] = {
        [CONFORMANCE_DEMONSTRATED] = PAGE_GREEN,
        [CONFORMANCE_REFUTED] = PAGE_RED,
        [CONFORMANCE_UNPROVEN] = PAGE_YELLOW,
        [CONFORMANCE_UNDECLARED] = PAGE_DIM,
    };
    const size_t *required = capability->required.by_verdict;
    char other[48];

    text_append_string(page->text, "  ");
    page_left(page, capability->name, 22);
    page_paint(page, COLOURS[capability->standing], conformance_standing_name(capability->standing),
               13);
    put_count(page, required[CONFORMANCE_PASS], 8);
    put_count(page, required[CONFORMANCE_FAIL], 8);
    put_count(page, required[CONFORMANCE_INCONCLUSIVE], 14);
    put_count(page, required[CONFORMANCE_NOT_RUN], 9);
    put_count(page, required[CONFORMANCE_NOT_APPLICABLE], 5);
    (void)snprintf(other, sizeof(other), "%zu of %zu",
                   capability->other.by_verdict[CONFORMANCE_PASS],
                   conformance_bound(&capability->other));
    page_right(page, conformance_bound(&capability->other) ? other : "-", 14);
    text_append_string(page->text, "\n");
    if (capability->difference)
        page_wrap(page, "      ", capability->difference);
}

/* Over the cells of put_capability. */
static void put_columns(struct page *page)
{
    static const struct {
        const char *title;
        size_t width;
    } COLUMNS[] = {{"passed", 8},  {"failed", 8}, {"inconclusive", 14},
                   {"not run", 9}, {"n/a", 5},    {"O, H passed", 14}};
    struct text line = {0};
    struct page head = {.text = &line};

    page_left(&head, "Capability", 24);
    page_left(&head, "shown", 13);
    for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(COLUMNS[0]); i++)
        page_right(&head, COLUMNS[i].title, COLUMNS[i].width);
    page_heading(page, text_string(&line));
    text_release(&line);
}

static void put_capabilities(struct page *page, const struct conformance *conformance)
{
    put_columns(page);
    for (size_t i = 0; i < conformance->capability_count; i++) {
        const struct conformance_capability *capability = &conformance->capabilities[i];

        if (count_all(&capability->required) + count_all(&capability->other) > 0)
            put_capability(page, capability);
    }
}

static void put_tiers(struct page *page, const struct conformance *conformance)
{
    if (!speaks_of_tiers(conformance))
        return;
    page_heading(page, "Tiers");
    for (size_t i = 0; i < conformance->tier_count; i++) {
        const struct conformance_tier *tier = &conformance->tiers[i];

        if (tier->is_declared)
            page_wrap(page, "  ", tier->sentence);
        else
            page_wrapf(page, "  ", "%s is not declared", tier->name);
    }
}

/* --- Clauses --------------------------------------------------------------------------------- */

/* A paragraph whose first line has begun, `column` columns in. */
static void put_says(struct page *page, const char *says, size_t column)
{
    struct text wrapped = {0};
    struct page narrow = {.text = &wrapped};
    char blank[64];

    (void)snprintf(blank, sizeof(blank), "%*s", (int)column, "");
    page_wrap(&narrow, blank, says);
    text_append_string(page->text, text_string(&wrapped) + column);
    text_release(&wrapped);
}

static void put_line(struct page *page, const struct conformance_clause *clause)
{
    const struct mark *mark = &MARKS[clause->verdict];
    char lead[64];

    text_append_string(page->text, "  ");
    page_paint(page, mark->colour, mark->word, 8);
    (void)snprintf(lead, sizeof(lead), "%-8.30s %c%s  ", clause->id, clause->level,
                   clause->is_core ? " core" : "     ");
    text_append_string(page->text, lead);
    put_says(page, clause->says, 10 + page_columns(lead));
}

static void put_list(struct page *page, const struct conformance *conformance)
{
    if (!conformance->is_chosen || conformance->clause_count > LISTED_MAX)
        return;
    page_heading(page, "Clauses");
    for (size_t i = 0; i < conformance->clause_count; i++)
        put_line(page, &conformance->clauses[i]);
}

static void put_evidence(struct page *page, const struct conformance_clause *clause)
{
    size_t first =
        clause->evidence_count > EVIDENCE_MAX ? clause->evidence_count - EVIDENCE_MAX : 0;

    if (first > 0)
        page_wrapf(page, "      | ", "... %zu more before", first);
    for (size_t i = first; i < clause->evidence_count; i++)
        page_wrap(page, "      | ", clause->evidence[i]);
}

static void put_finding(struct page *page, const struct conformance_clause *clause)
{
    char time[64];

    put_line(page, clause);
    page_wrapf(page, "      ", "%s: %s", clause->place, clause->reason ? clause->reason : "");
    put_evidence(page, clause);
    if (clause->round_count > 1)
        page_wrapf(page, "      ", "in round %llu, after %s",
                   (unsigned long long)clause->round_count,
                   duration_show(clause->elapsed_ns, time, sizeof(time)));
    if (clause->is_known)
        page_wrap(page, "      ", "it failed in the baseline too: it does not count");
    /* Not wrapped: it is there to be copied. */
    text_appendf(page->text, "      alone: %s\n", clause->command);
}

/* Where several failed. */
static void put_advice(struct page *page, const struct conformance *conformance)
{
    const struct conformance_clause *first = conformance_first_failure(conformance);
    struct conformance_tally required = conformance_count(conformance, 'R');

    if (first && required.by_verdict[CONFORMANCE_FAIL] > 1)
        page_wrapf(page, "  ", "Begin with %s: others may rest on what it is about.", first->id);
}

/* A kind of clauses that need words, under one heading; consequences after their causes. */
static void put_findings(struct page *page, const struct conformance *conformance,
                         enum conformance_verdict verdict, bool is_required, const char *heading)
{
    size_t count = 0;

    for (size_t i = 0; i < 2 * conformance->clause_count; i++) {
        const struct conformance_clause *clause =
            &conformance->clauses[i % conformance->clause_count];
        bool is_last = i >= conformance->clause_count;

        if (clause->verdict != verdict || (clause->level == 'R') != is_required ||
            clause->is_derived != is_last)
            continue;
        if (count++ == 0)
            page_heading(page, heading);
        if (count == 1 && verdict == CONFORMANCE_FAIL && is_required)
            put_advice(page, conformance);
        put_finding(page, clause);
    }
}

/* --- What was not run ------------------------------------------------------------------------ */

static bool is_same(const struct conformance_clause *left, const struct conformance_clause *right)
{
    return left->verdict == right->verdict && left->reason && right->reason &&
           strcmp(left->reason, right->reason) == 0;
}

static bool is_first(const struct conformance *conformance, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (is_same(&conformance->clauses[i], &conformance->clauses[index]))
            return false;
    return true;
}

/* One reason with all its clauses. */
static void put_reason(struct page *page, const struct conformance *conformance, size_t index)
{
    const struct conformance_clause *first = &conformance->clauses[index];
    struct text ids = {0};

    for (size_t i = index; i < conformance->clause_count; i++)
        if (is_same(first, &conformance->clauses[i]))
            text_appendf(&ids, "%s%s", ids.size > 0 ? ", " : "", conformance->clauses[i].id);
    page_wrapf(page, "  ", "%s: %s", first->reason, text_string(&ids));
    text_release(&ids);
}

static void put_reasons(struct page *page, const struct conformance *conformance,
                        enum conformance_verdict verdict, const char *heading)
{
    size_t count = 0;

    for (size_t i = 0; i < conformance->clause_count; i++) {
        if (conformance->clauses[i].verdict != verdict || !is_first(conformance, i))
            continue;
        if (count++ == 0)
            page_heading(page, heading);
        put_reason(page, conformance, i);
    }
}

/* What a clause about races has found depends on how much raced. */
static void put_races(struct page *page, const struct conformance *conformance)
{
    size_t count = 0;

    for (size_t i = 0; i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];

        if (!clause->is_race || clause->call_count == 0)
            continue;
        if (count++ == 0)
            page_heading(page, "Races");
        page_wrapf(page, "  ", "%s: %llu %s, %llu calls, %llu of them while another was under way",
                   clause->id, (unsigned long long)clause->round_count,
                   clause->round_count == 1 ? "round" : "rounds",
                   (unsigned long long)clause->call_count,
                   (unsigned long long)clause->overlap_count);
    }
}

static void put_notes(struct page *page, const struct conformance *conformance)
{
    if (conformance->note_count == 0)
        return;
    page_heading(page, "Notes");
    for (size_t i = 0; i < conformance->note_count; i++)
        page_wrap(page, "  - ", conformance->notes[i].text);
}

void conformance_text(const struct conformance_input *input, struct text *text)
{
    const struct conformance *conformance = input->conformance;
    struct page page = {.text = text, .has_colour = input->has_colour};

    put_verdict(&page, conformance);
    put_circumstances(&page, conformance);
    put_capabilities(&page, conformance);
    put_tiers(&page, conformance);
    put_races(&page, conformance);
    put_list(&page, conformance);
    put_findings(&page, conformance, CONFORMANCE_FAIL, true, "Required, and failed");
    put_findings(&page, conformance, CONFORMANCE_INCONCLUSIVE, true, "Required, and undecided");
    put_findings(&page, conformance, CONFORMANCE_FAIL, false,
                 "Optional or hardening, and not met: the verdict does not depend on these");
    put_findings(&page, conformance, CONFORMANCE_INCONCLUSIVE, false,
                 "Optional or hardening, and undecided");
    put_reasons(&page, conformance, CONFORMANCE_NOT_RUN, "Not run");
    put_reasons(&page, conformance, CONFORMANCE_NOT_APPLICABLE, "Not applicable");
    put_notes(&page, conformance);
    if (input->folder)
        text_appendf(text, "\nFiles: %s\n", input->folder);
}
