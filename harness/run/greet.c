/* greet.c: before anything is started: is every broker there, how far away is it, and are streams
   that go by their exact names already in use? */
#include <stdio.h>
#include <stdlib.h>

#include "run/stage.h"

#define GREET_TIMEOUT_NS 5000000000u
#define PING_COUNT       9

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static int connect_broker(struct stage *stage, struct broker *broker, struct error *reterr)
{
    struct adapter_call call = {.operation = ADAPTER_OP_ENSURE_CONNECTION};
    struct answer answer;
    int result = 0;

    wait_answer(&stage->waiter, &broker->control, &call, GREET_TIMEOUT_NS, &answer);
    if (answer.outcome != ADAPTER_UNSUPPORTED &&
        (answer.outcome != ADAPTER_DONE || answer.number == 0))
        result = error_set(reterr, ERROR_ADAPTER, "broker %s (%s%s%s) cannot be reached: %s",
                           broker->endpoint.name, broker->endpoint.adapter->name,
                           broker->scenario->uri_shown ? " at " : "",
                           broker->scenario->uri_shown ? broker->scenario->uri_shown : "",
                           answer.detail[0] ? answer.detail : "no answer");
    answer_release(&answer);
    return result;
}

static void measure_ping(struct stage *stage, struct broker *broker)
{
    uint64_t times[PING_COUNT];

    for (int i = 0; i < PING_COUNT; i++) {
        struct adapter_call call = {.operation = ADAPTER_OP_PING};
        struct answer answer;
        uint64_t begin = loop_now_ns(stage->waiter.loop);

        wait_answer(&stage->waiter, &broker->control, &call, GREET_TIMEOUT_NS, &answer);
        times[i] = loop_now_ns(stage->waiter.loop) - begin;
        answer_release(&answer);
    }
    qsort(times, PING_COUNT, sizeof(times[0]), compare_u64);
    broker->ping_ns = times[PING_COUNT / 2];
}

static void look_at_stream(struct stage *stage, struct cast_stream *stream)
{
    struct broker *broker = &stage->brokers.items[stream->broker];
    struct adapter_call call = {.operation = ADAPTER_OP_STREAM_DEPTH, .stream = stream->name};
    struct answer answer;

    wait_answer(&stage->waiter, &broker->control, &call, GREET_TIMEOUT_NS, &answer);
    if (answer.outcome == ADAPTER_DONE)
        stream->depth_before = answer.number;
    stream->is_ours = stream->depth_before == 0;
    answer_release(&answer);
}

int stage_greet(struct stage *stage, struct error *reterr)
{
    stage->phase = "connecting";
    for (size_t i = 0; i < stage->brokers.count; i++) {
        if (connect_broker(stage, &stage->brokers.items[i], reterr) < 0)
            return -1;
        measure_ping(stage, &stage->brokers.items[i]);
    }
    for (size_t i = 0; i < stage->cast.stream_count; i++)
        if (stage->scenario->names == SCENARIO_NAMES_EXACT)
            look_at_stream(stage, &stage->cast.streams[i]);
    return 0;
}
