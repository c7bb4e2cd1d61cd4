/* test_redis_streams.c: the Streams adapter against a real server: publish, read, settle. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/redis_fixture.h"

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
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
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
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
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
    static const char *const bad[] = {
        "",           "{}",         "{ }",          "null",        "[1]",
        "\"x\"",      "5",          "{\"a\":}",     "{\"a\":NaN}", "{\"a\":1",
        "{\"a\":1}}", "{\"a\":01}", "{\"\xff\":1}", "{'a':1}"};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_text items[3] = {{"{\"a\":1}", 7}, {"{}", 2}, {"{\"b\":2}", 7}};
    struct adapter_call call = {
        .operation = ADAPTER_OP_PUBLISH, .stream = "s3", .items = items, .item_count = 3};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        const struct desk_answer *answer = desk_publish(desk, "s3", bad[i]);

        assert_int_equal(answer->outcome, ADAPTER_REFUSED);
        assert_int_equal(answer->error, ADAPTER_ERROR_VALIDATION);
    }
    assert_int_equal(redis_server_number(&redis_fixture_of(state)->server, "EXISTS s3"), 0);
    desk_do(desk, &call);
    assert_int_equal(desk->answer.outcome, ADAPTER_REFUSED);
    assert_int_equal(desk->answer.items[0].outcome, ADAPTER_DONE);
    assert_int_equal(desk->answer.items[1].outcome, ADAPTER_REFUSED);
    assert_int_equal(desk->answer.items[2].outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(&redis_fixture_of(state)->server, "XLEN s3"), 2);
    desk_close(desk);
}

static void an_ack_of_what_is_not_pending_is_false(void **state)
{
    static const char *const ids[] = {"9999999999999-0",          "nope", "", "1-1-1", "-", "1",
                                      "99999999999999999999999-0"};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        assert_int_equal(desk_ack(desk, "s4", "g", ids[i])->outcome, ADAPTER_DONE);
        assert_int_equal(desk->answer.number, 0);
        assert_int_equal(desk_nack(desk, "s4", "g", ids[i])->outcome, ADAPTER_DONE);
        assert_int_equal(desk->answer.number, 0);
    }
    assert_int_equal(redis_server_number(&redis_fixture_of(state)->server, "EXISTS s4"), 0);
    desk_close(desk);
}

static void a_nacked_message_comes_back_first_and_in_order(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
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
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options),
                *other = redis_fixture_other(state);
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
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL),
                *other = redis_fixture_other(state);
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

static void a_blocked_read_ends_empty_at_its_time_and_not_before(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    uint64_t before = desk->cut.port.now_ns(&desk->cut.port);

    assert_int_equal(desk_read_blocking(desk, "s8", "g", 5, 60)->outcome, ADAPTER_EMPTY);
    assert_true(desk->cut.port.now_ns(&desk->cut.port) - before >= 60000000u);
    desk_close(desk);
}

static void reading_none_or_fewer_consumes_nothing(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    publish_many(desk, "s9", 3);
    assert_int_equal(desk_read(desk, "s9", "g", 0)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_read(desk, "s9", "g", -1)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_read(desk, "s9", "g", 2)->entry_count, 2);
    assert_int_equal(desk_read(desk, "s9", "g", 2)->entry_count, 1);
    desk_close(desk);
}

static void a_batch_of_acks_is_all_or_unknown(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_text ids[3];
    char texts[3][64];
    struct adapter_call call = {
        .operation = ADAPTER_OP_ACK, .stream = "s10", .group = "g", .items = ids, .item_count = 3};

    publish_many(desk, "s10", 3);
    desk_read(desk, "s10", "g", 3);
    for (size_t i = 0; i < 3; i++) {
        strcpy(texts[i], desk->answer.entries[i].id);
        ids[i] = (struct adapter_text){texts[i], strlen(texts[i])};
    }
    assert_int_equal(desk_ack(desk, "s10", "g", texts[1])->number, 1);
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_UNKNOWN);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(desk->answer.items[i].outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE); /* none: each is false */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(desk->answer.items[i].number, 0);
    desk_close(desk);
}

