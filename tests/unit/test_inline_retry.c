/* test_inline_retry.c: acks, nacks, retries, expiry and crashes on the inline broker. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/clerk.h"

static int open_shop(void **state)
{
    const char *const options[] = {"retry_delay", "80ms", "message_timeout", "10s", NULL};
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

/* Take one message; its id stays in the clerk's hand. */
static void take(struct clerk *clerk, char id[64])
{
    assert_int_equal(clerk_read(clerk, "s", "g", 1)->entry_count, 1);
    memcpy(id, clerk->answer.entries[0].id, 64);
}

/* The n of what `group` has outstanding, as info says. */
static int outstanding(struct clerk *clerk)
{
    const char *text = strstr(clerk_text(clerk, ADAPTER_OP_INFO), "\"outstanding\": {\"s\": ");
    int count = -1;

    if (text)
        (void)sscanf(text, "\"outstanding\": {\"s\": %d", &count);
    return count;
}

/* --- Ack ----------------------------------------------------------------------------------------
 */

static void a_message_is_acked_once_and_never_comes_again(void **state)
{
    struct clerk clerk, other;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    take(&clerk, id);
    assert_true(clerk_ack(&clerk, "s", "g", id));
    assert_false(clerk_ack(&clerk, "s", "g", id));
    assert_false(clerk_nack(&clerk, "s", "g", id));
    shop_wait(*state, 20000ull * MS);
    assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
    assert_int_equal(clerk_next(&other, "s", "g"), -1);
    assert_int_equal(clerk_read_blocking(&other, "s", "g", 1, 50)->entry_count, 0);
    clerk_close(&clerk);
    clerk_close(&other);
}

static void what_was_not_delivered_cannot_be_settled(void **state)
{
    static const char *const strangers[] = {"9999999999999-0", "nope", "",
                                            "01234567-89ab-4cde-8f01-23456789abcd"};
    struct clerk clerk;
    char id[64], undelivered[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    clerk_publish_many(&clerk, "t", 0, 1);
    memcpy(undelivered, clerk_publish(&clerk, "s", "{\"n\": 1}"), 64);
    take(&clerk, id);
    for (size_t i = 0; i < ARRAY_SIZE(strangers); i++) {
        assert_false(clerk_ack(&clerk, "s", "g", strangers[i]));
        assert_false(clerk_nack(&clerk, "s", "g", strangers[i]));
    }
    assert_false(clerk_ack(&clerk, "s", "g", undelivered));
    assert_false(clerk_nack(&clerk, "s", "g", undelivered));
    assert_false(clerk_ack(&clerk, "s", "ghost", id));
    assert_false(clerk_nack(&clerk, "s", "ghost", id));
    assert_false(clerk_ack(&clerk, "t", "g", id));
    assert_false(clerk_nack(&clerk, "none", "g", id));
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, "s", "other");
    assert_false(clerk_ack(&clerk, "s", "other", id));
    assert_null(strstr(clerk_text(&clerk, ADAPTER_OP_INFO), "ghost"));
    assert_null(strstr(clerk_text(&clerk, ADAPTER_OP_INFO), "none"));
    assert_true(clerk_ack(&clerk, "s", "g", id));
    assert_int_equal(clerk_next(&clerk, "s", "g"), 1);
    clerk_close(&clerk);
}

static void acks_are_individual(void **state)
{
    struct clerk clerk;
    char ids[3][64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 3);
    clerk_read(&clerk, "s", "g", 3);
    for (int i = 0; i < 3; i++)
        memcpy(ids[i], clerk.answer.entries[i].id, 64);
    assert_true(clerk_ack(&clerk, "s", "g", ids[2]));
    assert_int_equal(outstanding(&clerk), 2);
    assert_true(clerk_nack(&clerk, "s", "g", ids[0]));
    assert_true(clerk_ack(&clerk, "s", "g", ids[1]));
    assert_int_equal(outstanding(&clerk), 1);
    clerk_close(&clerk);
}

