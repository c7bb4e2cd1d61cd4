/* script_flow.c: one thread of control: its lists of steps, and going on from step to step. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_frame.h"
#include "base/memory.h"

enum { STILL_MAX = 1000000 };

void script_flow_init(struct script_flow *flow, struct script *script, struct script_flow *parent)
{
    *flow = (struct script_flow){.script = script, .parent = parent};
    flow->scope.parent = parent ? &parent->scope : &script->scope;
}

struct script_sight script_flow_sight(const struct script_flow *flow)
{
    return (struct script_sight){&flow->scope, flow->script->plan.prefix};
}

/* --- Frames ---------------------------------------------------------------------------------- */

struct script_frame *script_flow_enter(struct script_flow *flow, const struct tree *steps)
{
    struct script_frame *frame;

    flow->frames = memory_grow(flow->frames, flow->frame_count + 1, sizeof(*flow->frames));
    frame = &flow->frames[flow->frame_count++];
    *frame = (struct script_frame){.steps = steps};
    return frame;
}

static void leave_frame(struct script_flow *flow)
{
    script_loop_free(flow->frames[--flow->frame_count].loop);
}

/* Steps that call nobody never give the limit's timer a turn, and in virtual time none passes. */
static bool is_stuck(struct script_flow *flow)
{
    struct script *script = flow->script;
    uint64_t now = loop_now_ns(script->loop);

    if (now != script->still_ns)
        script->still_count = 0;
    script->still_ns = now;
    if (script->plan.limit_ns > 0 && now >= script->end_ns)
        script_out_of_time(script);
    else if (++script->still_count > STILL_MAX && flow->step.tree)
        script_decide(script, SCRIPT_FAIL, flow->step.tree->place,
                      "%d steps were done here and the clock did not move", STILL_MAX);
    return script->is_over;
}

/* The next step; NULL when there is none, or (ret_turn) when it is not time for it yet. */
static const struct tree *next_step(struct script_flow *flow, enum script_turn *ret_turn)
{
    while (flow->frame_count > 0 && !flow->script->is_over && !is_stuck(flow)) {
        struct script_frame *frame = &flow->frames[flow->frame_count - 1];
        enum script_round round = SCRIPT_ROUNDS_END;

        if (frame->next < frame->steps->count)
            return &frame->steps->children[frame->next++];
        if (frame->loop)
            round = script_loop_next(flow, frame);
        if (round == SCRIPT_ROUND_WAITS) {
            *ret_turn = SCRIPT_WAITS;
            return NULL;
        }
        if (round == SCRIPT_ROUND_BEGINS)
            frame->next = 0;
        else
            leave_frame(flow);
    }
    return NULL;
}

/* --- Going on -------------------------------------------------------------------------------- */

static void on_timer(void *context)
{
    struct script_flow *flow = context;

    if (!flow->script->is_over)
        flow->resume(flow);
}

void script_flow_resume_at(struct script_flow *flow, uint64_t due_ns,
                           void (*resume)(struct script_flow *flow))
{
    flow->resume = resume;
    loop_timer_start(flow->script->loop, &flow->timer, due_ns, on_timer, flow);
}

static void finish(struct script_flow *flow)
{
    struct script_flow *parent = flow->parent;

    if (!parent)
        script_end_soon(flow->script);
    else if (--parent->running_count == 0)
        script_flow_resume_at(parent, 0, parent->resume);
}

void script_flow_run(struct script_flow *flow)
{
    enum script_turn turn = SCRIPT_GOES_ON;
    const struct tree *step;

    while (turn == SCRIPT_GOES_ON) {
        step = next_step(flow, &turn);
        if (flow->script->is_over || turn == SCRIPT_WAITS)
            return;
        if (!step) {
            finish(flow);
            return;
        }
        turn = script_step_begin(flow, step);
    }
}

/* --- Ends ------------------------------------------------------------------------------------ */

void script_flow_halt(struct script_flow *flow)
{
    loop_timer_stop(flow->script->loop, &flow->timer);
    for (size_t i = 0; i < flow->child_count; i++)
        script_flow_halt(&flow->children[i]);
}

void script_flow_release(struct script_flow *flow)
{
    script_flow_halt(flow);
    for (size_t i = 0; i < flow->child_count; i++)
        script_flow_release(&flow->children[i]);
    free(flow->children);
    while (flow->frame_count > 0)
        leave_frame(flow);
    free(flow->frames);
    script_step_clear(&flow->step);
    scope_release(&flow->scope);
    *flow = (struct script_flow){.script = flow->script};
}
