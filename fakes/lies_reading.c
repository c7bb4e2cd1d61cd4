/* lies_reading.c: reads that answer too much, too little, twice, or in another order. */
#include <string.h>

#include "fakes/liar.h"

static void ask_one_more(struct lie_call *call)
{
    if (call->call.count > 0)
        call->call.count++;
}

static void ask_two_at_least(struct lie_call *call)
{
    if (call->call.count < 2)
        call->call.count = 2;
}

static void reverse(struct lie_call *call, struct adapter_result *result)
{
    size_t count = result->entry_count;
    struct adapter_entry *entries = lie_entries(call, result, 0);

    for (size_t i = 0; i < count / 2; i++) {
        struct adapter_entry entry = entries[i];

        entries[i] = entries[count - 1 - i];
        entries[count - 1 - i] = entry;
    }
}

/* get_next in pairs: the second one first. */
static void ask_pair(struct lie_call *call)
{
    if (call->call.operation != ADAPTER_OP_GET_NEXT)
        return;
    call->call.operation = ADAPTER_OP_READ;
    call->call.count = 2;
}

static void swap(struct lie_call *call, struct adapter_result *result)
{
    struct lie_note *kept = lie_recall(call->liar, (size_t)call->liar->number, call->call.stream,
                                       call->call.group, NULL);

    reverse(call, result);
    if (call->original->operation != ADAPTER_OP_GET_NEXT || result->entry_count != 2)
        return;
    (void)kept;
    lie_remember(call, lie_text(call, result->entries[1].id),
                 lie_text(call, result->entries[1].payload));
    result->entry_count = 1;
}

static void tell_kept(struct lie_call *call)
{
    struct lie_note *kept;

    ask_pair(call);
    if (call->original->operation != ADAPTER_OP_GET_NEXT)
        return;
    for (size_t i = 0; i < call->liar->note_count; i++) {
        struct adapter_result result = {.struct_size = sizeof(result), .attempts = 1};

        kept = lie_recall(call->liar, i, call->call.stream, call->call.group, NULL);
        if (!kept || kept->is_marked)
            continue;
        kept->is_marked = true;
        lie_add_entry(call, &result, kept);
        lie_tell_result(call, &result);
        return;
    }
}

/* --- Twice -------------------------------------------------------------------------------------
 */

/* The last delivery of this stream and group, to somebody else (or to whoever asks). */
static void note_last(struct lie_call *call, const struct adapter_result *result)
{
    const struct adapter_entry *entry = &result->entries[result->entry_count - 1];

    lie_remember(call, lie_text(call, entry->id), lie_text(call, entry->payload))->is_marked =
        !lie_is_due(call, result->entry_count);
}

static struct lie_note *find_fresh(struct lie_call *call, bool by_another)
{
    struct liar *liar = call->liar;

    for (size_t i = liar->note_count; i-- > 0;) {
        struct lie_note *note = &liar->notes[i];
        bool is_theirs = note->session != call->session || !by_another;

        if (!note->is_marked && is_theirs && strcmp(note->stream, call->call.stream) == 0 &&
            strcmp(note->group, call->call.group) == 0)
            return note;
    }
    return NULL;
}

static void repeat_last(struct lie_call *call, struct adapter_result *result, bool by_another)
{
    struct lie_note *note = find_fresh(call, by_another);
    size_t most = call->original->operation == ADAPTER_OP_GET_NEXT ? 1
                  : call->original->count > 0                      ? (size_t)call->original->count
                                                                   : 0;

    if (note && result->entry_count < most) {
        note->is_marked = true;
        lie_add_entry(call, result, note);
    } else if (result->entry_count > 0) {
        note_last(call, result);
    }
}

static void hand_to_another(struct lie_call *call, struct adapter_result *result)
{
    repeat_last(call, result, true);
}

static void hand_again(struct lie_call *call, struct adapter_result *result)
{
    repeat_last(call, result, false);
}

/* Even when there was a new one, which is then not seen. */
static void hand_instead(struct lie_call *call, struct adapter_result *result)
{
    struct lie_note *note = find_fresh(call, true);

    if (note && result->entry_count > 0) {
        note->is_marked = true;
        result->entry_count--;
        lie_add_entry(call, result, note);
    } else if (result->entry_count > 0) {
        note_last(call, result);
    }
}

