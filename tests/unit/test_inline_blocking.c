/* test_inline_blocking.c: blocked reads and subscriptions on the inline broker, in virtual time. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/clerk.h"

static int open_shop(void **state)
{
    const char *const options[] = {"retry_delay", "80ms", "message_timeout", "2s", NULL};
    struct shop *shop = memory_new(1, sizeof(*shop));

    shop_open(shop, options);
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    shop_close(*state);
    free(*state);
    return 0;
}

static void begin_blocking(struct clerk *clerk, int64_t count, int64_t duration_ms)
{
    clerk_begin(clerk, (struct adapter_call){.operation = ADAPTER_OP_READ_BLOCKING,
                                             .stream = "s",
                                             .group = "g",
                                             .count = count,
                                             .duration_ms = duration_ms});
    shop_wait(clerk->shop, 2000); /* it stands in line now */
}

static void a_message_that_is_there_is_returned_at_once(void **state)
{
    struct shop *shop = *state;
    struct clerk clerk;

    clerk_open(&clerk, shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 5);
    uint64_t before = shop_now_ns(shop);
    assert_string_equal(clerk_numbers(clerk_read_blocking(&clerk, "s", "g", 2, 900)), "0 1");
    assert_string_equal(clerk_numbers(clerk_read_blocking(&clerk, "s", "g", 10, 900)), "2 3 4");
    assert_true(shop_now_ns(shop) - before < 1u * MS);
    clerk_close(&clerk);
}

static void a_blocked_reader_wakes_when_something_is_published(void **state)
{
    struct shop *shop = *state;
    struct clerk reader, writer;

    clerk_open(&reader, shop, NULL);
    clerk_open(&writer, shop, NULL);
    begin_blocking(&reader, 10, 900);
    shop_wait(shop, 300u * MS);
    clerk_publish_many(&writer, "s", 0, 3);
    uint64_t published = shop_now_ns(shop);
    assert_string_equal(clerk_numbers(clerk_finish(&reader)), "0 1 2");
    assert_true(shop_now_ns(shop) - published < 1u * MS);
    clerk_close(&reader);
    clerk_close(&writer);
}

static void an_idle_stream_answers_empty_after_the_timeout_and_not_before(void **state)
{
    static const int64_t timeouts_ms[] = {1, 400, 3000};
    struct shop *shop = *state;
    struct clerk clerk;

    clerk_open(&clerk, shop, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(timeouts_ms); i++) {
        uint64_t before = shop_now_ns(shop), wanted = (uint64_t)timeouts_ms[i] * MS;

        assert_int_equal(clerk_read_blocking(&clerk, "s", "g", 1, timeouts_ms[i])->outcome,
                         ADAPTER_EMPTY);
        assert_true(shop_now_ns(shop) - before >= wanted);
        assert_true(shop_now_ns(shop) - before < wanted + 1u * MS);
    }
    clerk_close(&clerk);
}

static void a_timeout_of_zero_waits_without_limit(void **state)
{
    struct shop *shop = *state;
    struct clerk reader, writer;

    clerk_open(&reader, shop, NULL);
    clerk_open(&writer, shop, NULL);
    begin_blocking(&reader, 1, 0);
    shop_wait(shop, 3600000ull * MS);
    assert_false(reader.is_done);
    clerk_publish_many(&writer, "s", 7, 1);
    assert_string_equal(clerk_numbers(clerk_finish(&reader)), "7");
    clerk_close(&reader);
    clerk_close(&writer);
}

static void one_message_wakes_exactly_one_reader_and_the_first_in_line(void **state)
{
    struct shop *shop = *state;
    struct clerk readers[6], writer;

    clerk_open(&writer, shop, NULL);
    for (size_t i = 0; i < 6; i++) {
        clerk_open(&readers[i], shop, NULL);
        begin_blocking(&readers[i], 1, 900);
    }
    clerk_publish_many(&writer, "s", 0, 1);
    assert_string_equal(clerk_numbers(clerk_finish(&readers[0])), "0");
    for (size_t i = 1; i < 6; i++)
        assert_false(readers[i].is_done);
    for (size_t i = 1; i < 6; i++)
        assert_int_equal(clerk_finish(&readers[i])->outcome, ADAPTER_EMPTY);
    for (size_t i = 0; i < 6; i++)
        clerk_close(&readers[i]);
    clerk_close(&writer);
}

