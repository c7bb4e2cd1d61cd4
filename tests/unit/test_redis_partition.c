/* test_redis_partition.c: partitions of the Streams adapter: the index, leases, fences, reclaim,
   reaping. */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "support/redis_fixture.h"

#define LEASE      "H:k:__lease__"
#define GENERATION "H:k:__generation__"

static struct redis_server *server_of(void **state)
{
    return &redis_fixture_of(state)->server;
}

static const struct desk_answer *acquire(struct desk *desk, const char *owner, int64_t ttl_ms)
{
    struct adapter_call call = {.operation = ADAPTER_OP_ACQUIRE_PARTITION_LEASE,
                                .key = LEASE,
                                .generation_key = GENERATION,
                                .token = owner,
                                .duration_ms = ttl_ms};

    return desk_do(desk, &call);
}

static int64_t renew(struct desk *desk, const char *token, int64_t ttl_ms)
{
    struct adapter_call call = {.operation = ADAPTER_OP_RENEW_PARTITION_LEASE,
                                .key = LEASE,
                                .token = token,
                                .duration_ms = ttl_ms};

    return desk_do(desk, &call)->number;
}

static int64_t release(struct desk *desk, const char *token)
{
    struct adapter_call call = {
        .operation = ADAPTER_OP_RELEASE_PARTITION_LEASE, .key = LEASE, .token = token};

    return desk_do(desk, &call)->number;
}

static const struct desk_answer *fenced_read(struct desk *desk, const char *stream,
                                             const char *token, int64_t count, uint32_t flags)
{
    struct adapter_call call = {.operation = ADAPTER_OP_READ_PARTITION_FENCED,
                                .stream = stream,
                                .group = "H",
                                .consumer = token,
                                .key = LEASE,
                                .token = token,
                                .count = count,
                                .flags = flags};

    return desk_do(desk, &call);
}

static const struct desk_answer *fenced_ack(struct desk *desk, const char *stream,
                                            const char *token, const char *id)
{
    struct adapter_text item = {id, strlen(id)};
    struct adapter_call call = {.operation = ADAPTER_OP_ACK_PARTITION_FENCED,
                                .stream = stream,
                                .group = "H",
                                .key = LEASE,
                                .token = token,
                                .items = &item,
                                .item_count = 1};

    return desk_do(desk, &call);
}

static const struct desk_answer *reclaim(struct desk *desk, const char *stream,
                                         const char *consumer, int64_t idle_ms, int64_t count)
{
    struct adapter_call call = {.operation = ADAPTER_OP_RECLAIM_PARTITION_PENDING,
                                .stream = stream,
                                .group = "H",
                                .consumer = consumer,
                                .duration_ms = idle_ms,
                                .count = count};

    return desk_do(desk, &call);
}

static int64_t reap(struct desk *desk, const char *key, int64_t idle_ms, const char *lane)
{
    struct adapter_call call = {.operation = ADAPTER_OP_REAP_PARTITION,
                                .stream = "cat",
                                .key = key,
                                .duration_ms = idle_ms,
                                .target = lane};

    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
    return desk->answer.number;
}

static void record(struct desk *desk, const char *key)
{
    struct adapter_call call = {
        .operation = ADAPTER_OP_RECORD_PARTITION, .stream = "cat", .key = key};

    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
}

static size_t key_count(struct desk *desk)
{
    return desk_ask(desk, ADAPTER_OP_PARTITION_KEYS, "cat", NULL)->entry_count;
}

static void partition_keys_are_a_set_of_exact_names(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    redis_server_number(server_of(state), "FLUSHALL");
    assert_int_equal(key_count(desk), 0);
    record(desk, "a");
    record(desk, "\xc3\xa9 with space");
    record(desk, "a");
    assert_int_equal(key_count(desk), 2);
    assert_true(!strcmp(desk->answer.entries[0].id, "a") ||
                !strcmp(desk->answer.entries[1].id, "a"));
    assert_true(!strcmp(desk->answer.entries[0].id, "\xc3\xa9 with space") ||
                !strcmp(desk->answer.entries[1].id, "\xc3\xa9 with space"));
    assert_int_equal(desk_ask(desk, ADAPTER_OP_PARTITION_KEYS, "other", NULL)->outcome,
                     ADAPTER_EMPTY);
    desk_close(desk);
}

static void a_lease_has_one_holder_and_a_growing_generation(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    redis_server_number(server_of(state), "FLUSHALL");
    assert_int_equal(acquire(desk, "one", 60000)->number, 1);
    assert_int_equal(acquire(desk, "two", 60000)->outcome, ADAPTER_EMPTY);
    assert_int_equal(acquire(desk, "one", 60000)->outcome, ADAPTER_EMPTY);
    assert_int_equal(renew(desk, "two:1", 60000), 0);
    assert_int_equal(renew(desk, "one:1", 60000), 1);
    assert_int_equal(release(desk, "one:2"), 0);
    assert_int_equal(release(desk, "one:1"), 1);
    assert_int_equal(release(desk, "one:1"), 0);
    assert_int_equal(acquire(desk, "two", 20)->number, 2);
    desk_wait(desk, 40000000);
    assert_int_equal(renew(desk, "two:2", 60000), 0);
    assert_int_equal(acquire(desk, "one", 60000)->number, 3);
    assert_int_equal(release(desk, "two:2"), 0);
    assert_int_equal(renew(desk, "one:3", 60000), 1);
    desk_close(desk);
}

