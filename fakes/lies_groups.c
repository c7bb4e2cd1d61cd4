/* lies_groups.c: groups that begin, go on and end where they should not. */
#include <string.h>

#include "fakes/liar.h"

static bool is_read(const struct lie_call *call)
{
    return LIE_ON_READS & 1ull << call->original->operation;
}

/* Groups that nobody ensured are not there. */
static void want_a_group(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_ENSURE_GROUP)
        lie_remember(call, NULL, NULL);
    else if (!lie_recall(call->liar, 0, call->call.stream, call->call.group, NULL))
        lie_tell_error(call, ADAPTER_ERROR_OTHER);
}

/* A group sees what was published after its first read.  Ids are noted at publish, and the number
   of notes there were when a group began is that group's own note. */
static void note_beginning(struct lie_call *call)
{
    if (is_read(call) &&
        !lie_recall(call->liar, 0, call->call.stream, call->call.group, "beginning"))
        lie_remember(call, "beginning", NULL);
}

static void drop_older(struct lie_call *call, struct adapter_result *result)
{
    const struct lie_note *beginning, *published;

    if (!is_read(call)) {
        for (size_t i = 0; i < result->item_count; i++)
            lie_remember(call, lie_text(call, result->items[i].id), NULL);
        return;
    }
    beginning = lie_recall(call->liar, 0, call->call.stream, call->call.group, "beginning");
    for (size_t i = result->entry_count; i-- > 0;) {
        published = lie_recall(call->liar, 0, call->call.stream, NULL,
                               lie_text(call, result->entries[i].id));
        if (published && published < beginning)
            lie_drop_entry(call, result, i);
    }
}

static struct adapter_call *begin_anew(struct lie_call *call)
{
    struct adapter_call *extra =
        lie_first(call, ADAPTER_OP_TAMPER, call->call.stream, call->call.group, NULL);

    extra->verb = ADAPTER_TAMPER_REMOVE_GROUP;
    return extra;
}

/* The first word of a session about a group. */
static void begin_with_session(struct lie_call *call)
{
    struct liar *liar = call->liar;
    bool is_known = false, is_first = true;

    for (size_t i = 0; i < liar->note_count; i++) {
        const struct lie_note *note = &liar->notes[i];
        bool is_same = strcmp(note->stream, call->call.stream) == 0 &&
                       strcmp(note->group, call->call.group) == 0;

        is_first &= !is_same;
        is_known |= is_same && note->session == call->session;
    }
    if (!is_known)
        lie_remember(call, NULL, NULL);
    if (!is_known && !is_first)
        begin_anew(call);
}

/* When a session is closed its groups begin anew. */
static void note_use(struct lie_call *call)
{
    struct lie_note *note = lie_recall(call->liar, 0, call->call.stream, call->call.group, NULL);

    if (!note)
        note = lie_remember(call, NULL, NULL);
    if (note->is_marked)
        begin_anew(call);
    note->is_marked = false;
    note->session = call->session;
}

static void mark_groups(struct adapter_session *session, bool is_crash)
{
    struct liar *liar = lie_liar(session);

    for (size_t i = 0; i < liar->note_count; i++)
        if (!is_crash && liar->notes[i].session == session)
            liar->notes[i].is_marked = true;
}

/* After a stream or a group was removed by somebody, nothing is found there. */
static void never_recover(struct lie_call *call)
{
    if (call->call.operation == ADAPTER_OP_TAMPER) {
        if (call->call.verb == ADAPTER_TAMPER_WIPE ||
            call->call.verb == ADAPTER_TAMPER_REMOVE_GROUP)
            lie_remember(call, NULL, NULL);
    } else if (lie_recall(call->liar, 0, call->call.stream, NULL, NULL)) {
        lie_tell(call, ADAPTER_EMPTY, 0);
    }
}

/* get_next keeps a position of its own. */
static void split_position(struct lie_call *call)
{
    char *group;

    if (call->call.operation != ADAPTER_OP_GET_NEXT)
        return;
    group = lie_memory(call, strlen(call->call.group) + 6);
    memcpy(group, call->call.group, strlen(call->call.group));
    memcpy(group + strlen(call->call.group), "-next", 6);
    call->call.group = group;
}

const struct lie lies_about_groups[] = {
    {.name = "wants_groups_made_first",
     .says = "reading in a group that nobody ensured is an error",
     .proves = "GRP-01",
     .on = LIE_ON_GROUP_READS | LIE_ON(ENSURE_GROUP),
     .ask = want_a_group},
    {.name = "begins_groups_at_the_end",
     .says = "a new group sees only what is published after its first read",
     .proves = "PUB-08 GRP-03 RPL-01",
     .on = LIE_ON_READS | LIE_ON(PUBLISH),
     .ask = note_beginning,
     .answer = drop_older},
    {.name = "begins_groups_with_each_session",
     .says = "when a session first names a group, the group begins anew",
     .proves = "GRP-02 GRP-05 GRP-07",
     .on = LIE_ON_GROUP_READS | LIE_ON(ENSURE_GROUP),
     .ask = begin_with_session},
    {.name = "forgets_positions_with_sessions",
     .says = "when a session is closed its groups begin anew",
     .proves = "GRP-11 NCK-05",
     .on = LIE_ON_GROUP_READS,
     .ask = note_use,
     .ended = mark_groups},
    {.name = "never_recovers",
     .says = "once a stream or group was removed by another client nothing is found there",
     .proves = "GRP-12 GRP-13 BLK-13 FEN-06",
     .on = LIE_ON_READS | LIE_ON(TAMPER),
     .ask = never_recover},
    {.name = "counts_get_next_apart",
     .says = "get_next and read have positions of their own",
     .proves = "SUB-05 GRP-04",
     .on = LIE_ON_GROUP_READS,
     .ask = split_position},
    {0},
};
