/* test_port.c: the table of operations against the struct it describes, and the gate before it. */
#include "support/unit.h"

#include <string.h>

#include "actors/host.h"
#include "port.h"

#define ALL_FLAGS ADAPTER_TIER_ENTERPRISE_STREAMING

/* --- An adapter that notes which member was started ------------------------------------------- */

static const char *started; /* the member's name, NULL when none was */

/* clang-format off */
#define MEMBERS(X)                                                                                 \
    X(publish) X(get_next) X(read) X(read_blocking) X(ack) X(nack) X(subscribe) X(read_from)       \
    X(tamper) X(ping) X(ensure_connection) X(health_stats) X(info) X(ensure_group) X(data_reset)   \
    X(dlq_list) X(dlq_inspect) X(dlq_replay) X(dlq_replay_all) X(dlq_purge) X(dlq_trim)            \
    X(dlq_depth) X(trim) X(record_partition) X(partition_keys) X(reap_partition)                   \
    X(acquire_partition_lease) X(renew_partition_lease) X(release_partition_lease)                 \
    X(read_partition_fenced) X(ack_partition_fenced) X(reclaim_partition_pending)                  \
    X(stream_depth) X(stream_remove) X(disturb) X(restore)
/* clang-format on */

#define STARTER(member)                                                                            \
    static void start_##member(struct adapter_session *session, struct adapter_call *call)         \
    {                                                                                              \
        (void)session;                                                                             \
        (void)call;                                                                                \
        started = #member;                                                                         \
    }
MEMBERS(STARTER)

#define FILLED_IN(member) .member = start_##member,
static const struct broker_adapter full_adapter = {.struct_size = sizeof(full_adapter),
                                                   MEMBERS(FILLED_IN)};
static const struct broker_adapter empty_adapter = {.struct_size = sizeof(empty_adapter)};

/* --- A call through the gate ------------------------------------------------------------------ */

struct trial {
    struct adapter_call call;
    struct adapter_result result;
    char detail[100];
    int done_count, done_inside;
};

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct trial *trial = call->context;

    trial->done_count++;
    trial->result = *result;
    if (result->detail)
        strncat(trial->detail, result->detail, sizeof(trial->detail) - 1);
}

static struct trial try_operation(const struct broker_adapter *adapter, uint32_t declared,
                                  enum adapter_operation operation)
{
    struct trial trial = {.call = {.operation = operation, .done = on_done}};
    struct loop *loop = loop_simulated_new();
    struct host *host = host_new(loop, NULL, NULL, 1, "test");

    started = NULL;
    trial.call.context = &trial;
    port_start(adapter, declared, host_port(host), NULL, &trial.call);
    trial.done_inside = trial.done_count;
    loop_run(loop);
    host_free(host);
    loop_free(loop);
    return trial;
}

/* --- The table -------------------------------------------------------------------------------- */

static void every_operation_starts_the_member_of_its_name(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++) {
        struct trial trial = try_operation(&full_adapter, ALL_FLAGS, i);

        assert_string_equal(started, port_operations[i].name);
        assert_int_equal(trial.done_count, 0);
        assert_int_equal(trial.call.operation, i);
        assert_true(port_has(&full_adapter, i));
        assert_false(port_has(&empty_adapter, i));
    }
}

static void names_and_members_are_distinct(void **state)
{
    (void)state;
    for (size_t i = 0; i < ADAPTER_OP_COUNT; i++)
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(port_operations[i].name, port_operations[j].name);
            assert_int_not_equal(port_operations[i].offset, port_operations[j].offset);
        }
    assert_int_equal(ADAPTER_OP_COUNT, 36);
}

static void members_past_the_size_of_an_older_adapter_are_absent(void **state)
{
    struct broker_adapter older = full_adapter;

    (void)state;
    older.struct_size = offsetof(struct broker_adapter, stream_remove);
    assert_true(port_has(&older, ADAPTER_OP_STREAM_DEPTH));
    assert_false(port_has(&older, ADAPTER_OP_STREAM_REMOVE));
    older.struct_size--; /* only a part of the member */
    assert_false(port_has(&older, ADAPTER_OP_STREAM_DEPTH));
}

