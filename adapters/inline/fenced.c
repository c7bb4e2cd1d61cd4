/* fenced.c: reading and settling under a lease, and taking over what others left. */
#include <stdlib.h>
#include <string.h>

#include "adapters/inline/group.h"
#include "adapters/inline/lease.h"
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"
#include "base/memory.h"

/* --- Taking back --------------------------------------------------------------------------------
 */

/* Which deliveries are taken, and their open positions. */
struct gathering {
    struct inline_group *group;
    const struct inline_member *member;
    const char *protected_name; /* who holds the lease; NULL: nobody */
    uint64_t now_ns, idle_ns;
    bool is_own; /* the member's own deliveries, else everybody else's */
    uint64_t *positions;
    size_t count, capacity;
};

static bool is_wanted(const struct gathering *gathering, const struct inline_delivery *delivery)
{
    const char *protected_name = gathering->protected_name;

    if (delivery->state == INLINE_PARKED)
        return false;
    if (gathering->is_own)
        return delivery->member == gathering->member && delivery->state != INLINE_WAITING;
    if (delivery->member == gathering->member ||
        gathering->now_ns - delivery->delivered_ns < gathering->idle_ns)
        return false;
    return !protected_name || !delivery->member ||
           strcmp(delivery->member->name, protected_name) != 0;
}

static void add_position(struct gathering *gathering, uint64_t position)
{
    if (gathering->count == gathering->capacity) {
        gathering->capacity = gathering->capacity ? gathering->capacity * 2 : 64;
        gathering->positions =
            memory_grow(gathering->positions, gathering->capacity, sizeof(*gathering->positions));
    }
    gathering->positions[gathering->count++] = position;
}

static void gather(void *context, struct inline_delivery *delivery)
{
    struct gathering *gathering = context;
    uint64_t at = delivery->from;

    if (!is_wanted(gathering, delivery))
        return;
    if (delivery->is_single) {
        add_position(gathering, at);
        return;
    }
    while ((at = inline_window_find_open(&gathering->group->window, at, delivery->to)) <
           delivery->to)
        add_position(gathering, at++);
}

static int compare_positions(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* Hand the first `limit` of what was gathered to the reader; what has no content any more is
   settled and does not count. */
static void take_back(struct gathering *gathering, const struct inline_reader *reader, size_t limit,
                      struct inline_answer *answer, uint32_t flags)
{
    struct inline_group *group = gathering->group;
    struct inline_segment *segment;

    inline_deliveries_each(&group->deliveries, gather, gathering);
    if (gathering->count > 1)
        qsort(gathering->positions, gathering->count, sizeof(*gathering->positions),
              compare_positions);
    inline_answer_reserve(answer, gathering->count < limit ? gathering->count : limit);
    for (size_t i = 0; i < gathering->count && answer->pick_count < limit; i++) {
        uint64_t position = gathering->positions[i];
        struct inline_delivery *delivery = inline_group_find(group, position);

        if (message_log_is_readable(&group->stream->log, position, &segment))
            inline_group_retake(group, delivery, position, reader, answer, flags);
        else
            inline_group_settle(group, delivery, position);
    }
    free(gathering->positions);
    inline_answer_add_picks(answer, group->stream);
    inline_group_remind(group);
}

/* --- Fenced operations --------------------------------------------------------------------------
 */

static const char *token_of(const struct inline_turn *turn)
{
    return turn->call->token ? turn->call->token : "";
}

static const char *lease_of(const struct inline_turn *turn)
{
    return turn->call->key ? turn->call->key : "";
}

static bool holds_lease(struct inline_turn *turn)
{
    const char *token = inline_lease_token(turn->broker, lease_of(turn), turn->now_ns);

    if (token && strcmp(token, token_of(turn)) == 0)
        return true;
    inline_answer_refuse(turn->answer, ADAPTER_ERROR_LEASE_LOST,
                         "the lease is not held under this token");
    return false;
}

static void remember_lease(struct inline_group *group, const char *lease)
{
    if (group->lease && strcmp(group->lease, lease) == 0)
        return;
    free(group->lease);
    group->lease = memory_string(lease);
}

/* Without a consumer name, the token is the name inside the group. */
static const char *fenced_name(const struct inline_turn *turn)
{
    return turn->call->consumer ? turn->call->consumer : token_of(turn);
}

void inline_read_fenced(struct inline_turn *turn)
{
    struct inline_stream *stream;
    struct inline_group *group;
    struct inline_reader reader;
    size_t count = turn->call->count > 0 ? (size_t)turn->call->count : 0;

    if (!holds_lease(turn))
        return;
    if (turn->call->count < 0) {
        inline_answer_refuse(turn->answer, ADAPTER_ERROR_VALIDATION, "a count is not negative");
        return;
    }
    inline_answer_empty(turn->answer);
    if (count == 0 || !(stream = inline_turn_make_stream(turn)))
        return;
    group =
        inline_stream_make_group(stream, inline_turn_group_name(turn), inline_turn_wall_ms(turn));
    remember_lease(group, lease_of(turn));
    reader = inline_turn_join(turn, group, fenced_name(turn));
    if (turn->call->flags & ADAPTER_CALL_OWN_PENDING) {
        struct gathering gathering = {.group = group, .member = reader.member, .is_own = true};

        take_back(&gathering, &reader, count, turn->answer, ADAPTER_ENTRY_OWN_PENDING);
    } else {
        inline_group_take(group, &reader, count, turn->answer);
    }
    turn->answer->result.outcome = ADAPTER_DONE;
    inline_answer_deliver(turn->answer);
    inline_stream_release_settled(stream);
}

void inline_ack_fenced(struct inline_turn *turn)
{
    if (holds_lease(turn))
        inline_ack(turn);
}

/* --- Reclaim ------------------------------------------------------------------------------------
 */

/* Complete, however many there are: count is only the size of a page, and there are no pages here.
   What the lease's holder has in hand is not for others: a stale owner would take it from the live
   one. */
void inline_reclaim(struct inline_turn *turn)
{
    struct inline_stream *stream;
    struct inline_group *group;
    struct inline_reader reader;
    struct gathering gathering = {.now_ns = turn->now_ns};

    if (turn->call->count < 0) {
        inline_answer_refuse(turn->answer, ADAPTER_ERROR_VALIDATION, "a count is not negative");
        return;
    }
    if (!inline_turn_stream(turn, &stream))
        return;
    inline_answer_empty(turn->answer);
    group = stream ? inline_stream_group(stream, inline_turn_group_name(turn)) : NULL;
    if (!group || turn->call->count == 0)
        return;
    reader = inline_turn_join(turn, group, NULL);
    gathering.group = group;
    gathering.member = reader.member;
    if (turn->call->duration_ms > 0)
        gathering.idle_ns = (uint64_t)turn->call->duration_ms * 1000000u;
    if (group->lease)
        gathering.protected_name = inline_lease_token(turn->broker, group->lease, turn->now_ns);
    take_back(&gathering, &reader, SIZE_MAX, turn->answer, ADAPTER_ENTRY_RECLAIMED);
    turn->answer->result.outcome = ADAPTER_DONE;
    inline_answer_deliver(turn->answer);
    inline_stream_release_settled(stream);
}
