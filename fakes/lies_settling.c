/* lies_settling.c: acks and nacks. */
#include <string.h>

#include "fakes/liar.h"

/* --- Notes -------------------------------------------------------------------------------------
 */

static bool is_read(const struct lie_call *call)
{
    return LIE_ON_GROUP_READS & 1ull << call->original->operation;
}

static void note_entries(struct lie_call *call, struct adapter_result *result)
{
    if (!is_read(call))
        return;
    for (size_t i = 0; i < result->entry_count; i++)
        lie_remember(call, lie_text(call, result->entries[i].id),
                     lie_text(call, result->entries[i].payload));
}

static struct lie_note *note_of(struct lie_call *call)
{
    return lie_recall(call->liar, 0, call->call.stream, call->call.group, lie_item(call));
}

/* --- Acks --------------------------------------------------------------------------------------
 */

/* The ack of one group takes the message from all others. */
static void ack_everywhere(struct lie_call *call)
{
    if (!is_read(call))
        lie_remember(call, lie_item(call), NULL);
}

static void drop_acked(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = result->entry_count; is_read(call) && i-- > 0;)
        if (lie_recall(call->liar, 0, call->call.stream, NULL,
                       lie_text(call, result->entries[i].id)))
            lie_drop_entry(call, result, i);
}

/* All that was delivered before it, too. */
static void ack_all_before(struct lie_call *call)
{
    struct liar *liar = call->liar;
    const struct lie_note *last = is_read(call) ? NULL : note_of(call);

    for (size_t i = 0; last && i < lie_note_index(liar, last); i++) {
        struct lie_note *note = &liar->notes[i];

        if (note->number != 0 || strcmp(note->stream, call->call.stream) != 0 ||
            strcmp(note->group, call->call.group) != 0)
            continue;
        note->number = 1;
        lie_first(call, ADAPTER_OP_ACK, note->stream, note->group, note->id);
    }
}

static void ack_owner_only(struct lie_call *call)
{
    const struct lie_note *note = is_read(call) ? NULL : note_of(call);

    if (note && note->session != call->session)
        lie_tell(call, ADAPTER_DONE, 0);
}

/* An ack of what was nacked is answered with yes and forgotten. */
static void let_retries_be(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_NACK)
        lie_remember(call, lie_item(call), NULL);
    else if (note_of(call))
        lie_tell(call, ADAPTER_DONE, 1);
}

/* Whoever reads expires what others hold longer than 150 ms; their acks come too late. */
static void expire_others(struct lie_call *call)
{
    struct liar *liar = call->liar;

    if (!is_read(call)) {
        const struct lie_note *note = note_of(call);

        if (note && note->is_marked)
            lie_tell(call, ADAPTER_DONE, 0);
        return;
    }
    for (size_t i = 0; i < liar->note_count; i++)
        if (call->now_ns - liar->notes[i].at_ns > 150000000u &&
            strcmp(liar->notes[i].group, call->call.group) != 0)
            liar->notes[i].is_marked = true;
}

/* --- Nacks -------------------------------------------------------------------------------------
 */

/* What was nacked, in the hands of a group of the same stream (or of another stream), once. */
static void note_nack(struct lie_call *call)
{
    struct lie_note *note = call->call.operation == ADAPTER_OP_NACK ? note_of(call) : NULL;

    if (note)
        note->is_marked = true;
}

static bool is_leak(const struct lie_call *call, const struct lie_note *note)
{
    bool is_same_stream = strcmp(note->stream, call->call.stream) == 0;
    bool is_same_group = strcmp(note->group, call->call.group) == 0;

    switch (call->lie->number) {
    case 0: /* to another group */
        return is_same_stream && !is_same_group;
    case 1: /* to another stream */
        return !is_same_stream && is_same_group;
    default: /* at once, and the retry comes too */
        return is_same_stream && is_same_group;
    }
}

static void leak_nacked(struct lie_call *call, struct adapter_result *result)
{
    struct liar *liar = call->liar;

    if (!is_read(call))
        return;
    for (size_t i = 0; i < liar->note_count; i++) {
        struct lie_note *note = &liar->notes[i];

        if (!note->is_marked || !is_leak(call, note) ||
            (result->entry_count > 0 && call->original->operation == ADAPTER_OP_GET_NEXT))
            continue;
        note->is_marked = false;
        lie_add_entry(call, result, note);
        return;
    }
    note_entries(call, result);
}

/* After two failures it is gone. */
static void drop_the_third(struct lie_call *call)
{
    struct lie_note *note = note_of(call);

    if (!note)
        note = lie_remember(call, lie_item(call), NULL);
    if (++note->number == 2)
        call->call.operation = ADAPTER_OP_ACK;
}

/* While a message waits for its retry its group gets nothing. */
static void stop_the_group(struct lie_call *call)
{
    struct liar *liar = call->liar;

    if (call->call.operation == ADAPTER_OP_NACK) {
        lie_remember(call, lie_item(call), NULL);
        return;
    }
    for (size_t i = liar->note_count; i-- > 0;)
        if (strcmp(liar->notes[i].stream, call->call.stream) == 0 &&
            call->now_ns - liar->notes[i].at_ns < 1000000000u) {
            lie_tell(call, ADAPTER_EMPTY, 0);
            return;
        }
}

