/* script_control.c: waiting, naming, choosing and checking. */
#include "actors/script_control.h"

#include <stdlib.h>
#include <string.h>

#include "actors/script_expect.h"
#include "port.h"

/* --- Conditions ------------------------------------------------------------------------------ */

bool script_condition(struct script_flow *flow, const struct tree *condition, bool *ret_holds)
{
    struct script_ask ask = {.sight = script_flow_sight(flow)};
    struct value *value = sight_computed(&ask.sight, tree_get(condition, "value"), &ask.error);

    if (value)
        *ret_holds = script_expect(&ask, tree_get(condition, "expect"), value);
    if (!value || ask.is_broken)
        script_break(flow, &ask.error);
    ask.is_broken = ask.is_broken || !value;
    value_drop(value);
    script_ask_release(&ask);
    return !ask.is_broken;
}

enum script_turn script_begin_when(struct script_flow *flow, const struct tree *arguments)
{
    const struct tree *steps;
    bool holds = false;

    if (!script_condition(flow, arguments, &holds))
        return SCRIPT_WAITS;
    steps = tree_get(arguments, holds ? "steps" : "otherwise");
    if (steps)
        script_flow_enter(flow, steps);
    return SCRIPT_GOES_ON;
}

enum script_turn script_begin_unless(struct script_flow *flow, const struct tree *arguments)
{
    const char *because = tree_text(arguments, "because");
    bool holds = false;

    if (!script_condition(flow, arguments, &holds))
        return SCRIPT_WAITS;
    if (holds)
        return SCRIPT_GOES_ON;
    script_decide(flow->script, SCRIPT_INCONCLUSIVE, arguments->place, "%s",
                  because ? because : "there was nothing to check");
    return SCRIPT_WAITS;
}

/* --- Values ---------------------------------------------------------------------------------- */

enum script_turn script_begin_check(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    struct error error = {0};
    struct value *value = sight_computed(&sight, tree_get(arguments, "value"), &error);

    if (!value)
        return script_break(flow, &error);
    script_step_answer(flow, value, NULL);
    return SCRIPT_WAITS;
}

enum script_turn script_begin_let(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    struct error error = {0};

    for (size_t i = 0; i < arguments->count; i++) {
        struct value *value = sight_computed(&sight, &arguments->children[i], &error);

        if (!value)
            return script_break(flow, &error);
        scope_bind(&flow->scope, arguments->children[i].key, value);
    }
    return SCRIPT_GOES_ON;
}

struct value *script_capabilities(uint32_t capabilities)
{
    struct value *list = value_list();

    for (uint32_t bit = 0; bit < 32; bit++)
        if (capabilities & (1u << bit))
            value_append(list, value_text(port_capability_name(1u << bit)));
    return list;
}

enum script_turn script_begin_capabilities(struct script_flow *flow, const struct tree *arguments)
{
    const struct endpoint_broker *broker = flow->script->plan.broker;
    uint32_t capabilities = broker->adapter->capabilities;

    (void)arguments;
    if (ADAPTER_HAS(broker->adapter, declared))
        capabilities = broker->adapter->declared(broker->instance);
    script_step_answer(flow, script_capabilities(capabilities), NULL);
    return SCRIPT_WAITS;
}

/* --- Time ------------------------------------------------------------------------------------ */

enum script_turn script_begin_wait(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    struct error error = {0};
    int64_t ns;

    if (sight_duration(&sight, arguments, &ns, &error) < 0)
        return script_break(flow, &error);
    script_trace_line(flow->script, "wait %s", arguments->text);
    script_flow_resume_at(flow, loop_now_ns(flow->script->loop) + (uint64_t)(ns > 0 ? ns : 0),
                          script_flow_run);
    return SCRIPT_WAITS;
}
