/* script_evidence.c: the ring of the last events, and the trace. */
#include "actors/script_evidence.h"

#include <stdarg.h>
#include <stdlib.h>

#include "actors/script_parts.h"
#include "actors/script_story.h"
#include "actors/value_compare.h"
#include "actors/value_json.h"
#include "base/memory.h"

enum { SHOWN = 160, TRACED = 2000 };

/* --- Words ----------------------------------------------------------------------------------- */

static double ms_since_begin(const struct script *script, uint64_t at_ns)
{
    return (double)(at_ns - script->begun_ns) / 1e6;
}

static void tell_time(const struct script *script, struct text *line, uint64_t at_ns)
{
    text_appendf(line, "%+11.3f ms  ", ms_since_begin(script, at_ns));
}

static void tell_answer(const struct script_call *call, struct text *line, size_t limit)
{
    text_append_string(line, " answered ");
    value_show(line, call->bound ? call->bound : call->answer, limit);
    text_appendf(line, " after %.3f ms", (double)(call->done_ns - call->begun_ns) / 1e6);
    if (call->attempts > 1)
        text_appendf(line, ", %u attempts", call->attempts);
    if (call->aside)
        text_appendf(line, ", and said: %.200s", call->aside);
}

static char *tell_event(const struct script *script, const struct script_event *event)
{
    struct text line = {0};

    tell_time(script, &line, event->begun_ns);
    if (event->line) {
        text_append_string(&line, event->line);
        return line.data;
    }
    script_call_tell(event->call, &line);
    tell_answer(event->call, &line, SHOWN);
    if (event->count > 1)
        text_appendf(&line, " (and the same %llu times in all, until %+.3f ms)",
                     (unsigned long long)event->count, ms_since_begin(script, event->done_ns));
    return line.data;
}

/* --- The ring -------------------------------------------------------------------------------- */

static void clear_event(struct script_event *event)
{
    script_call_drop(event->call);
    free(event->line);
    *event = (struct script_event){0};
}

/* How it began is kept; behind that the oldest makes room. */
static struct script_event *add_event(struct script_evidence *evidence)
{
    struct script_event *event;

    if (evidence->count < SCRIPT_EVIDENCE_KEPT)
        return &evidence->events[evidence->count++];
    event = &evidence->events[SCRIPT_EVIDENCE_FIRST + evidence->next];
    evidence->next = (evidence->next + 1) % (SCRIPT_EVIDENCE_KEPT - SCRIPT_EVIDENCE_FIRST);
    clear_event(event);
    return event;
}

struct script_event *script_evidence_at(struct script_evidence *evidence, size_t index)
{
    enum { FIRST = SCRIPT_EVIDENCE_FIRST };

    if (index >= FIRST)
        index = FIRST + (evidence->next + index - FIRST) % (SCRIPT_EVIDENCE_KEPT - FIRST);
    return &evidence->events[index];
}

/* Polling says the same thing many times: one line is enough for all of them. */
static bool is_repeat(const struct script_event *last, const struct script_call *call,
                      const struct tree *step)
{
    return last->call && last->step == step && last->call->operation == call->operation &&
           last->call->session == call->session && value_equal(last->call->answer, call->answer);
}

void script_evidence_call(struct script *script, struct script_call *call, const struct tree *step)
{
    struct script_evidence *evidence = &script->evidence;
    struct script_event *event;

    if (evidence->count > 0) {
        event = script_evidence_at(evidence, evidence->count - 1);
        if (is_repeat(event, call, step)) {
            event->count++;
            event->done_ns = call->done_ns;
            return;
        }
    }
    event = add_event(evidence);
    *event = (struct script_event){.call = script_call_keep(call),
                                   .step = step,
                                   .begun_ns = call->begun_ns,
                                   .done_ns = call->done_ns,
                                   .count = 1};
}

void script_evidence_note(struct script *script, const char *format, ...)
{
    struct script_event *event = add_event(&script->evidence);
    struct text line = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&line, format, arguments);
    va_end(arguments);
    event->line = line.data;
    event->begun_ns = loop_now_ns(script->loop);
    script_trace_line(script, "%s", event->line);
}

static char *tell_waiting(const struct script *script, const struct script_call *call)
{
    struct text line = {0};

    tell_time(script, &line, call->begun_ns);
    script_call_tell(call, &line);
    text_append_string(&line, " had no answer yet");
    return line.data;
}

/* Subscriptions are under way all the time. */
static bool is_waiting(const struct script_call *call)
{
    return call->operation->operation != ADAPTER_OP_SUBSCRIBE;
}

void script_evidence_tell(struct script *script, struct script_result *result)
{
    size_t count = script->evidence.count;
    bool chosen[SCRIPT_EVIDENCE_KEPT] = {false};
    const struct script_call *call;

    for (call = script->calls; call; call = call->next)
        count += is_waiting(call);
    result->evidence = memory_new(count, sizeof(char *));
    script_story_choose(&script->evidence, chosen);
    for (size_t i = 0; i < script->evidence.count; i++)
        if (chosen[i])
            result->evidence[result->evidence_count++] =
                tell_event(script, script_evidence_at(&script->evidence, i));
    for (call = script->calls; call; call = call->next)
        if (is_waiting(call))
            result->evidence[result->evidence_count++] = tell_waiting(script, call);
}

void script_evidence_release(struct script_evidence *evidence)
{
    for (size_t i = 0; i < SCRIPT_EVIDENCE_KEPT; i++)
        clear_event(&evidence->events[i]);
    evidence->count = evidence->next = 0;
    value_drop(evidence->about);
    evidence->about = NULL;
}

void script_evidence_about(struct script *script, struct value *message)
{
    struct value *before = script->evidence.about;

    script->evidence.about = message ? value_keep(message) : NULL;
    value_drop(before);
}

/* --- The trace ------------------------------------------------------------------------------- */

static void trace(struct script *script, struct text *line)
{
    script->plan.trace(script->plan.trace_context, text_string(line));
    text_release(line);
}

void script_trace_line(struct script *script, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;

    if (!script->plan.trace)
        return;
    tell_time(script, &line, loop_now_ns(script->loop));
    va_start(arguments, format);
    text_appendv(&line, format, arguments);
    va_end(arguments);
    trace(script, &line);
}

void script_trace_call(struct script *script, const struct script_call *call)
{
    struct text line = {0};

    if (!script->plan.trace)
        return;
    tell_time(script, &line, call->begun_ns);
    script_call_tell(call, &line);
    trace(script, &line);
}

void script_trace_answer(struct script *script, const struct script_call *call)
{
    struct text line = {0};

    if (!script->plan.trace)
        return;
    tell_time(script, &line, call->done_ns);
    script_call_tell(call, &line);
    tell_answer(call, &line, TRACED);
    trace(script, &line);
}
