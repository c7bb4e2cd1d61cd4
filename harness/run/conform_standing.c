/* conform_standing.c: what was shown of each capability and tier, beside what was declared. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "port.h"
#include "run/conform_state.h"

#define FLAG_COUNT   10u
#define EVERY_BROKER "every broker"
#define BASIC        ((uint32_t)ADAPTER_TIER_BASIC_PUBSUB)

static const uint32_t TIERS[] = {ADAPTER_TIER_BASIC_PUBSUB, ADAPTER_TIER_SIMPLE_QUEUING,
                                 ADAPTER_TIER_RELIABLE_MESSAGING, ADAPTER_TIER_ORDERED_MESSAGING,
                                 ADAPTER_TIER_ENTERPRISE_STREAMING};

enum { TIER_COUNT = sizeof(TIERS) / sizeof(TIERS[0]) };

/* --- Capabilities ---------------------------------------------------------------------------- */

static void count_clauses(const struct conformance *result,
                          struct conformance_capability *capability)
{
    for (size_t i = 0; i < result->clause_count; i++) {
        const struct conformance_clause *clause = &result->clauses[i];

        if (strcmp(clause->capability, capability->name) != 0)
            continue;
        if (clause->level == 'R')
            capability->required.by_verdict[clause->verdict]++;
        else
            capability->other.by_verdict[clause->verdict]++;
    }
}

static enum conformance_standing standing_of(const struct conformance_capability *capability)
{
    const size_t *counts = capability->required.by_verdict;

    if (!capability->is_declared)
        return CONFORMANCE_UNDECLARED;
    if (counts[CONFORMANCE_FAIL] > 0)
        return CONFORMANCE_REFUTED;
    if (counts[CONFORMANCE_PASS] == 0 || counts[CONFORMANCE_INCONCLUSIVE] > 0)
        return CONFORMANCE_UNPROVEN;
    return CONFORMANCE_DEMONSTRATED;
}

static const struct conformance_clause *find_clause(const struct conformance *result,
                                                    const char *capability,
                                                    enum conformance_verdict verdict)
{
    for (size_t i = 0; i < result->clause_count; i++) {
        const struct conformance_clause *clause = &result->clauses[i];

        if (clause->level == 'R' && clause->verdict == verdict &&
            (!capability || strcmp(clause->capability, capability) == 0))
            return clause;
    }
    return NULL;
}

static char *describe_refuted(const struct conformance *result,
                              const struct conformance_capability *capability)
{
    const struct conformance_clause *clause =
        find_clause(result, capability->name, CONFORMANCE_FAIL);

    return memory_format("declared, and not kept: %s: %s", clause ? clause->id : "",
                         clause ? clause->says : "");
}

static char *describe_unproven(const struct conformance_capability *capability)
{
    const size_t *counts = capability->required.by_verdict;

    if (conformance_bound(&capability->required) == 0)
        return memory_string("declared, and no clause about it was chosen");
    return memory_format("declared, and not shown: %zu of its %zu required clauses passed, %zu "
                         "inconclusive, %zu not run",
                         counts[CONFORMANCE_PASS], conformance_bound(&capability->required),
                         counts[CONFORMANCE_INCONCLUSIVE], counts[CONFORMANCE_NOT_RUN]);
}

/* A flag that is not declared, and yet works when it is called, is what NEG clauses find. */
static char *describe(const struct conformance *result,
                      const struct conformance_capability *capability)
{
    if (capability->standing == CONFORMANCE_REFUTED)
        return describe_refuted(result, capability);
    if (capability->standing == CONFORMANCE_UNPROVEN)
        return describe_unproven(capability);
    return NULL;
}

static void add_capability(struct conform *conform, const char *name, uint32_t flag)
{
    struct conformance *result = conform->result;
    struct conformance_capability *capability = &result->capabilities[result->capability_count++];

    capability->name = memory_string(name);
    capability->is_declared = (conform->declared & flag) == flag;
    count_clauses(result, capability);
    capability->standing = standing_of(capability);
    capability->difference = describe(result, capability);
    if (capability->standing == CONFORMANCE_DEMONSTRATED)
        result->demonstrated |= flag;
}

/* --- Under-declared -------------------------------------------------------------------------- */

/* The clauses that take a flag away call what is behind it; one that fails has found it there. */
static void note_surplus(struct conform *conform)
{
    for (size_t i = 0; i < conform->task_count; i++) {
        const struct conform_task *task = &conform->tasks[i];
        uint32_t without = conform_flags(task->clause->without, task->clause->without_count);
        uint32_t surplus = without & ~conform->declared;

        if (task->entry->verdict == CONFORMANCE_FAIL && surplus)
            conformance_note(conform->result,
                             "under-declared, or pretending: %s is not declared, and its "
                             "operations have an effect (%s)",
                             port_capability_name(surplus & (~surplus + 1u)), task->clause->id);
    }
}

/* --- Tiers ----------------------------------------------------------------------------------- */