static void a_lease_without_a_ttl_is_refused(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    redis_server_number(server_of(state), "FLUSHALL");
    assert_int_equal(acquire(desk, "one", 0)->error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(acquire(desk, "one", -1)->error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(acquire(desk, "one", 60000)->number, 1);
    desk_close(desk);
}

static void only_the_holder_reads_and_acknowledges(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    redis_server_number(server_of(state), "FLUSHALL");
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 5, 0)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_int_equal(desk->answer.outcome, ADAPTER_REFUSED);
    assert_int_equal(redis_server_number(server_of(state), "EXISTS cat:k"), 0);
    acquire(desk, "one", 60000);
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 5, 0)->outcome, ADAPTER_EMPTY);
    for (int i = 0; i < 4; i++)
        desk_publish(desk, "cat:k", "{\"a\": 1}");
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 0, 0)->outcome, ADAPTER_EMPTY);
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", -1, 0)->error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 3, 0)->entry_count, 3);
    strcpy(id, desk->answer.entries[0].id);
    assert_int_equal(fenced_read(desk, "cat:k", "two:1", 3, 0)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_int_equal(fenced_ack(desk, "cat:k", "two:1", id)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_int_equal(fenced_ack(desk, "cat:k", "one:1", id)->number, 1);
    assert_int_equal(fenced_ack(desk, "cat:k", "one:1", id)->number, 0);
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 9, ADAPTER_CALL_OWN_PENDING)->entry_count,
                     2);
    redis_server_number(server_of(state), "DEL cat:k");
    desk_publish(desk, "cat:k", "{\"a\": 1}");
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 9, 0)->entry_count, 1);
    desk_close(desk);
}

static void reclaim_takes_everything_that_is_idle_over_all_pages(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    redis_server_number(server_of(state), "FLUSHALL");
    assert_int_equal(reclaim(desk, "cat:k", "two:2", 0, 10)->outcome, ADAPTER_EMPTY);
    acquire(desk, "one", 60000);
    for (int i = 0; i < 50; i++)
        desk_publish(desk, "cat:k", "{\"a\": 1}");
    assert_int_equal(fenced_read(desk, "cat:k", "one:1", 50, 0)->entry_count, 50);
    strcpy(id, desk->answer.entries[0].id);
    redis_server_number(server_of(state), "XDEL cat:k %s", id);
    assert_int_equal(reclaim(desk, "cat:k", "two:2", 0, 7)->error, ADAPTER_ERROR_LEASE_LOST);
    release(desk, "one:1");
    acquire(desk, "two", 60000);
    assert_int_equal(reclaim(desk, "cat:k", "two:2", 60000, 10)->outcome, ADAPTER_EMPTY);
    assert_int_equal(reclaim(desk, "cat:k", "two:2", 0, 7)->entry_count, 49);
    assert_true(strcmp(desk->answer.entries[0].id, desk->answer.entries[48].id) < 0);
    assert_int_equal(desk->answer.entries[0].flags, ADAPTER_ENTRY_RECLAIMED);
    assert_int_equal(reclaim(desk, "cat:k", "one:1", 0, 7)->error, ADAPTER_ERROR_LEASE_LOST);
    redis_server_number(server_of(state), "DEL cat:k");
    assert_int_equal(reclaim(desk, "cat:k", "two:2", 0, 7)->outcome, ADAPTER_EMPTY);
    desk_close(desk);
}

static void a_partition_is_reaped_only_when_nobody_needs_it(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    redis_server_number(server_of(state), "FLUSHALL");
    record(desk, "k");
    assert_int_equal(reap(desk, "k", 60000, NULL), 0); /* recorded a moment ago */
    desk_publish(desk, "cat:k", "{\"a\": 1}");
    assert_int_equal(reap(desk, "k", 0, NULL), 0); /* no group */
    desk_ask(desk, ADAPTER_OP_ENSURE_GROUP, "cat:k", "g");
    assert_int_equal(reap(desk, "k", 0, NULL), 0); /* not delivered */
    strcpy(id, desk_read(desk, "cat:k", "g", 1)->entries[0].id);
    assert_int_equal(reap(desk, "k", 0, NULL), 0); /* not acknowledged */
    desk_ack(desk, "cat:k", "g", id);
    assert_int_equal(reap(desk, "k", 60000, NULL), 0); /* too young */
    desk_publish(desk, "cat:k:backfill", "{\"a\": 1}");
    assert_int_equal(reap(desk, "k", 0, "backfill"), 0); /* its lane is not drained */
    assert_int_equal(key_count(desk), 1);
    strcpy(id, desk_read(desk, "cat:k:backfill", "g", 1)->entries[0].id);
    desk_ack(desk, "cat:k:backfill", "g", id);
    assert_int_equal(reap(desk, "k", 0, "backfill"), 1);
    assert_int_equal(key_count(desk), 0);
    assert_int_equal(redis_server_number(server_of(state), "EXISTS cat:k cat:k:backfill"), 0);
    desk_publish(desk, "cat:k", "{\"a\": 1}");
    assert_int_equal(desk_read(desk, "cat:k", "g", 1)->entry_count, 1);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partition_keys_are_a_set_of_exact_names),
        cmocka_unit_test(a_lease_has_one_holder_and_a_growing_generation),
        cmocka_unit_test(a_lease_without_a_ttl_is_refused),
        cmocka_unit_test(only_the_holder_reads_and_acknowledges),
        cmocka_unit_test(reclaim_takes_everything_that_is_idle_over_all_pages),
        cmocka_unit_test(a_partition_is_reaped_only_when_nobody_needs_it),
    };

    if (redis_fixture_must_skip("redis_partition"))
        return 0;
    return cmocka_run_group_tests_name("redis_partition", tests, redis_fixture_start,
                                       redis_fixture_stop);
}
