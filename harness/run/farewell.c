/* farewell.c: what the brokers say at the end, and leaving their servers as they were. */
#include <stdio.h>

#include "base/memory.h"
#include "run/broker_server.h"
#include "run/leftover.h"
#include "run/stage.h"

#define ASK_TIMEOUT_NS 5000000000u

static void ask_health(struct stage *stage, struct broker *broker, struct result_broker *entry)
{
    struct adapter_call call = {.operation = ADAPTER_OP_HEALTH_STATS};
    struct answer answer;

    wait_answer(&stage->waiter, &broker->control, &call, ASK_TIMEOUT_NS, &answer);
    if (answer.outcome == ADAPTER_DONE && answer.text) {
        entry->was_asked = true;
        entry->health = memory_string(answer.text);
    } else {
        result_note(stage->result, "broker %s did not answer health_stats: %s",
                    broker->endpoint.name, answer.detail[0] ? answer.detail : "not supported");
    }
    answer_release(&answer);
}

static void read_usage(const struct broker *broker, struct result_broker *entry)
{
    struct usage usage;

    if (broker->source.process_id == 0 || !usage_read(&broker->source, &usage))
        return;
    entry->cpu_ns = usage.cpu_ns - broker->cpu_before_ns;
    entry->rss_bytes = usage.rss_bytes;
}

static int64_t ask_depth(struct stage *stage, const struct cast_stream *stream)
{
    struct adapter_call call = {.operation = ADAPTER_OP_STREAM_DEPTH, .stream = stream->name};
    struct answer answer;
    int64_t depth;

    wait_answer(&stage->waiter, &stage->brokers.items[stream->broker].control, &call,
                ASK_TIMEOUT_NS, &answer);
    depth = answer.outcome == ADAPTER_DONE ? answer.number : -1;
    answer_release(&answer);
    return depth;
}

static void ask_stored(struct stage *stage, size_t index, struct result_broker *entry)
{
    for (size_t i = 0; i < stage->cast.stream_count; i++) {
        int64_t depth;

        if (stage->cast.streams[i].broker != index)
            continue;
        depth = ask_depth(stage, &stage->cast.streams[i]);
        if (depth < 0) {
            entry->stored = -1;
            return;
        }
        entry->stored += depth;
    }
}

static bool remove_stream(struct stage *stage, const struct cast_stream *stream)
{
    struct broker *broker = &stage->brokers.items[stream->broker];
    struct adapter_call call = {.operation = ADAPTER_OP_STREAM_REMOVE, .stream = stream->name};
    struct answer answer;
    bool is_gone;

    wait_answer(&stage->waiter, &broker->control, &call, ASK_TIMEOUT_NS, &answer);
    if (answer.outcome != ADAPTER_DONE && answer.outcome != ADAPTER_UNSUPPORTED)
        result_note(stage->result, "stream %s was left on broker %s: %s", stream->name,
                    broker->endpoint.name, answer.detail[0] ? answer.detail : "no answer");
    is_gone = answer.outcome == ADAPTER_DONE || answer.outcome == ADAPTER_UNSUPPORTED;
    answer_release(&answer);
    return is_gone;
}

/* How to remove by hand what `keep` leaves behind. */
static char *removal_command(const struct stage *stage)
{
    for (size_t i = 0; i < stage->brokers.count; i++) {
        const struct broker *broker = &stage->brokers.items[i];
        const char *uri = broker->uri_shown;

        if (broker->endpoint.adapter->traits & ADAPTER_TRAIT_IN_PROCESS || !uri)
            continue;
        return memory_format("redis-cli -u '%s' --scan --pattern '*gauntlet:%08x:*' | "
                             "xargs -r redis-cli -u '%s' del",
                             uri, stage->cast.run, uri);
    }
    return NULL;
}

static void tidy_up(struct stage *stage)
{
    bool are_gone = true;

    if (stage->scenario->keep) {
        stage->result->removal =
            stage->scenario->names == SCENARIO_NAMES_PRIVATE ? removal_command(stage) : NULL;
        return;
    }
    for (size_t i = 0; i < stage->cast.stream_count; i++) {
        const struct cast_stream *stream = &stage->cast.streams[i];

        if (stream->is_ours)
            are_gone = remove_stream(stage, stream) && are_gone;
        else
            result_note(stage->result,
                        "stream %s was there before this run (%lld entries) and was left, with "
                        "what this run added",
                        stream->name, (long long)stream->depth_before);
    }
    if (are_gone)
        leftover_strike(stage);
}

void stage_farewell(struct stage *stage)
{
    for (size_t i = 0; i < stage->brokers.count; i++) {
        struct broker *broker = &stage->brokers.items[i];
        struct result_broker *entry = &stage->result->brokers[i];

        read_usage(broker, entry);
        entry->log = broker_server_log(broker);
        ask_health(stage, broker, entry);
        ask_stored(stage, i, entry);
    }
    if (stage->upkeep.trimmed > 0)
        result_note(stage->result, "%llu messages that every group had settled were trimmed",
                    (unsigned long long)stage->upkeep.trimmed);
    tidy_up(stage);
}
