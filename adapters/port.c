/* port.c: the table of operations, and the gate before them. */
#include "port.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "port_note.h"

#define OPERATION(member, flag, missing)                                                           \
    {                                                                                              \
#member, offsetof(struct broker_adapter, member), flag, missing                            \
    }
#define DEAD_LETTER(member, missing) OPERATION(member, ADAPTER_DEAD_LETTER_QUEUE, missing)
#define PARTITION(member)            OPERATION(member, ADAPTER_STREAM_PARTITIONING, PORT_UNSUPPORTED)

const struct port_operation port_operations[ADAPTER_OP_COUNT] = {
    [ADAPTER_OP_PUBLISH] = OPERATION(publish, 0, PORT_ALWAYS),
    [ADAPTER_OP_GET_NEXT] = OPERATION(get_next, ADAPTER_CONSUMER_GROUPS, PORT_EMPTY),
    [ADAPTER_OP_READ] = OPERATION(read, ADAPTER_CONSUMER_GROUPS, PORT_EMPTY),
    [ADAPTER_OP_READ_BLOCKING] = OPERATION(read_blocking, ADAPTER_BLOCKING_READ, PORT_PLAIN_READ),
    [ADAPTER_OP_ACK] = OPERATION(ack, ADAPTER_ACK_NACK, PORT_FALSE),
    [ADAPTER_OP_NACK] = OPERATION(nack, ADAPTER_ACK_NACK, PORT_FALSE),
    [ADAPTER_OP_SUBSCRIBE] = OPERATION(subscribe, 0, PORT_UNSUPPORTED),
    [ADAPTER_OP_READ_FROM] = OPERATION(read_from, ADAPTER_REPLAY, PORT_UNSUPPORTED),
    [ADAPTER_OP_TAMPER] = OPERATION(tamper, 0, PORT_UNSUPPORTED),
    [ADAPTER_OP_PING] = OPERATION(ping, 0, PORT_ALWAYS),
    [ADAPTER_OP_ENSURE_CONNECTION] = OPERATION(ensure_connection, 0, PORT_ALWAYS),
    [ADAPTER_OP_HEALTH_STATS] = OPERATION(health_stats, 0, PORT_ALWAYS),
    [ADAPTER_OP_INFO] = OPERATION(info, 0, PORT_ALWAYS),
    [ADAPTER_OP_ENSURE_GROUP] = OPERATION(ensure_group, 0, PORT_ALWAYS),
    [ADAPTER_OP_DATA_RESET] = OPERATION(data_reset, 0, PORT_ALWAYS),
    [ADAPTER_OP_DLQ_LIST] = DEAD_LETTER(dlq_list, PORT_EMPTY),
    [ADAPTER_OP_DLQ_INSPECT] = DEAD_LETTER(dlq_inspect, PORT_EMPTY),
    [ADAPTER_OP_DLQ_REPLAY] = DEAD_LETTER(dlq_replay, PORT_FALSE),
    [ADAPTER_OP_DLQ_REPLAY_ALL] = DEAD_LETTER(dlq_replay_all, PORT_FALSE),
    [ADAPTER_OP_DLQ_PURGE] = DEAD_LETTER(dlq_purge, PORT_FALSE),
    [ADAPTER_OP_DLQ_TRIM] = DEAD_LETTER(dlq_trim, PORT_FALSE),
    [ADAPTER_OP_DLQ_DEPTH] = DEAD_LETTER(dlq_depth, PORT_FALSE),
    [ADAPTER_OP_TRIM] = OPERATION(trim, 0, PORT_FALSE),
    [ADAPTER_OP_RECORD_PARTITION] = PARTITION(record_partition),
    [ADAPTER_OP_PARTITION_KEYS] = PARTITION(partition_keys),
    [ADAPTER_OP_REAP_PARTITION] = PARTITION(reap_partition),
    [ADAPTER_OP_ACQUIRE_PARTITION_LEASE] = PARTITION(acquire_partition_lease),
    [ADAPTER_OP_RENEW_PARTITION_LEASE] = PARTITION(renew_partition_lease),
    [ADAPTER_OP_RELEASE_PARTITION_LEASE] = PARTITION(release_partition_lease),
    [ADAPTER_OP_READ_PARTITION_FENCED] = PARTITION(read_partition_fenced),
    [ADAPTER_OP_ACK_PARTITION_FENCED] = PARTITION(ack_partition_fenced),
    [ADAPTER_OP_RECLAIM_PARTITION_PENDING] = PARTITION(reclaim_partition_pending),
    [ADAPTER_OP_STREAM_DEPTH] = OPERATION(stream_depth, 0, PORT_UNSUPPORTED),
    [ADAPTER_OP_STREAM_REMOVE] = OPERATION(stream_remove, 0, PORT_UNSUPPORTED),
    [ADAPTER_OP_DISTURB] = OPERATION(disturb, 0, PORT_UNSUPPORTED),
    [ADAPTER_OP_RESTORE] = OPERATION(restore, 0, PORT_UNSUPPORTED),
};

/* NULL when the adapter was built without the member, or left it out. */
static adapter_start *member(const struct broker_adapter *adapter, uint32_t operation)
{
    size_t offset = port_operations[operation].offset;
    adapter_start *start;

    if (adapter->struct_size < offset + sizeof(start))
        return NULL;
    memcpy(&start, (const char *)adapter + offset, sizeof(start));
    return start;
}

