/* test_redis_dlq.c: the Streams adapter's dead letters, retention, health and tidying up. */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "support/redis_fixture.h"

#define LETTER(n, at)                                                                              \
    "{\"n\": " #n ", \"e\": [], \"_dlq_metadata\": {\"original_stream\": \"orders\", "             \
    "\"original_id\": \"was-" #n "\", \"consumer_group\": \"billing\", \"failed_at\": \"" at       \
    "\", "                                                                                         \
    "\"retry_count\": " #n "}}"

static struct redis_server *server_of(void **state)
{
    return &redis_fixture_of(state)->server;
}

static const struct desk_answer *list(struct desk *desk, const char *queue, int64_t limit)
{
    struct adapter_text item = {queue, strlen(queue)};
    struct adapter_call call = {
        .operation = ADAPTER_OP_DLQ_LIST, .items = &item, .item_count = 1, .count = limit};

    return desk_do(desk, &call);
}

static const struct desk_answer *about(struct desk *desk, enum adapter_operation operation,
                                       const char *queue, const char *id, const char *target)
{
    struct adapter_text item = {id, id ? strlen(id) : 0};
    struct adapter_call call = {.operation = (uint32_t)operation,
                                .stream = queue,
                                .items = &item,
                                .item_count = id ? 1 : 0,
                                .target = target};

    return desk_do(desk, &call);
}

static void dead_letters_are_listed_newest_failure_first(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    const char *text, *newest, *oldest;

    desk_publish(desk, "d1:dlq", LETTER(1, "2024-01-02T00:00:00+00:00"));
    desk_publish(desk, "d1:dlq", LETTER(2, "2024-01-03T00:00:00+00:00"));
    desk_publish(desk, "d1:dlq", LETTER(3, "2024-01-01T00:00:00+00:00"));
    desk_publish(desk, "d1:dlq", "{\"n\": 4}");
    text = list(desk, "d1:dlq", 100)->text;
    newest = strstr(text, "was-2");
    oldest = strstr(text, "was-3");
    assert_non_null(newest);
    assert_true(newest < strstr(text, "was-1"));
    assert_true(strstr(text, "was-1") < oldest);
    assert_true(oldest < strstr(text, "\"failure_reason\": \"unknown\", \"failed_at\": null"));
    assert_non_null(strstr(text, "\"payload\": {\"n\": 2, \"e\": []}"));
    assert_null(strstr(text, "_dlq_metadata"));
    text = list(desk, "d1:dlq", 1)->text;
    assert_non_null(strstr(text, "was-2"));
    assert_null(strstr(text, "was-1"));
    assert_string_equal(list(desk, "d1:dlq", 0)->text, "[]");
    assert_string_equal(list(desk, "unknown:dlq", 10)->text, "[]");
    desk_close(desk);
}

static void an_unreadable_dead_letter_is_listed_too(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    redis_server_number(server_of(state), "XADD d2:dlq * data %s", "{\"trunc");
    assert_non_null(strstr(list(desk, "d2:dlq", 10)->text, "\"payload\": null"));
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_DEPTH, "d2:dlq", NULL)->number, 1);
    desk_close(desk);
}

static void a_dead_letter_is_found_by_its_id_in_its_own_queue(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    strcpy(id, desk_publish(desk, "d3:dlq", LETTER(1, "2024-01-02"))->ids[0]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(about(desk, ADAPTER_OP_DLQ_INSPECT, "d3:dlq", id, NULL)->outcome,
                         ADAPTER_DONE);
        assert_non_null(strstr(desk->answer.text, "\"stream\": \"orders\""));
    }
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_INSPECT, "d1:dlq", id, NULL)->outcome,
                     ADAPTER_EMPTY);
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_INSPECT, "d3:dlq", "nope", NULL)->outcome,
                     ADAPTER_EMPTY);
    desk_close(desk);
}

