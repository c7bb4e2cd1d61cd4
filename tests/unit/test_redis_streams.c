/* test_redis_streams.c: the Streams adapter against a real server: publish, read, settle. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redis/redis.h"
#include "support/redis_desk.h"
#include "support/redis_server.h"

/* One server for all tests of the program; each test uses streams of its own. */
struct fixture {
    struct redis_server server;
    struct desk desk, other;
};

static struct fixture *fixture_of(void **state)
{
    return *state;
}

static int start_server(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    if (!fixture || redis_server_start(&fixture->server, NULL))
        return -1;
    *state = fixture;
    return 0;
}

static int stop_server(void **state)
{
    redis_server_release(&fixture_of(state)->server);
    free(*state);
    return 0;
}

static struct desk *open_desk(void **state, const char *const *options)
{
    struct fixture *fixture = fixture_of(state);

    assert_int_equal(desk_open(&fixture->desk, &redis_adapter, fixture->server.uri, NULL, options),
                     0);
    return &fixture->desk;
}

static struct desk *open_other(void **state)
{
    struct fixture *fixture = fixture_of(state);

    assert_int_equal(desk_join(&fixture->other, &fixture->desk, NULL), 0);
    return &fixture->other;
}

static void publish_many(struct desk *desk, const char *stream, size_t count)
{
    struct adapter_text items[600];
    char payloads[600][32];
    struct adapter_call call = {
        .operation = ADAPTER_OP_PUBLISH, .stream = stream, .items = items, .item_count = count};

    for (size_t i = 0; i < count; i++)
        items[i] = (struct adapter_text){
            payloads[i], (size_t)snprintf(payloads[i], sizeof(payloads[i]), "{\"n\": %zu}", i)};
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
}

static void a_published_message_is_read_under_its_id(void **state)
{
    struct desk *desk = open_desk(state, NULL);
    const struct desk_answer *answer = desk_publish(desk, "s1", "{\"a\": 1}");
    char id[64];

    assert_int_equal(answer->outcome, ADAPTER_DONE);
    assert_int_equal(answer->attempts, 1);
    assert_int_equal(answer->item_count, 1);
    strcpy(id, answer->ids[0]);
    answer = desk_read(desk, "s1", "g", 10);
    assert_int_equal(answer->outcome, ADAPTER_DONE);
    assert_int_equal(answer->entry_count, 1);
    assert_string_equal(answer->entries[0].id, id);
    assert_string_equal(answer->entries[0].payload, "{\"a\": 1}");
    assert_int_equal(answer->entries[0].attempt, 1);
    assert_int_equal(desk_read(desk, "s1", "g", 10)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_ack(desk, "s1", "g", id)->number, 1);
    assert_int_equal(desk_ack(desk, "s1", "g", id)->number, 0);
    desk_close(desk);
}

static void a_batch_keeps_its_order_and_each_item_has_its_id(void **state)
{
    struct desk *desk = open_desk(state, NULL);
    const struct desk_answer *answer;
    char expected[32];

    publish_many(desk, "s2", 500);
    assert_int_equal(desk->answer.item_count, 500);
    assert_string_not_equal(desk->answer.ids[0], desk->answer.ids[499]);
    answer = desk_read(desk, "s2", "g", 1000);
    assert_int_equal(answer->entry_count, 500);
    for (size_t i = 0; i < 500; i++) {
        (void)snprintf(expected, sizeof(expected), "{\"n\": %zu}", i);
        assert_string_equal(answer->entries[i].payload, expected);
    }
    desk_close(desk);
}

static void what_is_no_message_is_refused_and_the_rest_of_the_batch_is_stored(void **state)
{
    static const char *const bad[] = {"",    "{}",        "{ }",        "null",      "[1]",
                                      "\"x\"", "5",       "{\"a\":}",   "{\"a\":NaN}", "{\"a\":1",
                                      "{\"a\":1}}", "{\"a\":01}", "{\"\xff\":1}", "{'a':1}"};
    struct desk *desk = open_desk(state, NULL);
    struct adapter_text items[3] = {{"{\"a\":1}", 7}, {"{}", 2}, {"{\"b\":2}", 7}};
    struct adapter_call call = {
        .operation = ADAPTER_OP_PUBLISH, .stream = "s3", .items = items, .item_count = 3};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        const struct desk_answer *answer = desk_publish(desk, "s3", bad[i]);

        assert_int_equal(answer->outcome, ADAPTER_REFUSED);
        assert_int_equal(answer->error, ADAPTER_ERROR_VALIDATION);
    }
    assert_int_equal(redis_server_number(&fixture_of(state)->server, "EXISTS s3"), 0);
    desk_do(desk, &call);
    assert_int_equal(desk->answer.outcome, ADAPTER_REFUSED);
    assert_int_equal(desk->answer.items[0].outcome, ADAPTER_DONE);
    assert_int_equal(desk->answer.items[1].outcome, ADAPTER_REFUSED);
    assert_int_equal(desk->answer.items[2].outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(&fixture_of(state)->server, "XLEN s3"), 2);
    desk_close(desk);
}

