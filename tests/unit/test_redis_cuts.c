/* test_redis_cuts.c: the Redis adapters when answers are lost with their connections. */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "support/redis_fixture.h"

static struct redis_server *server_of(void **state)
{
    return &redis_fixture_of(state)->server;
}

/* --- A lost connection ------------------------------------------------------------------------ */

static void a_read_whose_answer_was_lost_is_made_good_in_the_same_call(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    desk_read(desk, "r1", "g", 1); /* so that the next one has nothing else to do */
    desk_publish(desk, "r1", "{\"n\": 1}");
    desk_publish(desk, "r1", "{\"n\": 2}");
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_read(desk, "r1", "g", 1)->entry_count, 1);
    assert_string_equal(desk->answer.entries[0].payload, "{\"n\": 1}");
    assert_int_equal(desk->answer.entries[0].flags, ADAPTER_ENTRY_OWN_PENDING);
    assert_int_equal(desk->answer.attempts, 2);
    assert_int_equal(desk->answer.flags, ADAPTER_RESULT_RECONNECTED);
    assert_int_equal(desk_read(desk, "r1", "g", 1)->entry_count, 1);
    assert_string_equal(desk->answer.entries[0].payload, "{\"n\": 2}");
    assert_int_equal(desk->answer.flags, 0);
    desk_close(desk);
}

static void what_is_in_hand_is_not_served_again_after_a_lost_answer(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (int i = 0; i < 3; i++)
        desk_publish(desk, "r2", "{\"n\": 1}");
    assert_int_equal(desk_read_blocking(desk, "r2", "g", 1, 500)->entry_count, 1);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_read_blocking(desk, "r2", "g", 1, 500)->entry_count, 1);
    assert_int_equal(desk->answer.attempts, 2);
    assert_int_equal(desk_read_blocking(desk, "r2", "g", 9, 500)->entry_count, 1);
    assert_int_equal(desk_read_blocking(desk, "r2", "g", 9, 30)->outcome, ADAPTER_EMPTY);
    desk_close(desk);
}

static void without_retry_a_lost_answer_is_unknown_and_served_by_the_next_read(void **state)
{
    static const char *const options[] = {"retry", "none", NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);

    desk_read(desk, "r3", "g", 1);
    desk_publish(desk, "r3", "{\"n\": 1}");
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_read(desk, "r3", "g", 1)->outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk->answer.error, ADAPTER_ERROR_CONNECTION);
    assert_int_equal(desk->answer.attempts, 1);
    assert_int_equal(desk_read(desk, "r3", "g", 1)->entry_count, 1);
    assert_int_equal(desk->answer.flags, ADAPTER_RESULT_RECONNECTED);
    assert_int_equal(desk->answer.entries[0].flags, ADAPTER_ENTRY_OWN_PENDING);
    desk_close(desk);
}

static void a_publish_whose_answer_was_lost_is_sent_again(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    assert_int_equal(desk_ask(desk, ADAPTER_OP_PING, NULL, NULL)->number, 1);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_publish(desk, "r4", "{\"n\": 1}")->outcome, ADAPTER_DONE);
    assert_int_equal(desk->answer.attempts, 2);
    assert_int_equal(redis_server_number(server_of(state), "XLEN r4"), 2);
    assert_int_equal(redis_server_number(server_of(state), "XRANGE r4 %s %s", desk->answer.ids[0],
                                         desk->answer.ids[0]),
                     1);
    desk_close(desk);
}

static void an_ack_sent_again_that_answers_none_is_unknown(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    desk_publish(desk, "r5", "{\"n\": 1}");
    strcpy(id, desk_read(desk, "r5", "g", 1)->entries[0].id);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_ack(desk, "r5", "g", id)->outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk->answer.attempts, 2);
    assert_int_equal(desk_ack(desk, "r5", "g", id)->number, 0);
    desk_close(desk);
}

static void a_nack_sent_again_is_still_true(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    desk_publish(desk, "r6", "{\"n\": 1}");
    strcpy(id, desk_read(desk, "r6", "g", 1)->entries[0].id);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_nack(desk, "r6", "g", id)->number, 1);
    assert_int_equal(desk->answer.attempts, 2);
    desk_close(desk);
}

static void questions_are_asked_again_after_a_lost_answer(void **state)
{
    static const enum adapter_operation questions[] = {
        ADAPTER_OP_STREAM_DEPTH, ADAPTER_OP_DLQ_DEPTH,    ADAPTER_OP_DLQ_LIST,
        ADAPTER_OP_INFO,         ADAPTER_OP_HEALTH_STATS, ADAPTER_OP_PING};
    struct adapter_text queue = {"r24", 3};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    desk_publish(desk, "r24", "{\"n\": 1}");
    desk_read(desk, "r24", "g", 1);
    for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
        struct adapter_call call = {.operation = (uint32_t)questions[i],
                                    .stream = "r24",
                                    .items = &queue,
                                    .item_count = 1,
                                    .count = 9};

        desk->cut.cut_replies = 1;
        assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
        assert_int_equal(desk->answer.attempts, 2);
    }
    desk_close(desk);
}

