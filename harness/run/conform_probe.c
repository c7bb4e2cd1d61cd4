/* conform_probe.c: is the broker better than it says?  The core clauses about a capability that is
   not declared are run as if it were; nothing depends on what they find but a note. */
#include <stdlib.h>

#include "base/memory.h"
#include "port.h"
#include "run/conform_state.h"

#define FLAG_COUNT 10u

struct probe {
    struct conform *conform;
    struct conform_task *tasks;
    struct conformance_clause *entries; /* one for each */
    size_t count;
};

/* Capabilities with operations of their own are there when these are. */
static bool is_filled_in(const struct broker_adapter *adapter, uint32_t flag)
{
    size_t gated_count = 0, filled_count = 0;

    for (enum adapter_operation i = 0; i < ADAPTER_OP_COUNT; i++) {
        gated_count += port_operations[i].capability == flag;
        filled_count += port_operations[i].capability == flag && port_has(adapter, i);
    }
    return filled_count == gated_count;
}

/* The one flag that a core clause lacks; 0 when it lacks none or several, or is no question. */
static uint32_t lack_of(const struct conform *conform, const struct clause *clause)
{
    uint32_t missing = conform_flags(clause->needs, clause->need_count) & ~conform->declared;
    bool is_asked = clause->level == CLAUSE_REQUIRED && clause->is_core && !clause->derive &&
                    clause->without_count == 0 && clause->rounds == 1;

    if (!is_asked || (missing & (missing - 1)) != 0 || !is_filled_in(conform->adapter, missing))
        return 0;
    return missing;
}

static void add_probe(struct probe *probe, const struct clause *clause, uint32_t flag)
{
    struct conform_task *task = &probe->tasks[probe->count];

    task->setting = &probe->conform->setting;
    task->clause = clause;
    task->entry = &probe->entries[probe->count++];
    task->added = flag;
    conform_bind(probe->conform, task);
}

static void make_probes(struct probe *probe)
{
    const struct clauses *clauses = probe->conform->options->clauses;

    probe->tasks = memory_new(clauses->count, sizeof(*probe->tasks));
    probe->entries = memory_new(clauses->count, sizeof(*probe->entries));
    for (size_t i = 0; i < clauses->count; i++) {
        uint32_t flag = lack_of(probe->conform, &clauses->items[i]);

        if (flag)
            add_probe(probe, &clauses->items[i], flag);
    }
}

static void note_flag(const struct probe *probe, uint32_t flag)
{
    size_t passed_count = 0, run_count = 0;

    for (size_t i = 0; i < probe->count; i++) {
        if (probe->tasks[i].added != flag || !probe->tasks[i].is_wanted)
            continue;
        run_count++;
        passed_count += probe->entries[i].verdict == CONFORMANCE_PASS;
    }
    if (run_count > 1 && passed_count == run_count)
        conformance_note(probe->conform->result,
                         "may be under-declared: %s is not declared, and all %zu core clauses "
                         "about it that could be run pass",
                         port_capability_name(flag), run_count);
}

static void release_probes(struct probe *probe)
{
    for (size_t i = 0; i < probe->count; i++) {
        conform_task_release(&probe->tasks[i]);
        conformance_clause_release(&probe->entries[i]);
    }
    free(probe->tasks);
    free(probe->entries);
}

int conform_probe(struct conform *conform, struct error *reterr)
{
    struct probe probe = {.conform = conform};
    int result = 0;

    make_probes(&probe);
    if (probe.count > 0)
        result = conform_play(conform, probe.tasks, probe.count, reterr);
    for (unsigned bit = 0; bit < FLAG_COUNT && result == 0; bit++)
        note_flag(&probe, 1u << bit);
    release_probes(&probe);
    return result;
}
