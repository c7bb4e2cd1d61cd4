/* liar_answer.c: how lies change calls and answers. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/liar_state.h"

static struct passage *passage_of(struct lie_call *call)
{
    return (struct passage *)call;
}

struct liar *lie_liar(const struct adapter_session *session)
{
    return &session->instance->liar;
}

bool lie_is_due(struct lie_call *call, size_t count)
{
    uint64_t every = call->lie->every ? call->lie->every : 1;
    uint64_t before = call->liar->count / every;

    call->liar->count += count;
    return call->liar->count / every > before;
}

/* --- Instead of asking -------------------------------------------------------------------------
 */

void lie_tell(struct lie_call *call, enum adapter_outcome outcome, int64_t number)
{
    struct passage *passage = passage_of(call);

    passage->is_told = true;
    passage->told = (struct adapter_result){
        .struct_size = sizeof(passage->told), .outcome = outcome, .attempts = 1, .number = number};
}

void lie_tell_result(struct lie_call *call, const struct adapter_result *result)
{
    passage_of(call)->is_told = true;
    passage_of(call)->told = *result;
}

void lie_tell_error(struct lie_call *call, enum adapter_error error)
{
    lie_tell(call, ADAPTER_REFUSED, 0);
    passage_of(call)->told.error = error;
    passage_of(call)->told.detail = "a lie";
}

void lie_hold(struct lie_call *call, uint64_t duration_ns)
{
    passage_of(call)->hold_ns = duration_ns;
}

void lie_hold_answer(struct lie_call *call, uint64_t duration_ns,
                     const struct adapter_result *result)
{
    lie_tell_result(call, result);
    passage_of(call)->hold_ns = duration_ns;
}

static struct adapter_call *append(struct lie_extra **link, struct lie_extra *extra)
{
    while (*link)
        link = &(*link)->next;
    *link = extra;
    return &extra->call;
}

struct adapter_call *lie_first(struct lie_call *call, uint32_t operation, const char *stream,
                               const char *group, const char *item)
{
    return append(&passage_of(call)->before, liar_extra_new(operation, stream, group, item));
}

struct adapter_call *lie_later(struct lie_call *call, uint32_t operation, const char *stream,
                               const char *group, const char *item)
{
    return append(&passage_of(call)->after, liar_extra_new(operation, stream, group, item));
}

void lie_later_by(struct lie_call *call, uint64_t duration_ns, uint32_t operation,
                  const char *stream, const char *group, const char *item)
{
    struct lie_extra *extra = liar_extra_new(operation, stream, group, item);

    append(&passage_of(call)->after, extra);
    extra->hold_ns = duration_ns;
}

/* --- Entries -----------------------------------------------------------------------------------
 */

struct adapter_entry *lie_entries(struct lie_call *call, struct adapter_result *result, size_t more)
{
    struct adapter_entry *entries =
        lie_memory(call, (result->entry_count + more + 1) * sizeof(*entries));

    if (result->entry_count > 0)
        memcpy(entries, result->entries, result->entry_count * sizeof(*entries));
    result->entries = entries;
    return entries;
}

void lie_settle_outcome(struct adapter_result *result)
{
    result->outcome = result->entry_count > 0 ? ADAPTER_DONE : ADAPTER_EMPTY;
    result->number = (int64_t)result->entry_count;
}

void lie_drop_entry(struct lie_call *call, struct adapter_result *result, size_t index)
{
    struct adapter_entry *entries = lie_entries(call, result, 0);

    memmove(&entries[index], &entries[index + 1],
            (result->entry_count - index - 1) * sizeof(*entries));
    result->entry_count--;
    lie_settle_outcome(result);
}

void lie_add_entry(struct lie_call *call, struct adapter_result *result,
                   const struct lie_note *note)
{
    struct adapter_entry *entries = lie_entries(call, result, 1);

    entries[result->entry_count++] = (struct adapter_entry){
        .id = {note->id, strlen(note->id)}, .payload = {note->payload, strlen(note->payload)}};
    lie_settle_outcome(result);
}

void lie_set_number(struct lie_call *call, struct adapter_result *result, int64_t number)
{
    if (result->item_count == 1) {
        struct adapter_item *item = lie_memory(call, sizeof(*item));

        *item = result->items[0];
        item->number = number;
        item->outcome = ADAPTER_DONE;
        result->items = item;
    }
    result->outcome = ADAPTER_DONE;
    result->error = ADAPTER_ERROR_NONE;
    result->number = number;
}
