/* reply.c: the protocol as a child speaks it. */
#include "adapters/stdio/reply.h"

#include <string.h>

#include "adapters/stdio/answer.h"
#include "adapters/stdio/hello.h"
#include "adapters/stdio/operation.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"
#include "port.h"

static void begin(struct text *line, const char *key, uint64_t id)
{
    text_append(line, "{\"", 2);
    text_append_string(line, key);
    text_append(line, "\":", 2);
    stdio_write_number(line, (int64_t)id);
}

static void end(struct text *line)
{
    text_append(line, "}\n", 2);
}

/* --- Hello ------------------------------------------------------------------------------------ */

static void write_capabilities(struct text *line, uint32_t capabilities)
{
    const char *comma = "";

    text_append_string(line, ",\"capabilities\":[");
    for (uint32_t bit = 0; bit < 32; bit++) {
        if (!(capabilities & 1u << bit))
            continue;
        text_appendf(line, "%s\"%s\"", comma, port_capability_name(1u << bit));
        comma = ",";
    }
    text_append(line, "]", 1);
}

static void write_operations(struct text *line, const struct broker_adapter *adapter)
{
    const char *comma = "";

    text_append_string(line, ",\"operations\":[");
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++) {
        if (!port_has(adapter, i))
            continue;
        text_appendf(line, "%s\"%s\"", comma, port_operations[i].name);
        comma = ",";
    }
    text_append(line, "]", 1);
}

static void write_profile(struct text *line, const struct adapter_profile *profile)
{
    if (!profile)
        return;
    text_appendf(line,
                 ",\"profile\":{\"redelivery_time_ms\":%u,\"retry_budget\":%u,"
                 "\"block_cap_ms\":%u,\"trim_granularity\":%u,\"trims\":%u",
                 profile->redelivery_time_ms, profile->retry_budget, profile->block_cap_ms,
                 profile->trim_granularity, profile->trims);
    stdio_write_member(line, "dlq_populated_by", profile->dlq_populated_by);
    if (profile->struct_size > offsetof(struct adapter_profile, redelivery_soonest_ms))
        text_appendf(line, ",\"redelivery_soonest_ms\":%u", profile->redelivery_soonest_ms);
    text_append(line, "}", 1);
}

/* What blocks here is waited for by nobody over there. */
static void write_traits(struct text *line, uint32_t traits)
{
    const char *comma = "";

    if (traits & ADAPTER_TRAIT_BLOCKS)
        traits |= ADAPTER_TRAIT_WAITS;
    text_append_string(line, ",\"traits\":[");
    for (size_t i = 0; i < STDIO_TRAIT_COUNT; i++) {
        if (!(traits & stdio_hello_traits[i].flag))
            continue;
        text_appendf(line, "%s\"%s\"", comma, stdio_hello_traits[i].name);
        comma = ",";
    }
    text_append(line, "]", 1);
}

static void write_option(struct text *line, const struct adapter_option *option)
{
    text_append_string(line, "{\"key\":");
    stdio_write_string(line, option->key, strlen(option->key));
    stdio_write_member(line, "type", stdio_hello_type_name(option->type));
    stdio_write_member(line, "choices", option->choices);
    stdio_write_member(line, "default", option->default_text);
    stdio_write_member(line, "help", option->help);
    text_appendf(line, ",\"minimum\":%.17g,\"maximum\":%.17g}", option->minimum, option->maximum);
}

static void write_disturbance(struct text *line, const struct adapter_disturbance *disturbance)
{
    text_append_string(line, "{\"key\":");
    stdio_write_string(line, disturbance->key, strlen(disturbance->key));
    if (!(disturbance->flags & ADAPTER_DISTURBANCE_BARE))
        stdio_write_member(line, "type", stdio_hello_type_name(disturbance->type));
    stdio_write_member(line, "choices", disturbance->choices);
    stdio_write_member(line, "default", disturbance->default_text);
    stdio_write_member(line, "help", disturbance->help);
    for (size_t i = 0; i < STDIO_DISTURBANCE_FLAG_COUNT; i++)
        if (disturbance->flags & stdio_hello_disturbance_flags[i].flag)
            text_appendf(line, ",\"%s\":true", stdio_hello_disturbance_flags[i].name);
    text_appendf(line, ",\"minimum\":%.17g,\"maximum\":%.17g}", disturbance->minimum,
                 disturbance->maximum);
}

static void write_disturbances(struct text *line, const struct broker_adapter *adapter)
{
    uint64_t count = ADAPTER_HAS(adapter, disturbances) && port_has(adapter, ADAPTER_OP_DISTURB)
                         ? adapter->disturbance_count
                         : 0;

    text_append_string(line, ",\"disturbances\":[");
    for (uint64_t i = 0; i < count; i++) {
        if (i > 0)
            text_append(line, ",", 1);
        write_disturbance(line, &adapter->disturbances[i]);
    }
    text_append(line, "]", 1);
}

