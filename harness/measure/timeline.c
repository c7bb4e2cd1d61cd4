/* timeline.c: phase 0 is the warm-up; then for each stage: before faults, after faults, and one for
   each fault. */
#include "measure/timeline.h"

#include <stdlib.h>

#include "base/memory.h"

/* Of one stage. */
static size_t phases_of_stage(const struct timeline *timeline)
{
    return 2 + (timeline->fault_count > 0 ? timeline->fault_count : 1);
}

void timeline_init(struct timeline *timeline, const uint64_t *stage_ends, size_t stage_count,
                   size_t fault_count)
{
    *timeline = (struct timeline){.stage_ends = stage_ends,
                                  .stage_count = stage_count > 0 ? stage_count : 1,
                                  .fault_count = fault_count};
    if (timeline_phase_count(timeline) > TIMELINE_PHASES_MAX)
        timeline->fault_count = 0;
    if (timeline_phase_count(timeline) > TIMELINE_PHASES_MAX)
        timeline->stage_count = 1;
    timeline->marks = memory_new(TIMELINE_MARKS_MAX, sizeof(*timeline->marks));
}

void timeline_release(struct timeline *timeline)
{
    free(timeline->marks);
    *timeline = (struct timeline){0};
}

uint32_t timeline_phase_count(const struct timeline *timeline)
{
    return 1 + (uint32_t)(timeline->stage_count * phases_of_stage(timeline));
}

struct timeline_phase timeline_phase(const struct timeline *timeline, uint32_t number)
{
    size_t size = phases_of_stage(timeline), rest;

    if (number == 0)
        return (struct timeline_phase){.state = TIMELINE_WARM_UP};
    rest = (number - 1) % size;
    return (struct timeline_phase){
        .state = rest == 0 ? TIMELINE_BEFORE : (rest == 1 ? TIMELINE_AFTER : TIMELINE_DURING),
        .stage = (number - 1) / size,
        .fault = rest < 2 ? 0 : rest - 2,
    };
}

void timeline_mark(struct timeline *timeline, uint64_t now_ns, uint32_t state)
{
    uint32_t count = timeline_marks(timeline);

    if (count == TIMELINE_MARKS_MAX)
        return;
    if (count > 0 && timeline->marks[count - 1].begin_ns > now_ns)
        now_ns = timeline->marks[count - 1].begin_ns;
    timeline->marks[count] = (struct timeline_mark){.begin_ns = now_ns, .state = state};
    atomic_store_explicit(&timeline->mark_count, count + 1, memory_order_release);
}

void timeline_begin(struct timeline *timeline, uint64_t start_ns)
{
    atomic_store_explicit(&timeline->start_ns, start_ns, memory_order_relaxed);
    timeline_mark(timeline, start_ns, 0); /* so that everybody looks again */
}

static void narrow(struct timeline_span *span, uint64_t begin_ns, uint64_t end_ns)
{
    if (begin_ns > span->begin_ns)
        span->begin_ns = begin_ns;
    if (end_ns < span->end_ns)
        span->end_ns = end_ns;
}

/* The stage of a moment; narrows the span to it. */
static size_t find_stage(const struct timeline *timeline, uint64_t start_ns, uint64_t moment_ns,
                         struct timeline_span *span)
{
    uint64_t begin = 0;
    size_t stage = 0;

    for (; stage + 1 < timeline->stage_count; stage++) {
        uint64_t end = start_ns + timeline->stage_ends[stage];

        if (moment_ns < end) {
            narrow(span, begin, end);
            return stage;
        }
        begin = end;
    }
    narrow(span, begin, UINT64_MAX);
    return stage;
}

/* The state of a moment; narrows the span to it. */
static uint32_t find_state(const struct timeline *timeline, uint64_t moment_ns,
                           struct timeline_span *span)
{
    uint64_t end = UINT64_MAX;

    for (uint32_t i = timeline_marks(timeline); i-- > 0;) {
        const struct timeline_mark *mark = &timeline->marks[i];

        if (mark->begin_ns <= moment_ns) {
            narrow(span, mark->begin_ns, end);
            return mark->state;
        }
        end = mark->begin_ns;
    }
    narrow(span, 0, end);
    return 0;
}

struct timeline_span timeline_find(const struct timeline *timeline, uint64_t moment_ns)
{
    struct timeline_span span = {.end_ns = UINT64_MAX};
    uint64_t start = atomic_load_explicit(&timeline->start_ns, memory_order_relaxed);
    uint64_t warm = start + timeline->warm_up_ns;
    uint32_t state, last;
    size_t stage;

    if (start == 0) {
        span.phase = 1;
        return span;
    }
    if (timeline->warm_up_ns > 0 && moment_ns < warm) {
        span.end_ns = warm;
        return span;
    }
    stage = find_stage(timeline, start, moment_ns, &span);
    state = find_state(timeline, moment_ns, &span);
    last = (uint32_t)phases_of_stage(timeline) - 1;
    span.phase = 1 + (uint32_t)(stage * phases_of_stage(timeline)) + (state < last ? state : last);
    if (timeline->warm_up_ns > 0)
        narrow(&span, warm, UINT64_MAX);
    return span;
}