static void a_batch_of_acks_says_of_each_what_became_of_it(void **state)
{
    struct clerk clerk;
    struct adapter_text items[6];
    char ids[5][64];
    static const int64_t expected[] = {1, 0, 0, 1, 1, 0};

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 5);
    clerk_read(&clerk, "s", "g", 2);
    memcpy(ids[0], clerk.answer.entries[0].id, 64);
    memcpy(ids[1], clerk.answer.entries[1].id, 64);
    clerk_read(&clerk, "s", "g", 2); /* a second read: a second run */
    memcpy(ids[2], clerk.answer.entries[0].id, 64);
    memcpy(ids[3], clerk.answer.entries[1].id, 64);
    memcpy(ids[4], clerk_publish(&clerk, "s", "{\"n\": 9}"), 64);
    clerk_ack(&clerk, "s", "g", ids[1]);
    for (size_t i = 0; i < 6; i++)
        items[i] = (struct adapter_text){ids[(size_t[]){0, 1, 4, 2, 3, 2}[i]], 36};
    clerk_do(&clerk, (struct adapter_call){.operation = ADAPTER_OP_ACK,
                                           .stream = "s",
                                           .group = "g",
                                           .items = items,
                                           .item_count = 6});
    assert_int_equal(clerk.answer.number, 3);
    assert_int_equal(clerk.answer.item_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(clerk.answer.items[i].number, expected[i]);
    clerk_do(&clerk, (struct adapter_call){.operation = ADAPTER_OP_ACK,
                                           .stream = "none",
                                           .group = "g",
                                           .items = items,
                                           .item_count = 6});
    assert_int_equal(clerk.answer.item_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(clerk.answer.items[i].number, 0);
    clerk_close(&clerk);
}

static void an_ack_after_a_nack_cancels_the_retry(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    for (int due = 0; due < 2; due++) { /* before the retry is due, and after */
        clerk_publish_many(&clerk, "s", 0, 1);
        take(&clerk, id);
        assert_true(clerk_nack(&clerk, "s", "g", id));
        shop_wait(*state, due ? 200u * MS : 10u * MS);
        assert_true(clerk_ack(&clerk, "s", "g", id));
        shop_wait(*state, 1000u * MS);
        assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
        assert_int_equal(outstanding(&clerk), 0);
    }
    clerk_close(&clerk);
}

/* --- Nack ---------------------------------------------------------------------------------------
 */

static void a_nacked_message_comes_back_later_and_later_until_its_retries_are_used_up(void **state)
{
    static const uint64_t delays_ms[] = {80, 160, 320};
    struct clerk clerk, other;
    char id[64], again[64];

    clerk_open(&clerk, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    take(&clerk, id);
    for (size_t i = 0; i < ARRAY_SIZE(delays_ms); i++) {
        assert_true(clerk_nack(&clerk, "s", "g", id));
        assert_false(clerk_nack(&clerk, "s", "g", id));
        shop_wait(*state, (delays_ms[i] - 1) * MS);
        assert_int_equal(clerk_next(&other, "s", "g"), -1);
        shop_wait(*state, 1u * MS);
        take(i % 2 ? &clerk : &other, again);
        assert_string_equal(again, id);
    }
    assert_true(clerk_nack(&clerk, "s", "g", id)); /* the fourth delivery was the last */
    shop_wait(*state, 60000ull * MS);
    assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
    assert_int_equal(outstanding(&clerk), 0);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_DEPTH, "s:dlq", NULL), 1);
    clerk_close(&clerk);
    clerk_close(&other);
}

static void without_a_dead_letter_queue_a_hopeless_message_stays_outstanding(void **state)
{
    const char *const options[] = {"retry_delay", "0",     "max_retries", "1",
                                   "enable_dlq",  "false", NULL};
    struct shop shop;
    struct clerk clerk;
    char id[64];

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    for (int i = 0; i < 2; i++) {
        take(&clerk, id);
        assert_true(clerk_nack(&clerk, "s", "g", id));
    }
    shop_wait(&shop, 1000000ull * MS);
    assert_int_equal(clerk_next(&clerk, "s", "g"), -1);
    assert_int_equal(outstanding(&clerk), 1);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_DEPTH, "s:dlq", NULL), 0);
    assert_true(clerk_ack(&clerk, "s", "g", id));
    assert_int_equal(outstanding(&clerk), 0);
    clerk_close(&clerk);
    shop_close(&shop);
}

