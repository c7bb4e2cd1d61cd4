/* lies_dead_letters.c: dead letters that come early, twice, wrong, or never. */
#include <stdio.h>
#include <string.h>

#include "fakes/liar.h"

/* At its first failure. */
static void bury_at_once(struct lie_call *call)
{
    size_t size = strlen(call->call.stream) + 5;
    char *queue = lie_memory(call, size);
    char *letter = lie_memory(call, 256);

    (void)snprintf(queue, size, "%s:dlq", call->call.stream);
    (void)snprintf(letter, 256,
                   "{\"n\": 1, \"_dlq_metadata\": {\"original_id\": \"%.40s\", "
                   "\"consumer_group\": \"%.40s\", \"retry_count\": 9}}",
                   lie_item(call), call->call.group);
    lie_first(call, ADAPTER_OP_PUBLISH, queue, NULL, letter);
    call->call.operation = ADAPTER_OP_ACK;
}

/* Whatever the limit. */
static void ignore_limit(struct lie_call *call)
{
    call->call.count = 1000;
}

static void take_out(struct lie_call *call)
{
    lie_later(call, ADAPTER_OP_DLQ_REPLAY, call->call.stream, NULL, lie_item(call))->target =
        "away";
}

/* The same once more, as a message of its own. */
static void publish_twice(struct lie_call *call)
{
    lie_later(call, ADAPTER_OP_PUBLISH, call->call.target, NULL, "{\"n\": 1}");
}

const struct lie lies_about_dead_letters[] = {
    {.name = "buries_at_the_first_failure",
     .says = "a message is dead-lettered when it is nacked for the first time",
     .proves = "NCK-11 NCK-02 DLQ-04 DLQ-05",
     .on = LIE_ON(NACK),
     .ask = bury_at_once},
    {.name = "buries_nothing",
     .says = "a nack is forgotten, and so nothing is ever dead-lettered",
     .proves = "DLQ-01 DLQ-13",
     .on = LIE_ON(NACK),
     .number = 1,
     .ask = lie_say_number},
    {.name = "does_not_know_the_group",
     .says = "a dead letter does not tell the group that failed",
     .proves = "DLQ-03 DLQ-14",
     .on = LIE_ON(DLQ_LIST) | LIE_ON(DLQ_INSPECT),
     .text = "\"consumer_group\"",
     .other = "\"handler\"",
     .answer = lie_respell},
    {.name = "does_not_count_retries",
     .says = "a dead letter does not tell how many retries were made",
     .proves = "DLQ-04 DLQ-14",
     .on = LIE_ON(DLQ_LIST) | LIE_ON(DLQ_INSPECT),
     .text = "\"retry_count\"",
     .other = "\"retries\"",
     .answer = lie_respell},
    {.name = "spells_dead_letters_anew",
     .says = "the payload of a dead letter is not what was published",
     .proves = "DLQ-05 DLQ-06",
     .on = LIE_ON(DLQ_LIST) | LIE_ON(DLQ_INSPECT),
     .text = "\"payload\": {",
     .other = "\"payload\": {\"seen\": 1, ",
     .answer = lie_respell},
    {.name = "lists_without_limit",
     .says = "dlq_list ignores its limit",
     .proves = "DLQ-06",
     .on = LIE_ON(DLQ_LIST),
     .ask = ignore_limit},
    {.name = "takes_out_what_it_shows",
     .says = "dlq_inspect takes the entry out",
     .proves = "DLQ-07 DLQ-14",
     .on = LIE_ON(DLQ_INSPECT),
     .ask = take_out},
    {.name = "says_it_replayed",
     .says = "dlq_replay answers true and does nothing",
     .proves = "DLQ-08 DLQ-14 DLQ-15 DLQ-17 DLQ-18 HLT-06",
     .on = LIE_ON(DLQ_REPLAY),
     .number = 1,
     .ask = lie_say_number},
    {.name = "replays_twice",
     .says = "dlq_replay publishes the message and one more",
     .proves = "DLQ-08 DLQ-15 DLQ-17 DLQ-18",
     .on = LIE_ON(DLQ_REPLAY),
     .ask = publish_twice},
    {.name = "counts_dead_letters_short",
     .says = "what is told of the number of dead letters is one too low",
     .proves = "DLQ-09 DLQ-10 DLQ-11 DLQ-12 DLQ-19",
     .on = LIE_ON(DLQ_DEPTH) | LIE_ON(DLQ_PURGE) | LIE_ON(DLQ_REPLAY_ALL) | LIE_ON(DLQ_TRIM),
     .number = -1,
     .answer = lie_answer_sum},
    {.name = "says_it_purged",
     .says = "dlq_purge answers a number and removes nothing",
     .proves = "DLQ-10 DLQ-11 DLQ-14",
     .on = LIE_ON(DLQ_PURGE),
     .number = 2,
     .ask = lie_say_number},
    {0},
};
