/* script_operate.c: a step that is one call of the broker. */
#include "actors/script_control.h"
#include "actors/script_session.h"
#include "port.h"

static void on_answered(void *context, struct script_call *call)
{
    struct script_flow *flow = context;

    script_evidence_call(flow->script, call, flow->step.tree);
    script_step_answer(flow, value_keep(call->answer),
                       call->bound ? value_keep(call->bound) : NULL);
}

/* Nothing to ask the broker for: a batch of nothing, or a raw call of what is not there. */
static struct value *answer_at_once(const struct script_call *call,
                                    const struct script_session *session)
{
    if (call->is_batch && call->item_count == 0)
        return value_list();
    if (call->is_raw && !port_has(session->endpoint.broker->adapter, call->operation->operation))
        return script_error_value(ADAPTER_UNSUPPORTED, ADAPTER_ERROR_NOT_SUPPORTED,
                                  "the adapter has no such operation");
    return NULL;
}

enum script_turn script_begin_operation(struct script_flow *flow, const struct tree *arguments)
{
    struct script_step *step = &flow->step;
    struct script_sight sight = script_flow_sight(flow);
    const char *name = step->modifiers.session ? step->modifiers.session : "main";
    struct error error = {0};
    struct script_session *session = script_session_get(flow->script, name, &error);
    struct script_call *call =
        session ? script_call_new(flow->script, step->operation, &sight, arguments, &error) : NULL;
    struct value *at_once;

    if (!call)
        return script_break(flow, &error);
    script_call_drop(step->call);
    step->call = call;
    call->is_raw = step->modifiers.is_raw;
    if (step->modifiers.has_no_retry)
        call->call.flags |= ADAPTER_CALL_NO_RETRY;
    call->answered = on_answered;
    call->context = flow;
    call->session = session->name;
    at_once = answer_at_once(call, session);
    if (at_once)
        script_step_answer(flow, at_once, NULL);
    else
        script_call_start(call, session);
    return SCRIPT_WAITS;
}
