/* producer_crash.c: a producer's session ends with messages under way, whose outcome nobody learns;
   later it goes on with the next message on a fresh session. */
#include "actors/producer_parts.h"

#define AGAIN_NS 1000000000u /* when no session can be opened */

static void return_later(void *context)
{
    producer_return(context);
}

static void fall(void *context)
{
    struct producer *producer = context;
    struct producer_fault *fault = producer->fallen;
    struct loop *loop = producer->endpoint.loop;
    uint64_t now = loop_now_ns(loop), under_way = 0;

    if (producer->is_finished || producer->is_stopped) {
        producer->fallen = NULL;
        fault->healed(fault->context, now);
        return;
    }
    for (size_t i = 0; i < producer->slot_count; i++)
        under_way += producer->slots[i].count;
    producer->is_away = true;
    loop_timer_stop(loop, &producer->timer);
    endpoint_abandon(&producer->endpoint);
    fault->struck(fault->context, under_way, now);
    loop_timer_start(loop, &producer->go_timer, now + fault->delay_ns, return_later, producer);
}

/* The bytes of a call leave at the end of the turn that started it. */
static void fall_next_turn(void *context)
{
    struct producer *producer = context;

    loop_timer_start(producer->endpoint.loop, &producer->go_timer, 0, fall, producer);
}

void producer_crash(struct producer *producer, struct producer_fault *fault)
{
    if (producer->fallen) { /* it is away already, by another fault */
        fault->healed(fault->context, loop_now_ns(producer->endpoint.loop));
        return;
    }
    producer->fallen = fault;
    loop_timer_start(producer->endpoint.loop, &producer->go_timer, 0, fall_next_turn, producer);
}

void producer_return(struct producer *producer)
{
    struct producer_fault *fault = producer->fallen;
    struct loop *loop = producer->endpoint.loop;
    uint64_t now = loop_now_ns(loop);
    struct error error = {0};

    if (!producer->is_away || producer->is_stopped)
        return;
    loop_timer_stop(loop, &producer->go_timer);
    if (endpoint_open(&producer->endpoint, producer->spec->broker, &producer->place,
                      producer->spec->name, NULL, &error) < 0) {
        tally_error(&producer->tally, "open", ADAPTER_ERROR_OTHER, error.message);
        loop_timer_start(loop, &producer->go_timer, now + AGAIN_NS, return_later, producer);
        return;
    }
    producer->is_away = false;
    producer->fallen = NULL;
    producer->pause_ns = 0;
    fault->healed(fault->context, now);
    producer_produce(producer);
}
