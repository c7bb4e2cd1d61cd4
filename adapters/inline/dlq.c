/* dlq.c: operations on dead-letter queues.  A queue is a stream like any other. */
#include <stdlib.h>
#include <string.h>

#include "adapters/inline/dead_letter.h"
#include "adapters/inline/group.h"
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"
#include "base/json_members.h"
#include "base/memory.h"

/* An entry counts as long as its content is there, readable or not. */
static struct inline_segment *find_entry(const struct inline_stream *queue, uint64_t position)
{
    struct inline_segment *segment = message_log_segment(&queue->log, position);
    const struct inline_mark *mark = segment ? inline_segment_mark(segment, position) : NULL;

    return mark && mark->flags & INLINE_MARK_REMOVED ? NULL : segment;
}

static struct inline_segment *find_named(const struct inline_stream *queue,
                                         const struct adapter_text *id, uint64_t *ret_position)
{
    if (!message_id_read(&queue->ids, id->data, id->size, ret_position))
        return NULL;
    return find_entry(queue, *ret_position);
}

/* --- Listing ------------------------------------------------------------------------------------
 */

struct listed {
    struct inline_dead_letter letter;
    const struct inline_stream *queue;
    uint64_t position;
    size_t order; /* of being found */
};

struct list {
    struct listed *entries;
    size_t count, capacity;
};

static void list_queue(struct list *list, const struct inline_stream *queue)
{
    for (uint64_t at = queue->log.first; at < queue->log.end; at++) {
        const struct inline_segment *segment = find_entry(queue, at);
        struct listed *entry;

        if (!segment)
            continue;
        if (list->count == list->capacity) {
            list->capacity = list->capacity ? list->capacity * 2 : 16;
            list->entries = memory_grow(list->entries, list->capacity, sizeof(*list->entries));
        }
        entry = &list->entries[list->count];
        *entry = (struct listed){.queue = queue, .position = at, .order = list->count};
        inline_dead_letter_read(&entry->letter, queue, segment, at);
        list->count++;
    }
}

/* Newest failure first; of equal ones the one that came last. */
static int compare_listed(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    int order = strcmp(text_string(&b->letter.failed_at), text_string(&a->letter.failed_at));

    return order != 0 ? order : (b->order > a->order) - (b->order < a->order);
}

static void show_list(struct list *list, int64_t limit, struct text *text)
{
    if (list->count > 1)
        qsort(list->entries, list->count, sizeof(*list->entries), compare_listed);
    text_append_string(text, "[");
    for (size_t i = 0; i < list->count && (int64_t)i < limit; i++) {
        const struct listed *entry = &list->entries[i];

        text_append_string(text, i > 0 ? ", " : "");
        inline_dead_letter_show(&entry->letter, text, entry->queue, entry->position);
    }
    text_append_string(text, "]");
}

static void answer_text(struct inline_answer *answer)
{
    answer->result.text.data = text_string(&answer->text);
    answer->result.text.size = answer->text.size;
}

/* Queues by name; a name given twice is listed once. */
static bool is_repeated(const struct adapter_call *call, size_t index)
{
    const struct adapter_text *items = call->items;

    for (size_t i = 0; i < index; i++)
        if (items[i].size == items[index].size &&
            memcmp(items[i].data, items[index].data, items[i].size) == 0)
            return true;
    return false;
}

void inline_dlq_list(struct inline_turn *turn)
{
    const struct adapter_call *call = turn->call;
    struct list list = {0};

    for (size_t i = 0; i < call->item_count; i++) {
        const struct inline_stream *queue =
            map_get(&turn->broker->streams, call->items[i].data, call->items[i].size);

        if (queue && !is_repeated(call, i))
            list_queue(&list, queue);
    }
    show_list(&list, call->count, &turn->answer->text);
    inline_answer_number(turn->answer,
                         (int64_t)list.count < call->count ? (int64_t)list.count : call->count);
    for (size_t i = 0; i < list.count; i++)
        inline_dead_letter_release(&list.entries[i].letter);
    free(list.entries);
    answer_text(turn->answer);
}

void inline_dlq_inspect(struct inline_turn *turn)
{
    struct adapter_text id = inline_turn_item(turn);
    struct inline_dead_letter letter = {0};
    const struct inline_segment *segment = NULL;
    struct inline_stream *queue;
    uint64_t position = 0;

    if (!inline_turn_stream(turn, &queue))
        return;
    if (queue)
        segment = find_named(queue, &id, &position);
    if (!segment) {
        inline_answer_empty(turn->answer);
        return;
    }
    inline_dead_letter_read(&letter, queue, segment, position);
    inline_dead_letter_show(&letter, &turn->answer->text, queue, position);
    inline_dead_letter_release(&letter);
    inline_answer_number(turn->answer, 1);
    answer_text(turn->answer);
}

