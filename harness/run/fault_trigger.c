/* fault_trigger.c: a trigger as a tree of what must have come. */
#include <stdlib.h>

#include "base/memory.h"
#include "run/fault_parts.h"

static bool has_event(const struct scenario_trigger *when)
{
    return when->op || when->message_producer;
}

static void init_list(struct trigger **ret_list, size_t *ret_count, struct trigger *parent,
                      const struct scenario_trigger *items, size_t count)
{
    *ret_list = memory_new(count + 1, sizeof(**ret_list));
    *ret_count = count;
    for (size_t i = 0; i < count; i++)
        trigger_init(&(*ret_list)[i], parent->fault, &items[i], parent->who);
}

void trigger_init(struct trigger *trigger, struct fault *fault, const struct scenario_trigger *when,
                  const struct scenario_party *who)
{
    *trigger = (struct trigger){.when = when,
                                .fault = fault,
                                .who = when->who.role != SCENARIO_NOBODY ? &when->who : who,
                                .next = when->reaches};
    init_list(&trigger->all, &trigger->all_count, trigger, when->all, when->all_count);
    init_list(&trigger->any, &trigger->any_count, trigger, when->any, when->any_count);
}

void trigger_release(struct trigger *trigger)
{
    for (size_t i = 0; i < trigger->all_count; i++)
        trigger_release(&trigger->all[i]);
    for (size_t i = 0; i < trigger->any_count; i++)
        trigger_release(&trigger->any[i]);
    free(trigger->all);
    free(trigger->any);
}

/* --- Looking ----------------------------------------------------------------------------------*/

static bool is_open(const struct trigger *trigger)
{
    const struct scenario_trigger *when = trigger->when;

    return (!when->has_at || trigger->is_at) && (!when->flow || trigger->is_counted) &&
           (!when->after_name || trigger->is_after);
}

bool trigger_holds(const struct trigger *trigger)
{
    bool holds = is_open(trigger);
    bool any = trigger->any_count == 0;

    /* What happens on a link is waited for there, once the rest holds. */
    if (has_event(trigger->when) && trigger->fault->word->seen.role != SCENARIO_LINK)
        holds = holds && trigger->is_met;
    for (size_t i = 0; i < trigger->all_count; i++)
        holds = holds && trigger_holds(&trigger->all[i]);
    for (size_t i = 0; i < trigger->any_count; i++)
        any = any || trigger_holds(&trigger->any[i]);
    return holds && any;
}

/* It has fired: what was met is used up, and a count goes on to its next round. */
void trigger_reset(struct trigger *trigger)
{
    trigger->is_met = trigger->is_after = false;
    if (trigger->is_counted) {
        trigger->is_counted = false;
        trigger->next += trigger->when->reaches;
    }
    for (size_t i = 0; i < trigger->all_count; i++)
        trigger_reset(&trigger->all[i]);
    for (size_t i = 0; i < trigger->any_count; i++)
        trigger_reset(&trigger->any[i]);
}

bool trigger_waits(const struct trigger *trigger)
{
    bool waits = loop_timer_is_started(&trigger->timer);

    for (size_t i = 0; i < trigger->all_count; i++)
        waits = waits || trigger_waits(&trigger->all[i]);
    for (size_t i = 0; i < trigger->any_count; i++)
        waits = waits || trigger_waits(&trigger->any[i]);
    return waits;
}

/* --- Coming ---------------------------------------------------------------------------------- */

static void on_moment(void *context)
{
    struct trigger *trigger = context;
    struct faults *faults = trigger->fault->owner;

    pthread_mutex_lock(&faults->lock);
    trigger->is_at = true;
    pthread_mutex_unlock(&faults->lock);
    fault_consider(trigger->fault, NULL);
}

void trigger_start(struct trigger *trigger)
{
    struct faults *faults = trigger->fault->owner;

    if (trigger->when->has_at)
        loop_timer_start(faults->loop, &trigger->timer, faults->start_ns + trigger->when->at_ns,
                         on_moment, trigger);
    for (size_t i = 0; i < trigger->all_count; i++)
        trigger_start(&trigger->all[i]);
    for (size_t i = 0; i < trigger->any_count; i++)
        trigger_start(&trigger->any[i]);
}

void trigger_stop(struct trigger *trigger)
{
    loop_timer_stop(trigger->fault->owner->loop, &trigger->timer);
    for (size_t i = 0; i < trigger->all_count; i++)
        trigger_stop(&trigger->all[i]);
    for (size_t i = 0; i < trigger->any_count; i++)
        trigger_stop(&trigger->any[i]);
}

static bool note_after(struct trigger *trigger, size_t other)
{
    bool is_new = trigger->when->after_name && trigger->when->after == other && !trigger->is_after;

    if (is_new)
        trigger->is_after = true;
    for (size_t i = 0; i < trigger->all_count; i++)
        is_new = note_after(&trigger->all[i], other) || is_new;
    for (size_t i = 0; i < trigger->any_count; i++)
        is_new = note_after(&trigger->any[i], other) || is_new;
    return is_new;
}

void trigger_after(struct trigger *trigger, const struct fault *other)
{
    struct faults *faults = trigger->fault->owner;
    bool is_new;

    pthread_mutex_lock(&faults->lock);
    is_new = note_after(trigger, (size_t)(other - faults->items));
    pthread_mutex_unlock(&faults->lock);
    if (is_new)
        fault_consider(trigger->fault, NULL);
}