static void a_replay_moves_the_original_text_once(void **state)
{
    static const char letter[] =
        "{\"big\": 9007199254740993, \"e\": [], \"_dlq_metadata\": {\"retry_count\": 3}}";
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    strcpy(id, desk_publish(desk, "d4:dlq", letter)->ids[0]);
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_REPLAY, "d4:dlq", id, "d4")->number, 1);
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_REPLAY, "d4:dlq", id, "d4")->number, 0);
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_REPLAY, "d4:dlq", "9-9", "d4")->number, 0);
    assert_int_equal(desk_read(desk, "d4", "g", 10)->entry_count, 1);
    assert_string_equal(desk->answer.entries[0].payload, "{\"big\": 9007199254740993, \"e\": []}");
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_DEPTH, "d4:dlq", NULL)->number, 0);
    desk_close(desk);
}

static void a_replay_into_what_is_no_stream_keeps_the_letter(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    strcpy(id, desk_publish(desk, "d5:dlq", "{\"a\": 1}")->ids[0]);
    redis_server_number(server_of(state), "SET d5 foreign");
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_REPLAY, "d5:dlq", id, "d5")->outcome,
                     ADAPTER_REFUSED);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_DEPTH, "d5:dlq", NULL)->number, 1);
    desk_close(desk);
}

static void everything_is_replayed_and_what_cannot_be_read_stays(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    redis_server_number(server_of(state), "XADD d6:dlq * data %s", "{\"trunc");
    for (int i = 0; i < 230; i++)
        desk_publish(desk, "d6:dlq", LETTER(1, "2024"));
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_REPLAY_ALL, "d6:dlq", NULL, "d6")->number, 230);
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_REPLAY_ALL, "d6:dlq", NULL, "d6")->number, 0);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_DEPTH, "d6:dlq", NULL)->number, 1);
    assert_int_equal(redis_server_number(server_of(state), "XLEN d6"), 230);
    desk_close(desk);
}

static void a_purge_counts_and_empties_one_queue(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (int i = 0; i < 3; i++)
        desk_publish(desk, "d7:dlq", "{\"a\": 1}");
    desk_publish(desk, "d7", "{\"a\": 1}");
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_PURGE, "d7:dlq", NULL)->number, 3);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_PURGE, "d7:dlq", NULL)->number, 0);
    assert_int_equal(redis_server_number(server_of(state), "XLEN d7"), 1);
    desk_close(desk);
}

static void a_dlq_trim_removes_what_is_older(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (int i = 1; i <= 5; i++)
        redis_server_number(server_of(state), "XADD d8:dlq %d-1 data %s", i, "{\"a\": 1}");
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_TRIM, "d8:dlq", "0", NULL)->number, 0);
    assert_int_equal(about(desk, ADAPTER_OP_DLQ_TRIM, "d8:dlq", "4-0", NULL)->number, 3);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DLQ_DEPTH, "d8:dlq", NULL)->number, 2);
    desk_close(desk);
}

/* --- Retention -------------------------------------------------------------------------------- */

static int64_t trim(struct desk *desk, const char *stream, int64_t keep)
{
    struct adapter_call call = {.operation = ADAPTER_OP_TRIM, .stream = stream, .count = keep};

    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
    return desk->answer.number;
}

static void fill(struct desk *desk, const char *stream, size_t count)
{
    struct adapter_text items[1000];
    struct adapter_call call = {
        .operation = ADAPTER_OP_PUBLISH, .stream = stream, .items = items, .item_count = count};

    for (size_t i = 0; i < count; i++)
        items[i] = (struct adapter_text){"{\"a\": 1}", 8};
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
}

