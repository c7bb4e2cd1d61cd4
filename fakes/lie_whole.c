/* lie_whole.c: lies that need no more than a line in their table. */
#include <string.h>

#include "fakes/lie.h"

void lie_say_number(struct lie_call *call)
{
    lie_tell(call, ADAPTER_DONE, call->lie->number);
}

void lie_say_nothing(struct lie_call *call)
{
    lie_tell(call, ADAPTER_EMPTY, 0);
}

void lie_say_error(struct lie_call *call)
{
    lie_tell_error(call, ADAPTER_ERROR_OTHER);
}

void lie_answer_number(struct lie_call *call, struct adapter_result *result)
{
    if (result->error == ADAPTER_ERROR_NONE)
        lie_set_number(call, result, call->lie->number);
}

void lie_answer_sum(struct lie_call *call, struct adapter_result *result)
{
    if (result->error == ADAPTER_ERROR_NONE && result->number + call->lie->number >= 0)
        lie_set_number(call, result, result->number + call->lie->number);
}

void lie_answer_empty(struct lie_call *call, struct adapter_result *result)
{
    (void)call;
    *result = (struct adapter_result){
        .struct_size = sizeof(*result), .outcome = ADAPTER_EMPTY, .attempts = 1};
}

/* Every `from` becomes `to`. */
static struct adapter_text respell(struct lie_call *call, struct adapter_text text,
                                   const char *from, const char *to)
{
    const char *source = lie_text(call, text), *found;
    char *target = lie_memory(call, text.size * (strlen(to) + 1) + 1), *end = target;

    while ((found = strstr(source, from)) != NULL) {
        memcpy(end, source, (size_t)(found - source));
        end += found - source;
        memcpy(end, to, strlen(to));
        end += strlen(to);
        source = found + strlen(from);
    }
    memcpy(end, source, strlen(source) + 1);
    return (struct adapter_text){target, (size_t)(end - target) + strlen(source)};
}

void lie_respell(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_entry *entries;

    if (result->text.size > 0)
        result->text = respell(call, result->text, call->lie->text, call->lie->other);
    if (result->entry_count == 0)
        return;
    entries = lie_entries(call, result, 0);
    for (size_t i = 0; i < result->entry_count; i++)
        entries[i].payload = respell(call, entries[i].payload, call->lie->text, call->lie->other);
}
