/* conform_bind.c: does a clause bind this broker, and can it be run here? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "run/broker_proxy.h"
#include "run/conform_state.h"

#define SLACK_NS_MIN 5000000u

/* --- Declared -------------------------------------------------------------------------------- */

static const char *first_flag(uint32_t flags)
{
    return port_capability_name(flags & (~flags + 1u));
}

/* What cannot be without these flags (CAP-02). */
static uint32_t dependents(uint32_t removed)
{
    static const struct {
        uint32_t base, on_top;
    } RULES[] = {
        {ADAPTER_CONSUMER_GROUPS, ADAPTER_ACK_NACK | ADAPTER_BLOCKING_READ},
        {ADAPTER_ACK_NACK, ADAPTER_DELIVERY_GUARANTEES | ADAPTER_DEAD_LETTER_QUEUE},
    };

    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++)
        if (removed & RULES[i].base)
            removed |= RULES[i].on_top;
    return removed;
}

/* What a clause takes away must be able to go without what it needs. */
static bool is_applicable(struct conform *conform, struct conform_task *task)
{
    const struct clause *clause = task->clause;
    uint32_t needs = conform_flags(clause->needs, clause->need_count);
    uint32_t missing;

    task->removed =
        conform->declared & dependents(conform_flags(clause->without, clause->without_count));
    missing = needs & ~(conform->declared | task->added);
    if (missing == 0)
        return true;
    conform_task_decide(task, CONFORMANCE_NOT_APPLICABLE, "%s is not declared",
                        first_flag(missing));
    return false;
}

/* --- The world ------------------------------------------------------------------------------- */

static bool is_in_process(const struct conform *conform)
{
    return conform->adapter->traits & ADAPTER_TRAIT_IN_PROCESS;
}

bool conform_needs_world(const struct clause *clause, const char *word)
{
    for (size_t i = 0; i < clause->world_count; i++)
        if (strcmp(clause->world[i], word) == 0)
            return true;
    return false;
}

static bool touches_everything(const struct clause *clause)
{
    return strcmp(clause->family, "RST") == 0 || conform_steps_use(&clause->steps, "data_reset");
}

static bool refuse(struct conform_task *task, const char *reason)
{
    conform_task_decide(task, CONFORMANCE_NOT_RUN, "%s", reason);
    return false;
}

static bool refuse_outside(struct conform_task *task, const char *what)
{
    conform_task_decide(task, CONFORMANCE_NOT_RUN,
                        "the broker lives in this process: there is no %s", what);
    return false;
}

static bool has_verbs(const struct conform *conform, struct conform_task *task)
{
    const char *verb;

    if (conform->options->standin)
        return true;
    for (size_t i = 0; (verb = conform_steps_verb(&task->clause->steps, i)) != NULL; i++) {
        if (conform->setting.server && server_can(conform->setting.server, server_word_find(verb)))
            continue;
        conform_task_decide(task, CONFORMANCE_NOT_RUN,
                            "needs 'control.%s' or 'control.start' in the profile", verb);
        return false;
    }
    return true;
}

static bool has_server(const struct conform *conform, struct conform_task *task)
{
    bool wants = conform_needs_world(task->clause, "server") ||
                 conform_steps_use(&task->clause->steps, "server");

    if (!wants)
        return true;
    if (is_in_process(conform))
        return refuse_outside(task, "server to drive");
    if (!conform->is_owned && !conform->options->is_destructive)
        return refuse(task,
                      "shared server: say --spawn COMMAND, or 'control.start' in the profile, or "
                      "--destructive");
    return has_verbs(conform, task);
}

/* A crash is a session abandoned, which takes a process of its own where the adapter blocks. */
static bool has_child(const struct conform *conform, struct conform_task *task)
{
    uint32_t traits = conform->adapter->traits;
    bool blocks = traits & (ADAPTER_TRAIT_BLOCKS | ADAPTER_TRAIT_WAITS);

    if (!conform_needs_world(task->clause, "child") || !blocks)
        return true;
    if (is_in_process(conform))
        return refuse(task, "needs a consumer in a process of its own, because the adapter blocks; "
                            "and the broker lives in this one");
    if (traits & ADAPTER_TRAIT_WAITS)
        return true;
    return refuse(task, "needs a consumer in a process of its own, because the adapter blocks: say "
                        "--isolate");
}

