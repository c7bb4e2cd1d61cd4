/* lies_itself.c: what a broker says of itself: capabilities, health, groups. */
#include <stdio.h>
#include <string.h>

#include "fakes/liar.h"

#define ABOVE(tier) (ADAPTER_TIER_ENTERPRISE_STREAMING & ~(uint32_t)(tier))

static void say_healthless(struct lie_call *call, struct adapter_result *result)
{
    (void)call;
    result->text = (struct adapter_text){call->lie->text, strlen(call->lie->text)};
}

/* info lists every group that any call ever named. */
static void note_names(struct lie_call *call)
{
    if (call->call.group && !lie_recall(call->liar, 0, NULL, call->call.group, NULL))
        lie_remember(call, NULL, NULL);
}

static void list_names(struct lie_call *call, struct adapter_result *result)
{
    const struct liar *liar = call->liar;
    size_t size = result->text.size + 1, used = 0;
    char *text;

    if (call->original->operation != ADAPTER_OP_INFO || result->text.size < 2)
        return;
    for (size_t i = 0; i < liar->note_count; i++)
        size += strlen(liar->notes[i].group) + 64;
    text = lie_memory(call, size);
    memcpy(text, result->text.data, result->text.size - 1); /* without the closing brace */
    used = result->text.size - 1;
    for (size_t i = 0; i < liar->note_count; i++)
        if (!strstr(text, liar->notes[i].group))
            used += (size_t)snprintf(text + used, size - used, "%s\"%s\": {\"consumers\": []}",
                                     used > 1 ? ", " : "", liar->notes[i].group);
    text[used++] = '}';
    result->text = (struct adapter_text){text, used};
}

/* Once a session was closed the broker is of no use to anybody. */
static void note_closing(struct adapter_session *session, bool is_crash)
{
    lie_liar(session)->number += !is_crash;
}

static void refuse_when_closed(struct lie_call *call)
{
    if (call->liar->number > 0)
        lie_tell_error(call, ADAPTER_ERROR_OTHER);
}

const struct lie lies_about_itself[] = {
    {.name = "cannot_be_subscribed",
     .says = "does not declare SUBSCRIBE",
     .proves = "CAP-01",
     .hides = ADAPTER_SUBSCRIBE},
    {.name = "declares_acks_without_groups",
     .says = "declares ACK_NACK, and not the groups it stands on",
     .proves = "CAP-02",
     .hides = ADAPTER_CONSUMER_GROUPS},
    {.name = "changes_what_it_declares",
     .says = "declares fewer capabilities at every second question",
     .proves = "CAP-01 CAP-03 CAP-04",
     .flickers = true},
    {.name = "fakes_what_it_does_not_declare",
     .says = "declares BASIC_PUBSUB, and yet does everything",
     .proves = "NEG-01 NEG-03 NEG-04 NEG-05",
     .hides = ABOVE(ADAPTER_TIER_BASIC_PUBSUB)},
    {.name = "settles_without_declaring_it",
     .says = "declares SIMPLE_QUEUING, and yet acks and nacks",
     .proves = "NEG-02",
     .hides = ABOVE(ADAPTER_TIER_SIMPLE_QUEUING)},
    {.name = "overdeclares",
     .says = "declares ACK_NACK, and no nack has any effect",
     .proves = "NEG-06 NCK-02",
     .on = LIE_ON(NACK),
     .number = 1,
     .ask = lie_say_number},
    {.name = "plays_dead",
     .says = "ping is false though the broker answers",
     .proves = "HLT-01",
     .on = LIE_ON(PING),
     .number = 0,
     .answer = lie_answer_number},
    {.name = "says_nothing_of_its_health",
     .says = "health_stats is an empty object",
     .proves = "HLT-03 HLT-05 HLT-06 RST-01",
     .on = LIE_ON(HEALTH_STATS),
     .text = "{}",
     .answer = say_healthless},
    {.name = "says_nothing_of_its_groups",
     .says = "info is an empty object",
     .proves = "INF-01 INF-02 INF-03 RST-01",
     .on = LIE_ON(INFO),
     .text = "{}",
     .answer = say_healthless},
    {.name = "lists_groups_that_nobody_made",
     .says = "info lists every group that was ever named",
     .proves = "NCK-09 FEN-07 RST-01",
     .ask = note_names,
     .answer = list_names},
    {.name = "does_not_survive_a_close",
     .says = "once a session was closed every call is refused",
     .proves = "CON-15 NCK-05",
     .ask = refuse_when_closed,
     .ended = note_closing},
    {0},
};
