/* liar_memory.c: what lies remember, and the bytes they need. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fakes/liar_state.h"

struct lie_block {
    struct lie_block *next;
    char bytes[];
};

/* --- For the length of a call ------------------------------------------------------------------
 */

void *lie_memory(struct lie_call *call, size_t size)
{
    struct passage *passage = (struct passage *)call;
    struct lie_block *block = memory_new(1, sizeof(*block) + size);

    block->next = passage->blocks;
    passage->blocks = block;
    return block->bytes;
}

void liar_release_blocks(struct passage *passage)
{
    while (passage->blocks) {
        struct lie_block *block = passage->blocks;

        passage->blocks = block->next;
        free(block);
    }
}

char *lie_text(struct lie_call *call, struct adapter_text text)
{
    char *copy = lie_memory(call, text.size + 1);

    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return copy;
}

const char *lie_item(struct lie_call *call)
{
    return call->call.item_count > 0 ? lie_text(call, call->call.items[0]) : "";
}

/* --- For the life of the broker ----------------------------------------------------------------
 */

static char *copy_of(const char *text)
{
    return text ? memory_string(text) : NULL;
}

struct lie_note *lie_remember(struct lie_call *call, const char *id, const char *payload)
{
    struct liar *liar = call->liar;
    struct lie_note *note;

    if ((liar->note_count & (liar->note_count - 1)) == 0) /* full: a power of two */
        liar->notes = memory_grow(liar->notes, liar->note_count ? liar->note_count * 2 : 1,
                                  sizeof(*liar->notes));
    note = &liar->notes[liar->note_count++];
    *note = (struct lie_note){.session = call->session,
                              .stream = copy_of(call->call.stream),
                              .group = copy_of(call->call.group),
                              .id = copy_of(id),
                              .payload = copy_of(payload),
                              .at_ns = call->now_ns};
    return note;
}

static bool fits(const char *wanted, const char *text)
{
    return !wanted || (text && strcmp(wanted, text) == 0);
}

struct lie_note *lie_recall(struct liar *liar, size_t index, const char *stream, const char *group,
                            const char *id)
{
    for (size_t i = index; i < liar->note_count; i++) {
        struct lie_note *note = &liar->notes[i];

        if (fits(id, note->id) && fits(group, note->group) && fits(stream, note->stream))
            return note;
    }
    return NULL;
}

size_t lie_note_index(const struct liar *liar, const struct lie_note *note)
{
    return (size_t)(note - liar->notes);
}

void liar_forget(struct liar *liar)
{
    for (size_t i = 0; i < liar->note_count; i++) {
        free(liar->notes[i].stream);
        free(liar->notes[i].group);
        free(liar->notes[i].id);
        free(liar->notes[i].payload);
    }
    free(liar->notes);
    *liar = (struct liar){.lie = liar->lie};
}

/* --- Calls of the lie's own --------------------------------------------------------------------
 */

struct lie_extra *liar_extra_new(uint32_t operation, const char *stream, const char *group,
                                 const char *item)
{
    struct lie_extra *extra = memory_new(1, sizeof(*extra));

    extra->stream = copy_of(stream);
    extra->group = copy_of(group);
    extra->text = copy_of(item);
    extra->call = (struct adapter_call){.struct_size = sizeof(extra->call),
                                        .operation = operation,
                                        .stream = extra->stream,
                                        .group = extra->group,
                                        .count = 1};
    if (item) {
        extra->item = (struct adapter_text){extra->text, strlen(item)};
        extra->call.items = &extra->item;
        extra->call.item_count = 1;
    }
    return extra;
}

void liar_extra_free(struct lie_extra *extra)
{
    free(extra->stream);
    free(extra->group);
    free(extra->text);
    free(extra);
}