static void a_disturbance_is_found_by_its_name(void **state)
{
    static const struct adapter_disturbance table[] = {{.key = "flood"}, {.key = "drought"}};
    struct broker_adapter able = full_adapter, older;

    (void)state;
    able.disturbances = table;
    able.disturbance_count = ARRAY_SIZE(table);
    assert_ptr_equal(port_disturbance(&able, "drought"), &table[1]);
    assert_null(port_disturbance(&able, "frost"));
    older = able;
    older.struct_size = offsetof(struct broker_adapter, disturbances);
    assert_null(port_disturbance(&older, "drought"));
    able.disturb = NULL;
    assert_null(port_disturbance(&able, "drought"));
}

/* --- The gate --------------------------------------------------------------------------------- */

static const struct absence_case {
    enum adapter_operation operation;
    uint32_t missing; /* the flag without which it is absent; 0: only when it is not filled in */
    uint32_t outcome;
} absences[] = {
    {ADAPTER_OP_GET_NEXT, ADAPTER_CONSUMER_GROUPS, ADAPTER_EMPTY},
    {ADAPTER_OP_READ, ADAPTER_CONSUMER_GROUPS, ADAPTER_EMPTY},
    {ADAPTER_OP_ACK, ADAPTER_ACK_NACK, ADAPTER_DONE},
    {ADAPTER_OP_NACK, ADAPTER_ACK_NACK, ADAPTER_DONE},
    {ADAPTER_OP_READ_FROM, ADAPTER_REPLAY, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_DLQ_LIST, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_EMPTY},
    {ADAPTER_OP_DLQ_INSPECT, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_EMPTY},
    {ADAPTER_OP_DLQ_REPLAY, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_DONE},
    {ADAPTER_OP_DLQ_REPLAY_ALL, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_DONE},
    {ADAPTER_OP_DLQ_PURGE, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_DONE},
    {ADAPTER_OP_DLQ_TRIM, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_DONE},
    {ADAPTER_OP_DLQ_DEPTH, ADAPTER_DEAD_LETTER_QUEUE, ADAPTER_DONE},
    {ADAPTER_OP_RECORD_PARTITION, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_PARTITION_KEYS, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_REAP_PARTITION, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_ACQUIRE_PARTITION_LEASE, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_RENEW_PARTITION_LEASE, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_RELEASE_PARTITION_LEASE, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_READ_PARTITION_FENCED, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_ACK_PARTITION_FENCED, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_RECLAIM_PARTITION_PENDING, ADAPTER_STREAM_PARTITIONING, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_TRIM, 0, ADAPTER_DONE},
    {ADAPTER_OP_PUBLISH, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_SUBSCRIBE, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_TAMPER, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_PING, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_ENSURE_CONNECTION, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_HEALTH_STATS, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_INFO, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_ENSURE_GROUP, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_DATA_RESET, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_STREAM_DEPTH, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_STREAM_REMOVE, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_DISTURB, 0, ADAPTER_UNSUPPORTED},
    {ADAPTER_OP_RESTORE, 0, ADAPTER_UNSUPPORTED},
};

static void check_absent(const struct trial *trial, const struct absence_case *expected)
{
    assert_null(started);
    assert_int_equal(trial->done_inside, 0);
    assert_int_equal(trial->done_count, 1);
    assert_int_equal(trial->result.outcome, expected->outcome);
    assert_int_equal(trial->result.number, 0);
    assert_int_equal(trial->result.item_count, 0);
    assert_int_equal(trial->result.entry_count, 0);
    assert_int_equal(trial->result.error, expected->outcome == ADAPTER_UNSUPPORTED
                                              ? ADAPTER_ERROR_NOT_SUPPORTED
                                              : ADAPTER_ERROR_NONE);
}

static void an_undeclared_capability_stops_its_operations_later_and_without_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(absences); i++) {
        const struct absence_case *expected = &absences[i];

        assert_int_equal(port_operations[expected->operation].capability, expected->missing);
        if (expected->missing == 0)
            continue;
        struct trial trial =
            try_operation(&full_adapter, ALL_FLAGS & ~expected->missing, expected->operation);
        check_absent(&trial, expected);
        try_operation(&full_adapter, expected->missing, expected->operation);
        assert_non_null(started); /* its own flag is all it needs */
    }
}

static void an_operation_that_is_not_filled_in_answers_the_same(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_SIZE(absences), ADAPTER_OP_COUNT - 1); /* all but read_blocking */
    for (size_t i = 0; i < ARRAY_SIZE(absences); i++) {
        struct trial trial = try_operation(&empty_adapter, ALL_FLAGS, absences[i].operation);

        check_absent(&trial, &absences[i]);
        if (absences[i].outcome == ADAPTER_UNSUPPORTED)
            assert_non_null(strstr(trial.detail, port_operations[absences[i].operation].name));
    }
}

