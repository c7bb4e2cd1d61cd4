/* script_call.c: the life of a call, longer than the script's if need be. */
#include "actors/script_call.h"

#include <stdlib.h>
#include <string.h>

#include "actors/script_argument.h"
#include "actors/script_evidence.h"
#include "actors/script_parts.h"
#include "actors/script_session.h"
#include "base/memory.h"
#include "port.h"

/* --- Memory ---------------------------------------------------------------------------------- */

struct script_call *script_call_keep(struct script_call *call)
{
    call->references++;
    return call;
}

void script_call_drop(struct script_call *call)
{
    if (!call || --call->references > 0)
        return;
    for (size_t i = 0; i < call->text_count; i++)
        free(call->texts[i]);
    free(call->texts);
    free(call->items);
    value_drop(call->payloads);
    value_drop(call->answer);
    value_drop(call->bound);
    free(call);
}

/* Room doubles whenever the count is a power of two. */
char *script_call_own(struct script_call *call, char *text)
{
    size_t count = call->text_count;

    if ((count & (count - 1)) == 0)
        call->texts = memory_grow(call->texts, count ? count * 2 : 1, sizeof(char *));
    call->texts[call->text_count++] = text;
    return text;
}

/* --- Arguments ------------------------------------------------------------------------------- */

static const char *id_of(const struct value *value, size_t *ret_size)
{
    if (value->role == VALUE_MESSAGE)
        value = value->items[0];
    if (value->kind != VALUE_STRING)
        return NULL;
    *ret_size = value->size;
    return value->text;
}

int script_call_set_ids(struct script_call *call, const struct value *ids)
{
    call->items = memory_grow(call->items, ids->count, sizeof(*call->items));
    call->is_batch = true;
    call->given |= script_argument_bit(script_argument_find("ids", 3));
    for (size_t i = 0; i < ids->count; i++) {
        size_t size;
        const char *id = id_of(ids->items[i], &size);
        char *copy;

        if (!id)
            return -1;
        copy = memory_new(size + 1, 1);
        memcpy(copy, id, size);
        call->items[call->item_count++] = (struct adapter_text){script_call_own(call, copy), size};
    }
    return 0;
}

static int fill(struct script_call *call, const struct script_sight *sight,
                const struct tree *arguments, struct error *reterr)
{
    bool is_publish = call->operation->operation == ADAPTER_OP_PUBLISH;
    const char *words = call->operation->arguments;

    for (size_t i = 0; i < arguments->count; i++) {
        const struct tree *tree = &arguments->children[i];
        const struct script_argument *argument;

        if (!tree->key || !script_words_hold(words, tree->key, NULL))
            continue;
        argument = script_argument_find(tree->key, strlen(tree->key));
        if (!argument || (is_publish && strcmp(tree->key, "count") == 0))
            continue;
        call->given |= script_argument_bit(argument);
        if (argument->fill && argument->fill(call, argument, sight, tree, reterr) < 0)
            return -1;
    }
    return is_publish ? script_payloads_fill(call, sight, arguments, reterr) : 0;
}

static void complete(struct adapter_call *call, const struct adapter_result *result);

struct script_call *script_call_blank(struct script *script,
                                      const struct script_operation *operation)
{
    struct script_call *call = memory_new(1, sizeof(*call));

    call->references = 1;
    call->script = script;
    call->operation = operation;
    call->call = (struct adapter_call){.struct_size = sizeof(call->call),
                                       .operation = operation->operation,
                                       .count = operation->count,
                                       .duration_ms = operation->duration_ms,
                                       .done = complete};
    if (operation->operation == ADAPTER_OP_READ_FROM)
        call->call.key = "start";
    return call;
}

struct script_call *script_call_new(struct script *script, const struct script_operation *operation,
                                    const struct script_sight *sight, const struct tree *arguments,
                                    struct error *reterr)
{
    struct script_call *call = script_call_blank(script, operation);

    if (fill(call, sight, arguments, reterr) == 0)
        return call;
    script_call_drop(call);
    return NULL;
}

/* --- Starting and completing ----------------------------------------------------------------- */

static void enter(struct script *script, struct script_call *call)
{
    call->previous = NULL;
    call->next = script->calls;
    if (call->next)
        call->next->previous = call;
    script->calls = call;
}

static void leave(struct script *script, struct script_call *call)
{
    if (call->next)
        call->next->previous = call->previous;
    if (call->previous)
        call->previous->next = call->next;
    else
        script->calls = call->next;
}