static void as_many_messages_as_readers_wake_them_all(void **state)
{
    struct shop *shop = *state;
    struct clerk readers[6], writer;

    for (int together = 0; together < 2; together++) {
        clerk_open(&writer, shop, NULL);
        for (size_t i = 0; i < 6; i++) {
            clerk_open(&readers[i], shop, NULL);
            begin_blocking(&readers[i], 1, 900);
        }
        if (together)
            clerk_publish_many(&writer, "s", 0, 6);
        for (size_t i = 0; !together && i < 6; i++)
            clerk_publish_many(&writer, "s", i, 1);
        shop_wait(shop, 1u * MS);
        for (size_t i = 0; i < 6; i++) {
            assert_true(readers[i].is_done);
            assert_int_equal(readers[i].answer.entry_count, 1);
            clerk_ack_all(&readers[i], "s", "g");
            clerk_close(&readers[i]);
        }
        clerk_close(&writer);
    }
}

static void a_reader_that_leaves_passes_its_turn_on(void **state)
{
    struct shop *shop = *state;
    struct clerk first, second, writer;

    clerk_open(&first, shop, NULL);
    clerk_open(&second, shop, NULL);
    clerk_open(&writer, shop, NULL);
    begin_blocking(&first, 1, 900);
    begin_blocking(&second, 1, 900);
    /* Publish, and abandon the first in the very moment it was woken. */
    struct adapter_text item = {"{\"n\": 5}", 8};
    clerk_do(&writer,
             (struct adapter_call){
                 .operation = ADAPTER_OP_PUBLISH, .stream = "s", .items = &item, .item_count = 1});
    clerk_abandon(&first);
    assert_true(first.is_done);
    shop_wait(shop, 1u * MS);
    assert_true(second.is_done);
    assert_string_equal(clerk_numbers(clerk_finish(&second)), "5");
    clerk_close(&second);
    clerk_close(&writer);
}

static void a_blocked_reader_wakes_for_a_retry_for_expiry_and_for_a_crash(void **state)
{
    static const uint64_t delays_ms[] = {80, 2000, 500};
    struct shop *shop = *state;
    struct clerk holder, reader;

    for (size_t i = 0; i < ARRAY_SIZE(delays_ms); i++) {
        clerk_open(&holder, shop, NULL);
        clerk_open(&reader, shop, NULL);
        begin_blocking(&reader, 1, 0); /* in line before anything is due */
        clerk_publish_many(&holder, "s", i, 2);
        assert_int_equal(clerk_finish(&reader)->entry_count, 1);
        clerk_ack_all(&reader, "s", "g");
        assert_int_equal(clerk_read(&holder, "s", "g", 1)->entry_count, 1);
        begin_blocking(&reader, 1, 0);
        uint64_t before = shop_now_ns(shop);
        if (i == 0)
            assert_true(clerk_nack(&holder, "s", "g", holder.answer.entries[0].id));
        if (i == 2)
            clerk_abandon(&holder);
        assert_int_equal(clerk_finish(&reader)->entry_count, 1);
        assert_true(shop_now_ns(shop) - before >= (delays_ms[i] - 1) * MS);
        assert_true(shop_now_ns(shop) - before <= (delays_ms[i] + 1) * MS);
        clerk_ack_all(&reader, "s", "g");
        assert_int_equal(reader.answer.number, 1);
        clerk_close(&reader);
        if (i != 2)
            clerk_close(&holder);
    }
}

static void a_reader_in_line_learns_of_what_another_takes(void **state)
{
    struct shop *shop = *state;
    struct clerk holder, reader;

    clerk_open(&holder, shop, NULL);
    clerk_open(&reader, shop, NULL);
    begin_blocking(&reader, 1, 0);
    clerk_begin(&holder, (struct adapter_call){.operation = ADAPTER_OP_READ_BLOCKING,
                                               .stream = "s",
                                               .group = "g",
                                               .count = 1,
                                               .duration_ms = 5000});
    shop_wait(shop, 2000);
    struct clerk writer;
    clerk_open(&writer, shop, NULL);
    clerk_publish_many(&writer, "s", 0, 2);
    clerk_finish(&reader);
    clerk_finish(&holder);
    clerk_ack_all(&reader, "s", "g");
    begin_blocking(&reader, 1, 0); /* nothing but the holder's message, which expires in 2 s */
    uint64_t before = shop_now_ns(shop);
    assert_string_equal(clerk_numbers(clerk_finish(&reader)), "1");
    assert_true(shop_now_ns(shop) - before <= 2000ull * MS);
    clerk_close(&writer);
    clerk_close(&reader);
    clerk_close(&holder);
}

