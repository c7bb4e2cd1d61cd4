/* conformance.c: building, judging and freeing what a conformance run found. */
#include "run/conformance.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

const char *conformance_verdict_name(enum conformance_verdict verdict)
{
    static const char *const NAMES[] = {
        [CONFORMANCE_PASS] = "pass",
        [CONFORMANCE_FAIL] = "fail",
        [CONFORMANCE_INCONCLUSIVE] = "inconclusive",
        [CONFORMANCE_NOT_RUN] = "not run",
        [CONFORMANCE_NOT_APPLICABLE] = "not applicable",
    };

    return NAMES[verdict];
}

const char *conformance_standing_name(enum conformance_standing standing)
{
    static const char *const NAMES[] = {
        [CONFORMANCE_DEMONSTRATED] = "demonstrated",
        [CONFORMANCE_REFUTED] = "refuted",
        [CONFORMANCE_UNPROVEN] = "unproven",
        [CONFORMANCE_UNDECLARED] = "undeclared",
    };

    return NAMES[standing];
}

size_t conformance_bound(const struct conformance_tally *tally)
{
    return tally->by_verdict[CONFORMANCE_PASS] + tally->by_verdict[CONFORMANCE_FAIL] +
           tally->by_verdict[CONFORMANCE_INCONCLUSIVE] + tally->by_verdict[CONFORMANCE_NOT_RUN];
}

struct conformance_tally conformance_count(const struct conformance *conformance, char level)
{
    struct conformance_tally tally = {0};

    for (size_t i = 0; i < conformance->clause_count; i++)
        if (conformance->clauses[i].level == level)
            tally.by_verdict[conformance->clauses[i].verdict]++;
    return tally;
}

/* --- The verdict ----------------------------------------------------------------------------- */

/* What a required clause makes of the whole. */
static enum verdict weigh(const struct conformance *conformance,
                          const struct conformance_clause *clause)
{
    if (clause->level != 'R' || clause->is_known)
        return VERDICT_PASS;
    if (clause->verdict == CONFORMANCE_FAIL)
        return VERDICT_FAIL;
    if (clause->verdict == CONFORMANCE_INCONCLUSIVE)
        return VERDICT_INCONCLUSIVE;
    if (clause->verdict == CONFORMANCE_NOT_RUN && conformance->is_strict)
        return VERDICT_INCONCLUSIVE;
    return VERDICT_PASS;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static char *describe(const struct conformance *conformance, const size_t *counts)
{
    struct conformance_tally required = conformance_count(conformance, 'R');
    size_t passed = required.by_verdict[CONFORMANCE_PASS];
    size_t bound = conformance_bound(&required);

    if (counts[VERDICT_FAIL] > 0)
        return memory_format("%zu required clause%s failed", counts[VERDICT_FAIL],
                             plural(counts[VERDICT_FAIL]));
    if (conformance->is_partial)
        return memory_string("interrupted");
    if (counts[VERDICT_INCONCLUSIVE] > 0)
        return memory_format("%zu required clause%s could not be decided",
                             counts[VERDICT_INCONCLUSIVE], plural(counts[VERDICT_INCONCLUSIVE]));
    if (required.by_verdict[CONFORMANCE_NOT_RUN] > 0)
        return memory_format("%zu of %zu required clause%s passed, %zu not run", passed, bound,
                             plural(bound), required.by_verdict[CONFORMANCE_NOT_RUN]);
    return memory_format("%zu of %zu required clause%s passed", passed, bound, plural(bound));
}

/* Whoever cannot publish cannot read, and so on; the other families rest on all of these. */
static size_t find_depth(const struct conformance_clause *clause)
{
    static const char *const FAMILIES[] = {"PUB", "PAY", "SUB", "GRP", "ACK", "NCK"};
    const size_t count = sizeof(FAMILIES) / sizeof(FAMILIES[0]);
    size_t depth = 0;

    if (clause->is_derived)
        return count + 1;
    while (depth < count && strcmp(FAMILIES[depth], clause->family) != 0)
        depth++;
    return depth;
}

const struct conformance_clause *conformance_first_failure(const struct conformance *conformance)
{
    const struct conformance_clause *first = NULL;

    for (size_t i = 0; i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];
        bool is_failure =
            clause->verdict == CONFORMANCE_FAIL && clause->level == 'R' && !clause->is_known;

        if (is_failure && (!first || find_depth(clause) < find_depth(first)))
            first = clause;
    }
    return first;
}

void conformance_judge(struct conformance *conformance)
{
    size_t counts[VERDICT_FAIL + 1] = {0};

    for (size_t i = 0; i < conformance->clause_count; i++)
        counts[weigh(conformance, &conformance->clauses[i])]++;
    conformance->verdict = VERDICT_PASS;
    if (counts[VERDICT_FAIL] > 0)
        conformance->verdict = VERDICT_FAIL;
    else if (counts[VERDICT_INCONCLUSIVE] > 0 || conformance->is_partial)
        conformance->verdict = VERDICT_INCONCLUSIVE;
    free(conformance->verdict_reason);
    conformance->verdict_reason = describe(conformance, counts);
}

void conformance_note(struct conformance *conformance, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&text, format, arguments);
    va_end(arguments);
    conformance->notes =
        memory_grow(conformance->notes, conformance->note_count + 1, sizeof(*conformance->notes));
    conformance->notes[conformance->note_count++] =
        (struct result_message){.text = memory_string(text_string(&text))};
    text_release(&text);
}

/* --- Freeing --------------------------------------------------------------------------------- */

static void free_texts(char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
}

void conformance_clause_release(struct conformance_clause *clause)
{
    char *const texts[] = {clause->id,         clause->family,  clause->says,
                           clause->capability, clause->needs,   clause->reason,
                           clause->place,      clause->command, clause->document};

    free_texts(texts, sizeof(texts) / sizeof(texts[0]));
    free_texts(clause->evidence, clause->evidence_count);
    free(clause->evidence);
}

static void free_parts(struct conformance *conformance)
{
    for (size_t i = 0; i < conformance->clause_count; i++)
        conformance_clause_release(&conformance->clauses[i]);
    for (size_t i = 0; i < conformance->capability_count; i++) {
        free(conformance->capabilities[i].name);
        free(conformance->capabilities[i].difference);
    }
    for (size_t i = 0; i < conformance->tier_count; i++) {
        free(conformance->tiers[i].name);
        free(conformance->tiers[i].sentence);
    }
    for (size_t i = 0; i < conformance->note_count; i++)
        free(conformance->notes[i].text);
    free_texts(conformance->settings, conformance->setting_count);
}

void conformance_free(struct conformance *conformance)
{
    if (!conformance)
        return;
    char *const texts[] = {conformance->adapter,        conformance->uri,
                           conformance->command_line,   conformance->run_id,
                           conformance->declared_tier,  conformance->shown_tier,
                           conformance->difference,     conformance->version,
                           conformance->verdict_reason, conformance->started};

    free_texts(texts, sizeof(texts) / sizeof(texts[0]));
    free_parts(conformance);
    free(conformance->clauses);
    free(conformance->capabilities);
    free(conformance->tiers);
    free(conformance->notes);
    free(conformance->settings);
    free(conformance);
}
