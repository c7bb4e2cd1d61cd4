/* script_operation.c: the table of operations, and what their results are as values. */
#include <string.h>

#include "actors/script_call.h"
#include "actors/value_json.h"
#include "port.h"

/* --- Results as values ----------------------------------------------------------------------- */

static struct value *text_value(struct adapter_text text)
{
    return value_string(text.data, text.size);
}

/* What a payload is; one that is no JSON stays as it came. */
static struct value *payload_value(struct adapter_text payload)
{
    struct value *value = value_parse(payload.data, payload.size);

    if (value)
        return value;
    value = text_value(payload);
    value->role = VALUE_RAW;
    return value;
}

static struct value *message_value(const struct adapter_entry *entry)
{
    struct value *message = value_object();

    message->role = VALUE_MESSAGE;
    value_set(message, "id", text_value(entry->id));
    value_set(message, "payload", payload_value(entry->payload));
    value_set(message, "attempt", entry->attempt ? value_integer(entry->attempt) : value_null());
    return message;
}

static struct value *answer_entries(struct script_call *call, const struct adapter_result *result)
{
    struct value *list = value_list();

    (void)call;
    for (size_t i = 0; i < result->entry_count; i++)
        value_append(list, message_value(&result->entries[i]));
    return list;
}

/* More than one entry is told as what it is: a list where one message was asked for. */
static struct value *answer_entry(struct script_call *call, const struct adapter_result *result)
{
    if (result->entry_count > 1)
        return answer_entries(call, result);
    return result->entry_count == 1 ? message_value(&result->entries[0]) : value_null();
}

static struct value *answer_keys(struct script_call *call, const struct adapter_result *result)
{
    struct value *list = value_list();

    (void)call;
    for (size_t i = 0; i < result->entry_count; i++)
        value_append(list, text_value(result->entries[i].id));
    return list;
}

static struct value *answer_flag(struct script_call *call, const struct adapter_result *result)
{
    (void)call;
    return value_boolean(result->outcome == ADAPTER_DONE && result->number != 0);
}

static struct value *answer_count(struct script_call *call, const struct adapter_result *result)
{
    (void)call;
    return value_integer(result->outcome == ADAPTER_DONE ? result->number : 0);
}

static struct value *answer_lease(struct script_call *call, const struct adapter_result *result)
{
    (void)call;
    return result->outcome == ADAPTER_DONE ? value_integer(result->number) : value_null();
}

static struct value *answer_nothing(struct script_call *call, const struct adapter_result *result)
{
    (void)call;
    (void)result;
    return value_null();
}

static struct value *answer_document(struct script_call *call, const struct adapter_result *result)
{
    (void)call;
    return result->outcome == ADAPTER_EMPTY ? value_null() : payload_value(result->text);
}

static struct value *answer_documents(struct script_call *call, const struct adapter_result *result)
{
    (void)call;
    return result->outcome == ADAPTER_EMPTY ? value_list() : payload_value(result->text);
}

/* --- Batches --------------------------------------------------------------------------------- */

/* What became of one item: its own result, or the whole call's. */
static struct adapter_item item_at(const struct adapter_result *result, size_t index)
{
    if (index < result->item_count)
        return result->items[index];
    return (struct adapter_item){
        .outcome = result->outcome, .error = result->error, .number = result->number};
}

static struct value *settled_value(const struct adapter_result *result, size_t index)
{
    struct adapter_item item = item_at(result, index);

    if (item.outcome != ADAPTER_DONE && item.outcome != ADAPTER_EMPTY)
        return script_error_value(item.outcome, item.error, result->detail);
    return value_boolean(item.outcome == ADAPTER_DONE && item.number != 0);
}

static struct value *answer_settled(struct script_call *call, const struct adapter_result *result)
{
    struct value *list;

    if (!call->is_batch)
        return settled_value(result, 0);
    list = value_list();
    for (size_t i = 0; i < call->item_count; i++)
        value_append(list, settled_value(result, i));
    return list;
}

static struct value *published_value(const struct script_call *call,
                                     const struct adapter_result *result, size_t index)
{
    struct adapter_item item = item_at(result, index);
    struct value *message;

    if (item.outcome != ADAPTER_DONE)
        return script_error_value(item.outcome, item.error, result->detail);
    message = value_object();
    message->role = VALUE_MESSAGE;
    value_set(message, "id", text_value(item.id));
    value_set(message, "payload", value_keep(call->payloads->items[index]));
    return message;
}

/* One message is answered with its id, and bound whole. */
static struct value *answer_published(struct script_call *call, const struct adapter_result *result)
{
    struct value *list;

