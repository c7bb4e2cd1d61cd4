/* lies_names.c: names of streams, groups and keys that are not what they were. */
#include <stdio.h>
#include <string.h>

#include "fakes/liar.h"

/* Only the part before its last colon. */
static void cut_stream(struct lie_call *call)
{
    const char *stream = call->call.stream;
    char *cut;

    if (!stream || !strrchr(stream, ':'))
        return;
    cut = lie_text(call, (struct adapter_text){stream, strlen(stream)});
    *strrchr(cut, ':') = '\0';
    call->call.stream = cut;
}

/* One text for the pair of stream and group: the first pair with it stands for the others. */
static void join_names(struct lie_call *call)
{
    size_t size = strlen(call->call.stream) + strlen(call->call.group) + 2;
    char *joined = lie_memory(call, size);
    const struct lie_note *note;

    (void)snprintf(joined, size, "%s:%s", call->call.stream, call->call.group);
    note = lie_recall(call->liar, 0, NULL, NULL, joined);
    if (!note)
        note = lie_remember(call, joined, NULL);
    call->call.stream = note->stream;
    call->call.group = note->group;
}

/* What is published to "position:<stream>:<group>" is taken for that group's position. */
static void overwrite_position(struct lie_call *call)
{
    const char *found = strstr(call->call.stream, "position:");
    char *stream, *group;

    if (!found)
        return;
    stream = lie_memory(call, strlen(found) + 1);
    memcpy(stream, found + 9, strlen(found) - 8);
    group = strrchr(stream, ':');
    if (!group)
        return;
    *group = '\0';
    lie_first(call, ADAPTER_OP_TAMPER, stream, group + 1, NULL)->verb = ADAPTER_TAMPER_REMOVE_GROUP;
}

/* "dom::order" is "dom:order". */
static void halve_colons(struct lie_call *call)
{
    const char *found;
    char *name;

    for (size_t i = 0; i < call->call.item_count; i++) {
        const char *item = lie_text(call, call->call.items[i]);

        if (strstr(item, "::"))
            lie_tell(call, ADAPTER_EMPTY, 0);
    }
    found = call->call.stream ? strstr(call->call.stream, "::") : NULL;
    if (!found)
        return;
    name = lie_memory(call, strlen(call->call.stream) + 1);
    memcpy(name, call->call.stream, (size_t)(found - call->call.stream));
    memcpy(name + (found - call->call.stream), found + 1, strlen(found));
    call->call.stream = name;
}

static void use_one_group(struct lie_call *call)
{
    if (call->call.group)
        call->call.group = "everybody";
}

/* An ack or nack finds its message on whatever stream it was delivered. */
static void note_streams(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = 0; i < result->entry_count; i++)
        lie_remember(call, lie_text(call, result->entries[i].id), NULL);
}

static void find_stream(struct lie_call *call)
{
    const struct lie_note *note;

    if (!((LIE_ON(ACK) | LIE_ON(NACK)) & 1ull << call->call.operation))
        return;
    note = lie_recall(call->liar, 0, NULL, call->call.group, lie_item(call));
    if (note)
        call->call.stream = note->stream;
    else
        lie_tell(call, ADAPTER_DONE, 1);
}

const struct lie lies_about_names[] = {
    {.name = "cuts_stream_names",
     .says = "a stream's name ends at its last colon",
     .proves = "PUB-11 CON-14",
     .ask = cut_stream},
    {.name = "joins_stream_and_group",
     .says = "a stream and a group are one text, so that two pairs share a position",
     .proves = "ISO-05",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK) | LIE_ON(NACK),
     .ask = join_names},
    {.name = "keeps_its_books_among_streams",
     .says = "a stream called like an internal key overwrites that key",
     .proves = "ISO-06",
     .on = LIE_ON(PUBLISH),
     .ask = overwrite_position},
    {.name = "halves_colons_of_queues",
     .says = "two colons in the name of a dead letter queue are one",
     .proves = "DLQ-13",
     .on = LIE_ON(DLQ_LIST) | LIE_ON(DLQ_INSPECT) | LIE_ON(DLQ_DEPTH),
     .ask = halve_colons},
    {.name = "has_one_group",
     .says = "all groups are one",
     .proves = "GRP-03 GRP-04 RPL-02 ISO-01 RPL-01",
     .ask = use_one_group},
    {.name = "settles_on_any_stream",
     .says = "an ack or nack finds its message on whatever stream it was, and says yes to others",
     .proves = "ISO-07 ACK-03 ACK-05",
     .on = LIE_ON_GROUP_READS | LIE_ON(ACK) | LIE_ON(NACK),
     .ask = find_stream,
     .answer = note_streams},
    {0},
};
