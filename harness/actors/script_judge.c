/* script_judge.c: expectations, time limits and names. */
#include "actors/script_judge.h"

#include <stdio.h>
#include <string.h>

#include "actors/script_expect.h"
#include "actors/value_json.h"
#include "base/quantity.h"

enum { SHOWN = 240 };

/* --- Telling --------------------------------------------------------------------------------- */

/* A drain is told as a whole, not as the last of its calls. */
static void tell_drain(const struct script_step *step, struct text *text)
{
    const char *session = step->modifiers.session, *stream = tree_text(step->tree, "stream");
    const char *group = tree_text(step->tree, "group");

    text_appendf(text, "%s%sdrain(stream %s, group %s)", session ? session : "", session ? " " : "",
                 stream ? stream : "?", group ? group : "?");
}

static void tell_step(const struct script_flow *flow, struct text *text)
{
    const struct script_step *step = &flow->step;
    const char *checked = tree_text(step->tree, "value");

    if (step->work)
        tell_drain(step, text);
    else if (step->call)
        script_call_tell(step->call, text);
    else if (checked)
        text_append_string(text, checked);
    else
        text_append_string(text, step->tree->key);
}

/* "get_next(stream s) answered null, expected {...}", and then the words of the time limit. */
static enum script_judgement fail(struct script_flow *flow, const char *why, const char *after)
{
    const struct script_step *step = &flow->step;
    const struct tree *place = step->modifiers.expect ? step->modifiers.expect : step->tree;
    struct text reason = {0};

    tell_step(flow, &reason);
    text_append_string(&reason, step->call ? " answered " : " is ");
    value_show(&reason, step->answer, SHOWN);
    text_appendf(&reason, ", %s%s", why, after);
    script_decide(flow->script, SCRIPT_FAIL, place->place, "%s", text_string(&reason));
    text_release(&reason);
    return SCRIPT_DECIDED;
}

static enum script_judgement fail_in_time(struct script_flow *flow, const char *why,
                                          const char *format, int64_t waited_ns, int64_t allowed_ns)
{
    char waited[32], allowed[32];
    struct text after = {0};
    enum script_judgement judgement;

    duration_show((uint64_t)waited_ns, waited, sizeof(waited));
    duration_show((uint64_t)allowed_ns, allowed, sizeof(allowed));
    text_append_string(&after, format);
    text_appendf(&after, " (%s, %s allowed)", waited, allowed);
    judgement = fail(flow, why, text_string(&after));
    text_release(&after);
    return judgement;
}

static enum script_judgement fail_too_soon(struct script_flow *flow, int64_t took_ns,
                                           int64_t min_ns)
{
    char took[32], least[32], why[96];

    (void)snprintf(why, sizeof(why), "but after %s already, not before %s was allowed",
                   duration_show((uint64_t)took_ns, took, sizeof(took)),
                   duration_show((uint64_t)min_ns, least, sizeof(least)));
    return fail(flow, why, "");
}

/* --- Names ----------------------------------------------------------------------------------- */

/* What nobody else has a hand on may be added to; otherwise a copy is. */
static struct value *own_list(struct value *list)
{
    struct value *copy;

    if (list->references == 1)
        return value_keep(list);
    copy = value_list();
    for (size_t i = 0; i < list->count; i++)
        value_append(copy, value_keep(list->items[i]));
    return copy;
}

/* Lists are joined; nothing (null) and errors add nothing. */
static void collect(struct script *script, const char *name, struct value *answer)
{
    struct value *before = scope_find(&script->scope, name);
    struct value *list = before ? own_list(before) : value_list();

    if (answer->kind == VALUE_LIST)
        for (size_t i = 0; i < answer->count; i++)
            value_append(list, value_keep(answer->items[i]));
    else if (answer->kind != VALUE_NULL && answer->role != VALUE_ERROR)
        value_append(list, value_keep(answer));
    scope_bind(&script->scope, name, list);
}

static struct value *facts_of(const struct script_step *step)
{
    const struct script_call *call = step->call;
    struct value *facts = value_object();
    const struct value *error = script_answer_error(step->answer);
    char took[32];
    int size = snprintf(took, sizeof(took), "%.3f", (double)(step->done_ns - step->begun_ns) / 1e6);

    value_set(facts, "outcome",
              error ? value_keep(value_get(error, "outcome")) : value_text("done"));
    value_set(facts, "error", error ? value_keep(value_get(error, "error")) : value_text("none"));
    value_set(facts, "attempts", value_integer(call ? call->attempts : 0));
    value_set(facts, "reconnected",
              value_boolean(call && (call->flags & ADAPTER_RESULT_RECONNECTED)));
    value_set(facts, "took_ms", value_number(took, (size_t)size));
    return facts;
}

static void bind_names(struct script_flow *flow)
{
    struct script_step *step = &flow->step;
    struct value *bound = step->bound ? step->bound : step->answer;

    if (step->modifiers.as)
        scope_bind(&flow->scope, step->modifiers.as, value_keep(bound));
    if (step->modifiers.collect)
        collect(flow->script, step->modifiers.collect, bound);
    if (step->modifiers.about)
        scope_bind(&flow->scope, step->modifiers.about, facts_of(step));
}

