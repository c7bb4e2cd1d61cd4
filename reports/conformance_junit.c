/* conformance_junit.c: a suite for each family, a case for each clause.  What does not count for
   the verdict is skipped with its type: optional clauses not met, and what was not run. */
#include "reports/conformance.h"

#include <string.h>

#include "reports/xml.h"

enum outcome { PASSED, FAILED, ERRED, SKIPPED, OUTCOMES };

static enum outcome outcome_of(const struct conformance_clause *clause)
{
    bool counts = clause->level == 'R' && !clause->is_known;

    if (clause->verdict == CONFORMANCE_PASS)
        return PASSED;
    if (counts && clause->verdict == CONFORMANCE_FAIL)
        return FAILED;
    if (counts && clause->verdict == CONFORMANCE_INCONCLUSIVE)
        return ERRED;
    return SKIPPED;
}

/* The type of a failure, an error or a skip. */
static const char *type_of(const struct conformance_clause *clause)
{
    static const char *const TYPES[] = {
        [CONFORMANCE_PASS] = "pass",
        [CONFORMANCE_FAIL] = "fail",
        [CONFORMANCE_INCONCLUSIVE] = "inconclusive",
        [CONFORMANCE_NOT_RUN] = "not_run",
        [CONFORMANCE_NOT_APPLICABLE] = "not_applicable",
    };

    if (clause->is_known && clause->verdict == CONFORMANCE_FAIL)
        return "known";
    if (clause->level != 'R' && clause->verdict == CONFORMANCE_FAIL)
        return clause->level == 'O' ? "optional_not_met" : "hardening_not_met";
    return TYPES[clause->verdict];
}

static void put_details(struct text *text, const struct conformance_clause *clause)
{
    if (clause->place)
        xml_put_escaped(text, clause->place);
    text_append_string(text, ": ");
    xml_put_escaped(text, clause->reason ? clause->reason : "");
    for (size_t i = 0; i < clause->evidence_count; i++) {
        text_append_string(text, "\n");
        xml_put_escaped(text, clause->evidence[i]);
    }
    if (clause->command) {
        text_append_string(text, "\nalone: ");
        xml_put_escaped(text, clause->command);
    }
}

static void put_case(struct text *text, const struct conformance *conformance,
                     const struct conformance_clause *clause)
{
    static const char *const ELEMENTS[] = {
        [FAILED] = "failure", [ERRED] = "error", [SKIPPED] = "skipped"};
    enum outcome outcome = outcome_of(clause);

    text_append_string(text, "    <testcase");
    xml_put_attribute(text, "classname", conformance->adapter);
    xml_put_attribute(text, "name", clause->id);
    text_appendf(text, " time=\"%.6f\">\n", (double)clause->elapsed_ns / 1e9);
    if (outcome != PASSED) {
        text_appendf(text, "      <%s", ELEMENTS[outcome]);
        xml_put_attribute(text, "type", type_of(clause));
        xml_put_attribute(text, "message", clause->reason ? clause->reason : clause->says);
        text_append_string(text, ">");
        put_details(text, clause);
        text_appendf(text, "</%s>\n", ELEMENTS[outcome]);
    }
    text_append_string(text, "      <system-out>");
    xml_put_escaped(text, clause->says);
    text_append_string(text, "</system-out>\n    </testcase>\n");
}

static void put_counts(struct text *text, const struct conformance *conformance, const char *family)
{
    size_t counts[OUTCOMES] = {0}, total = 0;
    uint64_t elapsed_ns = 0;

    for (size_t i = 0; i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];

        if (family && strcmp(family, clause->family) != 0)
            continue;
        counts[outcome_of(clause)]++;
        total++;
        elapsed_ns += clause->elapsed_ns;
    }
    text_appendf(text, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", total,
                 counts[FAILED], counts[ERRED], counts[SKIPPED]);
    text_appendf(text, " time=\"%.6f\"",
                 (double)(family ? elapsed_ns : conformance->elapsed_ns) / 1e9);
}

static bool is_first_of_family(const struct conformance *conformance, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(conformance->clauses[i].family, conformance->clauses[index].family) == 0)
            return false;
    return true;
}

static void put_suite(struct text *text, const struct conformance *conformance, size_t first)
{
    const char *family = conformance->clauses[first].family;

    text_append_string(text, "  <testsuite");
    xml_put_attribute(text, "name", family);
    put_counts(text, conformance, family);
    if (conformance->started)
        xml_put_attribute(text, "timestamp", conformance->started);
    text_append_string(text, ">\n");
    for (size_t i = first; i < conformance->clause_count; i++)
        if (strcmp(conformance->clauses[i].family, family) == 0)
            put_case(text, conformance, &conformance->clauses[i]);
    text_append_string(text, "  </testsuite>\n");
}

void conformance_junit(const struct conformance_input *input, struct text *text)
{
    const struct conformance *conformance = input->conformance;

    text_append_string(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    xml_put_attribute(text, "name", "gauntlet conform");
    put_counts(text, conformance, NULL);
    text_append_string(text, ">\n");
    for (size_t i = 0; i < conformance->clause_count; i++)
        if (is_first_of_family(conformance, i))
            put_suite(text, conformance, i);
    text_append_string(text, "</testsuites>\n");
}
