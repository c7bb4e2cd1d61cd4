/* answer.c: every word of an answer is looked at before it is believed. */
#include "adapters/stdio/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/answer_parts.h"
#include "adapters/stdio/operation.h"
#include "base/memory.h"
#include "port.h"

/* --- What each operation is answered with ---------------------------------------------------- */

static int answer_nothing(struct reading *reading)
{
    (void)reading;
    return 0;
}

static int answer_ids(struct reading *reading)
{
    struct stdio_token *ids = stdio_json_get(reading->json, reading->root, "ids");
    struct stdio_token *items = stdio_json_get(reading->json, reading->root, "items");

    reading_expect(reading, "'ids' with the id of each of the %zu items, in their order",
                   reading->question->item_count);
    if (ids)
        return reading_ids(reading, ids);
    if (!items && reading->question->flags & ADAPTER_CALL_NO_IDS)
        return 0;
    return items ? reading_items(reading, items) : reading_because(reading, "there is no 'ids'");
}

static int answer_flags(struct reading *reading)
{
    struct stdio_token *items = stdio_json_get(reading->json, reading->root, "items");

    reading_expect(reading, "'items' with true or false for each of the %zu items, in their order",
                   reading->question->item_count);
    return items ? reading_items(reading, items) : reading_because(reading, "there is no 'items'");
}

static int answer_entries(struct reading *reading)
{
    struct stdio_token *entries = stdio_json_get(reading->json, reading->root, "entries");

    reading_expect(reading,
                   "'entries', a list of {\"id\": ..., \"payload\": ...}, empty when there is "
                   "nothing");
    if (!entries)
        return reading_because(reading, "there is no 'entries'");
    if (reading_entries(reading, entries) < 0)
        return -1;
    if (reading->question->operation == ADAPTER_OP_GET_NEXT && entries->count > 1)
        return reading_because(reading, "'entries' has %u elements, and get_next asks for one",
                               entries->count);
    return 0;
}

static int answer_keys(struct reading *reading)
{
    struct stdio_token *ids = stdio_json_get(reading->json, reading->root, "ids");

    reading_expect(reading, "'ids', a list of keys");
    return ids ? reading_keys(reading, ids) : reading_because(reading, "there is no 'ids'");
}

static int answer_number(struct reading *reading)
{
    struct stdio_token *number = stdio_json_get(reading->json, reading->root, "number");

    reading_expect(reading, "'number', a whole number, true or false");
    if (stdio_json_integer(reading->json, number, &reading->answer->result.number))
        return 0;
    return number ? reading_because(reading,
                                    "'number' is %s, and must be a whole number, true or false",
                                    stdio_json_kind(number))
                  : reading_because(reading, "there is no 'number'");
}

static int answer_json(struct reading *reading)
{
    struct stdio_token *json = stdio_json_get(reading->json, reading->root, "json");

    (void)stdio_json_integer(reading->json, stdio_json_get(reading->json, reading->root, "number"),
                             &reading->answer->result.number);
    reading_expect(reading, "'json', an object or a list; null when there is none");
    if (!json)
        return reading_because(reading, "there is no 'json'");
    if (json->kind == STDIO_NULL)
        reading->answer->result.outcome = ADAPTER_EMPTY;
    else if (json->kind == STDIO_OBJECT || json->kind == STDIO_ARRAY)
        reading->answer->result.text = stdio_json_raw(reading->json, json);
    else
        return reading_because(reading, "'json' is %s", stdio_json_kind(json));
    return 0;
}

static int (*const READERS[])(struct reading *reading) = {
    [STDIO_ANSWERS_NOTHING] = answer_nothing, [STDIO_ANSWERS_IDS] = answer_ids,
    [STDIO_ANSWERS_FLAGS] = answer_flags,     [STDIO_ANSWERS_ENTRIES] = answer_entries,
    [STDIO_ANSWERS_KEYS] = answer_keys,       [STDIO_ANSWERS_NUMBER] = answer_number,
    [STDIO_ANSWERS_JSON] = answer_json,
};

/* --- All ------------------------------------------------------------------------------------- */

static int read_common(struct reading *reading)
{
    struct adapter_result *result = &reading->answer->result;
    struct stdio_token *attempts = stdio_json_get(reading->json, reading->root, "attempts");
    int64_t number = 1;

    if (attempts &&
        (!stdio_json_integer(reading->json, attempts, &number) || number < 0 || number > 1000000)) {
        reading_expect(reading, "'attempts', how often the command was sent: a whole number");
        return reading_because(reading, "'attempts' is no such number");
    }
    result->attempts = (uint32_t)number;
    if (reading_is_true(stdio_json_get(reading->json, reading->root, "reconnected")))
        result->flags |= ADAPTER_RESULT_RECONNECTED;
    reading_detail(reading, stdio_json_get(reading->json, reading->root, "detail"));
    return 0;
}

static int read_result(struct reading *reading)
{
    struct stdio_token *error = stdio_json_get(reading->json, reading->root, "error");

    if (read_common(reading) < 0)
        return -1;
    if (error && error->kind != STDIO_NULL)
        return reading_error(reading, error);
    if (reading_is_true(stdio_json_get(reading->json, reading->root, "empty"))) {
        reading->answer->result.outcome = ADAPTER_EMPTY;
        return 0;
    }
    if (reading->answer->is_delivery)
        return answer_entries(reading);
    return READERS[stdio_operations[reading->question->operation].answer](reading);
}

int stdio_answer_read(struct stdio_answer *answer, const struct stdio_question *question,
                      struct stdio_complaint *complaint)
{
    struct reading reading = {.answer = answer,
                              .question = question,
                              .complaint = complaint,
                              .json = &answer->json,
                              .root = stdio_json_root(&answer->json)};

    *complaint = (struct stdio_complaint){"", ""};
    answer->result =
        (struct adapter_result){.struct_size = sizeof(answer->result), .outcome = ADAPTER_DONE};
    if (read_result(&reading) == 0)
        return 0;
    char why[sizeof(answer->detail)];
    (void)snprintf(why, sizeof(why), "the adapter's answer to %s is against the protocol: %s",
                   port_operations[question->operation].name, complaint->why);
    stdio_answer_fail(answer, ADAPTER_UNKNOWN, ADAPTER_ERROR_OTHER, why);
    return -1;
}

void stdio_answer_fail(struct stdio_answer *answer, enum adapter_outcome outcome,
                       enum adapter_error error, const char *detail)
{
    (void)snprintf(answer->detail, sizeof(answer->detail), "%s", detail);
    answer->result = (struct adapter_result){.struct_size = sizeof(answer->result),
                                             .outcome = outcome,
                                             .error = error,
                                             .attempts = outcome == ADAPTER_UNKNOWN,
                                             .detail = answer->detail};
}

/* --- Memory -------------------------------------------------------------------------------------
 */

void stdio_answer_take(struct stdio_answer *answer, const char *line, size_t size)
{
    if (size + 1 > answer->capacity) {
        answer->capacity = size * 2 + 256;
        answer->bytes = memory_grow(answer->bytes, answer->capacity, 1);
    }
    memcpy(answer->bytes, line, size);
    answer->bytes[size] = '\0';
    answer->size = size;
}

void stdio_answer_free(struct stdio_answer *answer)
{
    if (!answer)
        return;
    stdio_json_release(&answer->json);
    free(answer->bytes);
    free(answer->entries);
    free(answer->items);
    free(answer);
}