static void other_messages_flow_while_one_waits_for_its_retry(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 5);
    take(&clerk, id);
    assert_true(clerk_nack(&clerk, "s", "g", id));
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "1 2 3 4");
    clerk_close(&clerk);
}

static void a_retry_is_not_starved_by_new_messages(void **state)
{
    struct clerk clerk;
    char id[64];
    bool came_back = false;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    take(&clerk, id);
    assert_true(clerk_nack(&clerk, "s", "g", id));
    for (int i = 0; i < 300 && !came_back; i++) {
        shop_wait(*state, 1u * MS);
        clerk_publish_many(&clerk, "s", 1, 1);
        came_back = strcmp(clerk_numbers(clerk_read(&clerk, "s", "g", 1)), "0") == 0;
        clerk_ack_all(&clerk, "s", "g");
    }
    assert_true(came_back);
    clerk_close(&clerk);
}

static void a_nack_reaches_no_other_group_and_no_other_stream(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 4);
    clerk_publish_many(&clerk, "s:b", 10, 4);
    assert_int_equal(clerk_next(&clerk, "s", "lags"), 0);
    assert_int_equal(clerk_next(&clerk, "s:b", "g"), 10);
    clerk_read(&clerk, "s", "g", 3);
    take(&clerk, id);
    assert_true(clerk_nack(&clerk, "s", "g", id));
    shop_wait(*state, 100u * MS);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "3");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "lags", 9)), "1 2 3");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "new", 9)), "0 1 2 3");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s:b", "g", 9)), "11 12 13");
    clerk_close(&clerk);
}

/* Every 7th message is nacked for ever: each good one is acked once, each bad one dead-lettered. */
static void poison_among_good_messages_is_accounted_for(void **state)
{
    struct clerk clerk;
    int acked = 0;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 100);
    for (int round = 0; round < 60; round++) {
        const struct clerk_answer *answer = clerk_read(&clerk, "s", "g", 30);
        size_t count = answer->entry_count;
        char ids[30][64];
        bool is_poison[30];

        for (size_t i = 0; i < count; i++) {
            memcpy(ids[i], answer->entries[i].id, 64);
            is_poison[i] = atoi(answer->entries[i].payload + 6) % 7 == 0;
        }
        for (size_t i = 0; i < count; i++) {
            if (is_poison[i])
                assert_true(clerk_nack(&clerk, "s", "g", ids[i]));
            else
                acked += clerk_ack(&clerk, "s", "g", ids[i]);
        }
        shop_wait(*state, 50u * MS);
    }
    assert_int_equal(acked, 85);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_DEPTH, "s:dlq", NULL), 15);
    assert_int_equal(outstanding(&clerk), 0);
    clerk_close(&clerk);
}

/* --- Expiry -------------------------------------------------------------------------------------
 */

static void an_expired_delivery_is_made_again_and_a_late_ack_is_refused(void **state)
{
    struct clerk slow, other;
    char id[64], again[64];

    clerk_open(&slow, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&slow, "s", 0, 2);
    take(&slow, id);
    shop_wait(*state, 9990ull * MS);
    assert_int_equal(clerk_read(&other, "s", "g", 9)->entry_count, 1);
    shop_wait(*state, 20ull * MS);
    clerk_read(&other, "s", "g", 0); /* nothing is noticed where nothing is asked for */
    assert_int_equal(clerk_read(&other, "s", "g", 9)->entry_count, 1);
    memcpy(again, other.answer.entries[0].id, 64);
    assert_string_equal(again, id);
    assert_int_equal(other.answer.entries[0].attempt, 2);
    assert_false(clerk_ack(&slow, "s", "g", id));
    assert_false(clerk_nack(&slow, "s", "g", id));
    assert_true(clerk_ack(&other, "s", "g", id));
    clerk_close(&slow);
    clerk_close(&other);
}