/* --- Time ------------------------------------------------------------------------------------ */

static enum script_judgement judge_took(struct script_flow *flow)
{
    const struct script_modifiers *modifiers = &flow->step.modifiers;
    int64_t took_ns = (int64_t)(flow->step.done_ns - flow->step.begun_ns);
    int64_t max_ns = modifiers->took_max_ns, min_ns = modifiers->took_min_ns;

    if (max_ns >= 0 && took_ns > max_ns)
        return fail_in_time(flow, "but it took too long", "", took_ns, max_ns);
    if (min_ns >= 0 && took_ns < min_ns)
        return fail_too_soon(flow, took_ns, min_ns);
    return SCRIPT_ACCEPTED;
}

static enum script_judgement accept(struct script_flow *flow)
{
    const struct script_modifiers *modifiers = &flow->step.modifiers;
    bool is_timed = modifiers->took_min_ns >= 0 || modifiers->took_max_ns >= 0;

    if (modifiers->expect || is_timed)
        flow->script->result.check_count++;
    if (is_timed && judge_took(flow) == SCRIPT_DECIDED)
        return SCRIPT_DECIDED;
    bind_names(flow);
    script_evidence_about(flow->script, NULL); /* what it was about has come right */
    if (flow->step.accepted)
        flow->step.accepted(flow);
    return SCRIPT_ACCEPTED;
}

/* It held for a while, and had to hold for longer. */
static enum script_judgement fail_meanwhile(struct script_flow *flow, const char *why)
{
    const struct script_step *step = &flow->step;
    char passed[32], never[32], after[96];

    (void)snprintf(after, sizeof(after), "; it came after %s, and must not for %s",
                   duration_show(step->done_ns - step->first_ns, passed, sizeof(passed)),
                   duration_show((uint64_t)step->modifiers.never_ns, never, sizeof(never)));
    return fail(flow, why, after);
}

/* It came: in time, or late. */
static enum script_judgement judge_arrival(struct script_flow *flow)
{
    int64_t within_ns = flow->step.modifiers.within_ns;
    int64_t waited_ns = (int64_t)(flow->step.done_ns - flow->step.first_ns);

    if (waited_ns <= within_ns)
        return accept(flow);
    return fail_in_time(flow, "which is right, but came late", "", waited_ns, within_ns);
}

static enum script_judgement judge_absence(struct script_flow *flow, const char *why)
{
    int64_t within_ns = flow->step.modifiers.within_ns;
    int64_t waited_ns = (int64_t)(flow->step.done_ns - flow->step.first_ns);
    uint64_t factor = flow->script->plan.late_factor;

    if (waited_ns < within_ns * (int64_t)(factor ? factor : 1))
        return SCRIPT_TRY_AGAIN;
    return fail_in_time(flow, why, ", and nothing else came", waited_ns, within_ns);
}

static enum script_judgement judge_never(struct script_flow *flow)
{
    int64_t never_ns = flow->step.modifiers.never_ns;
    int64_t passed_ns = (int64_t)(flow->step.done_ns - flow->step.first_ns);

    return passed_ns >= never_ns ? accept(flow) : SCRIPT_TRY_AGAIN;
}

/* --- The judgement --------------------------------------------------------------------------- */

static bool holds(struct script_flow *flow, struct script_ask *ask)
{
    const struct script_step *step = &flow->step;

    if (step->modifiers.expect)
        return script_expect(ask, step->modifiers.expect, step->answer);
    if (!script_answer_error(step->answer))
        return true;
    return script_ask_why(ask, "an error that the clause does not allow");
}

static enum script_judgement judge(struct script_flow *flow, struct script_ask *ask)
{
    const struct script_modifiers *modifiers = &flow->step.modifiers;
    bool is_right = holds(flow, ask);

    if (!is_right)
        script_evidence_about(flow->script, ask->about);
    if (ask->is_broken) {
        script_break(flow, &ask->error);
        return SCRIPT_DECIDED;
    }
    if (modifiers->expect)
        script_trace_line(flow->script, "%s: %s", flow->step.tree->key,
                          is_right ? "as expected" : text_string(&ask->why));
    if (is_right && modifiers->within_ns > 0)
        return judge_arrival(flow);
    if (is_right && modifiers->never_ns > 0)
        return judge_never(flow);
    if (is_right)
        return accept(flow);
    if (modifiers->within_ns > 0)
        return judge_absence(flow, text_string(&ask->why));
    if (modifiers->never_ns > 0)
        return fail_meanwhile(flow, text_string(&ask->why));
    return fail(flow, text_string(&ask->why), "");
}

enum script_judgement script_judge(struct script_flow *flow)
{
    struct script_ask ask = {.sight = script_flow_sight(flow), .answer = flow->step.answer};
    enum script_judgement judgement = judge(flow, &ask);

    script_ask_release(&ask);
    return judgement;
}