void stdio_reply_hello(struct text *line, const struct broker_adapter *adapter,
                       const char *processes)
{
    text_appendf(line, "{\"hello\":\"gauntlet\",\"protocol\":%d", STDIO_PROTOCOL);
    stdio_write_member(line, "name", adapter->name);
    stdio_write_member(line, "summary", adapter->summary);
    stdio_write_member(line, "processes", processes);
    write_traits(line, adapter->traits);
    write_capabilities(line, adapter->capabilities);
    write_operations(line, adapter);
    write_profile(line, adapter->profile);
    text_append_string(line, ",\"options\":[");
    for (uint32_t i = 0; i < adapter->option_count; i++) {
        if (i > 0)
            text_append(line, ",", 1);
        write_option(line, &adapter->options[i]);
    }
    text_append(line, "]", 1);
    write_disturbances(line, adapter);
    end(line);
}

void stdio_reply_created(struct text *line, uint64_t id, uint32_t capabilities,
                         const struct adapter_profile *profile)
{
    begin(line, "id", id);
    write_capabilities(line, capabilities);
    write_profile(line, profile);
    end(line);
}

/* --- Answers ---------------------------------------------------------------------------------- */

static void write_error(struct text *line, uint32_t outcome, uint32_t error, const char *message)
{
    if (error == ADAPTER_ERROR_NONE)
        error = outcome == ADAPTER_UNSUPPORTED ? ADAPTER_ERROR_NOT_SUPPORTED : ADAPTER_ERROR_OTHER;
    text_append_string(line, "\"error\":{\"kind\":");
    stdio_write_string(line, port_error_name(error), strlen(port_error_name(error)));
    text_append_string(line,
                       outcome == ADAPTER_UNKNOWN ? ",\"definite\":false" : ",\"definite\":true");
    stdio_write_member(line, "message", message);
    text_append(line, "}", 1);
}

static void write_item(struct text *line, const struct adapter_item *item, bool is_flag)
{
    if (item->outcome != ADAPTER_DONE) {
        text_append(line, "{", 1);
        write_error(line, item->outcome, item->error, NULL);
        text_append(line, "}", 1);
    } else if (is_flag) {
        text_append_string(line, item->number ? "true" : "false");
    } else {
        stdio_write_string(line, item->id.data ? item->id.data : "", item->id.size);
    }
}

/* Where the whole outcome holds for each, each has it. */
static void write_items(struct text *line, const struct adapter_call *call,
                        const struct adapter_result *result, bool is_flag)
{
    const struct adapter_item whole = {.outcome = ADAPTER_DONE, .number = result->number};

    text_append_string(line, ",\"items\":[");
    for (size_t i = 0; i < call->item_count; i++) {
        if (i > 0)
            text_append(line, ",", 1);
        write_item(line, i < result->item_count ? &result->items[i] : &whole, is_flag);
    }
    text_append(line, "]", 1);
}

static void write_entries(struct text *line, const struct adapter_entry *entries, size_t count)
{
    text_append_string(line, ",\"entries\":[");
    for (size_t i = 0; i < count; i++) {
        const struct adapter_entry *entry = &entries[i];

        text_append_string(line, i > 0 ? ",{\"id\":" : "{\"id\":");
        stdio_write_string(line, entry->id.data, entry->id.size);
        text_append_string(line, ",\"payload\":");
        stdio_write_bytes(line, entry->payload.data ? entry->payload.data : "",
                          entry->payload.size);
        if (entry->attempt)
            stdio_write_count(line, "attempt", entry->attempt);
        if (entry->flags & ADAPTER_ENTRY_OWN_PENDING)
            text_append_string(line, ",\"own_pending\":true");
        if (entry->flags & ADAPTER_ENTRY_RECLAIMED)
            text_append_string(line, ",\"reclaimed\":true");
        text_append(line, "}", 1);
    }
    text_append(line, "]", 1);
}

static void write_keys(struct text *line, const struct adapter_result *result)
{
    text_append_string(line, ",\"ids\":[");
    for (size_t i = 0; i < result->entry_count; i++) {
        if (i > 0)
            text_append(line, ",", 1);
        stdio_write_string(line, result->entries[i].id.data, result->entries[i].id.size);
    }
    text_append(line, "]", 1);
}

static void write_json(struct text *line, const struct adapter_result *result)
{
    text_append_string(line, ",\"json\":");
    if (result->text.size > 0)
        text_append(line, result->text.data, result->text.size);
    else
        text_append_string(line, "null");
}

static void write_value(struct text *line, const struct adapter_call *call,
                        const struct adapter_result *result)
{
    uint32_t kind = stdio_operations[call->operation].answer;

    if (kind == STDIO_ANSWERS_IDS || kind == STDIO_ANSWERS_FLAGS)
        write_items(line, call, result, kind == STDIO_ANSWERS_FLAGS);
    else if (kind == STDIO_ANSWERS_ENTRIES)
        write_entries(line, result->entries, result->entry_count);
    else if (kind == STDIO_ANSWERS_KEYS)
        write_keys(line, result);
    else if (kind == STDIO_ANSWERS_JSON)
        write_json(line, result);
    if (kind == STDIO_ANSWERS_NUMBER || (kind == STDIO_ANSWERS_JSON && result->number))
        stdio_write_count(line, "number", result->number);
}

