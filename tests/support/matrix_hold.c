/* matrix_hold.c: a family of lies against the clauses that catch them. */
#include <string.h>

#include "support/matrix.h"
#include "support/unit.h"

static bool hold(const struct clauses *clauses, const struct lie *lie)
{
    struct error error = {0};
    struct conformance *conformance =
        matrix_run(clauses, matrix_adapter(lie), lie, lie->proves, &error);
    size_t core_count = 0, missed_count = 0;

    if (!conformance) {
        print_message("# %s: %s\n", lie->name, error.message);
        return false;
    }
    for (size_t i = 0; i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];

        core_count += clause->is_core;
        if (clause->verdict == CONFORMANCE_FAIL)
            continue;
        missed_count++;
        print_message("# %s is not caught by %s: %s\n", lie->name, clause->id,
                      clause->reason ? clause->reason : "it passed");
    }
    if (core_count == 0)
        print_message("# %s is caught by no core clause\n", lie->name);
    conformance_free(conformance);
    return core_count > 0 && missed_count == 0;
}

void matrix_hold(const struct lie *family)
{
    struct clauses clauses = {0};
    struct error error = {0};
    size_t broken_count = 0;

    if (matrix_clauses(&clauses, &error) < 0)
        fail_msg("%s", error.message);
    for (const struct lie *lie = family; lie->name; lie++)
        broken_count += !hold(&clauses, lie);
    clauses_release(&clauses);
    assert_int_equal(broken_count, 0);
}
