/* script.c: a script from its first step to its result. */
#include "actors/script.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "actors/script_control.h"
#include "actors/script_frame.h"
#include "actors/script_link.h"
#include "actors/script_session.h"
#include "base/memory.h"
#include "base/quantity.h"

/* --- What every script knows ----------------------------------------------------------------- */

static struct value *number_or_null(uint32_t number)
{
    return number ? value_integer(number) : value_null();
}

static struct value *profile_value(const struct adapter_profile *profile)
{
    static const struct adapter_profile unknown = {0};
    struct value *value = value_object();

    if (!profile)
        profile = &unknown;
    value_set(value, "redelivery_time_ms", number_or_null(profile->redelivery_time_ms));
    value_set(value, "retry_budget", number_or_null(profile->retry_budget));
    value_set(value, "block_cap_ms", number_or_null(profile->block_cap_ms));
    value_set(value, "trim_granularity", number_or_null(profile->trim_granularity));
    value_set(value, "trims", number_or_null(profile->trims));
    value_set(value, "dlq_populated_by",
              profile->dlq_populated_by ? value_text(profile->dlq_populated_by) : value_null());
    return value;
}

static struct value *traits_value(uint32_t traits)
{
    static const char *const names[] = {"BLOCKS", "IN_PROCESS", "REENTRANT", "DIALS", "REAL_TIME"};
    struct value *list = value_list();

    for (size_t bit = 0; bit < sizeof(names) / sizeof(names[0]); bit++)
        if (traits & (1u << bit))
            value_append(list, value_text(names[bit]));
    return list;
}

static struct value *options_value(const struct broker_adapter *adapter)
{
    struct value *list = value_list();

    for (uint32_t i = 0; i < adapter->option_count; i++)
        value_append(list, value_text(adapter->options[i].key));
    return list;
}

/* What is collected is a list from the beginning, also when nothing ever comes. */
static void bind_collections(struct script *script, const struct tree *tree)
{
    if (tree->kind == TREE_SCALAR && tree->key && strcmp(tree->key, "collect") == 0 &&
        !strchr(tree->text, '$'))
        scope_bind(&script->scope, tree->text, value_list());
    for (size_t i = 0; i < tree->count; i++)
        bind_collections(script, &tree->children[i]);
}

static void bind_facts(struct script *script)
{
    const struct endpoint_broker *broker = script->plan.broker;

    bind_collections(script, script->plan.steps);
    scope_bind(&script->scope, "declared", script_capabilities(broker->declared));
    scope_bind(&script->scope, "profile", profile_value(broker->profile));
    scope_bind(&script->scope, "options", options_value(broker->adapter));
    scope_bind(&script->scope, "traits", traits_value(broker->adapter->traits));
}

/* --- The verdict ----------------------------------------------------------------------------- */

static void on_end(void *context);

static void decide(struct script *script, enum script_verdict verdict, struct source_place place)
{
    struct script_result *result = &script->result;

    script->is_over = true;
    result->verdict = verdict;
    result->place = place;
    result->reason = script->reason.size > 0 ? memory_string(text_string(&script->reason)) : NULL;
    result->elapsed_ns = loop_now_ns(script->loop) - script->begun_ns;
    script_evidence_tell(script, result);
    script_trace_line(script, "over: %s", result->reason ? result->reason : "passed");
    loop_timer_start(script->loop, &script->end, 0, on_end, script);
}

void script_decide(struct script *script, enum script_verdict verdict, struct source_place place,
                   const char *format, ...)
{
    va_list arguments;

    if (script->is_over)
        return;
    va_start(arguments, format);
    text_appendv(&script->reason, format, arguments);
    va_end(arguments);
    decide(script, verdict, place);
}

enum script_turn script_break(struct script_flow *flow, const struct error *error)
{
    const struct tree *step = flow->step.tree;
    struct source_place place = error->place;

    if (place.line == 0 && step)
        place = step->place;
    script_decide(flow->script, SCRIPT_FAIL, place, "%s", error->message);
    return SCRIPT_WAITS;
}