static void an_ack_of_what_is_not_pending_is_false(void **state)
{
    static const char *const ids[] = {"9999999999999-0", "nope", "", "1-1-1", "-", "1",
                                      "99999999999999999999999-0"};
    struct desk *desk = open_desk(state, NULL);

    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        assert_int_equal(desk_ack(desk, "s4", "g", ids[i])->outcome, ADAPTER_DONE);
        assert_int_equal(desk->answer.number, 0);
        assert_int_equal(desk_nack(desk, "s4", "g", ids[i])->outcome, ADAPTER_DONE);
        assert_int_equal(desk->answer.number, 0);
    }
    assert_int_equal(redis_server_number(&fixture_of(state)->server, "EXISTS s4"), 0);
    desk_close(desk);
}

static void a_nacked_message_comes_back_first_and_in_order(void **state)
{
    struct desk *desk = open_desk(state, NULL);
    const struct desk_answer *answer;
    char id[64];

    desk_publish(desk, "s5", "{\"n\": 1}");
    strcpy(id, desk_read(desk, "s5", "g", 1)->entries[0].id);
    assert_int_equal(desk_nack(desk, "s5", "g", id)->number, 1);
    assert_int_equal(desk_nack(desk, "s5", "g", id)->number, 0);
    desk_publish(desk, "s5", "{\"n\": 2}");
    desk_publish(desk, "s5", "{\"n\": 3}");
    answer = desk_read(desk, "s5", "g", 10);
    assert_int_equal(answer->entry_count, 3);
    assert_string_equal(answer->entries[0].id, id);
    assert_int_equal(answer->entries[0].attempt, 2);
    assert_string_equal(answer->entries[1].payload, "{\"n\": 2}");
    assert_int_equal(answer->entries[1].attempt, 1);
    assert_string_equal(answer->entries[2].payload, "{\"n\": 3}");
    assert_int_equal(desk_read(desk, "s5", "g", 10)->outcome, ADAPTER_EMPTY);
    desk_close(desk);
}

static void a_nacked_message_reaches_another_consumer_within_the_interval(void **state)
{
    static const char *const options[] = {"reclaim_interval", "20ms", NULL};
    struct desk *desk = open_desk(state, options), *other = open_other(state);
    const struct desk_answer *answer;
    char id[64];

    desk_publish(desk, "s6", "{\"n\": 1}");
    assert_int_equal(desk_read(other, "s6", "g", 1)->entry_count, 1);
    strcpy(id, other->answer.entries[0].id);
    assert_int_equal(desk_read(desk, "s6", "g", 1)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_nack(other, "s6", "g", id)->number, 1);
    answer = desk_read_blocking(desk, "s6", "g", 10, 2000);
    assert_int_equal(answer->entry_count, 1);
    assert_string_equal(answer->entries[0].id, id);
    assert_int_equal(answer->entries[0].flags, ADAPTER_ENTRY_RECLAIMED);
    assert_int_equal(answer->entries[0].attempt, 2);
    desk_close(other);
    desk_close(desk);
}

static void a_blocked_reader_wakes_when_something_is_published(void **state)
{
    struct desk *desk = open_desk(state, NULL), *other = open_other(state);
    struct adapter_call call = {.operation = ADAPTER_OP_READ_BLOCKING,
                                .stream = "s7",
                                .group = "g",
                                .count = 5,
                                .duration_ms = 0};

    desk_begin(desk, &call);
    desk_wait(desk, 30000000);
    assert_false(desk->is_done);
    desk_publish(other, "s7", "{\"n\": 1}");
    assert_int_equal(desk_finish(desk)->entry_count, 1);
    assert_int_equal(desk_read_blocking(desk, "s7", "g", 5, 30)->outcome, ADAPTER_EMPTY);
    desk_close(other);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_published_message_is_read_under_its_id),
        cmocka_unit_test(a_batch_keeps_its_order_and_each_item_has_its_id),
        cmocka_unit_test(what_is_no_message_is_refused_and_the_rest_of_the_batch_is_stored),
        cmocka_unit_test(an_ack_of_what_is_not_pending_is_false),
        cmocka_unit_test(a_nacked_message_comes_back_first_and_in_order),
        cmocka_unit_test(a_nacked_message_reaches_another_consumer_within_the_interval),
        cmocka_unit_test(a_blocked_reader_wakes_when_something_is_published),
    };

    return cmocka_run_group_tests_name("redis_streams", tests, start_server, stop_server);
}
