/* test_inline_groups.c: publishing, payloads, groups, isolation and order on the inline broker. */
#include "support/unit.h"

#include <stdio.h>
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

/* --- Publishing ---------------------------------------------------------------------------------
 */

static void publish_answers_the_id_the_message_is_delivered_under(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    const char *id = clerk_publish(&clerk, "s", "{\"n\": 1}");
    assert_int_equal(strlen(id), 36);
    assert_int_equal(id[14], '4');
    assert_non_null(strchr("89ab", id[19]));
    assert_int_equal(clerk_read(&clerk, "s", "g", 10)->entry_count, 1);
    assert_string_equal(clerk.answer.entries[0].id, id);
    assert_string_equal(clerk.answer.entries[0].payload, "{\"n\": 1}");
    assert_int_equal(clerk.answer.entries[0].attempt, 1);
    clerk_close(&clerk);
}

static void ids_are_unique_across_streams_and_grow_within_one(void **state)
{
    struct clerk clerk;
    char before[64] = "";

    clerk_open(&clerk, *state, NULL);
    for (int i = 0; i < 300; i++) {
        const char *id = clerk_publish(&clerk, "s", "{\"n\": 1}");

        assert_true(strcmp(before, id) < 0);
        memcpy(before, id, sizeof(before));
        assert_string_not_equal(clerk_publish(&clerk, "t", "{\"n\": 1}"), id);
    }
    clerk_close(&clerk);
}

static void what_is_no_message_is_refused_and_stores_nothing(void **state)
{
    static const char *const wrong[] = {"",
                                        "{}",
                                        " { } ",
                                        "null",
                                        "[1]",
                                        "\"x\"",
                                        "5",
                                        "{\"x\": NaN}",
                                        "{\"x\": 1,}",
                                        "{\"x\": Infinity}",
                                        "{\"x\" 1}",
                                        "{x: 1}",
                                        "{\"x\": 01}",
                                        "{\"x\": 1} 2",
                                        "{\"x\": \"\n\"}",
                                        "{\"x\": 1",
                                        "{\"x\": tru}",
                                        "{\"x\": \"\xff\"}"};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        clerk_publish(&clerk, "s", wrong[i]);
        assert_int_equal(clerk.answer.outcome, ADAPTER_REFUSED);
        assert_int_equal(clerk.answer.error, ADAPTER_ERROR_VALIDATION);
    }
    assert_int_equal(clerk_read(&clerk, "s", "g", 10)->entry_count, 0);
    clerk_close(&clerk);
}

static void a_batch_with_one_wrong_message_stores_the_others(void **state)
{
    const struct adapter_text items[] = {{"{\"n\": 1}", 8}, {"{}", 2}, {"{\"n\": 3}", 8}};
    struct clerk clerk;
    const struct clerk_answer *answer;

    clerk_open(&clerk, *state, NULL);
    answer = clerk_do(&clerk, (struct adapter_call){.operation = ADAPTER_OP_PUBLISH,
                                                    .stream = "s",
                                                    .items = items,
                                                    .item_count = 3,
                                                    .flags = ADAPTER_CALL_NO_IDS});
    assert_int_equal(answer->item_count, 3);
    assert_int_equal(answer->items[0].outcome, ADAPTER_DONE);
    assert_int_equal(answer->items[1].outcome, ADAPTER_REFUSED);
    assert_int_equal(answer->items[1].error, ADAPTER_ERROR_VALIDATION);
    assert_int_equal(answer->items[2].outcome, ADAPTER_DONE);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 10)), "1 3");
    clerk_close(&clerk);
}

static void payloads_come_back_byte_by_byte(void **state)
{
    static const char *const payloads[] = {
        "{\"a\":null,\"b\":false,\"c\":0,\"d\":\"\",\"e\":{},\"f\":[]}",
        "{\"n\": [0, -1, 9007199254740993, -9223372036854775808, 0.1, 1e308, 5e-324]}",
        "{\"s\": \"\\ud83d\\ude00 \\u0000 \\\" \\\\ \xf0\x9f\x98\x80 \xd7\xa9 e\xcc\x81\"}",
        "{\"data\": 1, \"id\": 2, \"_metadata\": 3, \"_dlq_metadata\": 4, \"__proto__\": 5}",
        "{\"\": 6}",
        " {\"spaces\" : [ 1 , 2 ] } "};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(payloads); i++) {
        clerk_publish(&clerk, "s", payloads[i]);
        assert_int_equal(clerk_read(&clerk, "s", "g", 1)->entry_count, 1);
        assert_string_equal(clerk.answer.entries[0].payload, payloads[i]);
    }
    clerk_close(&clerk);
}