static void an_ack_with_nonsense_among_the_ids_still_acks_the_others(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_text ids[2];
    char id[64];
    struct adapter_call call = {
        .operation = ADAPTER_OP_ACK, .stream = "s11", .group = "g", .items = ids, .item_count = 2};

    publish_many(desk, "s11", 1);
    strcpy(id, desk_read(desk, "s11", "g", 1)->entries[0].id);
    ids[0] = (struct adapter_text){"nonsense", 8};
    ids[1] = (struct adapter_text){id, strlen(id)};
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_DONE);
    assert_int_equal(desk->answer.items[0].number, 0);
    assert_int_equal(desk->answer.items[1].number, 1);
    desk_close(desk);
}

static void a_nack_touches_only_what_is_pending_in_its_group(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = &redis_fixture_of(state)->server;
    char id[64], undelivered[64];

    desk_publish(desk, "s12", "{\"n\":1}");
    strcpy(undelivered, desk_publish(desk, "s12", "{\"n\":2}")->ids[0]);
    strcpy(id, desk_read(desk, "s12", "g", 1)->entries[0].id);
    assert_int_equal(desk_nack(desk, "s12", "g", undelivered)->number, 0);
    assert_int_equal(desk_nack(desk, "s12", "ghost", id)->number, 0);
    assert_int_equal(desk_nack(desk, "no such stream", "g", id)->number, 0);
    assert_int_equal(redis_server_number(server, "XINFO GROUPS s12"), 1);
    assert_int_equal(redis_server_number(server, "EXISTS %s", "no such stream"), 0);
    assert_int_equal(desk_ack(desk, "s12", "g", id)->number, 1);
    assert_int_equal(desk_nack(desk, "s12", "g", id)->number, 0);
    desk_close(desk);
}

static void an_ack_after_a_nack_cancels_the_redelivery(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    desk_publish(desk, "s13", "{\"n\":1}");
    strcpy(id, desk_read(desk, "s13", "g", 1)->entries[0].id);
    assert_int_equal(desk_nack(desk, "s13", "g", id)->number, 1);
    assert_int_equal(desk_ack(desk, "s13", "g", id)->number, 1);
    assert_int_equal(desk_read(desk, "s13", "g", 1)->outcome, ADAPTER_EMPTY);
    desk_close(desk);
}

static void a_nacked_message_waits_for_the_retry_delay(void **state)
{
    static const char *const options[] = {
        "retry_delay", "80ms", "redelivery_time", "1s", "reclaim_interval", "10ms", NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);
    uint64_t before;
    char id[64];

    desk_publish(desk, "s14", "{\"n\":1}");
    strcpy(id, desk_read(desk, "s14", "g", 1)->entries[0].id);
    before = desk->cut.port.now_ns(&desk->cut.port);
    assert_int_equal(desk_nack(desk, "s14", "g", id)->number, 1);
    assert_int_equal(desk_read_blocking(desk, "s14", "g", 1, 900)->entry_count, 1);
    assert_true(desk->cut.port.now_ns(&desk->cut.port) - before >= 75000000u);
    desk_close(desk);
}

static void the_retry_delay_grows_with_each_delivery(void **state)
{
    static const char *const options[] = {
        "retry_delay", "20ms", "redelivery_time", "10s", "backoff_multiplier", "3", NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);
    uint64_t before, least = 20000000;
    char id[64];

    desk_publish(desk, "s23", "{\"n\":1}");
    strcpy(id, desk_read(desk, "s23", "g", 1)->entries[0].id);
    for (int i = 0; i < 3; i++, least *= 3) {
        before = desk->cut.port.now_ns(&desk->cut.port);
        assert_int_equal(desk_nack(desk, "s23", "g", id)->number, 1);
        assert_int_equal(desk_read_blocking(desk, "s23", "g", 1, 2000)->entry_count, 1);
        assert_int_equal(desk->answer.entries[0].attempt, i + 2);
        assert_true(desk->cut.port.now_ns(&desk->cut.port) - before >= least - 2000000);
    }
    desk_close(desk);
}

