/* script_subscribe.c: subscriptions, which hand over messages until their session ends. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_control.h"
#include "actors/script_session.h"
#include "actors/value_json.h"
#include "base/memory.h"
#include "port.h"

static struct script_subscription *subscription_of(const struct adapter_call *call)
{
    return ((const struct script_call *)call)->context;
}

/* --- What comes ------------------------------------------------------------------------------ */

static void tell_delivery(const struct script_call *call, const struct value *messages)
{
    enum { SHOWN = 200 };
    struct text line = {0};

    script_call_tell(call, &line);
    text_append_string(&line, " was handed ");
    value_show(&line, messages, SHOWN);
    script_evidence_note(call->script, "%s", text_string(&line));
    text_release(&line);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    const struct script_operation *read = script_operation_of(ADAPTER_OP_READ);
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .entries = entries,
                                    .entry_count = count};
    struct script_subscription *subscription = subscription_of(call);
    struct value *messages;

    if (!subscription)
        return;
    messages = read->answer((struct script_call *)call, &result);
    tell_delivery((struct script_call *)call, messages);
    for (size_t i = 0; i < messages->count; i++)
        value_append(subscription->received, value_keep(messages->items[i]));
    value_drop(messages);
}

/* One that ends by itself ends with what it was answered. */
static void on_ended(void *context, struct script_call *call)
{
    struct script_subscription *subscription = context;

    subscription->ended = value_keep(call->answer);
}

/* --- Answers --------------------------------------------------------------------------------- */

/* What came since the last step that asked.  A copy: more may come while it is looked at. */
static struct value *received_of(const struct script_subscription *subscription)
{
    struct value *list = value_list();

    for (size_t i = 0; i < subscription->received->count; i++)
        value_append(list, value_keep(subscription->received->items[i]));
    return list;
}

static struct script_subscription *find(struct script_session *session, const char *stream)
{
    struct script_subscription *subscription = session->subscriptions;

    while (subscription && strcmp(subscription->stream, stream) != 0)
        subscription = subscription->next;
    return subscription;
}

static void answer(struct script_flow *flow, struct script_subscription *subscription)
{
    const struct value *ended = subscription->ended;

    if (ended && ended->role == VALUE_ERROR && subscription->received->count == 0)
        script_step_answer(flow, value_keep(subscription->ended), NULL);
    else
        script_step_answer(flow, received_of(subscription), NULL);
}

/* --- Beginning ------------------------------------------------------------------------------- */

/* The session may have ended while it was asked whether it is ready. */
static void on_ready(void *context, struct script_call *call)
{
    struct script_flow *flow = context;
    struct script_session *session = script_session_find(flow->script, call->session);
    struct script_subscription *subscription =
        session && flow->step.call ? find(session, flow->step.call->call.stream) : NULL;

    if (subscription)
        answer(flow, subscription);
    else
        script_step_answer(flow, value_keep(call->answer), NULL);
}

static void start_call(struct script_call *call, struct script_session *session,
                       void (*answered)(void *context, struct script_call *call), void *context)
{
    call->answered = answered;
    call->context = context;
    script_call_start(call, session);
}

/* Where there is no such operation, that is the answer, whatever a ping would say. */
static void on_refused(void *context, struct script_call *call)
{
    script_step_answer(context, value_keep(call->answer), NULL);
}

/* Then a ping on the same session: when it is answered, the subscription is in force. */
static void subscribe(struct script_flow *flow, struct script_session *session,
                      struct script_call *call, struct script_call *ping)
{
    struct script_subscription *subscription = memory_new(1, sizeof(*subscription));

    subscription->stream = memory_string(call->call.stream);
    subscription->received = value_list();
    subscription->call = script_call_keep(call);
    subscription->next = session->subscriptions;
    session->subscriptions = subscription;
    call->call.deliver = on_deliver;
    start_call(call, session, on_ended, subscription);
    start_call(ping, session, on_ready, flow);
    script_call_drop(ping);
}

/* Only once the step is through: each of its tries sees all that came. */
static void on_accepted(struct script_flow *flow)
{
    const struct script_step *step = &flow->step;
    struct script_session *session = script_session_find(flow->script, step->call->session);
    struct script_subscription *subscription =
        session ? find(session, step->call->call.stream) : NULL;
    struct value *rest;

    if (!subscription || step->answer->kind != VALUE_LIST)
        return;
    rest = value_list();
    for (size_t i = step->answer->count; i < subscription->received->count; i++)
        value_append(rest, value_keep(subscription->received->items[i]));
    value_drop(subscription->received);
    subscription->received = rest;
}

static struct script_call *make_call(struct script_flow *flow, enum adapter_operation operation,
                                     const struct tree *arguments, struct error *reterr)
{
    struct script_sight sight = script_flow_sight(flow);

    return script_call_new(flow->script, script_operation_of(operation), &sight, arguments, reterr);
}

enum script_turn script_begin_subscribe(struct script_flow *flow, const struct tree *arguments)
{
    static const struct tree nothing = {.kind = TREE_MAP};
    struct script_step *step = &flow->step;
    const char *name = step->modifiers.session ? step->modifiers.session : "main";
    struct error error = {0};
    struct script_session *session = script_session_get(flow->script, name, &error);
    struct script_call *call =
        session ? make_call(flow, ADAPTER_OP_SUBSCRIBE, arguments, &error) : NULL;
    struct script_subscription *subscription;

    if (!call)
        return script_break(flow, &error);
    script_call_drop(step->call);
    step->accepted = on_accepted;
    subscription = find(session, call->call.stream);
    if (subscription) {
        script_call_drop(call);
        step->call = script_call_keep(subscription->call);
        answer(flow, subscription);
    } else if (!port_has(session->endpoint.broker->adapter, ADAPTER_OP_SUBSCRIBE)) {
        step->call = call;
        start_call(call, session, on_refused, flow);
    } else {
        step->call = call;
        call->is_raw = step->modifiers.is_raw;
        subscribe(flow, session, call, make_call(flow, ADAPTER_OP_PING, &nothing, &error));
    }
    return SCRIPT_WAITS;
}
