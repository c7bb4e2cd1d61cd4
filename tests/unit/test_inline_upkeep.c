/* test_inline_upkeep.c: retention, replay, health, info, reset, tampering and what options lower on
   the inline broker. */
#include "support/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/inline/inline.h"
#include "base/memory.h"
#include "support/clerk.h"

static int open_shop(void **state)
{
    struct shop *shop = memory_new(1, sizeof(*shop));

    shop_open(shop, NULL);
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    shop_close(*state);
    free(*state);
    return 0;
}

static int64_t trim(struct clerk *clerk, const char *stream, int64_t count)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_TRIM,
                                                 .stream = stream,
                                                 .count = count})
        ->number;
}

static int64_t depth(struct clerk *clerk, const char *stream)
{
    return clerk_ask(clerk, ADAPTER_OP_STREAM_DEPTH, stream, NULL);
}

static int64_t tamper(struct clerk *clerk, uint32_t verb, const char *stream, const char *item)
{
    struct adapter_text text = {item, strlen(item)};

    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_TAMPER,
                                                 .verb = verb,
                                                 .stream = stream,
                                                 .group = "g",
                                                 .items = &text,
                                                 .item_count = 1})
        ->number;
}

static const struct clerk_answer *read_from(struct clerk *clerk, const char *key, int64_t count)
{
    return clerk_do(
        clerk, (struct adapter_call){
                   .operation = ADAPTER_OP_READ_FROM, .stream = "s", .key = key, .count = count});
}

/* --- Retention ----------------------------------------------------------------------------------
 */

static void trim_removes_what_it_says_and_keeps_the_limit(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(trim(&clerk, "none", 5), 0);
    clerk_publish_many(&clerk, "s", 0, 600);
    assert_int_equal(trim(&clerk, "s", 0), 0);
    assert_int_equal(trim(&clerk, "s", -3), 0);
    assert_int_equal(trim(&clerk, "s", 600), 0);
    assert_int_equal(clerk_drain(&clerk, "s", "g"), 600);
    assert_int_equal(trim(&clerk, "s", 100), 500);
    assert_int_equal(depth(&clerk, "s"), 100);
    assert_int_equal(trim(&clerk, "s", 100), 0);
    assert_int_equal(clerk_next(&clerk, "s", "new"), 500);
    assert_int_equal(clerk_drain(&clerk, "s", "new"), 99);
    assert_null(strstr(clerk_text(&clerk, ADAPTER_OP_INFO), "none"));
    clerk_close(&clerk);
}

static void trim_keeps_what_some_group_was_not_given_or_did_not_settle(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 600);
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, "s", "b");
    assert_int_equal(trim(&clerk, "s", 1), 0);
    clerk_drain(&clerk, "s", "a");
    assert_int_equal(trim(&clerk, "s", 1), 0);
    clerk_read(&clerk, "s", "b", 350);
    clerk_ack_all(&clerk, "s", "b");
    assert_int_equal(trim(&clerk, "s", 1), 350);
    clerk_read(&clerk, "s", "b", 250);
    assert_int_equal(clerk.answer.entry_count, 250);
    assert_int_equal(trim(&clerk, "s", 1), 0);
    clerk_ack_all(&clerk, "s", "b");
    assert_int_equal(trim(&clerk, "s", 1), 249);
    clerk_close(&clerk);
}

static void trimmed_messages_do_not_disturb_a_group_that_begins_later(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 5000);
    assert_int_equal(trim(&clerk, "s", 10), 4990);
    assert_int_equal(clerk_next(&clerk, "s", "g"), 4990);
    clerk_ack_all(&clerk, "s", "g");
    assert_int_equal(clerk_drain(&clerk, "s", "g"), 9);
    clerk_close(&clerk);
}

static void retaining_the_settled_drops_what_every_group_is_done_with(void **state)
{
    const char *const options[] = {"retain", "settled", NULL};
    struct shop shop;
    struct clerk clerk;

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 1000);
    assert_int_equal(depth(&clerk, "s"), 1000); /* no group yet: kept for those to come */
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, "s", "a");
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, "s", "b");
    clerk_drain(&clerk, "s", "a");
    assert_int_equal(depth(&clerk, "s"), 1000);
    clerk_read(&clerk, "s", "b", 300);
    assert_int_equal(depth(&clerk, "s"), 1000);
    clerk_ack_all(&clerk, "s", "b");
    assert_int_equal(depth(&clerk, "s"), 700);
    assert_int_equal(clerk_drain(&clerk, "s", "b"), 700);
    assert_int_equal(depth(&clerk, "s"), 0);
    clerk_publish_many(&clerk, "s", 5, 2);
    assert_int_equal(clerk_next(&clerk, "s", "b"), 5);
    assert_int_equal(clerk_drain(&clerk, "s", "a"), 2);
    assert_int_equal(inline_adapter.declared(shop.instance) & ADAPTER_REPLAY, 0);
    assert_int_equal(read_from(&clerk, "start", 1)->outcome, ADAPTER_UNSUPPORTED);
    clerk_close(&clerk);
    shop_close(&shop);
}

