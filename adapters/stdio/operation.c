/* operation.c: the table. */
#include "adapters/stdio/operation.h"

#include <string.h>

#include "port.h"

#define READS_GROUP (STDIO_STREAM | STDIO_GROUP)

const struct stdio_operation stdio_operations[ADAPTER_OP_COUNT] = {
    [ADAPTER_OP_PUBLISH] = {STDIO_STREAM | STDIO_ITEMS, STDIO_ANSWERS_IDS},
    [ADAPTER_OP_GET_NEXT] = {READS_GROUP, STDIO_ANSWERS_ENTRIES},
    [ADAPTER_OP_READ] = {READS_GROUP | STDIO_COUNT, STDIO_ANSWERS_ENTRIES},
    [ADAPTER_OP_READ_BLOCKING] = {READS_GROUP | STDIO_CONSUMER | STDIO_DURATION | STDIO_COUNT,
                                  STDIO_ANSWERS_ENTRIES},
    [ADAPTER_OP_ACK] = {READS_GROUP | STDIO_ITEMS, STDIO_ANSWERS_FLAGS},
    [ADAPTER_OP_NACK] = {READS_GROUP | STDIO_ITEMS, STDIO_ANSWERS_FLAGS},
    [ADAPTER_OP_SUBSCRIBE] = {STDIO_STREAM, STDIO_ANSWERS_NOTHING},
    [ADAPTER_OP_READ_FROM] = {STDIO_STREAM | STDIO_KEY | STDIO_COUNT, STDIO_ANSWERS_ENTRIES},
    [ADAPTER_OP_TAMPER] = {STDIO_VERB | READS_GROUP | STDIO_ITEMS, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_PING] = {0, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_ENSURE_CONNECTION] = {0, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_HEALTH_STATS] = {0, STDIO_ANSWERS_JSON},
    [ADAPTER_OP_INFO] = {0, STDIO_ANSWERS_JSON},
    [ADAPTER_OP_ENSURE_GROUP] = {READS_GROUP, STDIO_ANSWERS_NOTHING},
    [ADAPTER_OP_DATA_RESET] = {0, STDIO_ANSWERS_NOTHING},
    [ADAPTER_OP_DLQ_LIST] = {STDIO_ITEMS | STDIO_COUNT, STDIO_ANSWERS_JSON},
    [ADAPTER_OP_DLQ_INSPECT] = {STDIO_STREAM | STDIO_ITEMS, STDIO_ANSWERS_JSON},
    [ADAPTER_OP_DLQ_REPLAY] = {STDIO_STREAM | STDIO_ITEMS | STDIO_TARGET, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_DLQ_REPLAY_ALL] = {STDIO_STREAM | STDIO_TARGET, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_DLQ_PURGE] = {STDIO_STREAM, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_DLQ_TRIM] = {STDIO_STREAM | STDIO_ITEMS, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_DLQ_DEPTH] = {STDIO_STREAM, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_TRIM] = {STDIO_STREAM | STDIO_COUNT, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_RECORD_PARTITION] = {STDIO_STREAM | STDIO_KEY, STDIO_ANSWERS_NOTHING},
    [ADAPTER_OP_PARTITION_KEYS] = {STDIO_STREAM, STDIO_ANSWERS_KEYS},
    [ADAPTER_OP_REAP_PARTITION] = {STDIO_STREAM | STDIO_KEY | STDIO_DURATION | STDIO_TARGET,
                                   STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_ACQUIRE_PARTITION_LEASE] = {STDIO_KEY | STDIO_GENERATION_KEY | STDIO_TOKEN |
                                                STDIO_DURATION,
                                            STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_RENEW_PARTITION_LEASE] = {STDIO_KEY | STDIO_TOKEN | STDIO_DURATION,
                                          STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_RELEASE_PARTITION_LEASE] = {STDIO_KEY | STDIO_TOKEN, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_READ_PARTITION_FENCED] = {READS_GROUP | STDIO_CONSUMER | STDIO_KEY | STDIO_TOKEN |
                                              STDIO_COUNT,
                                          STDIO_ANSWERS_ENTRIES},
    [ADAPTER_OP_ACK_PARTITION_FENCED] = {READS_GROUP | STDIO_ITEMS | STDIO_KEY | STDIO_TOKEN,
                                         STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_RECLAIM_PARTITION_PENDING] = {READS_GROUP | STDIO_CONSUMER | STDIO_DURATION |
                                                  STDIO_COUNT,
                                              STDIO_ANSWERS_ENTRIES},
    [ADAPTER_OP_STREAM_DEPTH] = {STDIO_STREAM, STDIO_ANSWERS_NUMBER},
    [ADAPTER_OP_STREAM_REMOVE] = {STDIO_STREAM, STDIO_ANSWERS_NOTHING},
    [ADAPTER_OP_DISTURB] = {STDIO_KEY | STDIO_TOKEN | READS_GROUP | STDIO_ITEMS,
                            STDIO_ANSWERS_JSON},
    [ADAPTER_OP_RESTORE] = {STDIO_ITEMS, STDIO_ANSWERS_NOTHING},
};

int stdio_operation_find(struct stdio_json *json, struct stdio_token *name)
{
    for (int i = 0; i < ADAPTER_OP_COUNT; i++)
        if (stdio_json_is(json, name, port_operations[i].name))
            return i;
    return -1;
}

/* --- Verbs of tamper ------------------------------------------------------------------------- */

static const char *const VERBS[] = {
    [ADAPTER_TAMPER_WIPE] = "wipe",
    [ADAPTER_TAMPER_REMOVE_GROUP] = "remove_group",
    [ADAPTER_TAMPER_DELETE_ENTRY] = "delete_entry",
    [ADAPTER_TAMPER_PUT_RAW] = "put_raw",
    [ADAPTER_TAMPER_SET_FOREIGN_TYPE] = "set_foreign_type",
};

enum { VERB_COUNT = sizeof(VERBS) / sizeof(VERBS[0]) };

const char *stdio_verb_name(uint32_t verb)
{
    return verb < VERB_COUNT ? VERBS[verb] : "?";
}

int stdio_verb_find(struct stdio_json *json, struct stdio_token *name)
{
    for (int i = 0; i < VERB_COUNT; i++)
        if (stdio_json_is(json, name, VERBS[i]))
            return i;
    return -1;
}

/* --- Texts ----------------------------------------------------------------------------------- */

const char **stdio_call_text(struct adapter_call *call, unsigned index, uint32_t *ret_member,
                             const char **ret_key)
{
    const struct {
        const char **text;
        uint32_t member;
        const char *key;
    } texts[] = {
        {&call->stream, STDIO_STREAM, "stream"},
        {&call->group, STDIO_GROUP, "group"},
        {&call->consumer, STDIO_CONSUMER, "consumer"},
        {&call->target, STDIO_TARGET, "target"},
        {&call->key, STDIO_KEY, "key"},
        {&call->generation_key, STDIO_GENERATION_KEY, "generation_key"},
        {&call->token, STDIO_TOKEN, "token"},
    };

    if (index >= sizeof(texts) / sizeof(texts[0]))
        return NULL;
    *ret_member = texts[index].member;
    *ret_key = texts[index].key;
    return texts[index].text;
}
