/* lies_crashes.c: what becomes of messages in the hands of those that are gone, or too slow. */
#include <string.h>

#include "fakes/liar.h"

static bool is_read(const struct lie_call *call)
{
    return LIE_ON_READS & 1ull << call->original->operation;
}

/* Deliveries are noted, and marked when they are settled or lost. */
static void note_deliveries(struct lie_call *call, const struct adapter_result *result)
{
    for (size_t i = 0; is_read(call) && i < result->entry_count; i++)
        lie_remember(call, lie_text(call, result->entries[i].id),
                     lie_text(call, result->entries[i].payload));
}

static void note_settled(struct lie_call *call)
{
    struct liar *liar = call->liar;
    const char *id = is_read(call) ? NULL : lie_item(call);

    for (size_t i = 0; id && i < liar->note_count; i++)
        if (strcmp(liar->notes[i].id, id) == 0 &&
            strcmp(liar->notes[i].group, call->call.group) == 0)
            liar->notes[i].number = -1;
}

/* --- Dropped -----------------------------------------------------------------------------------
 */

static void mark_held(struct adapter_session *session, bool is_crash)
{
    struct liar *liar = lie_liar(session);

    (void)is_crash;
    for (size_t i = 0; i < liar->note_count; i++)
        if (liar->notes[i].session == session && liar->notes[i].number == 0)
            liar->notes[i].is_marked = true;
}

static bool is_lost(struct lie_call *call, const char *id)
{
    struct liar *liar = call->liar;

    for (size_t i = 0; i < liar->note_count; i++) {
        const struct lie_note *note = &liar->notes[i];

        if (note->is_marked && strcmp(note->id, id) == 0 &&
            strcmp(note->group, call->call.group) == 0)
            return true;
    }
    return false;
}

static void drop_lost(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = result->entry_count; is_read(call) && i-- > 0;)
        if (is_lost(call, lie_text(call, result->entries[i].id)))
            lie_drop_entry(call, result, i);
    note_deliveries(call, result);
}

/* --- The whole backlog -------------------------------------------------------------------------
 */

static void note_crash(struct adapter_session *session, bool is_crash)
{
    if (is_crash)
        lie_liar(session)->number++;
}

static void lose_backlog(struct lie_call *call)
{
    if (is_read(call) && call->liar->number > 0)
        lie_tell(call, ADAPTER_EMPTY, 0);
}

/* --- In the wrong hands ------------------------------------------------------------------------
 */

/* What the dead held goes to whoever reads first, whatever its name; content gone or not. */
static void give_to_the_first(struct lie_call *call, struct adapter_result *result)
{
    struct liar *liar = call->liar;

    for (size_t i = 0; is_read(call) && i < liar->note_count; i++) {
        struct lie_note *note = &liar->notes[i];

        if (!note->is_marked || strcmp(note->stream, call->call.stream) != 0 ||
            strcmp(note->group, call->call.group) != 0)
            continue;
        note->is_marked = false;
        result->entry_count = 0;
        lie_add_entry(call, result, note);
        return;
    }
    note_deliveries(call, result);
}

/* The oldest of its own that is not settled, at every read. */
static void serve_own_always(struct lie_call *call)
{
    struct liar *liar = call->liar;

    note_settled(call);
    for (size_t i = 0; is_read(call) && i < liar->note_count; i++) {
        const struct lie_note *note = &liar->notes[i];
        struct adapter_result result = {.struct_size = sizeof(result), .attempts = 1};

        if (note->number != 0 || note->session != call->session ||
            strcmp(note->group, call->call.group) != 0)
            continue;
        lie_add_entry(call, &result, note);
        lie_tell_result(call, &result);
        return;
    }
}

static void note_first(struct lie_call *call, struct adapter_result *result)
{
    note_deliveries(call, result);
}

/* --- Too slow ----------------------------------------------------------------------------------
 */

/* A delivery of more than 150 ms is acked by the broker itself. */
static void drop_expired(struct lie_call *call)
{
    struct liar *liar = call->liar;

    note_settled(call);
    for (size_t i = 0; is_read(call) && i < liar->note_count; i++) {
        struct lie_note *note = &liar->notes[i];

        if (note->number != 0 || call->now_ns - note->at_ns < 150000000u)
            continue;
        note->number = -1;
        lie_first(call, ADAPTER_OP_ACK, note->stream, note->group, note->id);
    }
}

const struct lie lies_about_crashes[] = {
    {.name = "drops_what_the_gone_held",
     .says = "what a session had in hand is gone with it",
     .proves = "DLV-01 DLV-02 DLV-03 DLV-13",
     .on = LIE_ON_READS | LIE_ON(ACK) | LIE_ON(NACK),
     .ask = note_settled,
     .answer = drop_lost,
     .ended = mark_held},
    {.name = "loses_the_backlog_with_a_crash",
     .says = "after a crash nothing more is delivered",
     .proves = "DLV-15 DLV-01",
     .on = LIE_ON_READS,
     .ask = lose_backlog,
     .ended = note_crash},
    {.name = "gives_to_the_first",
     .says = "what the dead held goes to the first who reads, whatever its name",
     .proves = "BLK-09 BLK-11",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK) | LIE_ON(NACK),
     .ask = note_settled,
     .answer = give_to_the_first,
     .ended = mark_held},
    {.name = "serves_its_own_at_every_read",
     .says = "a consumer gets what it has in hand again and again, and nothing new",
     .proves = "BLK-12 SUB-08",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK) | LIE_ON(NACK),
     .ask = serve_own_always,
     .answer = note_first},
    {.name = "drops_what_timed_out",
     .says = "a delivery that timed out is done with",
     .proves = "DLV-04 DLV-05 DLV-06",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK) | LIE_ON(NACK),
     .ask = drop_expired,
     .answer = note_first},
    {0},
};