static void a_stream_may_not_be_called_like_one_of_our_own_keys(void **state)
{
    static const char *const names[] = {"s:__partitions__", "H:k:__lease__", "a:b:__x__"};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_int_equal(desk_publish(desk, names[i], "{\"n\":1}")->error,
                         ADAPTER_ERROR_VALIDATION);
        assert_int_equal(desk_read(desk, names[i], "g", 1)->error, ADAPTER_ERROR_VALIDATION);
        assert_int_equal(desk_read_blocking(desk, names[i], "g", 1, 100)->error,
                         ADAPTER_ERROR_VALIDATION);
        assert_int_equal(desk_ask(desk, ADAPTER_OP_ENSURE_GROUP, names[i], "g")->error,
                         ADAPTER_ERROR_VALIDATION);
        assert_int_equal(
            redis_server_number(&redis_fixture_of(state)->server, "EXISTS %s", names[i]), 0);
    }
    desk_close(desk);
}

static void what_a_lost_consumer_held_is_taken_over_after_the_redelivery_time(void **state)
{
    static const char *const options[] = {"redelivery_time", "50ms", "reclaim_interval", "10ms",
                                          NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);
    struct desk *other = redis_fixture_other(state);
    const struct desk_answer *answer;

    publish_many(desk, "s15", 20);
    assert_int_equal(desk_read(other, "s15", "g", 20)->entry_count, 20);
    desk_abandon(other);
    assert_int_equal(desk_read(desk, "s15", "g", 100)->outcome, ADAPTER_EMPTY);
    answer = desk_read_blocking(desk, "s15", "g", 7, 2000);
    assert_int_equal(answer->entry_count, 7);
    assert_int_equal(answer->entries[0].attempt, 2);
    assert_int_equal(answer->entries[0].flags, ADAPTER_ENTRY_RECLAIMED);
    assert_string_equal(answer->entries[0].payload, "{\"n\": 0}");
    assert_int_equal(desk_read(desk, "s15", "g", 7)->entry_count, 7);
    assert_int_equal(desk_read(desk, "s15", "g", 7)->entry_count, 6);
    assert_string_equal(desk->answer.entries[5].payload, "{\"n\": 19}");
    desk_close(desk);
}

static void a_session_under_its_old_name_is_given_what_it_held_once(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_fixture *fixture = redis_fixture_of(state);
    struct desk *other = &fixture->other;
    const struct desk_answer *answer;

    publish_many(desk, "s16", 5);
    assert_int_equal(desk_join(other, desk, "worker"), 0);
    assert_int_equal(desk_read(other, "s16", "g", 3)->entry_count, 3);
    desk_abandon(other);
    assert_int_equal(desk_join(other, desk, "worker"), 0);
    answer = desk_read(other, "s16", "g", 2);
    assert_int_equal(answer->entry_count, 2);
    assert_int_equal(answer->entries[0].flags, ADAPTER_ENTRY_OWN_PENDING);
    assert_int_equal(answer->entries[0].attempt, 2);
    answer = desk_read(other, "s16", "g", 10); /* the rest of them, then what is new */
    assert_int_equal(answer->entry_count, 3);
    assert_int_equal(answer->entries[0].flags, ADAPTER_ENTRY_OWN_PENDING);
    assert_int_equal(answer->entries[1].flags, 0);
    assert_string_equal(answer->entries[2].payload, "{\"n\": 4}");
    assert_int_equal(desk_read(other, "s16", "g", 10)->outcome, ADAPTER_EMPTY);
    desk_close(other);
    desk_close(desk);
}