    if (!call->is_batch) {
        call->bound = published_value(call, result, 0);
        return call->bound->role == VALUE_MESSAGE ? value_keep(call->bound->items[0])
                                                  : value_keep(call->bound);
    }
    list = value_list();
    for (size_t i = 0; i < call->item_count; i++)
        value_append(list, published_value(call, result, i));
    return list;
}

/* --- The table ------------------------------------------------------------------------------- */

#define FENCED "stream! group! lease! token! "

static const struct script_operation operations[] = {
    {ADAPTER_OP_PUBLISH, "stream! message messages message_text count", 0, 0, answer_published},
    {ADAPTER_OP_GET_NEXT, "stream! group!", 0, 0, answer_entry},
    {ADAPTER_OP_READ, "stream! group! count", 100, 0, answer_entries},
    {ADAPTER_OP_READ_BLOCKING, "stream! group! consumer timeout count", 1, 5000, answer_entries},
    {ADAPTER_OP_ACK, "stream! group! id ids", 0, 0, answer_settled},
    {ADAPTER_OP_NACK, "stream! group! id ids", 0, 0, answer_settled},
    {ADAPTER_OP_SUBSCRIBE, "stream!", 0, 0, answer_nothing},
    {ADAPTER_OP_READ_FROM, "stream! position count", 100, 0, answer_entries},
    {ADAPTER_OP_TAMPER, "verb! stream! group id raw", 0, 0, answer_flag},
    {ADAPTER_OP_PING, "", 0, 0, answer_flag},
    {ADAPTER_OP_ENSURE_CONNECTION, "", 0, 0, answer_flag},
    {ADAPTER_OP_HEALTH_STATS, "", 0, 0, answer_document},
    {ADAPTER_OP_INFO, "", 0, 0, answer_document},
    {ADAPTER_OP_ENSURE_GROUP, "stream! group!", 0, 0, answer_nothing},
    {ADAPTER_OP_DATA_RESET, "", 0, 0, answer_nothing},
    {ADAPTER_OP_DLQ_LIST, "queue queues limit", 100, 0, answer_documents},
    {ADAPTER_OP_DLQ_INSPECT, "queue! id!", 0, 0, answer_document},
    {ADAPTER_OP_DLQ_REPLAY, "queue! id! target!", 0, 0, answer_flag},
    {ADAPTER_OP_DLQ_REPLAY_ALL, "queue! target!", 0, 0, answer_count},
    {ADAPTER_OP_DLQ_PURGE, "queue!", 0, 0, answer_count},
    {ADAPTER_OP_DLQ_TRIM, "queue! min_id!", 0, 0, answer_count},
    {ADAPTER_OP_DLQ_DEPTH, "queue!", 0, 0, answer_count},
    {ADAPTER_OP_TRIM, "stream! limit!", 0, 0, answer_count},
    {ADAPTER_OP_RECORD_PARTITION, "category! key!", 0, 0, answer_nothing},
    {ADAPTER_OP_PARTITION_KEYS, "category!", 0, 0, answer_keys},
    {ADAPTER_OP_REAP_PARTITION, "category! key! min_idle lane", 0, 0, answer_flag},
    {ADAPTER_OP_ACQUIRE_PARTITION_LEASE, "lease! generation! owner! ttl!", 0, 0, answer_lease},
    {ADAPTER_OP_RENEW_PARTITION_LEASE, "lease! token! ttl!", 0, 0, answer_flag},
    {ADAPTER_OP_RELEASE_PARTITION_LEASE, "lease! token!", 0, 0, answer_flag},
    {ADAPTER_OP_READ_PARTITION_FENCED, FENCED "consumer count new", 1, 0, answer_entries},
    {ADAPTER_OP_ACK_PARTITION_FENCED, FENCED "id!", 0, 0, answer_flag},
    {ADAPTER_OP_RECLAIM_PARTITION_PENDING, "stream! group! consumer min_idle count", 100, 0,
     answer_entries},
    {ADAPTER_OP_STREAM_DEPTH, "stream!", 0, 0, answer_count},
};

enum { OPERATION_COUNT = sizeof(operations) / sizeof(operations[0]) };

const struct script_operation *script_operation_at(size_t index)
{
    return index < OPERATION_COUNT ? &operations[index] : NULL;
}

const char *script_operation_name(const struct script_operation *operation)
{
    return port_operations[operation->operation].name;
}

const struct script_operation *script_operation_find(const char *name)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        if (strcmp(script_operation_name(&operations[i]), name) == 0)
            return &operations[i];
    return NULL;
}

const struct script_operation *script_operation_of(enum adapter_operation operation)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        if (operations[i].operation == operation)
            return &operations[i];
    return NULL;
}
