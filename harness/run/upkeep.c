/* upkeep.c: one chore for each stream to be trimmed and each broker to be watched; one call of each
   is under way at a time. */
#include "run/upkeep.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "port.h"
#include "run/stage.h"

#define PERIOD_NS      1000000000u
#define SHORTEST_NS    50000000u
#define TIMEOUT_NS     5000000000u
#define MEMORY_SHARE   0.8
#define MEMORY_DEFAULT (1ull << 30) /* on top of what was there, where a broker has no limit */

struct upkeep_chore {
    struct adapter_call call; /* first member */
    struct stage *stage;
    struct broker *broker;
    const char *stream; /* to be trimmed; NULL: the broker's memory is looked at */
    uint64_t limit_bytes;
    uint64_t used_bytes, looked_ns; /* when it was last looked at */
    uint64_t due_ns;
    bool is_busy;
};

/* --- Trimming -------------------------------------------------------------------------------- */

static void on_trimmed(struct adapter_call *call, const struct adapter_result *result)
{
    struct upkeep_chore *chore = (struct upkeep_chore *)call;

    chore->is_busy = false;
    if (result->outcome == ADAPTER_DONE && result->number > 0)
        chore->stage->upkeep.trimmed += (uint64_t)result->number;
}

/* A group that does not exist yet would miss what is trimmed before it does. */
static bool may_trim(const struct stage *stage)
{
    return stage->cast.ready_count == stage->cast.consumer_count;
}

static bool prepare_trim(struct upkeep_chore *chore)
{
    if (!may_trim(chore->stage))
        return false;
    chore->call = (struct adapter_call){.operation = ADAPTER_OP_TRIM,
                                        .stream = chore->stream,
                                        .count = (int64_t)chore->stage->scenario->retain,
                                        .done = on_trimmed};
    return true;
}

/* --- Memory ---------------------------------------------------------------------------------- */

static uint64_t memory_limit(const struct stage *stage, const struct usage_source *source)
{
    if (stage->scenario->broker_memory > 0)
        return stage->scenario->broker_memory;
    if (source->memory_limit_bytes > 0)
        return (uint64_t)((double)source->memory_limit_bytes * MEMORY_SHARE);
    return source->memory_bytes + MEMORY_DEFAULT;
}

static void note_full(struct upkeep_chore *chore, uint64_t used_bytes)
{
    struct upkeep *upkeep = &chore->stage->upkeep;
    char used[32], limit[32];

    if (upkeep->stop_reason)
        return;
    upkeep->stop_reason = memory_format(
        "stopped sending: broker %s uses %s of memory, and %s is the limit: say 'retain: 100000' "
        "to trim what every group has settled, or raise 'broker_memory'",
        chore->broker->endpoint.name, size_show(used_bytes, used, sizeof(used)),
        size_show(chore->limit_bytes, limit, sizeof(limit)));
}

/* The faster it fills, the sooner. */
static void look_again(struct upkeep_chore *chore, uint64_t used_bytes)
{
    uint64_t now = loop_now_ns(chore->broker->control.loop);
    double grown = (double)used_bytes - (double)chore->used_bytes;
    double left = (double)chore->limit_bytes - (double)used_bytes;
    double wait_ns = (double)PERIOD_NS;

    if (chore->used_bytes > 0 && grown > 0.0 && left > 0.0)
        wait_ns = left / grown * (double)(now - chore->looked_ns) / 4.0;
    if (wait_ns > (double)PERIOD_NS || chore->used_bytes == 0)
        wait_ns = chore->used_bytes == 0 ? (double)SHORTEST_NS : (double)PERIOD_NS;
    chore->due_ns = now + (wait_ns < (double)SHORTEST_NS ? SHORTEST_NS : (uint64_t)wait_ns);
    chore->used_bytes = used_bytes;
    chore->looked_ns = now;
}

static void on_health(struct adapter_call *call, const struct adapter_result *result)
{
    struct upkeep_chore *chore = (struct upkeep_chore *)call;
    struct usage_source source;
    char *text;

    chore->is_busy = false;
    if (result->outcome != ADAPTER_DONE || !result->text.data)
        return;
    text = memory_format("%.*s", (int)result->text.size, result->text.data);
    source = usage_source(text);
    free(text);
    if (source.memory_bytes > chore->limit_bytes)
        note_full(chore, source.memory_bytes);
    look_again(chore, source.memory_bytes);
}

static bool prepare_look(struct upkeep_chore *chore)
{
    chore->call = (struct adapter_call){.operation = ADAPTER_OP_HEALTH_STATS, .done = on_health};
    return true;
}

/* --- Chores ---------------------------------------------------------------------------------- */

static void start(struct upkeep_chore *chore, uint64_t now_ns)
{
    chore->due_ns = now_ns + PERIOD_NS;
    if (!(chore->stream ? prepare_trim(chore) : prepare_look(chore)))
        return;
    chore->is_busy = true;
    chore->call.struct_size = sizeof(chore->call);
    chore->call.deadline_ns = now_ns + TIMEOUT_NS;
    endpoint_start(&chore->broker->control, &chore->call);
}

static struct upkeep_chore *add_chore(struct stage *stage, struct broker *broker)
{
    struct upkeep_chore *chore = &stage->upkeep.chores[stage->upkeep.count++];

    chore->stage = stage;
    chore->broker = broker;
    return chore;
}

void upkeep_open(struct stage *stage)
{
    struct upkeep *upkeep = &stage->upkeep;

    upkeep->chores =
        memory_new(stage->cast.stream_count + stage->brokers.count + 1, sizeof(*upkeep->chores));
    for (size_t i = 0; stage->scenario->retain > 0 && i < stage->cast.stream_count; i++) {
        const struct cast_stream *stream = &stage->cast.streams[i];
        struct broker *broker = &stage->brokers.items[stream->broker];

        if (stream->is_ours && port_has(broker->endpoint.adapter, ADAPTER_OP_TRIM))
            add_chore(stage, broker)->stream = stream->name;
    }
    for (size_t i = 0; i < stage->brokers.count; i++) {
        struct broker *broker = &stage->brokers.items[i];

        if (broker->source.memory_bytes > 0)
            add_chore(stage, broker)->limit_bytes = memory_limit(stage, &broker->source);
    }
}

void upkeep_turn(struct stage *stage, uint64_t now_ns)
{
    struct upkeep *upkeep = &stage->upkeep;

    if (stage->cast.start_ns == 0)
        return;
    for (size_t i = 0; i < upkeep->count; i++)
        if (!upkeep->chores[i].is_busy && now_ns >= upkeep->chores[i].due_ns)
            start(&upkeep->chores[i], now_ns);
}

void upkeep_close(struct upkeep *upkeep)
{
    free(upkeep->chores);
    free(upkeep->stop_reason);
    *upkeep = (struct upkeep){0};
}
