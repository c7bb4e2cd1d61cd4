/* lies_waiting.c: blocking reads that return too early, too late, or not at all. */
#include "fakes/liar.h"

static uint64_t wait_of(const struct lie_call *call)
{
    int64_t milliseconds = call->call.duration_ms;

    return milliseconds > 0 ? (uint64_t)milliseconds * 1000000u : 3600000000000u;
}

/* A plain read; and when nothing is there the wait is sat out. */
static void sleep_deep(struct lie_call *call)
{
    call->call.operation = ADAPTER_OP_READ;
}

static void never_wake(struct lie_call *call, struct adapter_result *result)
{
    if (result->outcome == ADAPTER_EMPTY)
        lie_hold_answer(call, wait_of(call), result);
}

static void wait_always(struct lie_call *call)
{
    lie_hold(call, wait_of(call));
    call->call.operation = ADAPTER_OP_READ;
}

static void never_wait(struct lie_call *call)
{
    call->call.operation = ADAPTER_OP_READ;
}

static void wait_longer(struct lie_call *call)
{
    if (call->call.duration_ms > 0)
        call->call.duration_ms += call->lie->number;
    call->call.deadline_ns += (uint64_t)call->lie->number * 1000000u;
}

static void take_no_limit_for_a_second(struct lie_call *call)
{
    if (call->call.duration_ms == 0)
        call->call.duration_ms = 1000;
}

const struct lie lies_about_waiting[] = {
    {.name = "wakes_nobody",
     .says = "who waits for a message is not woken by one",
     .proves = "BLK-02 BLK-05 BLK-07 BLK-08 BLK-14",
     .on = LIE_ON(READ_BLOCKING),
     .ask = sleep_deep,
     .answer = never_wake},
    {.name = "waits_though_something_is_there",
     .says = "a blocking read waits its whole time, also when a message is there",
     .proves = "BLK-01 BLK-02 BLK-08",
     .on = LIE_ON(READ_BLOCKING),
     .ask = wait_always},
    {.name = "does_not_wait",
     .says = "a blocking read returns at once",
     .proves = "BLK-02 BLK-03 BLK-04 BLK-07",
     .on = LIE_ON(READ_BLOCKING),
     .ask = never_wait},
    {.name = "waits_too_long",
     .says = "a blocking read waits half a second longer than asked",
     .proves = "BLK-03 BLK-04",
     .on = LIE_ON(READ_BLOCKING),
     .number = 500,
     .ask = wait_longer},
    {.name = "takes_no_limit_for_a_second",
     .says = "a blocking read without limit answers nothing after a second",
     .proves = "BLK-05",
     .on = LIE_ON(READ_BLOCKING),
     .ask = take_no_limit_for_a_second},
    {0},
};
