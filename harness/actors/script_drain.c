/* script_drain.c: reading until nothing comes any more. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_control.h"
#include "actors/script_session.h"
#include "base/memory.h"

/* Between two reads that find nothing, once nothing came twice. */
static const uint64_t PAUSE_NS = 20000000;

/* A blocking read inside a drain waits a moment only: it is there to find nothing. */
enum { BLOCK_MS = 100 };

struct drain {
    const struct script_operation *read;
    struct value *messages;
    bool acks;
    int64_t most;
    uint64_t quiet_ns, last_ns; /* last: something came, or it began */
    unsigned empty_count;       /* reads in a row that found nothing */
};

static void free_drain(void *work)
{
    struct drain *drain = work;

    value_drop(drain->messages);
    free(drain);
}

static void read_more(struct script_flow *flow);

/* --- Settings -------------------------------------------------------------------------------- */

static const struct script_operation *find_read(const struct tree *arguments, struct error *reterr)
{
    static const enum adapter_operation reads[] = {ADAPTER_OP_READ, ADAPTER_OP_GET_NEXT,
                                                   ADAPTER_OP_READ_BLOCKING};
    const char *by = tree_text(arguments, "by");

    for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
        const struct script_operation *read = script_operation_of(reads[i]);

        if (strcmp(script_operation_name(read), by ? by : "read") == 0)
            return read;
    }
    error_set_at(reterr, tree_get(arguments, "by")->place,
                 "drain reads by read, get_next or read_blocking, not by %s", by);
    return NULL;
}

static int read_settings(const struct script_sight *sight, const struct tree *arguments,
                         struct drain *drain, struct error *reterr)
{
    const struct tree *quiet = tree_get(arguments, "quiet"), *most = tree_get(arguments, "most");
    const char *ack = tree_text(arguments, "ack");
    int64_t quiet_ns = 0;

    drain->read = find_read(arguments, reterr);
    if (!drain->read || (quiet && sight_duration(sight, quiet, &quiet_ns, reterr) < 0) ||
        (most && sight_integer(sight, most, &drain->most, reterr) < 0))
        return -1;
    drain->quiet_ns = quiet_ns > 0 ? (uint64_t)quiet_ns : 0;
    drain->acks = !ack || strcmp(ack, "true") == 0;
    return 0;
}

/* --- Calls ----------------------------------------------------------------------------------- */

static void answer(struct script_flow *flow, struct value *answer)
{
    script_step_answer(flow, answer, NULL);
}

static void start(struct script_flow *flow, struct script_call *call,
                  void (*answered)(void *context, struct script_call *call))
{
    struct script_step *step = &flow->step;
    const char *name = step->modifiers.session ? step->modifiers.session : "main";
    struct error error = {0};
    struct script_session *session = script_session_get(flow->script, name, &error);

    script_call_drop(step->call);
    step->call = call;
    if (!session) {
        (void)script_break(flow, &error);
        return;
    }
    call->is_raw = step->modifiers.is_raw;
    call->answered = answered;
    call->context = flow;
    script_call_start(call, session);
}

/* What an ack of many answers is not looked at: a broker that cannot ack answers false. */
static void on_acked(void *context, struct script_call *call)
{
    struct script_flow *flow = context;

    script_evidence_call(flow->script, call, flow->step.tree);
    if (script_answer_error(call->answer))
        answer(flow, value_keep(call->answer));
    else
        script_flow_resume_at(flow, 0, read_more);
}

static void ack_last(struct script_flow *flow)
{
    struct script_sight sight = script_flow_sight(flow);
    struct value *ids = value_list();
    struct error error = {0};
    struct script_call *call;
    const struct value *got = flow->step.call->answer;

    if (got->kind == VALUE_LIST)
        for (size_t i = 0; i < got->count; i++)
            value_append(ids, value_keep(got->items[i]));
    else
        value_append(ids, value_keep(flow->step.call->answer));
    call = script_call_new(flow->script, script_operation_of(ADAPTER_OP_ACK), &sight,
                           flow->step.tree, &error);
    if (call && script_call_set_ids(call, ids) == 0)
        start(flow, call, on_acked);
    value_drop(ids);
    if (!call)
        (void)script_break(flow, &error);
}

/* --- Reading --------------------------------------------------------------------------------- */

static size_t take(struct drain *drain, struct value *got)
{
    if (got->kind == VALUE_NULL)
        return 0;
    if (got->kind != VALUE_LIST) {
        value_append(drain->messages, value_keep(got));
        return 1;
    }
    for (size_t i = 0; i < got->count; i++)
        value_append(drain->messages, value_keep(got->items[i]));
    return got->count;
}

static void on_nothing(struct script_flow *flow)
{
    struct drain *drain = flow->step.work;
    uint64_t now = loop_now_ns(flow->script->loop);

    if (++drain->empty_count < 2)
        script_flow_resume_at(flow, 0, read_more);
    else if (now - drain->last_ns >= drain->quiet_ns)
        answer(flow, value_keep(drain->messages));
    else
        script_flow_resume_at(flow, now + PAUSE_NS, read_more);
}

static void on_something(struct script_flow *flow)
{
    struct drain *drain = flow->step.work;

    drain->empty_count = 0;
    drain->last_ns = loop_now_ns(flow->script->loop);
    if ((int64_t)drain->messages->count > drain->most)
        script_decide(flow->script, SCRIPT_FAIL, flow->step.tree->place,
                      "drain got more than %lld messages and there was no end to them",
                      (long long)drain->most);
    else if (drain->acks)
        script_flow_resume_at(flow, 0, ack_last);
    else
        script_flow_resume_at(flow, 0, read_more);
}

static void on_read(void *context, struct script_call *call)
{
    struct script_flow *flow = context;

    script_evidence_call(flow->script, call, flow->step.tree);
    if (script_answer_error(call->answer))
        answer(flow, value_keep(call->answer));
    else if (take(flow->step.work, call->answer) > 0)
        on_something(flow);
    else
        on_nothing(flow);
}

static void read_more(struct script_flow *flow)
{
    const struct drain *drain = flow->step.work;
    struct script_sight sight = script_flow_sight(flow);
    struct error error = {0};
    struct script_call *call =
        script_call_new(flow->script, drain->read, &sight, flow->step.tree, &error);

    if (!call) {
        (void)script_break(flow, &error);
        return;
    }
    if (!tree_get(flow->step.tree, "count") && drain->read->count > 0)
        call->call.count = 100;
    if (!tree_get(flow->step.tree, "timeout") && drain->read->duration_ms > 0)
        call->call.duration_ms = BLOCK_MS;
    start(flow, call, on_read);
}

enum script_turn script_begin_drain(struct script_flow *flow, const struct tree *arguments)
{
    struct script_step *step = &flow->step;
    struct script_sight sight = script_flow_sight(flow);
    struct drain *drain = memory_new(1, sizeof(*drain));
    struct error error = {0};

    if (step->work)
        step->work_free(step->work);
    step->work = drain;
    step->work_free = free_drain;
    drain->messages = value_list();
    drain->most = 100000;
    drain->last_ns = loop_now_ns(flow->script->loop);
    if (read_settings(&sight, arguments, drain, &error) < 0)
        return script_break(flow, &error);
    read_more(flow);
    return SCRIPT_WAITS;
}