/* --- Replay -------------------------------------------------------------------------------------
 */

static void the_history_is_read_again_without_touching_any_group(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 6);
    clerk_drain(&clerk, "s", "g");
    assert_string_equal(clerk_numbers(read_from(&clerk, "start", 100)), "0 1 2 3 4 5");
    assert_string_equal(clerk_numbers(read_from(&clerk, NULL, 2)), "0 1");
    memcpy(id, clerk.answer.entries[1].id, sizeof(id));
    assert_string_equal(clerk_numbers(read_from(&clerk, id, 3)), "2 3 4");
    tamper(&clerk, ADAPTER_TAMPER_DELETE_ENTRY, "s", id);
    assert_string_equal(clerk_numbers(read_from(&clerk, "start", 3)), "0 2 3");
    assert_int_equal(read_from(&clerk, "nope", 3)->error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(read_from(&clerk, "start", 0)->outcome, ADAPTER_EMPTY);
    assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
    clerk_close(&clerk);
}

/* --- Health, info, reset ------------------------------------------------------------------------
 */

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);

    assert_non_null(json);
    return json;
}

static void health_has_its_shape_and_counts_what_is_stored_and_in_flight(void **state)
{
    struct clerk clerk;
    const char *status;
    int connected, total, in_flight;
    double uptime, later;
    json_t *json;

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_PING, NULL, NULL), 1);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_ENSURE_CONNECTION, NULL, NULL), 1);
    clerk_publish_many(&clerk, "s", 0, 3);
    for (int acked = 0; acked < 2; acked++) {
        char id[64];

        if (!acked)
            clerk_read(&clerk, "s", "g", 2);
        memcpy(id, acked ? "" : clerk.answer.entries[0].id, acked ? 1 : sizeof(id));
        json = parse(clerk_text(&clerk, ADAPTER_OP_HEALTH_STATS));
        assert_int_equal(json_unpack(json, "{s:s, s:b, s:f, s:{s:{s:i, s:i}}}", "status", &status,
                                     "connected", &connected, "uptime_seconds",
                                     acked ? &later : &uptime, "details", "message_counts",
                                     "total_messages", &total, "in_flight", &in_flight),
                         0);
        assert_string_equal(status, "healthy");
        assert_true(connected);
        assert_true(json_is_number(json_object_get(json, "last_ping_ms")));
        assert_int_equal(total, 3);
        assert_int_equal(in_flight, acked ? 1 : 2);
        json_decref(json);
        if (!acked)
            assert_true(clerk_ack(&clerk, "s", "g", id));
        shop_wait(*state, 1u * MS);
    }
    assert_true(later > uptime);
    clerk_close(&clerk);
}

static void info_shows_a_group_with_its_consumers_and_what_is_outstanding_per_stream(void **state)
{
    struct clerk one, two;
    int consumer_count, on_a, on_b;
    const char *created_at;
    json_t *json, *consumers;

    clerk_open(&one, *state, "w:1");
    clerk_open(&two, *state, "w:2");
    clerk_ask(&one, ADAPTER_OP_ENSURE_GROUP, "dom::order", "H:x");
    json = parse(clerk_text(&one, ADAPTER_OP_INFO));
    assert_non_null(json_object_get(json, "H:x"));
    json_decref(json);
    clerk_publish_many(&one, "dom::order", 0, 1);
    clerk_publish_many(&one, "b", 0, 2);
    clerk_read(&one, "dom::order", "H:x", 9);
    clerk_read(&two, "b", "H:x", 9);
    clerk_read(&one, "b", "H:x", 9);
    for (int i = 0; i < 2; i++) {
        json = parse(clerk_text(&one, ADAPTER_OP_INFO));
        assert_int_equal(json_unpack(json, "{s:{s:o, s:i, s:s, s:{s:i, s:i}}}", "H:x", "consumers",
                                     &consumers, "consumer_count", &consumer_count, "created_at",
                                     &created_at, "outstanding", "dom::order", &on_a, "b", &on_b),
                         0);
        assert_int_equal(json_array_size(consumers), 2);
        assert_int_equal(consumer_count, 2);
        assert_int_equal(strlen(created_at), 29);
        assert_int_equal(on_a, 1);
        assert_int_equal(on_b, 2);
        json_decref(json);
    }
    clerk_close(&one);
    clerk_close(&two);
}

