/* lies_connections.c: what is told when a connection is lost or the server is gone.  Told around
   the Redis adapters, which speak to the fake server. */
#include <stdio.h>
#include <string.h>

#include "fakes/liar.h"
#include "fakes/redis_fake.h"

static bool is_lost(const struct adapter_result *result)
{
    return result->error == ADAPTER_ERROR_CONNECTION;
}

static void say_nothing_is_there(struct lie_call *call, struct adapter_result *result)
{
    if (is_lost(result))
        lie_answer_empty(call, result);
}

/* The answer to a publish, with an id that nobody stored. */
static void make_up_ids(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_item *items = lie_memory(call, call->original->item_count * sizeof(*items));

    for (size_t i = 0; i < call->original->item_count; i++)
        items[i] = (struct adapter_item){.outcome = ADAPTER_DONE, .id = {"77-7", 4}};
    *result = (struct adapter_result){.struct_size = sizeof(*result),
                                      .outcome = ADAPTER_DONE,
                                      .attempts = 1,
                                      .items = items,
                                      .item_count = call->original->item_count};
}

static void say_it_was_published(struct lie_call *call, struct adapter_result *result)
{
    if (is_lost(result))
        make_up_ids(call, result);
}

static void make_up_ids_when_repeated(struct lie_call *call, struct adapter_result *result)
{
    if (result->attempts > 1)
        make_up_ids(call, result);
}

static void say_no_for_unknown(struct lie_call *call, struct adapter_result *result)
{
    if (result->outcome == ADAPTER_UNKNOWN || is_lost(result))
        lie_set_number(call, result, 0);
}

static void say_no_when_repeated(struct lie_call *call, struct adapter_result *result)
{
    if (result->attempts > 1)
        lie_set_number(call, result, 0);
}

static void fail(struct adapter_result *result, enum adapter_outcome outcome)
{
    *result = (struct adapter_result){.struct_size = sizeof(*result),
                                      .outcome = outcome,
                                      .error = ADAPTER_ERROR_CONNECTION,
                                      .attempts = 1,
                                      .detail = "a lie"};
}

static void refuse_what_was_repeated(struct lie_call *call, struct adapter_result *result)
{
    (void)call;
    if (result->attempts > 1 || result->outcome == ADAPTER_UNKNOWN)
        fail(result, ADAPTER_REFUSED);
}

static void give_up_when_repeated(struct lie_call *call, struct adapter_result *result)
{
    (void)call;
    if (result->attempts > 1)
        fail(result, ADAPTER_UNKNOWN);
}

/* --- For ever ----------------------------------------------------------------------------------
 */

static void stay_away(struct lie_call *call)
{
    if (call->liar->number > 0)
        lie_tell_error(call, ADAPTER_ERROR_CONNECTION);
}

static void note_loss(struct lie_call *call, struct adapter_result *result)
{
    if (is_lost(result) || result->attempts > 1 || result->flags & ADAPTER_RESULT_RECONNECTED)
        call->liar->number++;
}

static void hang(struct lie_call *call, struct adapter_result *result)
{
    if (is_lost(result))
        lie_hold_answer(call, 3600000000000u, result);
}

/* --- Messages on the way -----------------------------------------------------------------------
 */

static void lose_what_comes_again(struct lie_call *call, struct adapter_result *result)
{
    for (size_t i = result->entry_count; i-- > 0;)
        if (result->attempts > 1 || result->entries[i].flags != 0)
            lie_drop_entry(call, result, i);
}

static void tell_copies_apart(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_entry *entries = lie_entries(call, result, 0);

    for (size_t i = 0; i < result->entry_count; i++) {
        const char *id = lie_text(call, entries[i].id);

        if (lie_recall(call->liar, 0, NULL, NULL, id))
            entries[i].id = (struct adapter_text){"another", 7};
        lie_remember(call, id, NULL);
    }
}

/* --- Health ------------------------------------------------------------------------------------
 */

static void say_healthy(struct lie_call *call, struct adapter_result *result)
{
    static const char text[] =
        "{\"status\": \"healthy\", \"connected\": true, \"last_ping_ms\": 1, "
        "\"uptime_seconds\": 1, \"details\": {}}";

    (void)call;
    *result = (struct adapter_result){.struct_size = sizeof(*result),
                                      .outcome = ADAPTER_DONE,
                                      .attempts = 1,
                                      .text = {text, sizeof(text) - 1}};
}