static void who_lost_a_delivery_and_got_it_again_may_settle_it(void **state)
{
    struct clerk slow, other;
    char id[64];

    clerk_open(&slow, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&slow, "s", 0, 2);
    for (int i = 0; i < 2; i++) {
        take(&slow, id);
        shop_wait(*state, 10001ull * MS);
        take(&slow, id);
        assert_true(clerk_ack(i ? &other : &slow, "s", "g", id)); /* any other may, too */
    }
    clerk_close(&slow);
    clerk_close(&other);
}

static void between_expiry_and_redelivery_neither_ack_nor_nack_is_accepted(void **state)
{
    struct clerk slow, other;
    char id[64];

    clerk_open(&slow, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&slow, "s", 0, 3);
    clerk_read(&slow, "s", "g", 3);
    memcpy(id, slow.answer.entries[2].id, 64);
    shop_wait(*state, 10001ull * MS);
    assert_string_equal(clerk_numbers(clerk_read(&other, "s", "g", 2)), "0 1");
    assert_false(clerk_ack(&slow, "s", "g", id));
    assert_false(clerk_nack(&slow, "s", "g", id));
    assert_string_equal(clerk_numbers(clerk_read(&other, "s", "g", 2)), "2");
    clerk_close(&slow);
    clerk_close(&other);
}

static void expiry_is_noticed_only_where_that_group_reads(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    assert_int_equal(clerk_read(&clerk, "s", "x:g", 1)->entry_count, 1);
    memcpy(id, clerk.answer.entries[0].id, 64);
    shop_wait(*state, 20000ull * MS);
    assert_int_equal(clerk_next(&clerk, "other", "g"), -1);
    assert_int_equal(clerk_next(&clerk, "s:x", "g"), -1);
    assert_true(clerk_ack(&clerk, "s", "x:g", id));
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_DEPTH, "s:dlq", NULL), 0);
    clerk_close(&clerk);
}

static void deliveries_that_always_expire_are_dead_lettered_as_timed_out(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 3);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "0 1 2");
        shop_wait(*state, 10001ull * MS);
    }
    assert_int_equal(clerk_read(&clerk, "s", "g", 9)->entry_count, 0);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_DEPTH, "s:dlq", NULL), 3);
    assert_int_equal(outstanding(&clerk), 0);
    clerk_close(&clerk);
}

static void without_a_dead_letter_queue_expired_deliveries_are_made_again_and_again(void **state)
{
    const char *const options[] = {"message_timeout", "150ms", "max_retries", "0",
                                   "enable_dlq",      "no",    NULL};
    struct shop shop;
    struct clerk clerk;

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(clerk_next(&clerk, "s", "g"), 0);
        shop_wait(&shop, 151u * MS);
    }
    assert_int_equal(outstanding(&clerk), 1);
    clerk_close(&clerk);
    shop_close(&shop);
}

/* --- Crashes ------------------------------------------------------------------------------------
 */

static void what_a_crashed_consumer_held_goes_to_others_after_the_redelivery_time(void **state)
{
    struct clerk victim, heir;
    char id[64];

    clerk_open(&victim, *state, NULL);
    clerk_open(&heir, *state, NULL);
    clerk_publish_many(&victim, "s", 0, 5);
    clerk_read(&victim, "s", "g", 3);
    memcpy(id, victim.answer.entries[1].id, 64);
    clerk_ack(&victim, "s", "g", id);
    clerk_abandon(&victim);
    assert_string_equal(clerk_numbers(clerk_read(&heir, "s", "g", 9)), "3 4");
    shop_wait(*state, 500u * MS);
    assert_string_equal(clerk_numbers(clerk_read(&heir, "s", "g", 9)), "0 2");
    assert_int_equal(heir.answer.entries[0].attempt, 2);
    assert_int_equal(heir.answer.entries[0].flags, 0);
    clerk_close(&heir);
}

