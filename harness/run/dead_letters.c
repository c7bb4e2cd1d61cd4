/* dead_letters.c: messages that a broker gave up on are finished too; the ledger must know them. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/stage.h"

#define LIST_TIMEOUT_NS 5000000000u
#define LIST_MAX        1000000

/* The ledger's number of a group, by name; -1 when it is not one of ours. */
static int find_group(const struct stage *stage, const char *name)
{
    for (size_t i = 0; name && i < stage->cast.consumer_count; i++)
        if (strcmp(stage->cast.consumers[i].spec.group, name) == 0)
            return (int)stage->cast.consumers[i].spec.group_index;
    return -1;
}

static void book_entry(struct stage *stage, uint32_t stream, const json_t *entry)
{
    int group = find_group(stage, json_string_value(json_object_get(entry, "consumer_group")));
    const json_t *payload = json_object_get(entry, "payload");
    char *text = payload ? json_dumps(payload, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    if (text && group >= 0)
        ledger_dead_letter(stage->cast.ledger, stream, (uint32_t)group, text, strlen(text));
    free(text);
}

static void book_list(struct stage *stage, uint32_t stream, const struct answer *answer)
{
    json_t *list = json_loadb(answer->text, answer->text_size, JSON_ALLOW_NUL, NULL);
    size_t index;
    json_t *entry;

    json_array_foreach(list, index, entry)
    {
        book_entry(stage, stream, entry);
    }
    json_decref(list);
}

static void collect_stream(struct stage *stage, uint32_t stream)
{
    const struct cast_stream *entry = &stage->cast.streams[stream];
    struct broker *broker = &stage->brokers.items[entry->broker];
    char *queue = memory_format("%s:dlq", entry->name);
    struct adapter_text item = {.data = queue, .size = strlen(queue)};
    struct adapter_call call = {
        .operation = ADAPTER_OP_DLQ_LIST, .items = &item, .item_count = 1, .count = LIST_MAX};
    struct answer answer;

    wait_answer(&stage->waiter, &broker->control, &call, LIST_TIMEOUT_NS, &answer);
    if (answer.outcome == ADAPTER_DONE && answer.text)
        book_list(stage, stream, &answer);
    answer_release(&answer);
    free(queue);
}

void stage_collect_dead_letters(struct stage *stage)
{
    for (size_t i = 0; i < stage->cast.stream_count; i++) {
        const struct broker *broker = &stage->brokers.items[stage->cast.streams[i].broker];

        if (broker->endpoint.declared & ADAPTER_DEAD_LETTER_QUEUE)
            collect_stream(stage, (uint32_t)i);
    }
}