static void a_blocking_read_becomes_a_plain_one(void **state)
{
    struct broker_adapter without = full_adapter;

    (void)state;
    without.read_blocking = NULL;
    struct trial trial =
        try_operation(&full_adapter, ALL_FLAGS & ~ADAPTER_BLOCKING_READ, ADAPTER_OP_READ_BLOCKING);
    assert_string_equal(started, "read");
    assert_int_equal(trial.call.operation, ADAPTER_OP_READ);
    try_operation(&without, ALL_FLAGS, ADAPTER_OP_READ_BLOCKING);
    assert_string_equal(started, "read");
    try_operation(&full_adapter, ALL_FLAGS, ADAPTER_OP_READ_BLOCKING);
    assert_string_equal(started, "read_blocking");
}

static void a_blocking_read_without_groups_is_empty(void **state)
{
    const struct absence_case expected = {.outcome = ADAPTER_EMPTY};

    (void)state;
    struct trial trial =
        try_operation(&full_adapter, ADAPTER_TIER_BASIC_PUBSUB, ADAPTER_OP_READ_BLOCKING);
    check_absent(&trial, &expected);
    trial = try_operation(&empty_adapter, ALL_FLAGS, ADAPTER_OP_READ_BLOCKING);
    check_absent(&trial, &expected);
}

/* --- Names ------------------------------------------------------------------------------------ */

static void capabilities_have_names(void **state)
{
    (void)state;
    for (uint32_t flag = 1; flag <= ADAPTER_STREAM_PARTITIONING; flag <<= 1)
        assert_int_equal(port_capability_find(port_capability_name(flag)), flag);
    assert_string_equal(port_capability_name(ADAPTER_ACK_NACK), "ACK_NACK");
    assert_int_equal(port_capability_find("SIMPLE_QUEUING"), ADAPTER_TIER_SIMPLE_QUEUING);
    assert_int_equal(port_capability_find("ENTERPRISE_STREAMING"), ALL_FLAGS);
    assert_int_equal(port_capability_find("ack_nack"), 0);
}

static void a_tier_is_named_only_when_all_of_it_is_there(void **state)
{
    static const struct {
        uint32_t flags;
        const char *name;
    } cases[] = {
        {0, "none"},
        {ADAPTER_PUBLISH, "none"},
        {ADAPTER_TIER_BASIC_PUBSUB, "BASIC_PUBSUB"},
        {ADAPTER_TIER_SIMPLE_QUEUING, "SIMPLE_QUEUING"},
        {ADAPTER_TIER_SIMPLE_QUEUING | ADAPTER_ACK_NACK, "SIMPLE_QUEUING"},
        {ADAPTER_TIER_RELIABLE_MESSAGING | ADAPTER_REPLAY, "RELIABLE_MESSAGING"},
        {ALL_FLAGS & ~ADAPTER_CONSUMER_GROUPS, "BASIC_PUBSUB"},
        {ALL_FLAGS & ~ADAPTER_BLOCKING_READ, "ORDERED_MESSAGING"},
        {ALL_FLAGS, "ENTERPRISE_STREAMING"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(port_tier_name(cases[i].flags), cases[i].name);
}

static void outcomes_and_errors_have_names(void **state)
{
    (void)state;
    assert_string_equal(port_outcome_name(ADAPTER_DONE), "done");
    assert_string_equal(port_outcome_name(ADAPTER_UNSUPPORTED), "unsupported");
    assert_string_equal(port_outcome_name(99), "?");
    assert_string_equal(port_error_name(ADAPTER_ERROR_LEASE_LOST), "lease_lost");
    assert_string_equal(port_error_name(99), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_starts_the_member_of_its_name),
        cmocka_unit_test(names_and_members_are_distinct),
        cmocka_unit_test(members_past_the_size_of_an_older_adapter_are_absent),
        cmocka_unit_test(a_disturbance_is_found_by_its_name),
        cmocka_unit_test(an_undeclared_capability_stops_its_operations_later_and_without_effect),
        cmocka_unit_test(an_operation_that_is_not_filled_in_answers_the_same),
        cmocka_unit_test(a_blocking_read_becomes_a_plain_one),
        cmocka_unit_test(a_blocking_read_without_groups_is_empty),
        cmocka_unit_test(capabilities_have_names),
        cmocka_unit_test(a_tier_is_named_only_when_all_of_it_is_there),
        cmocka_unit_test(outcomes_and_errors_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