static void data_reset_removes_everything_and_the_broker_works_as_new(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 5);
    clerk_publish(&clerk, "s:dlq", "{\"x\": 1}");
    clerk_read(&clerk, "s", "g", 3);
    memcpy(id, clerk.answer.entries[0].id, sizeof(id));
    assert_int_equal(
        clerk_do(&clerk, (struct adapter_call){.operation = ADAPTER_OP_DATA_RESET})->outcome,
        ADAPTER_DONE);
    assert_string_equal(clerk_text(&clerk, ADAPTER_OP_INFO), "{}");
    assert_int_equal(depth(&clerk, "s") + depth(&clerk, "s:dlq"), 0);
    assert_false(clerk_ack(&clerk, "s", "g", id));
    clerk_publish_many(&clerk, "s", 8, 1);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "8");
    assert_string_not_equal(clerk.answer.entries[0].id, id);
    assert_false(clerk_ack(&clerk, "s", "g", id));
    clerk_close(&clerk);
}

/* --- Tampering ----------------------------------------------------------------------------------
 */

static void a_consumer_recovers_when_its_stream_is_wiped(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 3);
    clerk_read(&clerk, "s", "g", 2);
    assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_WIPE, "s", ""), 1);
    assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_WIPE, "s", ""), 0);
    clerk_publish_many(&clerk, "s", 7, 1);
    assert_int_equal(clerk_next(&clerk, "s", "g"), 7);
    assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_REMOVE_GROUP, "s", ""), 1);
    clerk_publish_many(&clerk, "s", 8, 1);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "7 8");
    clerk_close(&clerk);
}

static void what_cannot_be_decoded_is_passed_over(void **state)
{
    static const char *const raw[] = {"{\"cut", "", "{}", "[1]"};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(raw); i++)
        assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_PUT_RAW, "s", raw[i]), 1);
    assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_PUT_RAW, "s", "{\"n\": 3}"), 1);
    clerk_publish_many(&clerk, "s", 4, 1);
    assert_int_equal(clerk_next(&clerk, "s", "g"), 3);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "4");
    assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
    assert_non_null(strstr(clerk_text(&clerk, ADAPTER_OP_HEALTH_STATS), "\"in_flight\": 2"));
    clerk_close(&clerk);
}

static void something_that_is_no_stream_gives_an_error_from_every_operation(void **state)
{
    static const enum adapter_operation operations[] = {
        ADAPTER_OP_PUBLISH,      ADAPTER_OP_GET_NEXT,  ADAPTER_OP_READ,
        ADAPTER_OP_ACK,          ADAPTER_OP_NACK,      ADAPTER_OP_READ_BLOCKING,
        ADAPTER_OP_ENSURE_GROUP, ADAPTER_OP_READ_FROM, ADAPTER_OP_TRIM,
        ADAPTER_OP_DLQ_DEPTH,    ADAPTER_OP_DLQ_PURGE, ADAPTER_OP_STREAM_DEPTH};
    struct adapter_text item = {"{\"n\": 1}", 8};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_SET_FOREIGN_TYPE, "s", ""), 1);
    for (size_t i = 0; i < ARRAY_SIZE(operations); i++) {
        clerk_do(&clerk, (struct adapter_call){.operation = operations[i],
                                               .stream = "s",
                                               .group = "g",
                                               .count = 1,
                                               .items = &item,
                                               .item_count = 1});
        assert_int_equal(clerk.answer.outcome, ADAPTER_REFUSED);
        assert_int_equal(clerk.answer.error, ADAPTER_ERROR_OTHER);
    }
    assert_int_equal(tamper(&clerk, ADAPTER_TAMPER_WIPE, "s", ""), 1);
    clerk_publish_many(&clerk, "s", 5, 1);
    assert_int_equal(clerk_next(&clerk, "s", "g"), 5);
    clerk_close(&clerk);
}

/* --- Declaring less -----------------------------------------------------------------------------
 */