static void a_message_of_four_mebibytes_and_one_200_levels_deep_survive(void **state)
{
    size_t size = (size_t)4 << 20;
    char *large = memory_new(size + 1, 1);
    char deep[2048];
    struct clerk clerk;

    memset(large, 'x', size);
    memcpy(large, "{\"text\": \"", 10);
    memcpy(large + size - 2, "\"}", 2);
    memset(deep, 0, sizeof(deep));
    memcpy(deep, "{\"a\":", 5);
    memset(deep + 5, '[', 200);
    memset(deep + 205, ']', 200);
    deep[405] = '}';
    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 3);
    clerk_publish(&clerk, "s", large);
    clerk_publish(&clerk, "s", deep);
    clerk_publish_many(&clerk, "s", 5, 3);
    assert_int_equal(clerk_read(&clerk, "s", "g", 10)->entry_count, 8);
    assert_string_equal(clerk.answer.entries[3].payload, large);
    assert_string_equal(clerk.answer.entries[4].payload, deep);
    assert_string_equal(clerk.answer.entries[5].payload, "{\"n\": 5}");
    clerk_close(&clerk);
    free(large);
}

static void any_name_of_a_stream_works(void **state)
{
    static const char *const names[] = {"",
                                        ":",
                                        "::",
                                        "a b",
                                        "a.b/c",
                                        "\xc3\xa4\xe2\x82\xac",
                                        "s:dlq:dlq",
                                        "position:s:g",
                                        "s:__partitions__",
                                        "H:k:__lease__"};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        clerk_publish_many(&clerk, names[i], i, 1);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_int_equal(clerk_read(&clerk, names[i], "g", 10)->entry_count, 1);
        assert_int_equal(clerk.answer.entries[0].payload[6], '0' + (int)i);
        clerk_ack_all(&clerk, names[i], "g");
        assert_int_equal(clerk.answer.number, 1);
    }
    clerk_close(&clerk);
}

/* --- Reading ------------------------------------------------------------------------------------
 */

static void an_unknown_stream_holds_nothing_and_a_count_below_one_takes_nothing(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(clerk_read(&clerk, "none", "g", 10)->outcome, ADAPTER_EMPTY);
    assert_int_equal(clerk_next(&clerk, "none", "g"), -1);
    clerk_publish_many(&clerk, "s", 0, 3);
    assert_int_equal(clerk_read(&clerk, "s", "g", 0)->outcome, ADAPTER_EMPTY);
    assert_int_equal(clerk_read(&clerk, "s", "g", -1)->outcome, ADAPTER_EMPTY);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 2)), "0 1");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 9)), "2");
    assert_int_equal(clerk_read(&clerk, "s", "g", 9)->outcome, ADAPTER_EMPTY);
    clerk_close(&clerk);
}

static void a_backlog_is_drained_in_pages_without_loss_or_repeats(void **state)
{
    struct clerk clerk;
    int expected = 0;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 10000);
    while (clerk_read(&clerk, "s", "g", 499)->entry_count > 0) {
        for (size_t i = 0; i < clerk.answer.entry_count; i++) {
            char wanted[32];

            (void)snprintf(wanted, sizeof(wanted), "{\"n\": %d}", expected++);
            assert_string_equal(clerk.answer.entries[i].payload, wanted);
        }
        clerk_ack_all(&clerk, "s", "g");
    }
    assert_int_equal(expected, 10000);
    clerk_close(&clerk);
}

static void what_is_in_hands_is_not_handed_out_again(void **state)
{
    struct clerk one, other;

    clerk_open(&one, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&one, "s", 7, 1);
    assert_int_equal(clerk_next(&one, "s", "g"), 7);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(clerk_next(&one, "s", "g"), -1);
        assert_int_equal(clerk_read(&other, "s", "g", 5)->entry_count, 0);
    }
    clerk_close(&one);
    clerk_close(&other);
}

/* --- Groups -------------------------------------------------------------------------------------
 */