void port_stand_for(struct broker_adapter *adapter, const struct broker_adapter *inner,
                    adapter_start *start)
{
    char bytes[sizeof(*adapter)];

    *adapter = (struct broker_adapter){
        .abi = BROKER_ADAPTER_ABI,
        .struct_size = sizeof(*adapter),
        .name = inner->name,
        .summary = inner->summary,
        .capabilities = inner->capabilities,
        .traits = inner->traits,
        .options = inner->options,
        .option_count = inner->option_count,
        .profile = inner->profile,
    };
    if (port_has(inner, ADAPTER_OP_DISTURB)) {
        adapter->disturbances = inner->disturbances;
        adapter->disturbance_count = inner->disturbance_count;
    }
    memcpy(bytes, adapter, sizeof(bytes));
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++)
        if (port_has(inner, i))
            memcpy(bytes + port_operations[i].offset, &start, sizeof(start));
    memcpy(adapter, bytes, sizeof(bytes));
}

bool port_has(const struct broker_adapter *adapter, enum adapter_operation operation)
{
    return member(adapter, operation) != NULL;
}

const struct adapter_disturbance *port_disturbance(const struct broker_adapter *adapter,
                                                   const char *key)
{
    if (!ADAPTER_HAS(adapter, disturbances) || !port_has(adapter, ADAPTER_OP_DISTURB))
        return NULL;
    for (uint64_t i = 0; i < adapter->disturbance_count; i++)
        if (strcmp(adapter->disturbances[i].key, key) == 0)
            return &adapter->disturbances[i];
    return NULL;
}

bool port_can_simulate(const struct broker_adapter *adapter)
{
    uint32_t real = ADAPTER_TRAIT_BLOCKS | ADAPTER_TRAIT_REAL_TIME;

    return adapter->traits & ADAPTER_TRAIT_IN_PROCESS && !(adapter->traits & real);
}

/* --- The gate -------------------------------------------------------------------------------- */

static bool is_absent(const struct broker_adapter *adapter, uint32_t declared, uint32_t operation)
{
    return (port_operations[operation].capability & ~declared) != 0 || !member(adapter, operation);
}

/* The post of a call that was stopped at the gate; the call itself says what its answer is. */
static void complete_absent(void *context)
{
    struct adapter_call *call = context;
    const struct port_operation *operation = &port_operations[call->operation];
    struct adapter_result result = {.struct_size = sizeof(result)};
    char detail[80];

    if (operation->absence == PORT_EMPTY) {
        result.outcome = ADAPTER_EMPTY;
    } else if (operation->absence == PORT_FALSE) {
        result.outcome = ADAPTER_DONE; /* number 0 */
    } else {
        snprintf(detail, sizeof(detail), "the broker does not offer %s", operation->name);
        result.outcome = ADAPTER_UNSUPPORTED;
        result.error = ADAPTER_ERROR_NOT_SUPPORTED;
        result.detail = detail;
    }
    call->done(call, &result);
}

/* A blocking read that becomes a plain one is a plain read from here on, also in call->operation:
   an adapter that looks there must not wait. */
void port_start(const struct broker_adapter *adapter, uint32_t declared,
                const struct adapter_host *host, struct adapter_session *session,
                struct adapter_call *call)
{
    assert(call->operation < ADAPTER_OP_COUNT);
    if (is_absent(adapter, declared, call->operation) &&
        port_operations[call->operation].absence == PORT_PLAIN_READ)
        call->operation = ADAPTER_OP_READ;
    if (is_absent(adapter, declared, call->operation)) {
        host->post(host, complete_absent, call);
        return;
    }
    struct port_note before =
        port_note_enter(adapter->name, port_operations[call->operation].name, call);
    member(adapter, call->operation)(session, call);
    port_note_leave(&before);
}

/* --- Life ------------------------------------------------------------------------------------ */

int port_create(const struct broker_adapter *adapter, const struct adapter_host *host,
                const struct adapter_config *config, struct adapter_instance **ret_instance,
                char reterr[256])
{
    struct port_note before = port_note_enter(adapter->name, "create", NULL);
    int result = adapter->create(host, config, ret_instance, reterr);

    port_note_leave(&before);
    return result;
}

void port_destroy(const struct broker_adapter *adapter, struct adapter_instance *instance)
{
    struct port_note before = port_note_enter(adapter->name, "destroy", NULL);

    adapter->destroy(instance);
    port_note_leave(&before);
}

int port_open(const struct broker_adapter *adapter, struct adapter_instance *instance,
              const struct adapter_host *host, const struct adapter_session_config *config,
              struct adapter_session **ret_session, char reterr[256])
{
    struct port_note before = port_note_enter(adapter->name, "open", NULL);
    int result = adapter->open(instance, host, config, ret_session, reterr);

    port_note_leave(&before);
    return result;
}

void port_close(const struct broker_adapter *adapter, struct adapter_session *session)
{
    struct port_note before = port_note_enter(adapter->name, "close", NULL);

    adapter->close(session);
    port_note_leave(&before);
}

void port_abandon(const struct broker_adapter *adapter, struct adapter_session *session)
{
    struct port_note before = port_note_enter(adapter->name, "abandon", NULL);

    adapter->abandon(session);
    port_note_leave(&before);
}
