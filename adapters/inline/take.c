/* take.c: what a read is given, and what has fallen due by then. */
#include <stdlib.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/dead_letter.h"
#include "adapters/inline/group.h"
#include "adapters/inline/stream.h"

/* --- Falling due --------------------------------------------------------------------------------
 */

static void make_ready(struct inline_group *group, struct inline_delivery *delivery, bool is_late)
{
    delivery->state = INLINE_READY;
    delivery->is_late = is_late;
    inline_delivery_place(delivery, &group->deliveries.ready, delivery->from);
}

/* Every open position of a delivery; the last one drops it.  False when the queue takes none. */
static bool dead_letter_all(struct inline_group *group, struct inline_delivery *delivery,
                            uint64_t wall_ms)
{
    uint64_t at = delivery->from;

    for (uint64_t left = delivery->left; left > 0; left--) {
        if (!delivery->is_single)
            at = inline_window_find_open(&group->window, at, delivery->to);
        if (!inline_dead_letter(group, delivery, at, "timeout", wall_ms))
            return false;
        inline_group_settle(group, delivery, at);
        at++;
    }
    return true;
}

static void expire(struct inline_group *group, struct inline_delivery *delivery, uint64_t wall_ms)
{
    delivery->failures++;
    if (delivery->failures <= group->settings->max_retries || !group->settings->has_dead_letters ||
        !dead_letter_all(group, delivery, wall_ms))
        make_ready(group, delivery, true);
}

void inline_group_promote(struct inline_group *group, uint64_t now_ns, uint64_t wall_ms)
{
    const struct heap *timed = &group->deliveries.timed;

    while (inline_group_due_ns(group) <= now_ns) {
        struct inline_delivery *delivery = (struct inline_delivery *)heap_first(timed);

        if (delivery->state == INLINE_IN_FLIGHT)
            expire(group, delivery, wall_ms);
        else
            make_ready(group, delivery, false);
    }
}

/* --- Again --------------------------------------------------------------------------------------
 */

void inline_group_retake(struct inline_group *group, struct inline_delivery *delivery,
                         uint64_t position, const struct inline_reader *reader,
                         struct inline_answer *answer, uint32_t flags)
{
    if (!delivery->is_single)
        delivery = inline_deliveries_detach(&group->deliveries, &group->window, delivery, position);
    if (delivery->is_late)
        delivery->lost_by = delivery->session;
    delivery->attempts++;
    delivery->state = INLINE_IN_FLIGHT;
    delivery->is_late = false;
    delivery->delivered_ns = reader->now_ns;
    inline_delivery_assign(delivery, reader->member, reader->session);
    inline_delivery_place(delivery, &group->deliveries.timed,
                          reader->now_ns + group->settings->message_timeout_ns);
    inline_answer_pick(answer, position, delivery->attempts, flags);
}

/* Serve the lowest position of a heap.  A run is moved to its next open position first, because
   what others settled or took meanwhile is no longer there. */
static void serve_first(struct inline_group *group, struct heap *heap,
                        const struct inline_reader *reader, struct inline_answer *answer,
                        uint32_t flags)
{
    struct inline_delivery *delivery = (struct inline_delivery *)heap_first(heap);
    struct inline_segment *segment;
    uint64_t position = delivery->from;

    if (!delivery->is_single)
        position = inline_window_find_open(&group->window, position, delivery->to);
    if (position != delivery->from) {
        delivery->from = position;
        inline_delivery_place(delivery, heap, position);
        return;
    }
    if (!message_log_is_readable(&group->stream->log, position, &segment))
        inline_group_settle(group, delivery, position);
    else
        inline_group_retake(group, delivery, position, reader, answer, flags);
}

static void serve_heap(struct inline_group *group, struct heap *heap,
                       const struct inline_reader *reader, size_t count,
                       struct inline_answer *answer, uint32_t flags)
{
    while (heap->count > 0 && answer->pick_count < count)
        serve_first(group, heap, reader, answer, flags);
}

/* --- New ----------------------------------------------------------------------------------------
 */

static bool is_for(const struct inline_group *group, const struct inline_mark *mark)
{
    if (!mark)
        return true;
    if (mark->flags & (INLINE_MARK_REMOVED | INLINE_MARK_UNREADABLE))
        return false;
    return !(mark->flags & INLINE_MARK_ONLY) || group->serial == mark->group ||
           group->serial >= mark->since;
}

/* Messages of a segment with special ones among them, one by one; what is not for this group is
   settled at once. */
static uint64_t take_special(struct inline_group *group, struct inline_segment *segment,
                             uint64_t from, uint64_t to, size_t count, struct inline_answer *answer)
{
    size_t limit = answer->entry_count + count;

    while (from < to && answer->entry_count < limit) {
        const struct inline_pick pick = {.position = from, .attempt = 1};

        inline_window_extend(&group->window, from + 1);
        if (is_for(group, inline_segment_mark(segment, from)))
            inline_answer_add(answer, group->stream, segment, &pick);
        else
            inline_window_settle(&group->window, from, from + 1);
        from++;
    }
    return from;
}

/* New messages from `from` on; where it ended. */
static uint64_t take_segments(struct inline_group *group, uint64_t from, size_t count,
                              struct inline_answer *answer)
{
    const struct message_log *log = &group->stream->log;
    size_t limit = answer->entry_count + count;

    while (from < log->end && answer->entry_count < limit) {
        struct inline_segment *segment = message_log_segment(log, from);
        uint64_t to = inline_segment_end(segment);
        size_t wanted = limit - answer->entry_count;

        if (segment->mark_count > 0) {
            from = take_special(group, segment, from, to, wanted, answer);
            continue;
        }
        if (to - from > wanted)
            to = from + wanted;
        inline_answer_add_run(answer, group->stream, segment, from, to);
        inline_window_extend(&group->window, to);
        from = to;
    }
    return from;
}

static void take_new(struct inline_group *group, const struct inline_reader *reader, size_t count,
                     struct inline_answer *answer)
{
    size_t before = answer->entry_count;
    uint64_t from, to;
    struct inline_delivery *run;

    if (group->window.next < group->stream->log.first)
        inline_group_forget_before(group, group->stream->log.first);
    from = group->window.next;
    to = take_segments(group, from, count, answer);
    if (answer->entry_count == before)
        return;
    if (!(group->settings->declared & ADAPTER_ACK_NACK)) {
        inline_window_settle(&group->window, from, to);
        return;
    }
    run = inline_deliveries_add_run(&group->deliveries, from, to, answer->entry_count - before);
    run->state = INLINE_IN_FLIGHT;
    run->attempts = 1;
    run->delivered_ns = reader->now_ns;
    group->outstanding += run->left;
    inline_delivery_assign(run, reader->member, reader->session);
    inline_delivery_place(run, &group->deliveries.timed,
                          reader->now_ns + group->settings->message_timeout_ns);
}

void inline_group_take(struct inline_group *group, const struct inline_reader *reader, size_t count,
                       struct inline_answer *answer)
{
    uint64_t most = group->outstanding + (group->stream->log.end - group->window.next);

    inline_group_promote(group, reader->now_ns, reader->wall_ms);
    inline_answer_reserve(answer, count < most ? count : (size_t)most);
    serve_heap(group, &reader->member->own, reader, count, answer, ADAPTER_ENTRY_OWN_PENDING);
    serve_heap(group, &group->deliveries.ready, reader, count, answer, 0);
    inline_answer_add_picks(answer, group->stream);
    if (answer->entry_count < count)
        take_new(group, reader, count - answer->entry_count, answer);
    inline_group_wake(group);
    inline_group_remind(group);
}
