/* lies_payloads.c: payloads that come back as others. */
#include <string.h>

#include "fakes/liar.h"

static void lose_large(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = result->entry_count; i-- > 0;)
        if (result->entries[i].payload.size > (size_t)call->lie->number)
            lie_drop_entry(call, result, i);
}

/* The bytes beyond ASCII, each as a question mark. */
static void make_plain(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_entry *entries = lie_entries(call, result, 0);

    for (size_t i = 0; i < result->entry_count; i++) {
        char *payload = lie_text(call, entries[i].payload);

        for (char *c = payload; *c; c++)
            if ((unsigned char)*c > 127)
                *c = '?';
        entries[i].payload.data = payload;
    }
}

static void add_key(struct lie_call *call, struct adapter_result *result)
{
    static const char added[] = "{\"_seen\": 1, ";
    struct adapter_entry *entries = lie_entries(call, result, 0);

    for (size_t i = 0; i < result->entry_count; i++) {
        struct adapter_text old = entries[i].payload;
        char *payload = lie_memory(call, old.size + sizeof(added));

        if (old.size < 3 || old.data[0] != '{')
            continue;
        memcpy(payload, added, sizeof(added) - 1);
        memcpy(payload + sizeof(added) - 1, old.data + 1, old.size - 1);
        entries[i].payload = (struct adapter_text){payload, old.size + sizeof(added) - 2};
    }
}

/* What was published last stands where every message was. */
static void keep_the_last(struct lie_call *call)
{
    struct liar *liar = call->liar;

    if (call->call.operation == ADAPTER_OP_PUBLISH && call->call.item_count > 0)
        lie_remember(call, NULL, lie_text(call, call->call.items[call->call.item_count - 1]));
    liar->number = (int64_t)liar->note_count;
}

static void show_the_last(struct lie_call *call, struct adapter_result *result)
{
    const struct liar *liar = call->liar;
    struct adapter_entry *entries = lie_entries(call, result, 0);
    const char *last;

    if (liar->note_count == 0)
        return;
    last = liar->notes[liar->note_count - 1].payload;
    for (size_t i = 0; i < result->entry_count; i++)
        entries[i].payload = (struct adapter_text){last, strlen(last)};
}

/* --- What cannot be read -----------------------------------------------------------------------
 */

static void note_raw(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_TAMPER) {
        if (call->call.verb == ADAPTER_TAMPER_PUT_RAW)
            lie_remember(call, "0", "{}");
    } else if (lie_recall(call->liar, 0, call->call.stream, NULL, NULL)) {
        lie_tell(call, ADAPTER_EMPTY, 0);
    }
}

static void note_empty(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_TAMPER && call->call.verb == ADAPTER_TAMPER_PUT_RAW)
        lie_remember(call, "0", "{}");
}

static void show_empty(struct lie_call *call, struct adapter_result *result)
{
    struct lie_note *note = lie_recall(call->liar, 0, call->call.stream, NULL, NULL);

    if (call->call.operation == ADAPTER_OP_TAMPER || !note || note->is_marked)
        return;
    note->is_marked = true;
    result->entry_count = 0;
    lie_add_entry(call, result, note);
}

const struct lie lies_about_payloads[] = {
    {.name = "loses_what_is_large",
     .says = "a message of more than 300 bytes is never delivered",
     .proves = "PAY-02 PAY-04 PAY-05",
     .on = LIE_ON_READS,
     .number = 300,
     .answer = lose_large},
    {.name = "keeps_ascii_only",
     .says = "letters beyond ASCII come back as question marks",
     .proves = "PAY-02",
     .on = LIE_ON_READS,
     .answer = make_plain},
    {.name = "rounds_numbers",
     .says = "numbers come back as doubles would have them",
     .proves = "PAY-03 DLQ-08",
     .on = LIE_ON_READS,
     .text = "900719925474099",
     .other = "900719925474098",
     .answer = lie_respell},
    {.name = "makes_lists_objects",
     .says = "an empty list comes back as an empty object",
     .proves = "PAY-01",
     .on = LIE_ON_READS,
     .text = "[]",
     .other = "{}",
     .answer = lie_respell},
    {.name = "adds_a_key",
     .says = "a payload comes back with one more key",
     .proves = "PAY-06 PAY-01",
     .on = LIE_ON_READS,
     .answer = add_key},
    {.name = "hands_out_its_own_memory",
     .says = "a payload is where the publisher wrote it, and he goes on writing",
     .proves = "PAY-07 PUB-08",
     .on = LIE_ON_READS | LIE_ON(PUBLISH),
     .ask = keep_the_last,
     .answer = show_the_last},
    {.name = "stops_at_what_it_cannot_read",
     .says = "behind an entry that cannot be read nothing is delivered",
     .proves = "PAY-08",
     .on = LIE_ON_READS | LIE_ON(TAMPER),
     .ask = note_raw},
    {.name = "delivers_what_it_cannot_read",
     .says = "an entry that cannot be read is delivered as an empty message",
     .proves = "PAY-08",
     .on = LIE_ON_READS | LIE_ON(TAMPER),
     .ask = note_empty,
     .answer = show_empty},
    {0},
};
