/* fault_collect.c: what every fault did, into the result; and what it means for the verdict. */
#include <stdlib.h>

#include "base/memory.h"
#include "run/fault_parts.h"

static void collect_windows(struct fault *fault, struct result_fault *entry)
{
    entry->windows = memory_new(fault->window_count + 1, sizeof(*entry->windows));
    entry->window_count = fault->window_count;
    for (size_t i = 0; i < fault->window_count; i++) {
        struct fault_window *window = &fault->windows[i];
        struct result_fault_window *into = &entry->windows[i];

        into->begin_ns = window->begin_ns;
        into->end_ns = window->end_ns;
        into->is_recovered = window->recovered_ns != 0;
        into->recovery_ns = into->is_recovered ? window->recovered_ns - window->end_ns : 0;
        into->hit = memory_string(window->hit);
    }
}

void faults_collect(struct faults *faults)
{
    struct result *result;

    if (!faults)
        return;
    (void)recovery_look(faults);
    result = faults->stage->result;
    result->faults = memory_new(faults->count, sizeof(*result->faults));
    result->fault_count = faults->count;
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];
        struct result_fault *entry = &result->faults[i];

        *entry = fault->sums;
        entry->name = scenario_fault_title(fault->plan);
        entry->text = scenario_fault_text(fault->plan);
        entry->fired = fault->fired;
        entry->is_expected = fault->plan->is_expected;
        collect_windows(fault, entry);
    }
}

static bool is_link_fault(const struct fault *fault)
{
    return fault->word->seen.role == SCENARIO_LINK;
}

void faults_judge(struct faults *faults)
{
    if (!faults)
        return;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];
        const struct result_fault *entry = &faults->stage->result->faults[i];

        if (fault->fired > 0 || !fault->plan->is_expected)
            continue;
        if (is_link_fault(fault) && link_faults_connections(faults->links) == 0)
            result_judge(faults->stage->result, VERDICT_INCONCLUSIVE,
                         "fault '%s' never happened: the adapter did not dial the address it was "
                         "given",
                         entry->name);
        else
            result_judge(faults->stage->result, VERDICT_INCONCLUSIVE,
                         "fault '%s' never happened, so this run proves nothing about it",
                         entry->name);
    }
}
