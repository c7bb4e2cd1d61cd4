/* script_step.c: one step from its words to what is made of its answer. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_judge.h"
#include "actors/script_modifier.h"
#include "actors/script_parts.h"
#include "base/memory.h"

/* Between the beginnings of two tries of one step. */
static const uint64_t TRY_NS = 20000000;

static void clear_answer(struct script_step *step)
{
    value_drop(step->answer);
    value_drop(step->bound);
    step->answer = step->bound = NULL;
}

static void clear_work(struct script_step *step)
{
    if (step->work)
        step->work_free(step->work);
    step->work = NULL;
}

void script_step_clear(struct script_step *step)
{
    clear_answer(step);
    clear_work(step);
    script_call_drop(step->call);
    script_modifiers_release(&step->modifiers);
    *step = (struct script_step){0};
}

/* --- Tries ----------------------------------------------------------------------------------- */

static enum script_turn begin_try(struct script_flow *flow)
{
    flow->step.begun_ns = loop_now_ns(flow->script->loop);
    return flow->step.word->begin(flow, flow->step.tree);
}

static void on_next_try(struct script_flow *flow)
{
    clear_answer(&flow->step);
    (void)begin_try(flow);
}

static void on_answered(struct script_flow *flow)
{
    struct script_step *step = &flow->step;
    uint64_t now = loop_now_ns(flow->script->loop), due = step->begun_ns + TRY_NS;

    switch (script_judge(flow)) {
    case SCRIPT_ACCEPTED:
        script_flow_run(flow);
        return;
    case SCRIPT_TRY_AGAIN:
        script_flow_resume_at(flow, due > now ? due : 0, on_next_try);
        return;
    case SCRIPT_DECIDED:
    default:
        return;
    }
}

void script_step_answer(struct script_flow *flow, struct value *answer, struct value *bound)
{
    struct script_step *step = &flow->step;

    clear_answer(step);
    step->answer = answer;
    step->bound = bound;
    step->done_ns = loop_now_ns(flow->script->loop);
    script_flow_resume_at(flow, 0, on_answered);
}

/* --- The beginning --------------------------------------------------------------------------- */

enum script_turn script_step_begin(struct script_flow *flow, const struct tree *tree)
{
    struct script_step *step = &flow->step;
    struct script_sight sight = script_flow_sight(flow);
    struct error error = {0};
    const char *words;

    script_step_clear(step);
    step->tree = &tree->children[0];
    step->word = script_word_find(step->tree->key);
    step->operation = script_operation_find(step->tree->key);
    words = step->operation ? step->operation->arguments : step->word->arguments;
    if (step->word->has_answer &&
        script_modifiers_read(&sight, words, step->tree, &step->modifiers, &error) < 0)
        return script_break(flow, &error);
    step->first_ns = loop_now_ns(flow->script->loop);
    return begin_try(flow);
}