/* A read that waits is given the time it may wait, and the time of a call to answer; one that waits
   without limit, or a subscription, as long as the script has. */
static uint64_t deadline_of(const struct script *script, const struct script_call *call)
{
    bool waits = call->operation->operation == ADAPTER_OP_READ_BLOCKING;
    uint64_t deadline_ns = call->begun_ns + script->plan.call_timeout_ns;

    if (call->operation->operation == ADAPTER_OP_SUBSCRIBE)
        return 0;
    if (waits && call->call.duration_ms == 0)
        return script->end_ns + script->plan.call_timeout_ns;
    if (waits && call->call.duration_ms > 0)
        deadline_ns += (uint64_t)call->call.duration_ms * 1000000u;
    return deadline_ns;
}

void script_call_start(struct script_call *call, struct script_session *session)
{
    struct script *script = call->script;

    call->session = session->name;
    call->begun_ns = loop_now_ns(script->loop);
    call->call.deadline_ns = deadline_of(script, call);
    call->call.items = call->items;
    call->call.item_count = call->item_count;
    script->result.call_count++;
    script->result.overlap_count += script->calls && script->calls->session != session->name;
    script_call_keep(call);
    enter(script, call);
    script_trace_call(script, call);
    script_session_start(session, &call->call, call->is_raw);
}

/* An adapter ends a call that got no answer a little before its deadline. */
static bool is_timeout(const struct script_call *call, const struct adapter_result *result)
{
    uint64_t margin_ns = call->script->plan.call_timeout_ns / 10;

    return result->error == ADAPTER_ERROR_CONNECTION && call->call.deadline_ns > 0 &&
           call->done_ns + margin_ns >= call->call.deadline_ns;
}

static void complete(struct adapter_call *adapter_call, const struct adapter_result *result)
{
    struct script_call *call = (struct script_call *)adapter_call;
    struct script *script = call->script;

    if (script) {
        leave(script, call);
        call->done_ns = loop_now_ns(script->loop);
        script->result.timeout_count += is_timeout(call, result);
        script_call_answer(call, result);
        script_trace_answer(script, call);
        if (call->answered)
            call->answered(call->context, call);
        else
            script_call_done(script);
    }
    script_call_drop(call);
}

/* --- Answers --------------------------------------------------------------------------------- */

struct value *script_error_value(uint32_t outcome, uint32_t error, const char *detail)
{
    struct value *value = value_object();

    value->role = VALUE_ERROR;
    value_set(value, "error", value_text(port_error_name(error)));
    value_set(value, "outcome", value_text(port_outcome_name(outcome)));
    value_set(value, "detail", detail ? value_text(detail) : value_null());
    return value;
}

static bool is_error(const struct script_call *call, const struct adapter_result *result)
{
    bool has_items = result->item_count > 0 && call->item_count > 0;

    return !has_items && result->outcome != ADAPTER_DONE && result->outcome != ADAPTER_EMPTY;
}

void script_call_answer(struct script_call *call, const struct adapter_result *result)
{
    call->outcome = result->outcome;
    call->error = result->error;
    call->attempts = result->attempts;
    call->flags = result->flags;
    if (is_error(call, result))
        call->answer = script_error_value(result->outcome, result->error, result->detail);
    else
        call->answer = call->operation->answer(call, result);
    if (result->detail && call->answer->role != VALUE_ERROR)
        call->aside = script_call_own(call, memory_string(result->detail));
}

const struct value *script_answer_error(const struct value *answer)
{
    if (answer->role == VALUE_ERROR)
        return answer;
    for (size_t i = 0; answer->kind == VALUE_LIST && i < answer->count; i++)
        if (answer->items[i]->role == VALUE_ERROR)
            return answer->items[i];
    return NULL;
}

/* --- Telling --------------------------------------------------------------------------------- */

/* Only what was said: defaults and absent words tell nothing. */
void script_call_tell(const struct script_call *call, struct text *text)
{
    const char *words = call->operation->arguments;
    bool is_needed, is_first = true;
    size_t size;

    if (strcmp(call->session, "main") != 0)
        text_appendf(text, "%s ", call->session);
    text_appendf(text, "%s(", script_operation_name(call->operation));
    for (; (size = script_words_next(&words, &is_needed)) > 0; words += size) {
        const struct script_argument *argument = script_argument_find(words, size);

        if (!argument || !(call->given & script_argument_bit(argument)))
            continue;
        text_appendf(text, "%s%s ", is_first ? "" : ", ", argument->name);
        argument->tell(call, argument, text);
        is_first = false;
    }
    text_append_string(text, ")");
}
