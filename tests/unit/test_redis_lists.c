/* test_redis_lists.c: the adapter redis_pubsub: lists with a position per group. */
#include "support/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/redis_fixture.h"

static struct redis_server *server_of(void **state)
{
    return &redis_fixture_of(state)->server;
}

static void a_message_is_stored_as_an_array_of_id_and_payload(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);
    char id[64], stored[256], expected[256];

    strcpy(id, desk_publish(desk, "l1", "{\"a\": [1, 2.50]}")->ids[0]);
    assert_int_equal(strlen(id), 36);
    (void)snprintf(expected, sizeof(expected), "[\"%s\", {\"a\": [1, 2.50]}]", id);
    assert_string_equal(redis_server_text(server_of(state), stored, sizeof(stored), "LINDEX l1 0"),
                        expected);
    assert_int_equal(desk_read(desk, "l1", "g", 5)->entry_count, 1);
    assert_string_equal(desk->answer.entries[0].id, id);
    assert_string_equal(desk->answer.entries[0].payload, "{\"a\": [1, 2.50]}");
    assert_int_equal(redis_server_number(server_of(state), "GET position:l1:g"), 1);
    assert_int_equal(redis_server_number(server_of(state), "LLEN l1"), 1);
    desk_close(desk);
}

static void every_group_has_a_position_of_its_own(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);

    for (int i = 0; i < 5; i++)
        desk_publish(desk, "l2", "{\"a\": 1}");
    assert_int_equal(desk_read(desk, "l2", "a", 2)->entry_count, 2);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_GET_NEXT, "l2", "a")->entry_count, 1);
    assert_int_equal(desk_read(desk, "l2", "a", 10)->entry_count, 2);
    assert_int_equal(desk_read(desk, "l2", "a", 10)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_read(desk, "l2", "b", 10)->entry_count, 5);
    assert_int_equal(desk_read(desk, "l2", "b", 0)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_read(desk, "l2", "b", -1)->outcome, ADAPTER_EMPTY);
    desk_close(desk);
}

static void what_is_no_message_is_skipped(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);

    redis_server_number(server_of(state), "RPUSH l3 garbage %s %s", "[\"x\", 5]", "{\"a\": 1}");
    redis_server_number(server_of(state), "RPUSH l3 %s", "[\"x\", {\"a\": 1}]");
    assert_int_equal(desk_ask(desk, ADAPTER_OP_GET_NEXT, "l3", "g")->entry_count, 1);
    assert_string_equal(desk->answer.entries[0].payload, "{\"a\": 1}");
    assert_int_equal(desk_ask(desk, ADAPTER_OP_GET_NEXT, "l3", "g")->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_publish(desk, "l3", "{}")->error, ADAPTER_ERROR_VALIDATION);
    desk_close(desk);
}

static void a_read_whose_answer_was_lost_is_given_the_same_items(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);

    for (int i = 0; i < 4; i++)
        desk_publish(desk, "l4", i ? "{\"n\": 1}" : "{\"n\": 0}");
    desk_read(desk, "l4", "other", 1); /* the script is loaded */
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_read(desk, "l4", "g", 2)->entry_count, 2);
    assert_int_equal(desk->answer.attempts, 2);
    assert_string_equal(desk->answer.entries[0].payload, "{\"n\": 0}");
    assert_int_equal(desk_read(desk, "l4", "g", 9)->entry_count, 2);
    desk_close(desk);
}

static void without_retry_a_lost_answer_is_unknown(void **state)
{
    static const char *const options[] = {"retry", "none", NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, options);

    for (int i = 0; i < 2; i++)
        desk_publish(desk, "l5", "{\"n\": 1}");
    desk_read(desk, "l5", "other", 1);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_read(desk, "l5", "g", 1)->outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk_read(desk, "l5", "g", 9)->entry_count, 1);
    assert_int_equal(redis_server_number(server_of(state), "EXISTS reads:l5:g"), 0);
    desk_close(desk);
}

static void a_publish_sent_again_leaves_copies_of_one_id(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);
    char first[128], second[128];

    desk_ask(desk, ADAPTER_OP_PING, NULL, NULL);
    desk->cut.cut_replies = 1;
    assert_int_equal(desk_publish(desk, "l6", "{\"n\": 1}")->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server_of(state), "LLEN l6"), 2);
    redis_server_text(server_of(state), first, sizeof(first), "LINDEX l6 0");
    redis_server_text(server_of(state), second, sizeof(second), "LINDEX l6 1");
    assert_string_equal(first, second);
    desk_close(desk);
}