static void decide_idle(struct script *script, const struct tree *idle)
{
    bool is_deaf = link_faults_connections(script->plan.place->faults) == 0;

    script_decide(script, SCRIPT_INCONCLUSIVE, idle->place,
                  "the fault of line %d never came about%s", idle->place.line,
                  is_deaf ? ": the adapter did not dial the address it was given" : "");
}

void script_end_soon(struct script *script)
{
    const struct tree *idle = script_link_idle(script);

    if (script->is_over)
        return;
    if (script->result.check_count == 0)
        script_decide(script, SCRIPT_INCONCLUSIVE, script->plan.steps->place,
                      "the steps checked nothing");
    else if (idle)
        decide_idle(script, idle);
    else
        decide(script, SCRIPT_PASS, script->plan.steps->place);
}

void script_out_of_time(struct script *script)
{
    const struct script_call *call = script->calls;
    struct text waiting = {0};
    char limit[32];

    while (call && call->operation->operation == ADAPTER_OP_SUBSCRIBE)
        call = call->next;
    if (call) {
        text_append_string(&waiting, ", and still waits for ");
        script_call_tell(call, &waiting);
    }
    script_decide(
        script, SCRIPT_FAIL, script->plan.steps->place, "the clause is not through after %s%s",
        duration_show(script->plan.limit_ns, limit, sizeof(limit)), text_string(&waiting));
    text_release(&waiting);
}

static void on_limit(void *context)
{
    script_out_of_time(context);
}

/* --- The end --------------------------------------------------------------------------------- */

static void tell_end(struct script *script)
{
    if (script->has_ended || script->calls)
        return;
    script->has_ended = true;
    script->ended(script->context, &script->result);
}

void script_call_done(struct script *script)
{
    if (script->is_over && !loop_timer_is_started(&script->end))
        loop_timer_start(script->loop, &script->end, 0, on_end, script);
}

static void forget_callers(struct script *script)
{
    for (struct script_call *call = script->calls; call; call = call->next)
        call->answered = NULL;
}

/* Sessions complete what is under way; what was stopped at the gate completes on a later turn, and
   is waited for. */
static void on_end(void *context)
{
    struct script *script = context;

    script_flow_halt(&script->flow);
    loop_timer_stop(script->loop, &script->limit);
    forget_callers(script);
    script_sessions_close(script);
    tell_end(script);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void on_begin(struct script_flow *flow)
{
    script_flow_run(flow);
}

struct script *script_start(const struct script_plan *plan,
                            void (*ended)(void *context, const struct script_result *result),
                            void *context)
{
    struct script *script = memory_new(1, sizeof(*script));

    script->plan = *plan;
    script->loop = plan->place->loop;
    script->ended = ended;
    script->context = context;
    script->begun_ns = loop_now_ns(script->loop);
    script->end_ns = script->begun_ns + plan->limit_ns;
    bind_facts(script);
    script_flow_init(&script->flow, script, NULL);
    script_flow_enter(&script->flow, plan->steps);
    if (plan->limit_ns > 0)
        loop_timer_start(script->loop, &script->limit, script->end_ns, on_limit, script);
    script_flow_resume_at(&script->flow, 0, on_begin);
    return script;
}

/* Calls that are still under way go on without anybody to answer to. */
static void orphan_calls(struct script *script)
{
    while (script->calls) {
        struct script_call *call = script->calls;

        script->calls = call->next;
        call->next = call->previous = NULL;
        call->script = NULL;
        call->answered = NULL;
    }
}

void script_free(struct script *script)
{
    if (!script)
        return;
    script->is_over = true;
    script->has_ended = true;
    forget_callers(script);
    script_sessions_close(script);
    orphan_calls(script);
    loop_timer_stop(script->loop, &script->limit);
    loop_timer_stop(script->loop, &script->end);
    script_flow_release(&script->flow);
    script_sessions_release(script);
    script_evidence_release(&script->evidence);
    scope_release(&script->scope);
    for (size_t i = 0; i < script->result.evidence_count; i++)
        free(script->result.evidence[i]);
    free(script->result.evidence);
    free(script->result.reason);
    text_release(&script->reason);
    free(script->links);
    free(script);
}
