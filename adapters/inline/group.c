/* group.c: acks, nacks and what the other parts of a group need. */
#include "adapters/inline/group.h"

#include <stdlib.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/dead_letter.h"
#include "adapters/inline/stream.h"
#include "base/memory.h"

struct inline_group *inline_group_new(struct inline_stream *stream, const char *name,
                                      uint64_t serial, uint64_t wall_ms)
{
    struct inline_group *group = memory_new(1, sizeof(*group));

    group->stream = stream;
    group->settings = &stream->broker->settings;
    group->name = memory_string(name);
    group->serial = serial;
    group->created_ms = wall_ms;
    inline_window_init(&group->window, stream->log.first);
    return group;
}

void inline_group_free(struct inline_group *group)
{
    struct inline_member *next;

    inline_group_send_away(group);
    for (struct inline_member *member = group->members; member; member = next) {
        next = member->next;
        inline_member_free(member);
    }
    inline_deliveries_release(&group->deliveries);
    inline_window_release(&group->window);
    free(group->lease);
    free(group->name);
    free(group);
}

uint64_t inline_group_available(const struct inline_group *group)
{
    uint64_t count = 0;

    for (size_t i = 0; i < group->deliveries.ready.count; i++)
        count += ((const struct inline_delivery *)group->deliveries.ready.nodes[i])->left;
    return count + (group->stream->log.end - group->window.next);
}

uint64_t inline_group_due_ns(const struct inline_group *group)
{
    const struct heap_node *first = heap_first(&group->deliveries.timed);

    return first ? first->due : UINT64_MAX;
}

struct inline_delivery *inline_group_find(const struct inline_group *group, uint64_t position)
{
    const struct inline_window *window = &group->window;

    if (position < window->low || position >= window->next ||
        inline_window_is_settled(window, position))
        return NULL;
    if (inline_window_is_detached(window, position))
        return inline_deliveries_single(&group->deliveries, position);
    return inline_deliveries_run(&group->deliveries, position);
}

void inline_group_settle(struct inline_group *group, struct inline_delivery *delivery,
                         uint64_t position)
{
    inline_window_settle(&group->window, position, position + 1);
    group->outstanding--;
    inline_deliveries_settled(&group->deliveries, delivery, 1);
}

/* --- Ack ----------------------------------------------------------------------------------------
 */

/* The usual case: positions that are in flight together, from one read.  How many were settled. */
static uint64_t ack_run(struct inline_group *group, uint64_t from, uint64_t to)
{
    struct inline_delivery *run;

    if (from < group->window.low || to > group->window.next)
        return 0;
    run = inline_deliveries_run(&group->deliveries, from);
    if (!run || run->state != INLINE_IN_FLIGHT)
        return 0;
    if (to > run->to)
        to = run->to;
    if (!inline_window_is_open(&group->window, from, to))
        return 0;
    inline_window_settle(&group->window, from, to);
    group->outstanding -= to - from;
    inline_deliveries_settled(&group->deliveries, run, to - from);
    return to - from;
}

/* An expired delivery is promised to others, or in their hands already: who lost it comes too late.
   Any other session of the group may settle it, whoever holds it. */
static bool is_too_late(const struct inline_delivery *delivery, uint64_t session)
{
    if (delivery->state == INLINE_READY)
        return delivery->is_late;
    return delivery->lost_by == session && delivery->session != session;
}

static bool ack_one(struct inline_group *group, uint64_t position, uint64_t session)
{
    struct inline_delivery *delivery = inline_group_find(group, position);

    if (!delivery || is_too_late(delivery, session))
        return false;
    inline_group_settle(group, delivery, position);
    return true;
}

size_t inline_group_ack(struct inline_group *group, uint64_t from, uint64_t to, uint64_t session,
                        struct inline_answer *answer, size_t index)
{
    size_t settled = 0;

    for (uint64_t at = from, count; at < to; at += count) {
        bool is_settled;

        count = ack_run(group, at, to);
        is_settled = count > 0 || ack_one(group, at, session);
        if (count == 0)
            count = 1;
        if (is_settled)
            settled += (size_t)count;
        else
            inline_answer_item(answer, index + (size_t)(at - from))->number = 0;
    }
    return settled;
}

/* --- Nack ---------------------------------------------------------------------------------------
 */

static bool is_in_hands(const struct inline_delivery *delivery)
{
    return delivery->state == INLINE_IN_FLIGHT || delivery->state == INLINE_RESERVED ||
           delivery->state == INLINE_OWN;
}

bool inline_group_nack(struct inline_group *group, uint64_t position,
                       const struct inline_reader *reader)
{
    struct inline_delivery *delivery = inline_group_find(group, position);

    if (!delivery || !is_in_hands(delivery) || is_too_late(delivery, reader->session))
        return false;
    if (!delivery->is_single)
        delivery = inline_deliveries_detach(&group->deliveries, &group->window, delivery, position);
    delivery->failures++;
    if (delivery->failures <= group->settings->max_retries) {
        delivery->state = INLINE_WAITING;
        delivery->is_late = false;
        inline_delivery_place(delivery, &group->deliveries.timed,
                              reader->now_ns +
                                  inline_settings_delay_ns(group->settings, delivery->failures));
        inline_group_remind(group);
    } else if (group->settings->has_dead_letters &&
               inline_dead_letter(group, delivery, position, "max_retries_exceeded",
                                  reader->wall_ms)) {
        inline_group_settle(group, delivery, position);
    } else {
        delivery->state = INLINE_PARKED;
        inline_delivery_place(delivery, NULL, 0);
    }
    return true;
}

/* --- Forgetting ---------------------------------------------------------------------------------
 */

void inline_group_forget_before(struct inline_group *group, uint64_t position)
{
    struct inline_window *window = &group->window;
    uint64_t at = window->low;

    while (at < window->next && at < position) {
        struct inline_delivery *delivery = inline_group_find(group, at);

        if (delivery)
            inline_group_settle(group, delivery, at);
        at++;
    }
    if (window->next < position) {
        inline_window_release(window);
        inline_window_init(window, position);
    }
}