/* Clauses of every broker, and those that need nothing beyond the tier. */
static void count_tier(const struct conform *conform, uint32_t flags, struct conformance_tier *tier)
{
    for (size_t i = 0; i < conform->task_count; i++) {
        const struct conform_task *task = &conform->tasks[i];
        uint32_t needs = conform_flags(task->clause->needs, task->clause->need_count);

        if (task->clause->level == CLAUSE_REQUIRED && (needs & ~flags) == 0)
            tier->required.by_verdict[task->entry->verdict]++;
    }
}

static char *describe_tier(const struct conformance_tier *tier)
{
    const size_t *counts = tier->required.by_verdict;
    struct text text = {0};
    char *sentence;

    text_appendf(&text, "%s %s by %zu of %zu clauses", tier->name,
                 tier->is_demonstrated ? "demonstrated" : "not demonstrated; passed",
                 counts[CONFORMANCE_PASS], conformance_bound(&tier->required));
    if (counts[CONFORMANCE_FAIL] > 0)
        text_appendf(&text, "; %zu failed", counts[CONFORMANCE_FAIL]);
    if (counts[CONFORMANCE_INCONCLUSIVE] > 0)
        text_appendf(&text, "; %zu inconclusive", counts[CONFORMANCE_INCONCLUSIVE]);
    if (counts[CONFORMANCE_NOT_RUN] > 0)
        text_appendf(&text, "; %zu not run", counts[CONFORMANCE_NOT_RUN]);
    sentence = memory_string(text_string(&text));
    text_release(&text);
    return sentence;
}

static void add_tier(struct conform *conform, uint32_t flags)
{
    struct conformance *result = conform->result;
    struct conformance_tier *tier = &result->tiers[result->tier_count++];

    tier->name = memory_string(port_tier_name(flags));
    tier->is_declared = (flags & ~conform->declared) == 0;
    tier->is_demonstrated = (flags & ~result->demonstrated) == 0;
    count_tier(conform, flags, tier);
    tier->sentence = describe_tier(tier);
}

/* The first declared capability that stands so. */
static const struct conformance_capability *find_standing(const struct conformance *result,
                                                          enum conformance_standing standing)
{
    for (size_t i = 0; i < result->capability_count; i++) {
        const struct conformance_capability *capability = &result->capabilities[i];

        if (strcmp(capability->name, EVERY_BROKER) != 0 && capability->is_declared &&
            capability->standing == standing)
            return capability;
    }
    return NULL;
}

static char *describe_broken(const struct conformance *result,
                             const struct conformance_capability *refuted)
{
    const struct conformance_clause *clause = find_clause(result, refuted->name, CONFORMANCE_FAIL);
    struct text text = {0};
    char *sentence;

    text_appendf(&text, "declares %s; ", result->declared_tier);
    if (!result->is_chosen)
        text_appendf(&text, "demonstrates %s: ", result->shown_tier);
    text_appendf(&text, "%s is not kept: %s: %s", refuted->name, clause ? clause->id : "",
                 clause ? clause->says : "");
    sentence = memory_string(text_string(&text));
    text_release(&text);
    return sentence;
}

static char *describe_difference(const struct conformance *result)
{
    const struct conformance_capability *refuted = find_standing(result, CONFORMANCE_REFUTED);
    const struct conformance_capability *unproven = find_standing(result, CONFORMANCE_UNPROVEN);
    const struct conformance_clause *clause;

    if (refuted)
        return describe_broken(result, refuted);
    if (!unproven || result->is_chosen)
        return NULL;
    clause = find_clause(result, unproven->name, CONFORMANCE_INCONCLUSIVE);
    if (clause)
        return memory_format("declares %s; demonstrates %s: %s is undecided, %s",
                             result->declared_tier, result->shown_tier, unproven->name, clause->id);
    return memory_format("declares %s; demonstrates %s: nothing showed %s", result->declared_tier,
                         result->shown_tier, unproven->name);
}

/* Is there a declared capability that no clause is about?  Then tiers cannot be compared. */
static bool has_unasked(const struct conformance *result)
{
    for (size_t i = 0; i < result->capability_count; i++) {
        const struct conformance_capability *capability = &result->capabilities[i];

        if (capability->is_declared && strcmp(capability->name, EVERY_BROKER) != 0 &&
            conformance_bound(&capability->required) == 0)
            return true;
    }
    return false;
}

void conform_stand(struct conform *conform)
{
    struct conformance *result = conform->result;

    result->declared = conform->declared;
    result->capabilities = memory_new(FLAG_COUNT + 1, sizeof(*result->capabilities));
    add_capability(conform, EVERY_BROKER, 0);
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++)
        add_capability(conform, port_capability_name(1u << bit), 1u << bit);
    result->is_chosen |= has_unasked(result);
    result->tiers = memory_new(TIER_COUNT, sizeof(*result->tiers));
    for (size_t i = 0; i < TIER_COUNT; i++)
        add_tier(conform, TIERS[i]);
    result->declared_tier = memory_string(port_tier_name(conform->declared));
    result->shown_tier = memory_string(port_tier_name(result->demonstrated));
    result->difference = describe_difference(result);
    note_surplus(conform);
}