/* New ones first. */
static void put_old_ones_last(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_entry *entries = lie_entries(call, result, 0), entry;

    for (size_t i = 0; i + 1 < result->entry_count; i++)
        for (size_t k = 0; k + 1 < result->entry_count; k++)
            if (entries[k].attempt > 1 && entries[k + 1].attempt <= 1) {
                entry = entries[k];
                entries[k] = entries[k + 1];
                entries[k + 1] = entry;
            }
}

static void drop_second_delivery(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = result->entry_count; i-- > 0;)
        if (result->entries[i].attempt > 1)
            lie_drop_entry(call, result, i);
}

const struct lie lies_about_settling[] = {
    {.name = "forgets_acks",
     .says = "an ack is answered with yes and forgotten",
     .proves = "ACK-01 ACK-02 HLT-05",
     .on = LIE_ON(ACK),
     .number = 1,
     .ask = lie_say_number},
    {.name = "says_yes_to_every_ack",
     .says = "every ack is answered with yes",
     .proves = "ACK-02 ACK-03 ACK-04 ACK-05 ACK-09 ISO-07 DLV-06",
     .on = LIE_ON(ACK),
     .number = 1,
     .answer = lie_answer_number},
    {.name = "says_no_to_every_ack",
     .says = "an ack is done, and answered with no",
     .proves = "ACK-01 ACK-09",
     .on = LIE_ON(ACK),
     .number = 0,
     .answer = lie_answer_number},
    {.name = "acks_across_groups",
     .says = "an ack in one group takes the message from all others",
     .proves = "ISO-01 GRP-03 GRP-04 PUB-08",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK),
     .ask = ack_everywhere,
     .answer = drop_acked},
    {.name = "acks_all_before",
     .says = "an ack settles all that was delivered before it too",
     .proves = "ACK-07 NCK-12",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK),
     .ask = ack_all_before,
     .answer = note_entries},
    {.name = "lets_only_the_owner_ack",
     .says = "an ack by another consumer of the group is refused",
     .proves = "ACK-08 ACK-09",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK),
     .ask = ack_owner_only,
     .answer = note_entries},
    {.name = "retries_what_was_acked",
     .says = "an ack after a nack is answered with yes, and the retry comes all the same",
     .proves = "ACK-06",
     .on = LIE_ON(ACK) | LIE_ON(NACK),
     .ask = let_retries_be},
    {.name = "expires_for_others",
     .says = "a read expires what other groups have in hand",
     .proves = "ISO-08",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK),
     .ask = expire_others,
     .answer = note_entries},
    {.name = "forgets_nacks",
     .says = "a nack is answered with yes and forgotten",
     .proves = "NCK-02 NCK-03 NCK-04 NCK-05 NCK-13 NCK-11",
     .on = LIE_ON(NACK),
     .number = 1,
     .ask = lie_say_number},
    {.name = "says_no_to_every_nack",
     .says = "a nack is done, and answered with no",
     .proves = "NCK-01",
     .on = LIE_ON(NACK),
     .number = 0,
     .answer = lie_answer_number},
    {.name = "says_yes_to_every_nack",
     .says = "every nack is answered with yes",
     .proves = "NCK-07 NCK-08 ISO-07",
     .on = LIE_ON(NACK),
     .number = 1,
     .answer = lie_answer_number},
    {.name = "leaks_nacks_to_groups",
     .says = "what one group nacked is delivered to another once more",
     .proves = "ISO-02 ISO-03",
     .on = LIE_ON_GROUP_READS | LIE_ON(NACK),
     .ask = note_nack,
     .answer = leak_nacked},
    {.name = "leaks_nacks_to_streams",
     .says = "what was nacked on one stream is delivered on another",
     .proves = "ISO-04",
     .on = LIE_ON_GROUP_READS | LIE_ON(NACK),
     .number = 1,
     .ask = note_nack,
     .answer = leak_nacked},
    {.name = "retries_at_once_and_again",
     .says = "a nacked message comes at once, and when its retry is due once more",
     .proves = "NCK-06 ACK-06 NCK-11 DLQ-02",
     .on = LIE_ON_GROUP_READS | LIE_ON(NACK),
     .number = 2,
     .ask = note_nack,
     .answer = leak_nacked},
    {.name = "drops_what_fails_twice",
     .says = "a message that was nacked twice is gone",
     .proves = "NCK-12 NCK-14 DLQ-01",
     .on = LIE_ON(NACK),
     .ask = drop_the_third},
    {.name = "stops_while_a_retry_waits",
     .says = "while a message waits for its retry its group gets nothing",
     .proves = "NCK-10 NCK-12",
     .on = LIE_ON_GROUP_READS | LIE_ON(NACK),
     .ask = stop_the_group},
    {.name = "puts_old_ones_last",
     .says = "in a batch, new messages stand before those that come again",
     .proves = "ORD-03",
     .on = LIE_ON_READS,
     .answer = put_old_ones_last},
    {.name = "delivers_once_at_most",
     .says = "nothing is delivered a second time",
     .proves = "DLV-01 DLV-02 DLV-03 DLV-04 DLV-13 NCK-02",
     .on = LIE_ON_READS,
     .answer = drop_second_delivery},
    {0},
};