static void health_info_and_reset_know_the_lists(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);
    struct redis_server *server = server_of(state);

    redis_server_number(server, "FLUSHALL");
    redis_server_number(server, "SET foreign 1");
    for (int i = 0; i < 3; i++)
        desk_publish(desk, "l7", "{\"n\": 1}");
    desk_ask(desk, ADAPTER_OP_ENSURE_GROUP, "l7", "g");
    desk_read(desk, "l7", "g", 1);
    desk_ask(desk, ADAPTER_OP_HEALTH_STATS, NULL, NULL);
    assert_non_null(strstr(desk->answer.text, "{\"total_messages\": 3}"));
    desk_ask(desk, ADAPTER_OP_INFO, NULL, NULL);
    assert_non_null(strstr(desk->answer.text, "{\"g\": {\"consumers\": [\"gauntlet-"));
    assert_int_equal(desk_ask(desk, ADAPTER_OP_STREAM_DEPTH, "l7", NULL)->number, 3);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_TRIM, "l7", NULL)->number, 0);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_STREAM_REMOVE, "l7", NULL)->number, 3);
    assert_int_equal(redis_server_number(server, "DBSIZE"), 1);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DATA_RESET, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server, "DBSIZE"), 1);
    desk_close(desk);
}

static void a_subscriber_hears_what_is_pushed_after_it(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call subscription = {.operation = ADAPTER_OP_SUBSCRIBE, .stream = "l9"};

    desk_publish(desk, "l9", "{\"before\": 1}");
    desk_begin(other, &subscription);
    assert_int_equal(desk_ask(other, ADAPTER_OP_PING, NULL, NULL)->number, 1);
    redis_server_number(server_of(state), "RPUSH l9 garbage");
    desk_publish(desk, "l9", "{\"after\": 1}");
    desk_wait(other, 100000000);
    assert_int_equal(other->delivered, 1);
    assert_string_equal(other->delivered_payload, "{\"after\": 1}");
    assert_int_equal(redis_server_number(server_of(state), "EXISTS position:l9:g"), 0);
    desk_close(other);
    desk_close(desk);
}

static void a_list_may_not_be_called_like_a_position(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);

    assert_int_equal(desk_publish(desk, "position:a:b", "{\"a\":1}")->error,
                     ADAPTER_ERROR_VALIDATION);
    assert_int_equal(desk_publish(desk, "reads:a:b", "{\"a\":1}")->error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(desk_publish(desk, "position:a", "{\"a\":1}")->outcome, ADAPTER_DONE);
    desk_close(desk);
}

/* --- Concurrent consumers --------------------------------------------------------------------- */

enum { READERS = 4, MESSAGES = 3000 };

struct reader {
    struct desk *owner;
    pthread_t thread;
    atomic_int *seen; /* per message */
    atomic_int *total;
};

static void *read_until_all_is_seen(void *context)
{
    struct reader *reader = context;
    struct desk *desk = calloc(1, sizeof(*desk));

    if (!desk || desk_join(desk, reader->owner, NULL))
        return NULL;
    while (atomic_load(reader->total) < MESSAGES) {
        const struct desk_answer *answer = desk_read(desk, "l8", "g", 7);

        for (size_t i = 0; i < answer->entry_count; i++) {
            long number = strtol(answer->entries[i].payload + strlen("{\"n\": "), NULL, 10);

            atomic_fetch_add(&reader->seen[number], 1);
            atomic_fetch_add(reader->total, 1);
        }
        if (answer->outcome != ADAPTER_DONE && answer->outcome != ADAPTER_EMPTY)
            break;
    }
    desk_close(desk);
    free(desk);
    return NULL;
}

static void concurrent_readers_neither_repeat_nor_skip(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_pubsub_adapter, NULL);
    static atomic_int seen[MESSAGES], total;
    struct reader readers[READERS];
    char payload[32];

    for (int i = 0; i < MESSAGES; i++) {
        (void)snprintf(payload, sizeof(payload), "{\"n\": %d}", i);
        desk_publish(desk, "l8", payload);
    }
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.owner = desk, .seen = seen, .total = &total};
        pthread_create(&readers[i].thread, NULL, read_until_all_is_seen, &readers[i]);
    }
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i].thread, NULL);
    for (int i = 0; i < MESSAGES; i++)
        assert_int_equal(atomic_load(&seen[i]), 1);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_stored_as_an_array_of_id_and_payload),
        cmocka_unit_test(every_group_has_a_position_of_its_own),
        cmocka_unit_test(what_is_no_message_is_skipped),
        cmocka_unit_test(a_read_whose_answer_was_lost_is_given_the_same_items),
        cmocka_unit_test(without_retry_a_lost_answer_is_unknown),
        cmocka_unit_test(a_publish_sent_again_leaves_copies_of_one_id),
        cmocka_unit_test(health_info_and_reset_know_the_lists),
        cmocka_unit_test(a_subscriber_hears_what_is_pushed_after_it),
        cmocka_unit_test(a_list_may_not_be_called_like_a_position),
        cmocka_unit_test(concurrent_readers_neither_repeat_nor_skip),
    };

    if (redis_fixture_must_skip("redis_lists"))
        return 0;
    return cmocka_run_group_tests_name("redis_lists", tests, redis_fixture_start,
                                       redis_fixture_stop);
}
