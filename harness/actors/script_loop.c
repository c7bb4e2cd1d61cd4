/* script_loop.c: repeat and for_each. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_control.h"
#include "actors/script_expect.h"
#include "actors/script_frame.h"
#include "base/memory.h"

/* Of a loop without a count: a round in which nothing waits must not stop the clock. */
static const uint64_t ROUND_NS_MIN = 1000000;

void script_loop_free(struct script_loop *loop)
{
    if (!loop)
        return;
    value_drop(loop->items);
    free(loop);
}

/* --- Rounds ---------------------------------------------------------------------------------- */

static bool is_reached(struct script_flow *flow, const struct script_loop *loop)
{
    bool holds = false;

    if (loop->until && !script_condition(flow, loop->until, &holds))
        return true; /* broken: the script is over */
    return holds;
}

static bool is_at_end(struct script_flow *flow, const struct script_loop *loop, uint64_t now)
{
    if (loop->times >= 0 && loop->round >= loop->times)
        return true;
    if (loop->until_ns > 0 && now >= loop->until_ns)
        return true;
    return loop->round > 0 && is_reached(flow, loop);
}

static uint64_t due_of(const struct script_loop *loop, uint64_t now)
{
    if (loop->round == 0)
        return 0;
    if (loop->every_ns == 0 && loop->times < 0 && now == loop->round_ns)
        return now + ROUND_NS_MIN;
    return loop->round_ns + loop->every_ns;
}

enum script_round script_loop_next(struct script_flow *flow, struct script_frame *frame)
{
    struct script_loop *loop = frame->loop;
    uint64_t now = loop_now_ns(flow->script->loop), due = due_of(loop, now);
    struct value *value;

    if (is_at_end(flow, loop, now))
        return SCRIPT_ROUNDS_END;
    if (due > now) {
        script_flow_resume_at(flow, due, script_flow_run);
        return SCRIPT_ROUND_WAITS;
    }
    if (loop->as) {
        value =
            loop->items ? value_keep(loop->items->items[loop->round]) : value_integer(loop->round);
        scope_bind(&flow->scope, loop->as, value);
    }
    loop->round++;
    loop->round_ns = now;
    return SCRIPT_ROUND_BEGINS;
}

/* --- Words ----------------------------------------------------------------------------------- */

/* The frame stands at its end, so that the first round begins like all others. */
static void enter_loop(struct script_flow *flow, const struct tree *steps,
                       const struct script_loop *loop)
{
    struct script_frame *frame = script_flow_enter(flow, steps);

    frame->loop = memory_new(1, sizeof(*frame->loop));
    *frame->loop = *loop;
    frame->next = steps->count;
}

static int read_limits(const struct script_sight *sight, const struct tree *arguments,
                       struct script_loop *loop, uint64_t now, struct error *reterr)
{
    const struct tree *times = tree_get(arguments, "times"), *limit = tree_get(arguments, "for");
    const struct tree *every = tree_get(arguments, "every");
    int64_t for_ns = 0, every_ns = 0;

    if (times && sight_integer(sight, times, &loop->times, reterr) < 0)
        return -1;
    if (limit && sight_duration(sight, limit, &for_ns, reterr) < 0)
        return -1;
    if (every && sight_duration(sight, every, &every_ns, reterr) < 0)
        return -1;
    if (loop->times < -1)
        loop->times = 0;
    loop->until_ns = limit ? now + (uint64_t)(for_ns > 0 ? for_ns : 0) : 0;
    loop->every_ns = every_ns > 0 ? (uint64_t)every_ns : 0;
    return 0;
}

enum script_turn script_begin_repeat(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    struct script_loop loop = {
        .times = -1, .until = tree_get(arguments, "until"), .as = tree_text(arguments, "as")};
    struct error error = {0};

    if (read_limits(&sight, arguments, &loop, loop_now_ns(flow->script->loop), &error) < 0)
        return script_break(flow, &error);
    enter_loop(flow, tree_get(arguments, "steps"), &loop);
    return SCRIPT_GOES_ON;
}

enum script_turn script_begin_for_each(struct script_flow *flow, const struct tree *arguments)
{
    struct script_sight sight = script_flow_sight(flow);
    const struct tree *in = tree_get(arguments, "in");
    struct script_loop loop = {.as = tree_text(arguments, "as")};
    struct error error = {0};

    loop.items = sight_value(&sight, in, &error);
    if (loop.items && loop.items->kind != VALUE_LIST)
        error_set_at(&error, in->place, "for_each goes through a list, and this is a %s",
                     value_kind_name(loop.items));
    if (!loop.items || loop.items->kind != VALUE_LIST) {
        value_drop(loop.items);
        return script_break(flow, &error);
    }
    loop.times = (int64_t)loop.items->count;
    enter_loop(flow, tree_get(arguments, "steps"), &loop);
    return SCRIPT_GOES_ON;
}
