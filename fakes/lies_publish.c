/* lies_publish.c: what becomes of a message when it is published. */
#include <stdio.h>
#include <string.h>

#include "fakes/liar.h"

/* An answer with made-up ids. */
static void say_published(struct lie_call *call)
{
    size_t count = call->call.item_count;
    struct adapter_item *items = lie_memory(call, (count + 1) * sizeof(*items));
    struct adapter_result made = {.struct_size = sizeof(made), .outcome = ADAPTER_DONE};

    for (size_t i = 0; i < count; i++) {
        char *id = lie_memory(call, 32);

        (void)snprintf(id, 32, "made-up-%llu", (unsigned long long)++call->liar->number);
        items[i] = (struct adapter_item){.outcome = ADAPTER_DONE, .id = {id, strlen(id)}};
    }
    made.items = items;
    made.item_count = count;
    made.attempts = 1;
    lie_tell_result(call, &made);
}

static void lose(struct lie_call *call)
{
    if (lie_is_due(call, call->call.item_count))
        say_published(call);
}

static void misroute(struct lie_call *call)
{
    const struct lie_note *note = call->liar->note_count ? &call->liar->notes[0] : NULL;

    if (!note)
        note = lie_remember(call, NULL, NULL);
    if (lie_is_due(call, call->call.item_count))
        call->call.stream = note->stream;
}

static const char *first_payload(struct lie_call *call)
{
    return call->call.item_count == 1 ? lie_text(call, call->call.items[0]) : "{ }";
}

static void accept_what_is_empty(struct lie_call *call)
{
    const char *payload = first_payload(call);

    if (strcmp(payload, "{}") == 0 || strcmp(payload, "null") == 0)
        say_published(call);
}

static void accept_what_is_no_object(struct lie_call *call)
{
    if (first_payload(call)[0] != '{')
        say_published(call);
}

/* Nothing but zeros, empty texts and the like. */
static void refuse_what_is_false(struct lie_call *call)
{
    for (size_t i = 0; i < call->call.item_count; i++) {
        const char *payload = lie_text(call, call->call.items[i]);

        if (!strpbrk(payload, "123456789") && !strstr(payload, "true") &&
            (strstr(payload, ": 0") || strstr(payload, ":0")))
            lie_tell_error(call, ADAPTER_ERROR_VALIDATION);
    }
}

/* --- Ids ---------------------------------------------------------------------------------------
 */

static void hide_ids(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_item *items = lie_memory(call, (result->item_count + 1) * sizeof(*items));

    for (size_t i = 0; i < result->item_count; i++) {
        items[i] = result->items[i];
        items[i].id = (struct adapter_text){"", 0};
    }
    result->items = items;
}

static void reuse_ids(struct lie_call *call, struct adapter_result *result)
{
    struct adapter_item *items = lie_memory(call, (result->item_count + 1) * sizeof(*items));
    const char *last = call->liar->note_count ? call->liar->notes[0].id : NULL;

    for (size_t i = 0; i < result->item_count; i++) {
        items[i] = result->items[i];
        if (last && lie_is_due(call, 1))
            items[i].id = (struct adapter_text){last, strlen(last)};
    }
    if (!last && result->item_count > 0)
        lie_remember(call, lie_text(call, result->items[0].id), NULL);
    result->items = items;
}

static void reverse_ids(struct lie_call *call, struct adapter_result *result)
{
    size_t count = result->item_count;
    struct adapter_item *items = lie_memory(call, (count + 1) * sizeof(*items));

    for (size_t i = 0; i < count; i++) {
        items[i] = result->items[i];
        items[i].id = result->items[count - 1 - i].id;
    }
    result->items = items;
}

static void store_late(struct lie_call *call)
{
    for (size_t i = 0; i < call->call.item_count; i++)
        lie_later_by(call, 5000000u, ADAPTER_OP_PUBLISH, call->call.stream, NULL,
                     lie_text(call, call->call.items[i]));
    say_published(call);
}

const struct lie lies_about_publishing[] = {
    {.name = "loses_one_in_five",
     .says = "one message in five is accepted and not stored",
     .proves = "PUB-08 PUB-10 SUB-05 SUB-06 BLK-08",
     .on = LIE_ON(PUBLISH),
     .every = 5,
     .ask = lose},
    {.name = "misroutes_one_in_three",
     .says = "one message in three goes to the first stream that was published to",
     .proves = "PUB-09 ISO-04 GRP-06",
     .on = LIE_ON(PUBLISH),
     .every = 3,
     .ask = misroute},
    {.name = "accepts_what_is_empty",
     .says = "an empty message is accepted",
     .proves = "PUB-05",
     .on = LIE_ON(PUBLISH),
     .ask = accept_what_is_empty},
    {.name = "accepts_what_is_no_object",
     .says = "what is no JSON object is accepted",
     .proves = "PUB-12 PUB-05",
     .on = LIE_ON(PUBLISH),
     .ask = accept_what_is_no_object},
    {.name = "refuses_what_is_false",
     .says = "a message whose values are all false, zero or empty is refused as empty",
     .proves = "PUB-06 PUB-08",
     .on = LIE_ON(PUBLISH),
     .ask = refuse_what_is_false},
    {.name = "stores_late",
     .says = "publish is answered before the message is stored",
     .proves = "PUB-07 SUB-02",
     .on = LIE_ON(PUBLISH),
     .ask = store_late},
    {.name = "answers_no_id",
     .says = "the id that publish answers is empty",
     .proves = "PUB-01",
     .on = LIE_ON(PUBLISH),
     .answer = hide_ids},
    {.name = "reuses_an_id",
     .says = "one message in seven is answered with the id of the first one",
     .proves = "PUB-02 PUB-03",
     .on = LIE_ON(PUBLISH),
     .every = 7,
     .answer = reuse_ids},
    {.name = "mixes_up_ids",
     .says = "the ids of messages published together are answered in reverse",
     .proves = "PUB-04 ORD-07",
     .on = LIE_ON(PUBLISH),
     .answer = reverse_ids},
    {0},
};
