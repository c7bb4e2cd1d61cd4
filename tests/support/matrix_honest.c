/* matrix_honest.c: honest brokers, which no clause may fail. */
#include <string.h>

#include "support/matrix.h"
#include "support/unit.h"

/* In virtual time there is one thread, and nothing that this sanitizer could see: some must do. */
#ifdef __SANITIZE_THREAD__
#define IDS   "CAP-* ACK-* CON-* LSE-* BLK-1*"
#define SHARE 10
#else
#define IDS   NULL
#define SHARE 1
#endif

static struct clauses load(void)
{
    struct clauses clauses = {0};
    struct error error = {0};

    if (matrix_clauses(&clauses, &error) < 0)
        fail_msg("%s", error.message);
    return clauses;
}

/* Is it one of the words? */
static bool names(const char *words, const char *id)
{
    for (const char *found = strstr(words, id); found; found = strstr(found + 1, id))
        if (found[strlen(id)] == ' ' || found[strlen(id)] == '\0')
            return true;
    return false;
}

/* Optional clauses that an honest adapter cannot meet, because of how its messages are stored. */
static const struct {
    const char *adapter, *ids;
} unmet[] = {
    {"redis", "DLQ-18 DLV-06 DLV-11 NCK-07 PUB-03"},
    {"redis_pubsub", "ISO-05"},
};

static bool is_unmet(const char *adapter, const char *id)
{
    for (size_t i = 0; i < ARRAY_SIZE(unmet); i++)
        if (strcmp(unmet[i].adapter, adapter) == 0 && names(unmet[i].ids, id))
            return true;
    return false;
}

/* Everything that can be run passes, but for what is known not to. */
void matrix_hold_honest(const char *adapter, size_t least)
{
    struct clauses clauses = load();
    struct error error = {0};
    struct conformance *conformance = matrix_run(&clauses, adapter, NULL, IDS, &error);
    size_t passed_count = 0, broken_count = 0;

    if (!conformance) {
        fail_msg("%s", error.message);
        return;
    }
    for (size_t i = 0; i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];
        bool is_met = clause->verdict != CONFORMANCE_FAIL;

        passed_count += clause->verdict == CONFORMANCE_PASS;
        if (clause->verdict != CONFORMANCE_INCONCLUSIVE && is_met != is_unmet(adapter, clause->id))
            continue;
        broken_count++;
        print_message("# %s, %s: %s\n", adapter, clause->id,
                      clause->reason ? clause->reason : "it passed, and is listed as unmet");
    }
    print_message("# %s passes %zu clauses\n", adapter, passed_count);
    assert_int_equal(broken_count, 0);
    assert_true(passed_count >= least / SHARE);
    conformance_free(conformance);
    clauses_release(&clauses);
}
