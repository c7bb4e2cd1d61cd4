/* lies_keeping.c: retention, history, and reset. */
#include <string.h>

#include "fakes/liar.h"

/* --- Trim --------------------------------------------------------------------------------------
 */

/* Down to the limit, whoever needs what goes. */
static void note_published(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = 0; call->original->operation == ADAPTER_OP_PUBLISH && i < result->item_count;
         i++)
        lie_remember(call, lie_text(call, result->items[i].id), NULL);
}

static void trim_anyway(struct lie_call *call)
{
    struct liar *liar = call->liar;
    int64_t removed = 0, stored = 0;

    if (call->call.operation != ADAPTER_OP_TRIM || call->call.count <= 0)
        return;
    for (size_t i = 0; i < liar->note_count; i++)
        stored += strcmp(liar->notes[i].stream, call->call.stream) == 0;
    for (size_t i = 0; i < liar->note_count && stored - removed > call->call.count; i++) {
        struct lie_note *note = &liar->notes[i];

        if (strcmp(note->stream, call->call.stream) != 0 || removed++ < liar->number)
            continue;
        lie_first(call, ADAPTER_OP_TAMPER, note->stream, NULL, note->id)->verb =
            ADAPTER_TAMPER_DELETE_ENTRY;
    }
    lie_tell(call, ADAPTER_DONE, removed - liar->number);
    liar->number = removed;
}

/* --- History -----------------------------------------------------------------------------------
 */

/* What was acked once is gone for those who come later. */
static void note_acked(struct lie_call *call)
{
    for (size_t i = 0; call->call.operation == ADAPTER_OP_ACK && i < call->call.item_count; i++)
        lie_remember(call, lie_text(call, call->call.items[i]), NULL);
}

static void drop_acked(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = result->entry_count; i-- > 0;)
        if (lie_recall(call->liar, 0, call->call.stream, NULL,
                       lie_text(call, result->entries[i].id)))
            lie_drop_entry(call, result, i);
}

/* Reading the history settles it for every group that is there. */
static void note_group(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_READ)
        call->call.group = "everybody";
}

const struct lie lies_about_keeping[] = {
    {.name = "trims_what_groups_need",
     .says = "trim removes all but the limit, whoever has yet to read it",
     .proves = "RET-03 RET-04 RET-05 RET-06 RET-07",
     .on = LIE_ON(PUBLISH) | LIE_ON(TRIM),
     .ask = trim_anyway,
     .answer = note_published},
    {.name = "counts_trimmed_long",
     .says = "trim answers one more than it removed",
     .proves = "RET-01 RET-02 RET-04 RET-05 RET-06",
     .on = LIE_ON(TRIM),
     .number = 1,
     .answer = lie_answer_sum},
    {.name = "trims_nothing",
     .says = "trim never removes anything",
     .proves = "RET-03 RET-04 RET-08",
     .on = LIE_ON(TRIM),
     .number = 0,
     .ask = lie_say_number},
    {.name = "forgets_what_was_acked",
     .says = "what one group acked is gone from the history",
     .proves = "RPL-01 GRP-03",
     .on = LIE_ON_GROUP_READS | LIE_ON(READ_FROM) | LIE_ON(ACK),
     .ask = note_acked,
     .answer = drop_acked},
    {.name = "moves_all_when_one_reads",
     .says = "what one group reads is read for the others too",
     .proves = "RPL-02 GRP-04",
     .on = LIE_ON(READ) | LIE_ON(ACK),
     .ask = note_group},
    {.name = "resets_nothing",
     .says = "data_reset is answered and does nothing",
     .proves = "RST-01",
     .on = LIE_ON(DATA_RESET),
     .ask = lie_say_number},
    {.name = "resets_everything",
     .says = "data_reset removes what others keep on the same server",
     .proves = "RST-02",
     .on = LIE_ON(DATA_RESET),
     .is_common = true},
    {0},
};