static void read_and_ack(struct desk *desk, const char *stream, const char *group, int64_t count)
{
    static char ids[1000][64];
    struct adapter_text items[1000];
    struct adapter_call call = {
        .operation = ADAPTER_OP_ACK, .stream = stream, .group = group, .items = items};
    const struct desk_answer *answer = desk_read(desk, stream, group, count);

    assert_int_equal(answer->entry_count, count);
    call.item_count = answer->entry_count;
    for (size_t i = 0; i < answer->entry_count; i++) {
        strcpy(ids[i], answer->entries[i].id);
        items[i] = (struct adapter_text){ids[i], strlen(ids[i])};
    }
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
}

static void trimming_leaves_what_any_group_still_needs(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    int64_t removed;

    assert_int_equal(trim(desk, "none", 5), 0);
    assert_int_equal(redis_server_number(server_of(state), "EXISTS none"), 0);
    fill(desk, "t1", 600);
    desk_ask(desk, ADAPTER_OP_ENSURE_GROUP, "t1", "b");
    read_and_ack(desk, "t1", "a", 600);
    assert_int_equal(trim(desk, "t1", 1), 0); /* b was given nothing yet */
    read_and_ack(desk, "t1", "b", 350);
    assert_int_equal(trim(desk, "t1", 0), 0);
    assert_int_equal(trim(desk, "t1", -3), 0);
    removed = trim(desk, "t1", 1);
    assert_true(removed > 0 && removed <= 350);
    assert_int_equal(redis_server_number(server_of(state), "XLEN t1"), 600 - removed);
    read_and_ack(desk, "t1", "b", 250);
    removed = trim(desk, "t1", 250);
    assert_true(redis_server_number(server_of(state), "XLEN t1") >= 250);
    desk_close(desk);
}

static void trimming_leaves_what_is_not_acknowledged(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    fill(desk, "t2", 500);
    assert_int_equal(desk_read(desk, "t2", "a", 500)->entry_count, 500);
    assert_int_equal(trim(desk, "t2", 1), 0);
    desk_close(desk);
}

/* --- Health and tidying up -------------------------------------------------------------------- */

static void health_counts_follow_what_happens(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    fill(desk, "h1", 3);
    desk_publish(desk, "h1:dlq", "{\"a\": 1}");
    desk_ask(desk, ADAPTER_OP_HEALTH_STATS, NULL, NULL);
    assert_non_null(strstr(desk->answer.text, "{\"total_messages\": 3, \"in_flight\": 0, "
                                              "\"dlq\": 1}"));
    strcpy(id, desk_read(desk, "h1", "g", 2)->entries[0].id);
    desk_ack(desk, "h1", "g", id);
    desk_ask(desk, ADAPTER_OP_HEALTH_STATS, NULL, NULL);
    assert_non_null(strstr(desk->answer.text, "\"in_flight\": 1"));
    desk_close(desk);
}

static void info_tells_of_groups_over_all_streams(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    fill(desk, "dom::order", 3);
    fill(desk, "i2", 3);
    desk_read(desk, "dom::order", "g:h", 1);
    desk_read(desk, "i2", "g:h", 2);
    desk_ask(desk, ADAPTER_OP_ENSURE_GROUP, "i2", "idle");
    desk_ask(desk, ADAPTER_OP_INFO, NULL, NULL);
    assert_non_null(strstr(desk->answer.text, "\"g:h\": {\"consumers\": [\"gauntlet-tester-"));
    assert_non_null(strstr(desk->answer.text, "\"consumer_count\": 1, \"created_at\": \"2"));
    assert_non_null(strstr(desk->answer.text, "\"outstanding\": {\"dom::order\": 1, \"i2\": 2}}"));
    assert_non_null(strstr(desk->answer.text, "\"idle\": {\"consumers\": [], "
                                              "\"consumer_count\": 0"));
    desk_close(desk);
}