static void what_must_not_be_done_twice_is_not_sent_again(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_call call = {.operation = ADAPTER_OP_ACQUIRE_PARTITION_LEASE,
                                .key = "r25:lease",
                                .generation_key = "r25:generation",
                                .token = "me",
                                .duration_ms = 60000};

    desk_ask(desk, ADAPTER_OP_PING, NULL, NULL);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk->answer.attempts, 1);
    desk_close(desk);
}

static void two_lost_connections_in_a_row_are_told(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    assert_int_equal(desk_ask(desk, ADAPTER_OP_PING, NULL, NULL)->number, 1);
    desk->cut.cut_replies = 20; /* also those of signing on */
    assert_int_equal(desk_publish(desk, "r7", "{\"n\": 1}")->outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk->answer.error, ADAPTER_ERROR_CONNECTION);
    desk->cut.cut_replies = 0;
    assert_int_equal(desk_publish(desk, "r7", "{\"n\": 2}")->outcome, ADAPTER_DONE);
    desk_close(desk);
}

static void idle_connections_that_were_closed_are_replaced(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    desk_publish(desk, "r8", "{\"n\": 1}");
    desk_read_blocking(desk, "r8", "g", 1, 100);
    redis_server_number(server_of(state), "CLIENT KILL TYPE normal SKIPME yes");
    desk_wait(desk, 10000000);
    assert_int_equal(desk_publish(desk, "r8", "{\"n\": 2}")->outcome, ADAPTER_DONE);
    assert_int_equal(desk->answer.attempts, 1);
    assert_int_equal(desk_read_blocking(desk, "r8", "g", 1, 500)->entry_count, 1);
    desk_close(desk);
}

static void a_connection_lost_while_blocked_does_not_end_the_read(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call call = {.operation = ADAPTER_OP_READ_BLOCKING,
                                .stream = "r9",
                                .group = "g",
                                .count = 1,
                                .duration_ms = 2000};

    desk_begin(desk, &call);
    desk_wait(desk, 30000000);
    redis_server_number(server_of(state), "CLIENT KILL TYPE normal SKIPME yes");
    desk_wait(desk, 30000000);
    desk_publish(other, "r9", "{\"n\": 1}");
    assert_int_equal(desk_finish(desk)->entry_count, 1);
    desk_close(other);
    desk_close(desk);
}

/* Read a batch and acknowledge each of it; gives how many were acknowledged for certain. */
static size_t consume(struct desk *desk, const char *stream)
{
    char ids[8][64];
    size_t count = 0, acked = 0;

    if (desk_read_blocking(desk, stream, "g", 8, 5)->outcome == ADAPTER_DONE)
        count = desk->answer.entry_count;
    for (size_t i = 0; i < count; i++)
        strcpy(ids[i], desk->answer.entries[i].id);
    for (size_t i = 0; i < count; i++)
        if (desk_ack(desk, stream, "g", ids[i])->outcome == ADAPTER_DONE)
            acked += desk->answer.number != 0;
    return acked;
}

static void connections_cut_at_any_moment_lose_nothing(void **state)
{
    static const char *const options[] = {"redelivery_time", "40ms", "reclaim_interval", "5ms",
                                          NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);
    struct redis_server *server = server_of(state);
    unsigned luck = 12345;

    for (int i = 0; i < 60; i++) {
        luck = luck * 1103515245u + 12345u;
        desk->cut.cut_replies = (luck >> 16) % 7 == 0;
        assert_int_equal(desk_publish(desk, "r27", "{\"n\": 1}")->outcome, ADAPTER_DONE);
        desk->cut.cut_replies = (luck >> 20) % 3 == 0;
        desk->cut.cut_link = (luck >> 24) % 2 ? "read" : "command";
        consume(desk, "r27");
    }
    desk->cut.cut_replies = 0;
    for (int i = 0; i < 200 && redis_server_number(server, "XPENDING r27 g - + 100"); i++)
        consume(desk, "r27");
    assert_int_equal(redis_server_number(server, "XPENDING r27 g - + 100"), 0);
    assert_int_equal(desk_read(desk, "r27", "g", 8)->outcome, ADAPTER_EMPTY);
    assert_true(redis_server_number(server, "XLEN r27") >= 60);
    assert_true(desk->cut.dial_count > 10);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_whose_answer_was_lost_is_made_good_in_the_same_call),
        cmocka_unit_test(what_is_in_hand_is_not_served_again_after_a_lost_answer),
        cmocka_unit_test(without_retry_a_lost_answer_is_unknown_and_served_by_the_next_read),
        cmocka_unit_test(a_publish_whose_answer_was_lost_is_sent_again),
        cmocka_unit_test(an_ack_sent_again_that_answers_none_is_unknown),
        cmocka_unit_test(a_nack_sent_again_is_still_true),
        cmocka_unit_test(questions_are_asked_again_after_a_lost_answer),
        cmocka_unit_test(what_must_not_be_done_twice_is_not_sent_again),
        cmocka_unit_test(two_lost_connections_in_a_row_are_told),
        cmocka_unit_test(idle_connections_that_were_closed_are_replaced),
        cmocka_unit_test(a_connection_lost_while_blocked_does_not_end_the_read),
        cmocka_unit_test(connections_cut_at_any_moment_lose_nothing),
    };

    if (redis_fixture_must_skip("redis_cuts"))
        return 0;
    return cmocka_run_group_tests_name("redis_cuts", tests, redis_fixture_start,
                                       redis_fixture_stop);
}