static void a_blocked_reader_outlives_its_stream(void **state)
{
    static const uint32_t verbs[] = {ADAPTER_TAMPER_WIPE, ADAPTER_TAMPER_REMOVE_GROUP};
    struct shop *shop = *state;
    struct clerk reader, other;

    clerk_open(&reader, shop, NULL);
    clerk_open(&other, shop, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
        begin_blocking(&reader, 1, 900);
        clerk_do(&other, (struct adapter_call){.operation = ADAPTER_OP_TAMPER,
                                               .verb = verbs[i],
                                               .stream = "s",
                                               .group = "g"});
        assert_int_equal(other.answer.number, 1);
        shop_wait(shop, 100u * MS);
        clerk_publish_many(&other, "s", i, 1);
        assert_int_equal(clerk_finish(&reader)->entry_count, 1);
        clerk_ack_all(&reader, "s", "g");
    }
    clerk_drain(&reader, "s", "g"); /* a group made anew begins at the beginning */
    begin_blocking(&reader, 1, 900);
    clerk_ask(&other, ADAPTER_OP_DATA_RESET, NULL, NULL);
    clerk_publish_many(&other, "s", 9, 1);
    assert_string_equal(clerk_numbers(clerk_finish(&reader)), "9");
    clerk_close(&reader);
    clerk_close(&other);
}

static void an_unacked_message_does_not_hide_new_ones(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    clerk_read_blocking(&clerk, "s", "g", 1, 10);
    clerk_publish_many(&clerk, "s", 1, 1);
    assert_string_equal(clerk_numbers(clerk_read_blocking(&clerk, "s", "g", 1, 10)), "1");
    clerk_close(&clerk);
}

/* --- Subscriptions ------------------------------------------------------------------------------
 */

static void a_subscriber_is_handed_what_is_published_from_now_on(void **state)
{
    struct shop *shop = *state;
    struct clerk subscriber, writer;

    clerk_open(&subscriber, shop, NULL);
    clerk_open(&writer, shop, NULL);
    clerk_publish_many(&writer, "s", 0, 2);
    clerk_begin(&subscriber,
                (struct adapter_call){.operation = ADAPTER_OP_SUBSCRIBE, .stream = "s"});
    shop_wait(shop, 1u * MS);
    clerk_publish_many(&writer, "s", 2, 3000);
    clerk_publish_many(&writer, "t", 9, 1);
    shop_wait(shop, 1u * MS);
    assert_int_equal(subscriber.delivered_count, 3000);
    assert_string_equal(subscriber.delivered, "{\"n\": 3001}");
    clerk_ask(&writer, ADAPTER_OP_STREAM_REMOVE, "s", NULL);
    clerk_publish_many(&writer, "s", 7, 1);
    shop_wait(shop, 1u * MS);
    assert_string_equal(subscriber.delivered, "{\"n\": 7}");
    assert_false(subscriber.is_done);
    clerk_close(&subscriber);
    assert_true(subscriber.is_done);
    clerk_publish_many(&writer, "s", 8, 1);
    clerk_close(&writer);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_message_that_is_there_is_returned_at_once),
        CASE(a_blocked_reader_wakes_when_something_is_published),
        CASE(an_idle_stream_answers_empty_after_the_timeout_and_not_before),
        CASE(a_timeout_of_zero_waits_without_limit),
        CASE(one_message_wakes_exactly_one_reader_and_the_first_in_line),
        CASE(as_many_messages_as_readers_wake_them_all),
        CASE(a_reader_that_leaves_passes_its_turn_on),
        CASE(a_blocked_reader_wakes_for_a_retry_for_expiry_and_for_a_crash),
        CASE(a_reader_in_line_learns_of_what_another_takes),
        CASE(a_blocked_reader_outlives_its_stream),
        CASE(an_unacked_message_does_not_hide_new_ones),
        CASE(a_subscriber_is_handed_what_is_published_from_now_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