static bool has_value(const struct adapter_call *call, const struct adapter_result *result)
{
    return result->outcome == ADAPTER_DONE || (call->item_count > 0 && result->item_count > 0);
}

void stdio_reply_done(struct text *line, uint64_t id, const struct adapter_call *call,
                      const struct adapter_result *result)
{
    begin(line, "id", id);
    if (has_value(call, result)) {
        write_value(line, call, result);
    } else if (result->outcome == ADAPTER_EMPTY) {
        text_append_string(line, ",\"empty\":true");
    } else {
        text_append(line, ",", 1);
        write_error(line, result->outcome, result->error, result->detail);
    }
    if (result->attempts != 1)
        stdio_write_count(line, "attempts", result->attempts);
    if (result->flags & ADAPTER_RESULT_RECONNECTED)
        text_append_string(line, ",\"reconnected\":true");
    if (has_value(call, result))
        stdio_write_member(line, "detail", result->detail);
    end(line);
}

void stdio_reply_delivery(struct text *line, uint64_t id, const struct adapter_entry *entries,
                          size_t count)
{
    begin(line, "deliver", id);
    write_entries(line, entries, count);
    end(line);
}

void stdio_reply_own(struct text *line, uint64_t id, enum adapter_error error, const char *message)
{
    begin(line, "id", id);
    if (message) {
        text_append(line, ",", 1);
        write_error(line, ADAPTER_REFUSED, error, message);
    }
    end(line);
}

/* --- Requests --------------------------------------------------------------------------------- */

/* The quote behind a string makes room for its NUL. */
static const char *read_string(struct stdio_json *json, const char *key)
{
    struct stdio_token *token = stdio_json_get(json, stdio_json_root(json), key);
    struct adapter_text text = stdio_json_text(json, token);

    if (!token || token->kind != STDIO_STRING)
        return NULL;
    json->bytes[token->end] = '\0';
    return text.data;
}

static struct adapter_text read_item(struct stdio_json *json, struct stdio_token *token)
{
    struct stdio_token *digits = stdio_json_get(json, token, "base64");
    struct adapter_text text = stdio_json_text(json, digits ? digits : token);

    if (digits) {
        int64_t size = stdio_base64_decode(json->bytes + digits->begin, text.size);

        text.size = size < 0 ? 0 : (size_t)size;
    }
    return text;
}

static struct adapter_text *read_items(struct stdio_json *json, size_t *ret_count)
{
    struct stdio_token *list = stdio_json_get(json, stdio_json_root(json), "items");
    struct adapter_text *items;

    *ret_count = list && list->kind == STDIO_ARRAY ? list->count : 0;
    if (*ret_count == 0)
        return NULL;
    items = memory_new(*ret_count, sizeof(*items));
    struct stdio_token *token = stdio_json_first(json, list);
    for (size_t i = 0; i < *ret_count; i++) {
        items[i] = read_item(json, token);
        token = stdio_json_after(json, token);
    }
    return items;
}

static uint32_t read_flag(struct stdio_json *json, const char *key, uint32_t flag)
{
    const struct stdio_token *token = stdio_json_get(json, stdio_json_root(json), key);

    return token && token->kind == STDIO_TRUE ? flag : 0;
}

int stdio_reply_read(struct stdio_json *json, struct adapter_call *call,
                     struct adapter_text **ret_items)
{
    struct stdio_token *root = stdio_json_root(json);
    int operation = stdio_operation_find(json, stdio_json_get(json, root, "op"));
    int verb = stdio_verb_find(json, stdio_json_get(json, root, "verb"));
    uint32_t member;
    const char *key, **text;

    if (operation < 0)
        return -1;
    call->operation = (uint32_t)operation;
    call->verb = verb < 0 ? 0 : (uint32_t)verb;
    call->flags = read_flag(json, "no_retry", ADAPTER_CALL_NO_RETRY) |
                  read_flag(json, "own_pending", ADAPTER_CALL_OWN_PENDING) |
                  read_flag(json, "no_ids", ADAPTER_CALL_NO_IDS) |
                  read_flag(json, "preview", ADAPTER_CALL_PREVIEW);
    (void)stdio_json_integer(json, stdio_json_get(json, root, "count"), &call->count);
    (void)stdio_json_integer(json, stdio_json_get(json, root, "duration_ms"), &call->duration_ms);
    *ret_items = read_items(json, &call->item_count);
    call->items = *ret_items;
    for (unsigned i = 0; (text = stdio_call_text(call, i, &member, &key)) != NULL; i++)
        *text = read_string(json, key);
    return 0;
}