static void a_reset_takes_what_this_broker_named_and_nothing_else(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = server_of(state);
    struct adapter_call record = {
        .operation = ADAPTER_OP_RECORD_PARTITION, .stream = "cat", .key = "k"};
    struct adapter_call acquire = {.operation = ADAPTER_OP_ACQUIRE_PARTITION_LEASE,
                                   .key = "H:k:__lease__",
                                   .generation_key = "H:k:__generation__",
                                   .token = "me",
                                   .duration_ms = 60000};

    redis_server_number(server, "FLUSHALL");
    redis_server_number(server, "SET foreign 1");
    redis_server_number(server, "XADD foreign:stream * data 1");
    desk_publish(desk, "x1", "{\"a\": 1}");
    desk_publish(desk, "x1:dlq", "{\"a\": 1}");
    desk_publish(desk, "cat:k", "{\"a\": 1}");
    desk_read(desk, "x2", "g", 1);
    desk_do(desk, &record);
    desk_do(desk, &acquire);
    assert_int_equal(redis_server_number(server, "DBSIZE"), 10);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DATA_RESET, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server, "DBSIZE"), 2);
    desk_publish(desk, "x1", "{\"a\": 1}"); /* named again */
    assert_int_equal(desk_read(desk, "x1", "g", 5)->entry_count, 1);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_DATA_RESET, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server, "EXISTS foreign foreign:stream"), 2);
    assert_int_equal(redis_server_number(server, "DBSIZE"), 2);
    desk_close(desk);
}

static void tampering_changes_the_store_behind_our_back(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = server_of(state);
    struct adapter_text item = {"garbage", 7};
    struct adapter_call call = {.operation = ADAPTER_OP_TAMPER,
                                .verb = ADAPTER_TAMPER_PUT_RAW,
                                .stream = "y1",
                                .group = "g",
                                .items = &item,
                                .item_count = 1};
    char id[64];

    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
    strcpy(id, desk_publish(desk, "y1", "{\"a\": 1}")->ids[0]);
    assert_int_equal(desk_read(desk, "y1", "g", 5)->entry_count, 1);
    item = (struct adapter_text){id, strlen(id)};
    call.verb = ADAPTER_TAMPER_DELETE_ENTRY;
    assert_int_equal(desk_do(desk, &call)->number, 1);
    call.verb = ADAPTER_TAMPER_REMOVE_GROUP;
    assert_int_equal(desk_do(desk, &call)->number, 1);
    assert_int_equal(redis_server_number(server, "XINFO GROUPS y1"), 0);
    call.verb = ADAPTER_TAMPER_SET_FOREIGN_TYPE;
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server, "STRLEN y1"), 7);
    call.verb = ADAPTER_TAMPER_WIPE;
    assert_int_equal(desk_do(desk, &call)->number, 1);
    call.verb = 77;
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_UNSUPPORTED);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dead_letters_are_listed_newest_failure_first),
        cmocka_unit_test(an_unreadable_dead_letter_is_listed_too),
        cmocka_unit_test(a_dead_letter_is_found_by_its_id_in_its_own_queue),
        cmocka_unit_test(a_replay_moves_the_original_text_once),
        cmocka_unit_test(a_replay_into_what_is_no_stream_keeps_the_letter),
        cmocka_unit_test(everything_is_replayed_and_what_cannot_be_read_stays),
        cmocka_unit_test(a_purge_counts_and_empties_one_queue),
        cmocka_unit_test(a_dlq_trim_removes_what_is_older),
        cmocka_unit_test(trimming_leaves_what_any_group_still_needs),
        cmocka_unit_test(trimming_leaves_what_is_not_acknowledged),
        cmocka_unit_test(health_counts_follow_what_happens),
        cmocka_unit_test(info_tells_of_groups_over_all_streams),
        cmocka_unit_test(a_reset_takes_what_this_broker_named_and_nothing_else),
        cmocka_unit_test(tampering_changes_the_store_behind_our_back),
    };

    if (redis_fixture_must_skip("redis_dlq"))
        return 0;
    return cmocka_run_group_tests_name("redis_dlq", tests, redis_fixture_start, redis_fixture_stop);
}
