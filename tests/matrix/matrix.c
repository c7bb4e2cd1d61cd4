/* matrix.c: who catches whom.  Every lie against every clause; --reasons also says why, and names
   after it choose among the lies.  What the honest adapter fails too catches no lie. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/matrix.h"

enum { ADAPTERS_MAX = 8 };

/* What an adapter gives when nobody lies. */
struct honest {
    const char *adapter;
    struct conformance *conformance; /* NULL: it could not run */
    struct error error;
};

struct tally {
    const struct clauses *clauses;
    size_t *caught_counts;       /* of each clause: lies that it caught */
    const struct lie **only_one; /* of each clause: the last of them */
    size_t lie_count, uncaught_count, coreless_count;
    bool tells_reasons;
    struct honest honest[ADAPTERS_MAX];
    size_t honest_count;
};

static const struct honest *find_honest(struct tally *tally, const char *adapter)
{
    struct honest *honest = tally->honest, *end = honest + tally->honest_count;

    while (honest < end && strcmp(honest->adapter, adapter) != 0)
        honest++;
    if (honest < end)
        return honest;
    assert(tally->honest_count < ADAPTERS_MAX);
    tally->honest_count++;
    honest->adapter = adapter;
    honest->conformance = matrix_run(tally->clauses, adapter, NULL, NULL, &honest->error);
    return honest;
}

static bool fails_anyway(const struct honest *honest, const char *id)
{
    const struct conformance *conformance = honest->conformance;

    for (size_t i = 0; conformance && i < conformance->clause_count; i++)
        if (strcmp(conformance->clauses[i].id, id) == 0)
            return conformance->clauses[i].verdict == CONFORMANCE_FAIL;
    return false;
}

static void note(struct tally *tally, const struct lie *lie, const char *id)
{
    for (size_t i = 0; i < tally->clauses->count; i++)
        if (strcmp(tally->clauses->items[i].id, id) == 0) {
            tally->caught_counts[i]++;
            tally->only_one[i] = lie;
        }
}

static void print_open(const struct tally *tally, const struct conformance_clause *clause)
{
    if (tally->tells_reasons && clause->verdict == CONFORMANCE_INCONCLUSIVE)
        printf(" %s?\n      %s\n ", clause->id, clause->reason);
}

static void print_failed(const struct tally *tally, const struct conformance_clause *clause)
{
    printf(" %s%s", clause->id, clause->is_core ? "*" : "");
    if (tally->tells_reasons)
        printf("\n      %s %s\n ", clause->place, clause->reason);
}

static void print_honest(struct tally *tally, const char *adapter)
{
    const struct honest *honest = find_honest(tally, adapter);
    const struct conformance *conformance = honest->conformance;

    printf("honest %s: tells no lie\n ", adapter);
    for (size_t i = 0; conformance && i < conformance->clause_count; i++) {
        print_open(tally, &conformance->clauses[i]);
        if (conformance->clauses[i].verdict == CONFORMANCE_FAIL)
            print_failed(tally, &conformance->clauses[i]);
    }
    printf("%s\n", conformance ? "" : honest->error.message);
}

static void print_lie(struct tally *tally, const struct lie *lie)
{
    const char *adapter = matrix_adapter(lie);
    const struct honest *honest = find_honest(tally, adapter);
    struct error error = {0};
    struct conformance *conformance = matrix_run(tally->clauses, adapter, lie, NULL, &error);
    size_t core_count = 0, count = 0;

    printf("%s%s%s: %s\n ", lie->name, lie->over ? " " : "", lie->over ? adapter : "", lie->says);
    for (size_t i = 0; conformance && i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];

        print_open(tally, clause);
        if (clause->verdict != CONFORMANCE_FAIL || fails_anyway(honest, clause->id))
            continue;
        print_failed(tally, clause);
        count++;
        core_count += clause->is_core;
        note(tally, lie, clause->id);
    }
    printf("%s\n", conformance ? "" : error.message);
    tally->lie_count++;
    tally->uncaught_count += count == 0;
    tally->coreless_count += count > 0 && core_count == 0;
    conformance_free(conformance);
}

static void print_clauses(const struct tally *tally)
{
    printf("\nClauses that catch no lie of these:");
    for (size_t i = 0; i < tally->clauses->count; i++)
        if (tally->caught_counts[i] == 0)
            printf(" %s", tally->clauses->items[i].id);
    printf("\nClauses that catch one only:");
    for (size_t i = 0; i < tally->clauses->count; i++)
        if (tally->caught_counts[i] == 1)
            printf(" %s(%s)", tally->clauses->items[i].id, tally->only_one[i]->name);
    printf("\n%zu lies, %zu not caught, %zu caught by no core clause\n", tally->lie_count,
           tally->uncaught_count, tally->coreless_count);
}

static bool is_chosen(const struct lie *lie, int count, char *const *names)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], lie->name) == 0)
            return true;
    return count == 0;
}

int main(int count, char **arguments)
{
    static const char *const honest[] = {"inline", "redis", "redis_pubsub", "redis_channels"};
    struct tally tally = {0};
    struct clauses clauses = {0};
    struct error error = {0};

    if (matrix_clauses(&clauses, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    tally.clauses = &clauses;
    tally.caught_counts = memory_new(clauses.count, sizeof(*tally.caught_counts));
    tally.only_one = memory_new(clauses.count, sizeof(*tally.only_one));
    tally.tells_reasons = count > 1 && strcmp(arguments[1], "--reasons") == 0;
    count -= tally.tells_reasons, arguments += tally.tells_reasons;
    for (size_t i = 0; count == 1 && i < sizeof(honest) / sizeof(honest[0]); i++)
        print_honest(&tally, honest[i]);
    for (size_t i = 0; lie_at(i); i++)
        if (is_chosen(lie_at(i), count - 1, arguments + 1))
            print_lie(&tally, lie_at(i));
    print_clauses(&tally);
    for (size_t i = 0; i < tally.honest_count; i++)
        conformance_free(tally.honest[i].conformance);
    free(tally.caught_counts);
    free((void *)tally.only_one);
    clauses_release(&clauses);
    return tally.uncaught_count + tally.coreless_count > 0;
}