static void each_group_reads_everything_from_the_beginning(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 200);
    assert_int_equal(clerk_drain(&clerk, "s", "a"), 200);
    assert_int_equal(clerk_read(&clerk, "s", "b", 50)->entry_count, 50);
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, "s", "b"); /* resets nothing */
    assert_int_equal(clerk_next(&clerk, "s", "b"), 50);
    assert_int_equal(clerk_drain(&clerk, "s", "c"), 200);
    clerk_close(&clerk);
}

static void members_of_a_group_share_what_there_is(void **state)
{
    struct clerk one, other;

    clerk_open(&one, *state, NULL);
    clerk_open(&other, *state, NULL);
    clerk_publish_many(&one, "s", 0, 10);
    for (int i = 0; i < 10; i += 2) {
        assert_int_equal(clerk_next(&one, "s", "g"), i);
        assert_int_equal(clerk_next(&other, "s", "g"), i + 1);
    }
    assert_int_equal(clerk_next(&one, "s", "g"), -1);
    clerk_close(&one);
    clerk_close(&other);
}

static void stream_and_group_are_a_pair_and_not_a_concatenation(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "a:b", 0, 2);
    clerk_publish_many(&clerk, "a", 10, 2);
    assert_int_equal(clerk_next(&clerk, "a:b", "c"), 0);
    assert_int_equal(clerk_next(&clerk, "a", "b:c"), 10);
    assert_int_equal(clerk_next(&clerk, "a", "c"), 10);
    assert_int_equal(clerk_next(&clerk, "a:b", "c"), 1);
    clerk_close(&clerk);
}

static void a_redelivered_and_new_messages_come_in_publish_order(void **state)
{
    const char *const options[] = {"retry_delay", "0", NULL};
    struct shop shop;
    struct clerk clerk;

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 5);
    clerk_read(&clerk, "s", "g", 5);
    assert_true(clerk_nack(&clerk, "s", "g", clerk.answer.entries[3].id));
    clerk_publish_many(&clerk, "s", 5, 3);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "g", 10)), "3 5 6 7");
    assert_int_equal(clerk.answer.entries[0].attempt, 2);
    assert_int_equal(clerk.answer.entries[1].attempt, 1);
    clerk_close(&clerk);
    shop_close(&shop);
}

static void every_operation_completes_at_a_later_time_than_it_started(void **state)
{
    struct shop *shop = *state;
    struct clerk clerk;

    clerk_open(&clerk, shop, NULL);
    for (int i = 0; i < 3; i++) {
        uint64_t before = shop_now_ns(shop);

        clerk_ask(&clerk, ADAPTER_OP_PING, NULL, NULL);
        assert_true(shop_now_ns(shop) >= before + 1000);
    }
    clerk_close(&clerk);
}

static void a_session_that_ends_gives_its_calls_back_as_refused(void **state)
{
    struct clerk clerk;
    struct adapter_session *session;

    clerk_open(&clerk, *state, NULL);
    session = clerk.session;
    clerk_begin(&clerk, (struct adapter_call){.operation = ADAPTER_OP_PING});
    inline_adapter.abandon(session);
    assert_true(clerk.is_done);
    assert_int_equal(clerk.answer.outcome, ADAPTER_REFUSED);
    assert_int_equal(clerk.answer.error, ADAPTER_ERROR_CONNECTION);
    clerk.session = NULL;
    clerk_close(&clerk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(publish_answers_the_id_the_message_is_delivered_under,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(ids_are_unique_across_streams_and_grow_within_one,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(what_is_no_message_is_refused_and_stores_nothing, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(a_batch_with_one_wrong_message_stores_the_others, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(payloads_come_back_byte_by_byte, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_message_of_four_mebibytes_and_one_200_levels_deep_survive,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(any_name_of_a_stream_works, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(
            an_unknown_stream_holds_nothing_and_a_count_below_one_takes_nothing, open_shop,
            close_shop),
        cmocka_unit_test_setup_teardown(a_backlog_is_drained_in_pages_without_loss_or_repeats,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(what_is_in_hands_is_not_handed_out_again, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(each_group_reads_everything_from_the_beginning, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(members_of_a_group_share_what_there_is, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(stream_and_group_are_a_pair_and_not_a_concatenation,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_redelivered_and_new_messages_come_in_publish_order,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(every_operation_completes_at_a_later_time_than_it_started,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_session_that_ends_gives_its_calls_back_as_refused,
                                        open_shop, close_shop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