/* --- Replaying ----------------------------------------------------------------------------------
 */

/* Back on the stream it came from, only the group that failed is to see it again, of those that
   there are now; a group made later reads the whole history. */
static void mark_only(struct inline_stream *target, const struct inline_dead_letter *letter,
                      uint64_t position)
{
    const struct inline_group *group;
    struct inline_mark *mark;

    if (!letter->has_group || strcmp(target->name, text_string(&letter->stream)) != 0)
        return;
    group = inline_stream_group(target, text_string(&letter->group));
    if (!group)
        return;
    mark = message_log_mark(&target->log, position);
    mark->flags |= INLINE_MARK_ONLY;
    mark->group = group->serial;
    mark->since = target->broker->group_serial + 1;
}

/* False when the entry holds nothing that can be published, or the target is no stream. */
static bool replay_entry(struct inline_turn *turn, struct inline_stream *queue,
                         struct inline_segment *segment, uint64_t position)
{
    struct inline_dead_letter letter = {0};
    struct inline_stream *target = NULL;
    uint64_t replayed;

    inline_dead_letter_read(&letter, queue, segment, position);
    if (json_members_is_message(letter.payload.data, letter.payload.size))
        target = inline_broker_make_stream(
            turn->broker, turn->call->target ? turn->call->target : text_string(&letter.stream));
    if (!target || target->is_foreign) {
        inline_dead_letter_release(&letter);
        return false;
    }
    message_log_remove(&queue->log, position);
    replayed = message_log_append(&target->log, letter.payload.data, letter.payload.size,
                                  inline_turn_wall_ms(turn));
    mark_only(target, &letter, replayed);
    inline_stream_published(target, turn->now_ns);
    inline_dead_letter_release(&letter);
    return true;
}

void inline_dlq_replay(struct inline_turn *turn)
{
    struct adapter_text id = inline_turn_item(turn);
    struct inline_segment *segment = NULL;
    struct inline_stream *queue;
    uint64_t position = 0;

    if (!inline_turn_stream(turn, &queue))
        return;
    if (queue)
        segment = find_named(queue, &id, &position);
    inline_answer_number(turn->answer, segment && replay_entry(turn, queue, segment, position));
}

void inline_dlq_replay_all(struct inline_turn *turn)
{
    struct inline_stream *queue;
    int64_t count = 0;
    uint64_t end;

    if (!inline_turn_stream(turn, &queue) || !queue)
        return;
    end = queue->log.end; /* were the target the queue itself, it would never end */
    for (uint64_t at = queue->log.first; at < end; at++) {
        struct inline_segment *segment = find_entry(queue, at);

        count += segment && replay_entry(turn, queue, segment, at);
    }
    inline_answer_number(turn->answer, count);
}

/* --- Removing -----------------------------------------------------------------------------------
 */

static int64_t drop_before(struct inline_stream *queue, uint64_t position)
{
    uint64_t count = message_log_drop_before(&queue->log, position);

    for (size_t i = 0; i < queue->groups.count; i++)
        if (queue->groups.entries[i].value)
            inline_group_forget_before(queue->groups.entries[i].value, queue->log.first);
    return (int64_t)count;
}

void inline_dlq_purge(struct inline_turn *turn)
{
    struct inline_stream *queue;

    if (inline_turn_stream(turn, &queue) && queue)
        inline_answer_number(turn->answer, drop_before(queue, queue->log.end));
}

/* The first position that is not older than the cutoff: an id of this queue, or milliseconds since
   1970 as they begin an id of a Redis stream. */
static uint64_t find_cutoff(const struct inline_stream *queue, const struct adapter_text *cutoff)
{
    uint64_t position = queue->log.first, wall_ms = 0;

    if (message_id_read(&queue->ids, cutoff->data, cutoff->size, &position))
        return position;
    for (size_t i = 0; i < cutoff->size && cutoff->data[i] >= '0' && cutoff->data[i] <= '9'; i++)
        wall_ms = wall_ms < UINT64_MAX / 10 - 10 ? wall_ms * 10 + (uint64_t)(cutoff->data[i] - '0')
                                                 : UINT64_MAX / 10;
    for (position = queue->log.first; position < queue->log.end; position++)
        if (message_log_wall_ms(message_log_segment(&queue->log, position), position) >= wall_ms)
            break;
    return position;
}

void inline_dlq_trim(struct inline_turn *turn)
{
    struct adapter_text cutoff = inline_turn_item(turn);
    struct inline_stream *queue;

    if (inline_turn_stream(turn, &queue) && queue)
        inline_answer_number(turn->answer, drop_before(queue, find_cutoff(queue, &cutoff)));
}

void inline_dlq_depth(struct inline_turn *turn)
{
    struct inline_stream *queue;

    if (inline_turn_stream(turn, &queue) && queue)
        inline_answer_number(turn->answer, (int64_t)queue->log.live_count);
}
