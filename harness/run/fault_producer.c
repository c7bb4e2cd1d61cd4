/* fault_producer.c: crashes of producers: one for each member that is meant. */
#include <stdio.h>

#include "base/memory.h"
#include "run/fault_parts.h"

/* --- On the producer's thread ---------------------------------------------------------------- */

static void on_struck(void *context, uint64_t messages, uint64_t now)
{
    struct fault_target *target = context;
    char hit[120];

    (void)snprintf(hit, sizeof(hit), "%s, %llu message%s under way", target->producer->name,
                   (unsigned long long)messages, messages == 1 ? "" : "s");
    fault_struck(target, hit, now);
}

static void on_healed(void *context, uint64_t now)
{
    fault_healed(context, now);
}

static void crash(void *context)
{
    struct fault_target *target = context;

    producer_crash(target->producer->producer, &target->crash);
}

static void come_back(void *context)
{
    struct fault_target *target = context;

    producer_return(target->producer->producer);
}

/* --- On any thread --------------------------------------------------------------------------- */

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    (void)here;
    for (size_t i = 0; i < fault->target_count; i++)
        if (fault_turn_on(&fault->targets[i]))
            loop_post(fault->targets[i].producer->worker->place.loop, crash, &fault->targets[i]);
}

static void end(struct fault *fault)
{
    for (size_t i = 0; i < fault->target_count; i++)
        if (fault->targets[i].is_on)
            loop_post(fault->targets[i].producer->worker->place.loop, come_back,
                      &fault->targets[i]);
}

/* --- Binding --------------------------------------------------------------------------------- */

static int bind(struct fault *fault, struct error *reterr)
{
    struct cast *cast = &fault->owner->stage->cast;

    (void)reterr;
    fault->targets = memory_new(cast->producer_count + 1, sizeof(*fault->targets));
    for (size_t i = 0; i < cast->producer_count; i++) {
        struct cast_producer *entry = &cast->producers[i];
        struct fault_target *target = &fault->targets[fault->target_count];

        if (!fault_names_producer(&fault->plan->action.target, entry))
            continue;
        fault->target_count++;
        *target = (struct fault_target){
            .fault = fault,
            .producer = entry,
            .window = FAULT_NO_WINDOW,
            .crash = {.delay_ns = (uint64_t)fault_value(fault, "restart_after")->number,
                      .struck = on_struck,
                      .healed = on_healed,
                      .context = target}};
    }
    return 0;
}

const struct fault_kind fault_producer_kind = {.bind = bind, .begin = begin, .end = end};
