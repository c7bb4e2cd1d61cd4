/* conformance_baseline.c: only what is worse than in an earlier result counts. */
#include "reports/conformance.h"

#include <string.h>

#include <jansson.h>

/* How bad a verdict is. */
static int rank_of(const char *verdict)
{
    static const enum conformance_verdict WORSE[] = {CONFORMANCE_NOT_RUN, CONFORMANCE_INCONCLUSIVE,
                                                     CONFORMANCE_FAIL};

    for (size_t i = 0; i < sizeof(WORSE) / sizeof(WORSE[0]); i++)
        if (strcmp(verdict, conformance_verdict_name(WORSE[i])) == 0)
            return (int)i + 1;
    return 0;
}

/* The verdict of a clause in the earlier result; NULL when it has none. */
static const char *find_verdict(const json_t *clauses, const char *id)
{
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i);
        const char *found = json_string_value(json_object_get(clause, "id"));

        if (found && strcmp(found, id) == 0)
            return json_string_value(json_object_get(clause, "verdict"));
    }
    return NULL;
}

static void mark_known(struct conformance_clause *clause, const json_t *clauses)
{
    const char *before = find_verdict(clauses, clause->id);
    int rank = rank_of(conformance_verdict_name(clause->verdict));

    clause->is_known = before && rank > 0 && rank_of(before) >= rank;
}

int conformance_apply_baseline(const char *path, struct conformance *conformance,
                               struct error *reterr)
{
    json_error_t complaint;
    json_t *root = json_load_file(path, 0, &complaint);
    const json_t *clauses = json_object_get(root, "clauses");

    if (!root)
        return error_set(reterr, ERROR_USAGE, "cannot read the baseline '%.150s': %s", path,
                         complaint.text);
    if (!json_is_array(clauses)) {
        json_decref(root);
        return error_set(reterr, ERROR_USAGE,
                         "'%.150s' is no baseline: say a conformance.json of an earlier run", path);
    }
    for (size_t i = 0; i < conformance->clause_count; i++)
        mark_known(&conformance->clauses[i], clauses);
    json_decref(root);
    conformance_judge(conformance);
    return 0;
}
