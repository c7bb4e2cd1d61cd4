/* conform_derive.c: a clause that follows from the results of others: every declared flag is backed
   by behaviour (NEG-06). */
#include <string.h>

#include "port.h"
#include "run/conform_state.h"

#define ALL_FLAGS ((uint32_t)ADAPTER_TIER_ENTERPRISE_STREAMING)

struct backing {
    const struct conform_task *failed; /* a required clause about the flag */
    size_t passed_count, open_count;
};

static struct backing find_backing(const struct conform *conform, uint32_t flag)
{
    struct backing backing = {0};

    for (size_t i = 0; i < conform->task_count; i++) {
        const struct conform_task *task = &conform->tasks[i];
        bool is_about = task->clause->level == CLAUSE_REQUIRED && task->clause->need_count > 0 &&
                        port_capability_find(task->clause->needs[0]) == flag;

        if (!is_about)
            continue;
        backing.passed_count += task->entry->verdict == CONFORMANCE_PASS;
        backing.open_count += task->entry->verdict == CONFORMANCE_INCONCLUSIVE;
        if (task->entry->verdict == CONFORMANCE_FAIL && !backing.failed)
            backing.failed = task;
    }
    return backing;
}

static void derive_backing(struct conform *conform, struct conform_task *task)
{
    size_t backed_count = 0;

    task->entry->verdict = CONFORMANCE_PASS;
    for (uint32_t flag = 1; flag <= ALL_FLAGS; flag <<= 1) {
        struct backing backing = find_backing(conform, flag);

        if (!(conform->declared & flag))
            continue;
        backed_count += backing.passed_count > 0;
        if (backing.failed) {
            conform_task_decide(task, CONFORMANCE_FAIL, "over-declared: %s, by %s",
                                port_capability_name(flag), backing.failed->clause->id);
            return;
        }
        if (backing.passed_count == 0 && backing.open_count > 0)
            conform_task_decide(task, CONFORMANCE_INCONCLUSIVE, "nothing showed %s",
                                port_capability_name(flag));
    }
    if (backed_count == 0)
        conform_task_decide(task, CONFORMANCE_INCONCLUSIVE, "no clause showed any capability");
}

bool conform_derives(const char *word)
{
    return strcmp(word, "backs_flags") == 0;
}

void conform_derive(struct conform *conform)
{
    for (size_t i = 0; i < conform->task_count; i++) {
        struct conform_task *task = &conform->tasks[i];

        if (!task->clause->derive || task->entry->reason)
            continue;
        derive_backing(conform, task);
        task->entry->check_count = 1;
    }
}