static void each_tier_declares_itself(void **state)
{
    static const struct {
        const char *name;
        uint32_t expected;
    } tiers[] = {{"BASIC_PUBSUB", ADAPTER_TIER_BASIC_PUBSUB},
                 {"SIMPLE_QUEUING", ADAPTER_TIER_SIMPLE_QUEUING},
                 {"RELIABLE_MESSAGING", ADAPTER_TIER_RELIABLE_MESSAGING},
                 {"ORDERED_MESSAGING", ADAPTER_TIER_ORDERED_MESSAGING},
                 {"ENTERPRISE_STREAMING", ADAPTER_TIER_ENTERPRISE_STREAMING}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(tiers); i++) {
        const char *const options[] = {"declare", tiers[i].name, NULL};
        struct shop shop;

        shop_open(&shop, options);
        assert_int_equal(inline_adapter.declared(shop.instance), tiers[i].expected);
        shop_close(&shop);
    }
}

static void without_acks_a_message_is_settled_by_its_delivery(void **state)
{
    const char *const options[] = {"declare", "SIMPLE_QUEUING", "message_timeout", "10ms", NULL};
    struct shop shop;
    struct clerk clerk;
    char id[64];

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 3);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 2)), "0 1");
    memcpy(id, clerk.answer.entries[0].id, sizeof(id));
    assert_false(clerk_ack(&clerk, "s", "g", id));
    assert_int_equal(clerk.answer.outcome, ADAPTER_UNSUPPORTED);
    assert_false(clerk_nack(&clerk, "s", "g", id));
    shop_wait(&shop, 1000u * MS);
    uint64_t before = shop_now_ns(&shop);
    assert_string_equal(clerk_numbers(clerk_read_blocking(&clerk, "s", "g", 9, 2000)), "2");
    assert_int_equal(clerk_read_blocking(&clerk, "s", "g", 9, 2000)->outcome, ADAPTER_EMPTY);
    assert_true(shop_now_ns(&shop) - before < 1u * MS);
    assert_int_equal(trim(&clerk, "s", 1), 2);
    clerk_close(&clerk);
    shop_close(&shop);
}

static void without_groups_nothing_is_read_and_subscribers_are_served(void **state)
{
    const char *const options[] = {"declare", "BASIC_PUBSUB", NULL};
    struct shop shop;
    struct clerk clerk, subscriber;

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_open(&subscriber, &shop, NULL);
    clerk_begin(&subscriber,
                (struct adapter_call){.operation = ADAPTER_OP_SUBSCRIBE, .stream = "s"});
    shop_wait(&shop, 1u * MS);
    clerk_publish_many(&clerk, "s", 0, 3);
    assert_int_equal(clerk_read(&clerk, "s", "g", 2)->entry_count, 0);
    assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
    shop_wait(&shop, 1u * MS);
    assert_int_equal(subscriber.delivered_count, 3);
    clerk_close(&clerk);
    clerk_close(&subscriber);
    shop_close(&shop);
}

static void the_profile_follows_the_options(void **state)
{
    const char *const options[] = {"enable_dlq", "no", "message_timeout", "150ms", NULL};
    struct shop *usual = *state, shop;

    assert_int_equal(inline_adapter.profile_of(usual->instance)->redelivery_time_ms, 500);
    assert_string_equal(inline_adapter.profile_of(usual->instance)->dlq_populated_by, "broker");
    shop_open(&shop, options);
    assert_int_equal(inline_adapter.profile_of(shop.instance)->redelivery_time_ms, 150);
    assert_string_equal(inline_adapter.profile_of(shop.instance)->dlq_populated_by, "caller");
    shop_close(&shop);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(trim_removes_what_it_says_and_keeps_the_limit),
        CASE(trim_keeps_what_some_group_was_not_given_or_did_not_settle),
        CASE(trimmed_messages_do_not_disturb_a_group_that_begins_later),
        CASE(retaining_the_settled_drops_what_every_group_is_done_with),
        CASE(the_history_is_read_again_without_touching_any_group),
        CASE(health_has_its_shape_and_counts_what_is_stored_and_in_flight),
        CASE(info_shows_a_group_with_its_consumers_and_what_is_outstanding_per_stream),
        CASE(data_reset_removes_everything_and_the_broker_works_as_new),
        CASE(a_consumer_recovers_when_its_stream_is_wiped),
        CASE(what_cannot_be_decoded_is_passed_over),
        CASE(something_that_is_no_stream_gives_an_error_from_every_operation),
        CASE(each_tier_declares_itself),
        CASE(without_acks_a_message_is_settled_by_its_delivery),
        CASE(without_groups_nothing_is_read_and_subscribers_are_served),
        CASE(the_profile_follows_the_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
