/* conformance_markdown.c: tables for a README: tiers and capabilities, then every clause. */
#include "reports/conformance.h"

#include <string.h>

/* A cell may hold neither a bar nor a line break. */
static void put_cell(struct text *text, const char *string)
{
    for (; *string; string++)
        if (*string == '|')
            text_append_string(text, "\\|");
        else
            text_append(text, *string == '\n' ? " " : string, 1);
}

static void put_head(struct text *text, const struct conformance *conformance)
{
    text_appendf(text, "# Conformance of %s\n\n", conformance->adapter);
    text_appendf(text, "%s: %s.", verdict_name(conformance->verdict), conformance->verdict_reason);
    if (conformance->difference)
        text_appendf(text, " It %s.", conformance->difference);
    else if (!conformance->is_chosen)
        text_appendf(text, " It declares %s and demonstrates %s.", conformance->declared_tier,
                     conformance->shown_tier);
    text_appendf(text, " Gauntlet %s, seed %llu.\n\n", conformance->version,
                 (unsigned long long)conformance->seed);
}

static void put_capabilities(struct text *text, const struct conformance *conformance)
{
    text_append_string(text, "| capability | declared | shown | required clauses passed | not run "
                             "| optional and hardening passed |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < conformance->capability_count; i++) {
        const struct conformance_capability *capability = &conformance->capabilities[i];

        text_appendf(
            text, "| %s | %s | %s | %zu of %zu | %zu | %zu of %zu |\n", capability->name,
            capability->is_declared ? "yes" : "no", conformance_standing_name(capability->standing),
            capability->required.by_verdict[CONFORMANCE_PASS],
            conformance_bound(&capability->required),
            capability->required.by_verdict[CONFORMANCE_NOT_RUN],
            capability->other.by_verdict[CONFORMANCE_PASS], conformance_bound(&capability->other));
    }
}

static void put_clause(struct text *text, const struct conformance_clause *clause)
{
    bool is_plain = clause->verdict == CONFORMANCE_PASS;

    text_appendf(text, "| %s%s | %c | ", clause->id, clause->is_core ? " ●" : "", clause->level);
    put_cell(text, clause->says);
    text_appendf(text, " | %s%s%s%s | ", is_plain ? "" : "**",
                 conformance_verdict_name(clause->verdict), is_plain ? "" : "**",
                 clause->is_known ? " (known)" : "");
    put_cell(text, clause->reason ? clause->reason : "");
    text_append_string(text, " |\n");
}

void conformance_markdown(const struct conformance_input *input, struct text *text)
{
    const struct conformance *conformance = input->conformance;

    put_head(text, conformance);
    put_capabilities(text, conformance);
    text_append_string(text,
                       "\n| clause | level | says | verdict | why |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < conformance->clause_count; i++)
        put_clause(text, &conformance->clauses[i]);
    text_append_string(text, "\n● core; R required, O optional, H hardening.\n");
}