static void a_pending_entry_without_content_hides_nothing(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = &redis_fixture_of(state)->server;
    struct desk *other = &redis_fixture_of(state)->other;

    publish_many(desk, "s17", 3);
    assert_int_equal(desk_join(other, desk, "worker"), 0);
    desk_read(other, "s17", "g", 3);
    redis_server_number(server, "XDEL s17 %s", other->answer.entries[0].id);
    desk_abandon(other);
    assert_int_equal(desk_join(other, desk, "worker"), 0);
    assert_int_equal(desk_read_blocking(other, "s17", "g", 1, 500)->entry_count, 1);
    assert_string_equal(other->answer.entries[0].payload, "{\"n\": 1}");
    desk_close(other);
    assert_int_equal(redis_server_number(server, "XPENDING s17 g - + 10"), 2);
    desk_close(desk);
}

static void an_entry_that_is_no_message_is_left_out_and_told(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = &redis_fixture_of(state)->server;

    redis_server_number(server, "XADD s18 * other thing");
    redis_server_number(server, "XADD s18 * data %s", "{\"truncated\": ");
    redis_server_number(server, "XADD s18 * more 1 data %s", "{\"NaN\": NaN}");
    assert_int_equal(desk_read(desk, "s18", "g", 1)->entry_count, 1);
    assert_string_equal(desk->answer.entries[0].payload, "{\"NaN\": NaN}");
    assert_non_null(strstr(desk->log_text, "is no message"));
    assert_int_equal(desk_read(desk, "s18", "g", 1)->outcome, ADAPTER_EMPTY);
    assert_int_equal(redis_server_number(server, "XPENDING s18 g - + 10"), 1);
    assert_int_equal(redis_server_number(server, "XLEN s18"), 3);
    desk_close(desk);
}

static void payloads_come_back_byte_for_byte(void **state)
{
    static const char *const payloads[] = {
        "{\"_dlq_metadata\": {\"id\": 1}, \"data\": [], \"\": {}, \"__proto__\": null}",
        "{\"n\":9007199254740993,\"m\":1e308,\"k\":5e-324,\"z\":-0,\"big\":123456789012345678901}",
        "{ \"spaces\"  :  [ 1 ,2 ] }",
        "{\"\\u0000\\ud83d\\ude00\": \"\xf0\x9f\x98\x80 \xd7\xa9 \\r\\n\"}",
    };
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct text large = {0};

    for (size_t i = 0; i < ARRAY_SIZE(payloads); i++) {
        desk_publish(desk, "s19", payloads[i]);
        assert_string_equal(desk_read(desk, "s19", "g", 1)->entries[0].payload, payloads[i]);
    }
    text_append_string(&large, "{\"large\": \"");
    for (int i = 0; i < 1 << 22; i++)
        text_append(&large, "x", 1);
    text_append_string(&large, "\"}");
    assert_int_equal(desk_publish(desk, "s19", large.data)->outcome, ADAPTER_DONE);
    assert_string_equal(desk_read(desk, "s19", "g", 1)->entries[0].payload, large.data);
    text_release(&large);
    desk_close(desk);
}

static void a_subscriber_hears_what_comes_after_it(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call subscription = {.operation = ADAPTER_OP_SUBSCRIBE, .stream = "s20"};

    desk_publish(desk, "s20", "{\"before\": 1}");
    desk_begin(other, &subscription);
    desk_ask(other, ADAPTER_OP_PING, NULL, NULL);
    assert_int_equal(other->answer.number, 1);
    desk_publish(desk, "s20", "{\"after\": 1}");
    desk_wait(other, 50000000);
    assert_int_equal(other->delivered, 1);
    assert_string_equal(other->delivered_payload, "{\"after\": 1}");
    other->is_done = false;
    desk_close(other);
    desk_close(desk);
}