/* The run crosses a word of the window, and what is before it is forgotten. */
static void what_was_acked_before_the_crash_does_not_come_back(void **state)
{
    struct clerk victim, heir;
    char ids[3][64];

    for (size_t boundary = 0; boundary < 3; boundary++) {
        clerk_open(&victim, *state, NULL);
        clerk_open(&heir, *state, NULL);
        clerk_publish_many(&victim, "s", 0, 64);
        clerk_read(&victim, "s", "g", 64 - 2 + (int64_t)boundary);
        clerk_ack_all(&victim, "s", "g");
        clerk_publish_many(&victim, "s", 100, 1 + boundary);
        clerk_read(&victim, "s", "g", 3);
        for (size_t i = 0; i < 3; i++)
            memcpy(ids[i], victim.answer.entries[i].id, 64);
        assert_true(clerk_ack(&victim, "s", "g", ids[0]));
        assert_true(clerk_ack(&victim, "s", "g", ids[1]));
        clerk_abandon(&victim);
        shop_wait(*state, 500u * MS);
        assert_int_equal(clerk_read(&heir, "s", "g", 9)->entry_count, 1);
        assert_string_equal(heir.answer.entries[0].id, ids[2]);
        clerk_ack_all(&heir, "s", "g");
        assert_int_equal(heir.answer.number, 1);
        assert_int_equal(clerk_drain(&heir, "s", "g"), 0);
        clerk_ask(&heir, ADAPTER_OP_DATA_RESET, NULL, NULL);
        clerk_close(&heir);
    }
}

static void crashes_do_not_use_up_the_retries(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(clerk_read(&clerk, "s", "g", 1)->entry_count, 1);
        assert_int_equal(clerk.answer.entries[0].attempt, i + 1);
        memcpy(id, clerk.answer.entries[0].id, 64);
        clerk_abandon(&clerk);
        clerk_open(&clerk, *state, NULL);
        shop_wait(*state, 500u * MS);
    }
    take(&clerk, id);
    assert_true(clerk_nack(&clerk, "s", "g", id));
    shop_wait(*state, 80u * MS);
    take(&clerk, id);
    assert_true(clerk_ack(&clerk, "s", "g", id));
    clerk_close(&clerk);
}

static void who_comes_back_under_the_old_name_gets_his_own_first_and_nobody_elses(void **state)
{
    struct clerk one, two;

    for (int graceful = 0; graceful < 2; graceful++) {
        clerk_open(&one, *state, "w1");
        clerk_open(&two, *state, "w2");
        clerk_publish_many(&one, "s", 0, 4);
        clerk_read(&one, "s", "g", 1);
        clerk_read(&two, "s", "g", 1);
        clerk_read(&one, "s", "g", 1);
        (graceful ? clerk_close : clerk_abandon)(&one);
        (graceful ? clerk_close : clerk_abandon)(&two);
        clerk_open(&one, *state, "w1");
        clerk_open(&two, *state, "w2");
        assert_string_equal(clerk_numbers(clerk_read(&two, "s", "g", 1)), "1");
        assert_int_equal(two.answer.entries[0].flags, ADAPTER_ENTRY_OWN_PENDING);
        assert_int_equal(two.answer.entries[0].attempt, 2);
        assert_string_equal(clerk_numbers(clerk_read_blocking(&one, "s", "g", 9, 10)), "0 2 3");
        assert_int_equal(one.answer.entries[1].flags, ADAPTER_ENTRY_OWN_PENDING);
        assert_int_equal(one.answer.entries[2].flags, 0);
        assert_int_equal(clerk_read(&one, "s", "g", 9)->entry_count, 0); /* served once */
        clerk_close(&one);
        clerk_close(&two);
        clerk_open(&one, *state, NULL);
        shop_wait(*state, 500u * MS);
        assert_int_equal(clerk_drain(&one, "s", "g"), 4);
        clerk_close(&one);
    }
}