/* --- Too little --------------------------------------------------------------------------------
 */

static void skip(struct lie_call *call, struct adapter_result *result)
{
    if (result->entry_count > 0 && lie_is_due(call, result->entry_count))
        lie_drop_entry(call, result, result->entry_count - 1);
}

/* Nothing is there, says the first of three reads. */
static void say_nothing_at_times(struct lie_call *call)
{
    if (lie_is_due(call, 1))
        lie_tell(call, ADAPTER_EMPTY, 0);
}

static void refuse_empty(struct lie_call *call, struct adapter_result *result)
{
    (void)call;
    if (result->outcome == ADAPTER_EMPTY) {
        result->outcome = ADAPTER_REFUSED;
        result->error = ADAPTER_ERROR_OTHER;
    }
}

static void wait_a_second(struct lie_call *call)
{
    lie_hold(call, 1000000000u);
}

static void say_refused_is_nothing(struct lie_call *call, struct adapter_result *result)
{
    if (result->error != ADAPTER_ERROR_NONE)
        lie_answer_empty(call, result);
}

const struct lie lies_about_reading[] = {
    {.name = "gives_one_more_than_asked",
     .says = "a read answers one message more than was asked for",
     .proves = "SUB-03 GRP-10 BLK-06 FEN-01",
     .on = LIE_ON(READ) | LIE_ON(READ_BLOCKING) | LIE_ON(READ_PARTITION_FENCED),
     .ask = ask_one_more},
    {.name = "gives_two_at_least",
     .says = "a read for fewer than two messages answers two",
     .proves = "SUB-04 GRP-10 FEN-08",
     .on = LIE_ON(READ) | LIE_ON(READ_PARTITION_FENCED),
     .ask = ask_two_at_least},
    {.name = "swaps",
     .says = "two messages of a read, or of two get_next, change places",
     .proves = "ORD-01 ORD-02 ORD-03 ORD-04 ORD-05 ORD-06",
     .on = LIE_ON_READS,
     .ask = tell_kept,
     .answer = swap},
    {.name = "hands_out_again",
     .says = "what a consumer has in hand is handed out again when nothing else is there",
     .proves = "SUB-07 SUB-08 SUB-02",
     .on = LIE_ON_GROUP_READS,
     .answer = hand_again},
    {.name = "hands_one_to_two",
     .says = "one message in four is handed to another consumer too",
     .proves = "SUB-08 GRP-05 GRP-07 GRP-09 GRP-14 GRP-15 BLK-07",
     .on = LIE_ON_GROUP_READS,
     .every = 1,
     .answer = hand_to_another},
    {.name = "hands_out_the_wrong_one",
     .says = "a consumer gets the message of another, and its own is never seen",
     .proves = "GRP-05 GRP-07 GRP-08 GRP-14 GRP-15 ORD-06",
     .on = LIE_ON_GROUP_READS,
     .every = 4,
     .answer = hand_instead},
    {.name = "skips_one_in_five",
     .says = "one message in five is counted as delivered, and was not",
     .proves = "GRP-08 GRP-09 SUB-06",
     .on = LIE_ON_GROUP_READS,
     .every = 5,
     .answer = skip},
    {.name = "says_nothing_while_a_backlog_waits",
     .says = "one read in three answers nothing while messages wait",
     .proves = "SUB-05 ACK-09",
     .on = LIE_ON_GROUP_READS,
     .every = 3,
     .ask = say_nothing_at_times},
    {.name = "refuses_when_there_is_nothing",
     .says = "reading where nothing is answers an error",
     .proves = "SUB-01 FEN-01 FEN-05",
     .on = LIE_ON_READS,
     .answer = refuse_empty},
    {.name = "reads_slowly",
     .says = "every read takes a second",
     .proves = "SUB-01 BLK-01 FEN-05",
     .on = LIE_ON_READS,
     .ask = wait_a_second},
    {.name = "says_nothing_for_an_error",
     .says = "a read that failed answers nothing instead",
     .proves = "CON-14 FEN-02",
     .on = LIE_ON_READS,
     .answer = say_refused_is_nothing},
    {0},
};