static void history_is_read_from_any_position_outside_groups(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_call call = {
        .operation = ADAPTER_OP_READ_FROM, .stream = "s21", .key = "start", .count = 4};
    char position[64];

    publish_many(desk, "s21", 6);
    assert_int_equal(desk_do(desk, &call)->entry_count, 4);
    strcpy(position, desk->answer.entries[3].id);
    call.key = position;
    assert_int_equal(desk_do(desk, &call)->entry_count, 2);
    assert_string_equal(desk->answer.entries[1].payload, "{\"n\": 5}");
    strcpy(position, desk->answer.entries[1].id);
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_EMPTY);
    call.key = "nonsense";
    assert_int_equal(desk_do(desk, &call)->error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(redis_server_number(&redis_fixture_of(state)->server, "XINFO GROUPS s21"), 0);
    desk_close(desk);
}

static void a_session_that_ends_with_nothing_in_hand_leaves_its_group(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct redis_server *server = &redis_fixture_of(state)->server;
    char id[64];

    publish_many(desk, "s22", 2);
    strcpy(id, desk_read(desk, "s22", "g", 1)->entries[0].id);
    desk_read(other, "s22", "g", 1);
    assert_int_equal(redis_server_number(server, "XINFO CONSUMERS s22 g"), 2);
    desk_close(other); /* holds one: its name stays */
    assert_int_equal(redis_server_number(server, "XINFO CONSUMERS s22 g"), 2);
    desk_ack(desk, "s22", "g", id);
    desk_close(desk);
    assert_int_equal(redis_server_number(server, "XINFO CONSUMERS s22 g"), 1);
}

static void odd_names_are_names(void **state)
{
    static const char *const names[] = {"a:b",        "dom::order", "with space",
                                        "\"quoted\"", "x/y.z",      "\xc3\xa9\xf0\x9f\x98\x80",
                                        "position:s"};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        desk_publish(desk, names[i], "{\"a\":1}");
        assert_int_equal(desk_read(desk, names[i], names[i], 5)->entry_count, 1);
        assert_int_equal(desk_ack(desk, names[i], names[i], desk->answer.entries[0].id)->number, 1);
    }
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
        cmocka_unit_test(a_blocked_read_ends_empty_at_its_time_and_not_before),
        cmocka_unit_test(reading_none_or_fewer_consumes_nothing),
        cmocka_unit_test(a_batch_of_acks_is_all_or_unknown),
        cmocka_unit_test(an_ack_with_nonsense_among_the_ids_still_acks_the_others),
        cmocka_unit_test(a_nack_touches_only_what_is_pending_in_its_group),
        cmocka_unit_test(an_ack_after_a_nack_cancels_the_redelivery),
        cmocka_unit_test(a_nacked_message_waits_for_the_retry_delay),
        cmocka_unit_test(the_retry_delay_grows_with_each_delivery),
        cmocka_unit_test(a_stream_may_not_be_called_like_one_of_our_own_keys),
        cmocka_unit_test(what_a_lost_consumer_held_is_taken_over_after_the_redelivery_time),
        cmocka_unit_test(a_session_under_its_old_name_is_given_what_it_held_once),
        cmocka_unit_test(a_pending_entry_without_content_hides_nothing),
        cmocka_unit_test(an_entry_that_is_no_message_is_left_out_and_told),
        cmocka_unit_test(payloads_come_back_byte_for_byte),
        cmocka_unit_test(a_subscriber_hears_what_comes_after_it),
        cmocka_unit_test(history_is_read_from_any_position_outside_groups),
        cmocka_unit_test(a_session_that_ends_with_nothing_in_hand_leaves_its_group),
        cmocka_unit_test(odd_names_are_names),
    };

    if (redis_fixture_must_skip("redis_streams"))
        return 0;
    return cmocka_run_group_tests_name("redis_streams", tests, redis_fixture_start,
                                       redis_fixture_stop);
}