static void own_messages_whose_content_is_gone_do_not_hide_later_ones(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, "w");
    clerk_publish_many(&clerk, "s", 0, 3);
    clerk_read(&clerk, "s", "g", 3);
    memcpy(id, clerk.answer.entries[0].id, 64);
    clerk_abandon(&clerk);
    clerk_open(&clerk, *state, "w");
    struct adapter_text item = {id, 36};
    clerk_do(&clerk, (struct adapter_call){.operation = ADAPTER_OP_TAMPER,
                                           .verb = ADAPTER_TAMPER_DELETE_ENTRY,
                                           .stream = "s",
                                           .items = &item,
                                           .item_count = 1});
    assert_int_equal(clerk.answer.number, 1);
    assert_string_equal(clerk_numbers(clerk_read_blocking(&clerk, "s", "g", 1, 10)), "1");
    assert_string_equal(clerk_numbers(clerk_read_blocking(&clerk, "s", "g", 1, 10)), "2");
    assert_int_equal(outstanding(&clerk), 2);
    clerk_close(&clerk);
}

static void a_crash_storm_loses_nothing(void **state)
{
    struct clerk clerks[4];
    size_t acked = 0;
    unsigned luck = 1;

    for (size_t i = 0; i < 4; i++)
        clerk_open(&clerks[i], *state, NULL);
    clerk_publish_many(&clerks[0], "s", 0, 600);
    for (int round = 0; round < 400; round++) {
        struct clerk *clerk = &clerks[round % 4];

        luck = luck * 1103515245u + 12345u;
        clerk_read(clerk, "s", "g", 7);
        if ((luck >> 16) % 4 == 0) {
            clerk_abandon(clerk);
            clerk_open(clerk, *state, NULL);
        } else {
            clerk_ack_all(clerk, "s", "g");
            acked += (size_t)clerk->answer.number;
        }
    }
    shop_wait(*state, 500u * MS);
    acked += clerk_drain(&clerks[0], "s", "g");
    assert_int_equal(acked, 600);
    assert_int_equal(outstanding(&clerks[0]), 0);
    for (size_t i = 0; i < 4; i++)
        clerk_close(&clerks[i]);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_message_is_acked_once_and_never_comes_again),
        CASE(what_was_not_delivered_cannot_be_settled),
        CASE(acks_are_individual),
        CASE(a_batch_of_acks_says_of_each_what_became_of_it),
        CASE(an_ack_after_a_nack_cancels_the_retry),
        CASE(a_nacked_message_comes_back_later_and_later_until_its_retries_are_used_up),
        CASE(without_a_dead_letter_queue_a_hopeless_message_stays_outstanding),
        CASE(other_messages_flow_while_one_waits_for_its_retry),
        CASE(a_retry_is_not_starved_by_new_messages),
        CASE(a_nack_reaches_no_other_group_and_no_other_stream),
        CASE(poison_among_good_messages_is_accounted_for),
        CASE(an_expired_delivery_is_made_again_and_a_late_ack_is_refused),
        CASE(who_lost_a_delivery_and_got_it_again_may_settle_it),
        CASE(between_expiry_and_redelivery_neither_ack_nor_nack_is_accepted),
        CASE(expiry_is_noticed_only_where_that_group_reads),
        CASE(deliveries_that_always_expire_are_dead_lettered_as_timed_out),
        CASE(without_a_dead_letter_queue_expired_deliveries_are_made_again_and_again),
        CASE(what_a_crashed_consumer_held_goes_to_others_after_the_redelivery_time),
        CASE(what_was_acked_before_the_crash_does_not_come_back),
        CASE(crashes_do_not_use_up_the_retries),
        CASE(who_comes_back_under_the_old_name_gets_his_own_first_and_nobody_elses),
        CASE(own_messages_whose_content_is_gone_do_not_hide_later_ones),
        CASE(a_crash_storm_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
