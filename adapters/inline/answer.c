/* answer.c: building answers; per message only what differs from the message before is written. */
#include "adapters/inline/answer.h"

#include <stdlib.h>

#include "adapters/inline/stream.h"
#include "base/memory.h"

void inline_answer_begin(struct inline_answer *answer)
{
    answer->entry_count = answer->pick_count = answer->pin_count = 0;
    text_clear(&answer->text);
    answer->result = (struct adapter_result){
        .struct_size = sizeof(answer->result), .outcome = ADAPTER_DONE, .attempts = 1};
}

void inline_answer_end(struct inline_answer *answer)
{
    for (size_t i = 0; i < answer->pin_count; i++)
        inline_segment_unpin(answer->pins[i]);
    answer->pin_count = 0;
}

void inline_answer_release(struct inline_answer *answer)
{
    free(answer->entries);
    free(answer->ids);
    free(answer->items);
    free(answer->picks);
    free(answer->pins);
    text_release(&answer->text);
}

void inline_answer_number(struct inline_answer *answer, int64_t number)
{
    answer->result.number = number;
}

void inline_answer_refuse(struct inline_answer *answer, enum adapter_error error,
                          const char *detail)
{
    answer->result.outcome = ADAPTER_REFUSED;
    answer->result.error = error;
    answer->result.detail = detail;
}

void inline_answer_empty(struct inline_answer *answer)
{
    answer->result.outcome = ADAPTER_EMPTY;
}

/* --- Entries ------------------------------------------------------------------------------------
 */

void inline_answer_reserve(struct inline_answer *answer, size_t count)
{
    size_t capacity = answer->entry_capacity ? answer->entry_capacity : 16;

    if (count <= answer->entry_capacity)
        return;
    while (capacity < count)
        capacity *= 2;
    answer->entries = memory_grow(answer->entries, capacity, sizeof(*answer->entries));
    answer->ids = memory_grow(answer->ids, capacity, MESSAGE_ID_SIZE);
    for (size_t i = 0; i < capacity; i++)
        answer->entries[i] =
            (struct adapter_entry){.id = {answer->ids + i * MESSAGE_ID_SIZE, MESSAGE_ID_SIZE}};
    answer->entry_capacity = capacity;
}

static void fill_prefixes(struct inline_answer *answer, const struct inline_stream *stream,
                          size_t count)
{
    if (answer->id_stream != stream->number) {
        answer->id_stream = stream->number;
        answer->id_filled = 0;
    }
    for (; answer->id_filled < count; answer->id_filled++)
        memcpy(answer->ids + answer->id_filled * MESSAGE_ID_SIZE, stream->ids.prefix,
               MESSAGE_ID_PREFIX_SIZE);
}

struct adapter_text inline_answer_id(struct inline_answer *answer,
                                     const struct inline_stream *stream, size_t index,
                                     uint64_t position)
{
    char *id = answer->ids + index * MESSAGE_ID_SIZE;

    fill_prefixes(answer, stream, index + 1);
    message_id_write_position(id, position);
    return (struct adapter_text){id, MESSAGE_ID_SIZE};
}

static void pin(struct inline_answer *answer, struct inline_segment *segment)
{
    if (answer->pin_count > 0 && answer->pins[answer->pin_count - 1] == segment)
        return;
    if (answer->pin_count == answer->pin_capacity) {
        answer->pin_capacity = answer->pin_capacity ? answer->pin_capacity * 2 : 8;
        answer->pins = memory_grow(answer->pins, answer->pin_capacity, sizeof(segment));
    }
    inline_segment_pin(segment);
    answer->pins[answer->pin_count++] = segment;
}

void inline_answer_add_run(struct inline_answer *answer, const struct inline_stream *stream,
                           struct inline_segment *segment, uint64_t from, uint64_t to)
{
    size_t index = (size_t)(from - segment->first), count = (size_t)(to - from);
    const struct inline_slot *slots = segment->slots + index;
    struct adapter_entry *entries = answer->entries + answer->entry_count;
    char *id = answer->ids + answer->entry_count * MESSAGE_ID_SIZE;
    uint32_t begin = index ? segment->slots[index - 1].end : 0;
    struct message_id_cursor cursor;

    fill_prefixes(answer, stream, answer->entry_count + count);
    message_id_seek(&cursor, from);
    for (size_t i = 0; i < count; i++, id += MESSAGE_ID_SIZE) {
        message_id_step(&cursor, from + i);
        message_id_write_at(&cursor, from + i, id);
        entries[i].payload.data = segment->bytes + begin;
        entries[i].payload.size = slots[i].end - begin;
        entries[i].attempt = 1;
        entries[i].flags = 0;
        begin = slots[i].end;
    }
    answer->entry_count += count;
    pin(answer, segment);
}

void inline_answer_add(struct inline_answer *answer, const struct inline_stream *stream,
                       struct inline_segment *segment, const struct inline_pick *pick)
{
    struct adapter_entry *entry = &answer->entries[answer->entry_count];

    entry->id = inline_answer_id(answer, stream, answer->entry_count, pick->position);
    entry->payload = message_log_payload(segment, pick->position);
    entry->attempt = pick->attempt;
    entry->flags = pick->flags;
    answer->entry_count++;
    pin(answer, segment);
}

void inline_answer_pick(struct inline_answer *answer, uint64_t position, uint32_t attempt,
                        uint32_t flags)
{
    if (answer->pick_count == answer->pick_capacity) {
        answer->pick_capacity = answer->pick_capacity ? answer->pick_capacity * 2 : 16;
        answer->picks = memory_grow(answer->picks, answer->pick_capacity, sizeof(*answer->picks));
    }
    answer->picks[answer->pick_count++] = (struct inline_pick){position, attempt, flags};
}

static int compare_picks(const void *left, const void *right)
{
    const struct inline_pick *a = left, *b = right;

    return (a->position > b->position) - (a->position < b->position);
}

void inline_answer_add_picks(struct inline_answer *answer, const struct inline_stream *stream)
{
    if (answer->pick_count > 1)
        qsort(answer->picks, answer->pick_count, sizeof(*answer->picks), compare_picks);
    for (size_t i = 0; i < answer->pick_count; i++)
        inline_answer_add(answer, stream,
                          message_log_segment(&stream->log, answer->picks[i].position),
                          &answer->picks[i]);
}

void inline_answer_deliver(struct inline_answer *answer)
{
    answer->result.entries = answer->entries;
    answer->result.entry_count = answer->entry_count;
    if (answer->entry_count == 0)
        answer->result.outcome = ADAPTER_EMPTY;
}

void inline_answer_forget_ids(struct inline_answer *answer)
{
    answer->entry_capacity = answer->id_filled = 0;
}

/* --- Items --------------------------------------------------------------------------------------
 */

void inline_answer_items(struct inline_answer *answer, size_t count)
{
    if (count > answer->item_capacity) {
        answer->items = memory_grow(answer->items, count, sizeof(*answer->items));
        answer->item_capacity = count;
    }
    for (; answer->true_count < count; answer->true_count++)
        answer->items[answer->true_count] =
            (struct adapter_item){.outcome = ADAPTER_DONE, .number = 1};
    answer->result.items = answer->items;
    answer->result.item_count = count;
}

struct adapter_item *inline_answer_item(struct inline_answer *answer, size_t index)
{
    if (index < answer->true_count)
        answer->true_count = index;
    return &answer->items[index];
}
