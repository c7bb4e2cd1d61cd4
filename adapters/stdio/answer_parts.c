/* answer_parts.c: errors, items and entries of an answer. */
#include "adapters/stdio/answer_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/stdio/operation.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"

/* --- Complaints ---------------------------------------------------------------------------------
 */

int reading_expect(struct reading *reading, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(reading->complaint->expected, sizeof(reading->complaint->expected), format,
                    arguments);
    va_end(arguments);
    return 0;
}

int reading_because(struct reading *reading, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(reading->complaint->why, sizeof(reading->complaint->why), format, arguments);
    va_end(arguments);
    return -1;
}

/* --- Room ------------------------------------------------------------------------------------ */

static void need_entries(struct stdio_answer *answer, size_t count)
{
    if (count > answer->entry_capacity) {
        answer->entry_capacity = count * 2;
        answer->entries =
            memory_grow(answer->entries, answer->entry_capacity, sizeof(*answer->entries));
    }
    answer->result.entries = answer->entries;
    answer->result.entry_count = count;
}

static void need_items(struct stdio_answer *answer, size_t count)
{
    if (count > answer->item_capacity) {
        answer->item_capacity = count * 2;
        answer->items = memory_grow(answer->items, answer->item_capacity, sizeof(*answer->items));
    }
    answer->result.items = answer->items;
    answer->result.item_count = count;
}

/* --- Errors -------------------------------------------------------------------------------------
 */

static const struct stdio_error_kind KINDS[] = {
    {"validation", ADAPTER_ERROR_VALIDATION, true},
    {"connection", ADAPTER_ERROR_CONNECTION, false},
    {"lease_lost", ADAPTER_ERROR_LEASE_LOST, true},
    {"not_supported", ADAPTER_ERROR_NOT_SUPPORTED, true},
    {"other", ADAPTER_ERROR_OTHER, false},
};

enum { KIND_COUNT = sizeof(KINDS) / sizeof(KINDS[0]) };

const struct stdio_error_kind *stdio_error_kind_at(size_t index)
{
    return index < KIND_COUNT ? &KINDS[index] : NULL;
}

struct verdict {
    uint32_t outcome, error;
};

/* A kind that we do not know may mean anything: so may the outcome. */
static int read_error(struct reading *reading, struct stdio_token *error, struct verdict *ret)
{
    struct stdio_json *json = reading->json;
    struct stdio_token *kind = stdio_json_get(json, error, "kind");
    struct stdio_token *definite = stdio_json_get(json, error, "definite");
    const struct stdio_error_kind *found = NULL;

    reading_expect(reading,
                   "'error' with a 'kind', and, where it can be said, 'definite' and 'message'");
    if (error->kind != STDIO_OBJECT)
        return reading_because(reading, "'error' is %s, and must be an object",
                               stdio_json_kind(error));
    if (!kind || kind->kind != STDIO_STRING)
        return reading_because(reading, "'kind' of the error is %s, and must be a string",
                               stdio_json_kind(kind));
    if (definite && definite->kind != STDIO_TRUE && definite->kind != STDIO_FALSE)
        return reading_because(reading, "'definite' of the error is %s, and must be true or false",
                               stdio_json_kind(definite));
    for (size_t i = 0; i < KIND_COUNT && !found; i++)
        if (stdio_json_is(json, kind, KINDS[i].name))
            found = &KINDS[i];
    bool is_definite = found && (definite ? definite->kind == STDIO_TRUE : found->is_definite);
    ret->error = found ? found->error : ADAPTER_ERROR_OTHER;
    ret->outcome = is_definite ? ADAPTER_REFUSED : ADAPTER_UNKNOWN;
    if (is_definite && ret->error == ADAPTER_ERROR_NOT_SUPPORTED)
        ret->outcome = ADAPTER_UNSUPPORTED;
    return 0;
}