static bool has_link(const struct conform *conform, struct conform_task *task)
{
    bool wants = conform_needs_world(task->clause, "link") ||
                 conform_steps_use(&task->clause->steps, "link");
    const char *why;
    char *target;

    if (!wants)
        return true;
    if (is_in_process(conform))
        return refuse_outside(task, "link to break");
    if (conform->adapter->traits & ADAPTER_TRAIT_DIALS)
        return true;
    if (broker_proxy_target(conform->options->uri, &target, &why) == 0) {
        free(target);
        return true;
    }
    conform_task_decide(task, CONFORMANCE_NOT_RUN,
                        "the adapter dials by itself, so links are disturbed by a proxy, which %s",
                        why);
    return false;
}

static bool has_tamper(const struct conform *conform, struct conform_task *task)
{
    bool wants = conform_needs_world(task->clause, "tamper") ||
                 conform_steps_use(&task->clause->steps, "tamper");

    if (!wants || port_has(conform->adapter, ADAPTER_OP_TAMPER))
        return true;
    return refuse(task, "needs the adapter's operation 'tamper'");
}

static bool may_reset(const struct conform *conform, struct conform_task *task)
{
    if (!touches_everything(task->clause) || conform->is_owned || conform->options->is_destructive)
        return true;
    return refuse(task,
                  "shared server: it calls data_reset; say --spawn COMMAND, or 'control.start' "
                  "in the profile, or --destructive");
}

/* --- Facts ----------------------------------------------------------------------------------- */

static bool has_facts(const struct conform *conform, struct conform_task *task)
{
    const struct clause *clause = task->clause;
    char key[CONFORM_FACT_SIZE];

    for (size_t i = 0; i < clause->fact_count; i++) {
        const char *fact = clause->facts[i];

        if (conform_fact_holds(&conform->facts, fact))
            continue;
        (void)snprintf(key, sizeof(key), "%.*s", (int)strcspn(fact, "="), fact);
        if (conform_fact(&conform->facts, key)[0])
            conform_task_decide(task, CONFORMANCE_NOT_APPLICABLE, "the profile says %s: %s", key,
                                conform_fact(&conform->facts, key));
        else
            conform_task_decide(task, CONFORMANCE_NOT_RUN, "needs '%s' in the profile", key);
        return false;
    }
    return true;
}

/* --- All of it ------------------------------------------------------------------------------- */

/* Brokers in this process do not meet. */
static enum conform_company company_of(const struct conform *conform, const struct clause *clause)
{
    if (is_in_process(conform))
        return CONFORM_MANY;
    if (conform_steps_use(&clause->steps, "server") || touches_everything(clause))
        return CONFORM_NOBODY;
    return clause->is_real || clause->rounds > 1 ? CONFORM_ONE : CONFORM_MANY;
}

/* Clauses leave about half of their shortest time as slack, and half of that may go to hold-ups of
   this machine (contracts.md, ruling 12); less than a few milliseconds cannot be seen. */
static uint64_t slack_of(const struct tree *steps)
{
    uint64_t quarter = conform_steps_shortest_ns(steps) / 4;

    return quarter > 0 && quarter < SLACK_NS_MIN ? SLACK_NS_MIN : quarter;
}

static void prepare(struct conform *conform, struct conform_task *task)
{
    const struct clause *clause = task->clause;

    tree_copy(&task->steps, &clause->steps);
    /* Raw calls reach a capability that only this run has taken away. */
    if (task->removed != 0)
        conform_steps_gate(&task->steps);
    task->slack_ns = slack_of(&task->steps);
    task->is_virtual =
        conform->is_virtual && (!clause->is_real || conform->options->time == CONFORM_TIME_VIRTUAL);
    task->company = company_of(conform, clause);
    task->is_wanted = !clause->derive;
}

void conform_bind(struct conform *conform, struct conform_task *task)
{
    if (is_applicable(conform, task) && has_link(conform, task) && has_server(conform, task) &&
        has_child(conform, task) && has_tamper(conform, task) && may_reset(conform, task) &&
        has_facts(conform, task))
        prepare(conform, task);
}