const struct lie lies_about_connections[] = {
    {.name = "says_nothing_is_there",
     .says = "a read that cannot reach the server answers nothing",
     .proves = "CON-03 CON-04 CON-05 CON-16 RCL-06",
     .over = "redis",
     .on = LIE_ON_READS | LIE_ON(RECLAIM_PARTITION_PENDING),
     .answer = say_nothing_is_there},
    {.name = "publishes_into_the_void",
     .says = "a publish that cannot reach the server answers an id",
     .proves = "CON-02 CON-16",
     .over = "redis",
     .on = LIE_ON(PUBLISH),
     .answer = say_it_was_published},
    {.name = "answers_an_id_of_nothing",
     .says = "a publish that had to be sent again answers an id that nothing is stored under",
     .proves = "DLV-10",
     .over = "redis",
     .on = LIE_ON(PUBLISH),
     .answer = make_up_ids_when_repeated},
    {.name = "says_no_for_unknown",
     .says = "an ack or nack whose fate is unknown is answered with no",
     .proves = "CON-06 ACK-10",
     .over = "redis",
     .on = LIE_ON(ACK) | LIE_ON(NACK),
     .answer = say_no_for_unknown},
    {.name = "says_no_when_repeated",
     .says = "an ack or nack that had to be sent again is answered with no",
     .proves = "CON-10 ACK-10",
     .over = "redis",
     .on = LIE_ON(ACK) | LIE_ON(NACK),
     .answer = say_no_when_repeated},
    {.name = "refuses_what_it_did",
     .says = "a publish that had to be sent again is refused",
     .proves = "CON-07 DLV-10 DLV-12",
     .over = "redis",
     .on = LIE_ON(PUBLISH),
     .answer = refuse_what_was_repeated},
    {.name = "gives_up_at_once",
     .says = "what a lost connection interrupted is not tried again",
     .proves = "CON-08 CON-09 CON-11",
     .over = "redis",
     .answer = give_up_when_repeated},
    {.name = "never_comes_back",
     .says = "after a lost connection every call is refused",
     .proves = "BLK-10 CON-12 CON-13 HLT-07",
     .over = "redis",
     .ask = stay_away,
     .answer = note_loss},
    {.name = "hangs_without_a_server",
     .says = "a call that cannot reach the server does not end",
     .proves = "CON-16",
     .over = "redis",
     .on = LIE_ON(PUBLISH) | LIE_ON_READS,
     .answer = hang},
    {.name = "loses_what_was_on_the_way",
     .says = "messages whose delivery was interrupted never come",
     .proves = "DLV-07 DLV-08 DLV-09 ORD-08",
     .over = "redis",
     .on = LIE_ON_READS,
     .answer = lose_what_comes_again},
    {.name = "tells_copies_apart",
     .says = "the copy that a repeated publish left has an id of its own",
     .proves = "DLV-11",
     .over = "redis_pubsub",
     .on = LIE_ON_READS,
     .answer = tell_copies_apart},
    {.name = "replays_in_parts",
     .says =
         "a replay that loses its connection has removed the dead letter, and published nothing",
     .proves = "DLQ-16 DLQ-20",
     .over = "redis",
     .server = REDIS_FAKE_REPLAYS_IN_PARTS},
    {.name = "replays_in_copies",
     .says = "a replay that loses its connection has published, and removed nothing",
     .proves = "DLQ-20",
     .over = "redis",
     .server = REDIS_FAKE_REPLAYS_IN_COPIES},
    {.name = "stores_no_acks",
     .says = "an ack is answered with yes, and the server never hears of it",
     .proves = "DLV-14 ACK-01 ACK-02",
     .over = "redis",
     .on = LIE_ON(ACK),
     .number = 1,
     .ask = lie_say_number},
    {.name = "pings_the_dead",
     .says = "ping and ensure_connection answer yes without a server",
     .proves = "HLT-02 CON-01 CON-16",
     .over = "redis",
     .on = LIE_ON(PING) | LIE_ON(ENSURE_CONNECTION),
     .number = 1,
     .answer = lie_answer_number},
    {.name = "is_always_healthy",
     .says = "health_stats is healthy without a server",
     .proves = "HLT-04",
     .over = "redis",
     .on = LIE_ON(HEALTH_STATS),
     .answer = say_healthy},
    {0},
};