/* The words stand in the line, which ends where they end, or a quote would. */
void reading_detail(struct reading *reading, struct stdio_token *words)
{
    struct adapter_text text = stdio_json_text(reading->json, words);
    struct stdio_answer *answer = reading->answer;
    size_t size = text.size < sizeof(answer->detail) - 1 ? text.size : sizeof(answer->detail) - 1;

    if (size == 0)
        return;
    memcpy(answer->detail, text.data, size);
    answer->detail[size] = '\0';
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)answer->detail[i] < 0x20)
            answer->detail[i] = ' ';
    answer->result.detail = answer->detail;
}

int reading_error(struct reading *reading, struct stdio_token *error)
{
    struct verdict verdict = {0};

    if (read_error(reading, error, &verdict) < 0)
        return -1;
    reading->answer->result.outcome = verdict.outcome;
    reading->answer->result.error = verdict.error;
    reading_detail(reading, stdio_json_get(reading->json, error, "message"));
    return 0;
}

/* --- Items ----------------------------------------------------------------------------------- */

static int read_bytes(struct reading *reading, struct stdio_token *token, const char *what,
                      struct adapter_text *ret)
{
    struct stdio_token *digits = stdio_json_get(reading->json, token, "base64");

    if (token && token->kind == STDIO_STRING) {
        *ret = stdio_json_text(reading->json, token);
        return 0;
    }
    if (!digits || digits->kind != STDIO_STRING)
        return reading_because(reading, "%s is %s, and must be a string or {\"base64\": ...}", what,
                               stdio_json_kind(token));
    struct adapter_text text = stdio_json_text(reading->json, digits);
    char *bytes = reading->json->bytes + (text.data - reading->json->bytes);
    int64_t size = stdio_base64_decode(bytes, text.size);
    if (size < 0)
        return reading_because(reading, "%s is no base64", what);
    *ret = (struct adapter_text){bytes, (size_t)size};
    return 0;
}

static int check_list(struct reading *reading, struct stdio_token *list, const char *key,
                      size_t count)
{
    if (list->kind != STDIO_ARRAY)
        return reading_because(reading, "'%s' is %s, and must be a list", key,
                               stdio_json_kind(list));
    if (list->count != count)
        return reading_because(reading, "'%s' has %u elements, and the request has %zu items", key,
                               list->count, count);
    return 0;
}

static int read_item(struct reading *reading, struct stdio_token *token, struct adapter_item *ret)
{
    struct stdio_json *json = reading->json;
    struct stdio_token *error = stdio_json_get(json, token, "error");
    struct stdio_token *id = stdio_json_get(json, token, "id");
    struct verdict verdict = {0};

    *ret = (struct adapter_item){.outcome = ADAPTER_DONE};
    if (stdio_json_integer(json, token, &ret->number))
        return 0;
    if (token->kind == STDIO_STRING) {
        ret->id = stdio_json_text(json, token);
        return 0;
    }
    if (error) {
        if (read_error(reading, error, &verdict) < 0)
            return -1;
        ret->outcome = verdict.outcome;
        ret->error = verdict.error;
        return 0;
    }
    if (id && id->kind == STDIO_STRING) {
        ret->id = stdio_json_text(json, id);
        return 0;
    }
    return reading_because(
        reading, "an element of 'items' is %s, and must be an id, true, false or {\"error\": ...}",
        stdio_json_kind(token));
}

int reading_items(struct reading *reading, struct stdio_token *list)
{
    struct stdio_answer *answer = reading->answer;
    bool flags = stdio_operations[reading->question->operation].answer == STDIO_ANSWERS_FLAGS;

    if (check_list(reading, list, "items", reading->question->item_count) < 0)
        return -1;
    need_items(answer, list->count);
    struct stdio_token *token = stdio_json_first(reading->json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        struct adapter_item *item = &answer->items[i];

        if (read_item(reading, token, item) < 0)
            return -1;
        if (flags && item->id.size)
            return reading_because(reading,
                                   "an element of 'items' is a string, and must be true or false");
        if (item->outcome == ADAPTER_UNKNOWN)
            answer->result.outcome = ADAPTER_UNKNOWN;
        token = stdio_json_after(reading->json, token);
    }
    return 0;
}

