/* greet.c: before anything is started: is every broker there, how far away is it, and are streams
   that go by their exact names already in use? */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "run/stage.h"

#define GREET_TIMEOUT_NS   5000000000u
#define PING_COUNT         9
#define OVERSHOOT_TIMER_NS 100000u

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
        result =
            error_set(reterr, ERROR_ADAPTER, "broker %s (%s%s%s) cannot be reached: %s",
                      broker->endpoint.name, broker->endpoint.adapter->name,
                      broker->uri_shown ? " at " : "", broker->uri_shown ? broker->uri_shown : "",
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

/* How the broker was before this run did anything to it. */
static void ask_before(struct stage *stage, struct broker *broker, struct result_broker *entry)
{
    struct adapter_call call = {.operation = ADAPTER_OP_HEALTH_STATS};
    struct answer answer;
    struct usage usage;

    wait_answer(&stage->waiter, &broker->control, &call, GREET_TIMEOUT_NS, &answer);
    if (answer.outcome == ADAPTER_DONE && answer.text) {
        entry->health_before = memory_string(answer.text);
        broker->source = usage_source(answer.text);
    }
    answer_release(&answer);
    if (usage_is_local(broker->scenario) && usage_read(&broker->source, &usage))
        broker->cpu_before_ns = usage.cpu_ns;
    else
        broker->source.process_id = 0;
}

struct timer_probe {
    struct loop *loop;
    struct loop_timer timer;
    uint64_t due_ns, late_ns;
    bool has_come;
};

static void on_probe(void *context)
{
    struct timer_probe *probe = context;

    probe->late_ns = loop_now_ns(probe->loop) - probe->due_ns;
    probe->has_come = true;
    loop_stop(probe->loop);
}

/* Of a few timers, the median. */
static uint64_t measure_overshoot(struct stage *stage)
{
    uint64_t times[PING_COUNT];

    for (int i = 0; i < PING_COUNT; i++) {
        struct timer_probe probe = {.loop = stage->waiter.loop};

        probe.due_ns = loop_now_ns(probe.loop) + OVERSHOOT_TIMER_NS;
        loop_timer_start(probe.loop, &probe.timer, probe.due_ns, on_probe, &probe);
        while (!probe.has_come)
            loop_run(probe.loop);
        times[i] = probe.late_ns;
    }
    qsort(times, PING_COUNT, sizeof(times[0]), compare_u64);
    return times[PING_COUNT / 2];
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
        ask_before(stage, &stage->brokers.items[i], &stage->result->brokers[i]);
    }
    if (!stage->result->is_virtual)
        stage->result->environment.overshoot_ns = measure_overshoot(stage);
    for (size_t i = 0; i < stage->cast.stream_count; i++)
        if (stage->scenario->names == SCENARIO_NAMES_EXACT)
            look_at_stream(stage, &stage->cast.streams[i]);
    return 0;
}