/* An answer without items for several: each is what the whole is. */
int reading_ids(struct reading *reading, struct stdio_token *list)
{
    struct stdio_answer *answer = reading->answer;

    if (check_list(reading, list, "ids", reading->question->item_count) < 0)
        return -1;
    need_items(answer, list->count);
    struct stdio_token *token = stdio_json_first(reading->json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        if (token->kind != STDIO_STRING)
            return reading_because(reading, "an element of 'ids' is %s, and must be a string",
                                   stdio_json_kind(token));
        answer->items[i] = (struct adapter_item){.outcome = ADAPTER_DONE,
                                                 .id = stdio_json_text(reading->json, token)};
        token = stdio_json_after(reading->json, token);
    }
    return 0;
}

/* --- Entries --------------------------------------------------------------------------------- */

bool reading_is_true(const struct stdio_token *token)
{
    return token && token->kind == STDIO_TRUE;
}

static int read_entry(struct reading *reading, struct stdio_token *token, struct adapter_entry *ret)
{
    struct stdio_json *json = reading->json;
    struct stdio_token *id = stdio_json_get(json, token, "id");
    struct stdio_token *attempt = stdio_json_get(json, token, "attempt");
    int64_t number = 0;

    *ret = (struct adapter_entry){0};
    if (token->kind != STDIO_OBJECT)
        return reading_because(reading, "an entry is %s, and must be an object",
                               stdio_json_kind(token));
    if (!id || id->kind != STDIO_STRING)
        return reading_because(reading, "'id' of an entry is %s, and must be a string",
                               stdio_json_kind(id));
    ret->id = stdio_json_text(json, id);
    if (read_bytes(reading, stdio_json_get(json, token, "payload"), "'payload' of an entry",
                   &ret->payload) < 0)
        return -1;
    if (attempt &&
        (!stdio_json_integer(json, attempt, &number) || number < 0 || number > UINT32_MAX))
        return reading_because(reading,
                               "'attempt' of an entry must be 1 for its first delivery, 2 for the "
                               "next, or be left out");
    ret->attempt = (uint32_t)number;
    if (reading_is_true(stdio_json_get(json, token, "own_pending")))
        ret->flags |= ADAPTER_ENTRY_OWN_PENDING;
    if (reading_is_true(stdio_json_get(json, token, "reclaimed")))
        ret->flags |= ADAPTER_ENTRY_RECLAIMED;
    return 0;
}

int reading_entries(struct reading *reading, struct stdio_token *list)
{
    struct stdio_answer *answer = reading->answer;

    if (list->kind != STDIO_ARRAY)
        return reading_because(reading, "'entries' is %s, and must be a list",
                               stdio_json_kind(list));
    need_entries(answer, list->count);
    struct stdio_token *token = stdio_json_first(reading->json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        if (read_entry(reading, token, &answer->entries[i]) < 0)
            return -1;
        token = stdio_json_after(reading->json, token);
    }
    if (list->count == 0 && !answer->is_delivery)
        answer->result.outcome = ADAPTER_EMPTY;
    return 0;
}

int reading_keys(struct reading *reading, struct stdio_token *list)
{
    struct stdio_answer *answer = reading->answer;

    if (list->kind != STDIO_ARRAY)
        return reading_because(reading, "'ids' is %s, and must be a list", stdio_json_kind(list));
    need_entries(answer, list->count);
    struct stdio_token *token = stdio_json_first(reading->json, list);
    for (uint32_t i = 0; i < list->count; i++) {
        if (token->kind != STDIO_STRING)
            return reading_because(reading, "an element of 'ids' is %s, and must be a string",
                                   stdio_json_kind(token));
        answer->entries[i] = (struct adapter_entry){.id = stdio_json_text(reading->json, token)};
        token = stdio_json_after(reading->json, token);
    }
    return 0;
}
