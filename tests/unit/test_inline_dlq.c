/* test_inline_dlq.c: dead-letter queues of the inline broker. */
#include "support/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/clerk.h"

static int open_shop(void **state)
{
    const char *const options[] = {"retry_delay", "0", "max_retries", "2", NULL};
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

/* Nack the stream's messages until each is dead-lettered. */
static void seed(struct clerk *clerk, const char *stream, const char *group)
{
    while (clerk_read(clerk, stream, group, 1)->entry_count > 0) {
        char id[64];

        memcpy(id, clerk->answer.entries[0].id, sizeof(id));
        assert_true(clerk_nack(clerk, stream, group, id));
    }
}

/* dlq_list of up to two queues; gives (json_decref). */
static json_t *list(struct clerk *clerk, const char *queue, const char *other, int64_t limit)
{
    struct adapter_text items[] = {{queue, strlen(queue)}, {other, other ? strlen(other) : 0}};
    const struct clerk_answer *answer =
        clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_DLQ_LIST,
                                              .items = items,
                                              .item_count = other ? 2 : 1,
                                              .count = limit});
    json_t *json = json_loads(answer->text, 0, NULL);

    assert_non_null(json);
    return json;
}

static const char *text_at(const json_t *list_json, size_t index, const char *key)
{
    const char *text = json_string_value(json_object_get(json_array_get(list_json, index), key));

    return text ? text : "(none)";
}

static int64_t replay(struct clerk *clerk, const char *queue, const char *id, const char *target)
{
    struct adapter_text item = {id, strlen(id)};

    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_DLQ_REPLAY,
                                                 .stream = queue,
                                                 .items = &item,
                                                 .item_count = 1,
                                                 .target = target})
        ->number;
}

static int64_t replay_all(struct clerk *clerk, const char *queue, const char *target)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_DLQ_REPLAY_ALL,
                                                 .stream = queue,
                                                 .target = target})
        ->number;
}

static int64_t depth(struct clerk *clerk, const char *queue)
{
    return clerk_ask(clerk, ADAPTER_OP_DLQ_DEPTH, queue, NULL);
}

/* --- Entries ------------------------------------------------------------------------------------
 */

static void an_entry_says_what_failed_where_and_why(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, "worker");
    memcpy(id, clerk_publish(&clerk, "dom::order", "{\"n\": 90071992547409931, \"m\": 1.50}"),
           sizeof(id));
    seed(&clerk, "dom::order", "g:h");
    assert_int_equal(clerk_next(&clerk, "dom::order", "g:h"), -1);
    json_t *json = list(&clerk, "dom::order:dlq", NULL, 100);
    assert_int_equal(json_array_size(json), 1);
    assert_int_equal(strlen(text_at(json, 0, "dlq_id")), 36);
    assert_string_equal(text_at(json, 0, "original_id"), id);
    assert_string_equal(text_at(json, 0, "stream"), "dom::order");
    assert_string_equal(text_at(json, 0, "consumer_group"), "g:h");
    assert_string_equal(text_at(json, 0, "consumer"), "worker");
    assert_string_equal(text_at(json, 0, "failure_reason"), "max_retries_exceeded");
    assert_string_equal(text_at(json, 0, "dlq_stream"), "dom::order:dlq");
    assert_int_equal(strlen(text_at(json, 0, "failed_at")), 29);
    assert_int_equal(text_at(json, 0, "failed_at")[10], 'T');
    assert_int_equal(json_integer_value(json_object_get(json_array_get(json, 0), "retry_count")),
                     2);
    assert_non_null(
        strstr(clerk.answer.text, "\"payload\": {\"n\": 90071992547409931, \"m\": 1.50}}"));
    json_decref(json);
    clerk_close(&clerk);
}

static void a_reader_of_the_queue_sees_the_payload_with_its_metadata(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 1, 1);
    seed(&clerk, "s", "g");
    assert_int_equal(clerk_read(&clerk, "s:dlq", "doctor", 9)->entry_count, 1);
    assert_ptr_equal(strstr(clerk.answer.entries[0].payload, "{\"n\": 1, \"_dlq_metadata\": {"),
                     clerk.answer.entries[0].payload);
    clerk_close(&clerk);
}

static void a_payload_with_metadata_of_its_own_is_given_back_unchanged(void **state)
{
    static const char payload[] = "{ \"_dlq_metadata\" : {\"consumer_group\": \"x\"}, \"n\": 1 }";
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish(&clerk, "s", payload);
    seed(&clerk, "s", "g");
    json_t *json = list(&clerk, "s:dlq", NULL, 9);
    assert_string_equal(text_at(json, 0, "consumer_group"), "g");
    assert_int_equal(replay(&clerk, "s:dlq", text_at(json, 0, "dlq_id"), "t"), 1);
    json_decref(json);
    clerk_read(&clerk, "t", "g", 1);
    assert_string_equal(clerk.answer.entries[0].payload, payload);
    clerk_close(&clerk);
}

static void a_message_dead_lettered_by_its_caller_is_an_entry_too(void **state)
{
    static const char with[] =
        "{\"a\": 1e2, \"_dlq_metadata\": {\"original_stream\": \"src\", \"original_id\": \"7-1\", "
        "\"consumer_group\": \"h\", \"consumer\": \"c\", \"failed_at\": "
        "\"2020-01-01T00:00:00+00:00\", \"retry_count\": 5}, \"b\": [ ]}";
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish(&clerk, "s:dlq", with);
    clerk_publish(&clerk, "s:dlq", "{\"plain\": true}");
    json_t *json = list(&clerk, "s:dlq", NULL, 9);
    assert_int_equal(json_array_size(json), 2);
    assert_int_equal(depth(&clerk, "s:dlq"), 2);
    assert_string_equal(text_at(json, 0, "original_id"), "7-1");
    assert_string_equal(text_at(json, 0, "stream"), "src");
    assert_string_equal(text_at(json, 0, "failure_reason"), "unknown");
    assert_string_equal(text_at(json, 1, "original_id"), text_at(json, 1, "dlq_id"));
    assert_string_equal(text_at(json, 1, "stream"), "s");
    assert_string_equal(text_at(json, 1, "consumer_group"), "");
    assert_true(json_is_null(json_object_get(json_array_get(json, 1), "failed_at")));
    assert_int_equal(replay(&clerk, "s:dlq", text_at(json, 0, "dlq_id"), "t"), 1);
    json_decref(json);
    clerk_read(&clerk, "t", "g", 1);
    assert_string_equal(clerk.answer.entries[0].payload, "{\"a\": 1e2, \"b\": [ ]}");
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_PURGE, "s:dlq", NULL), 1);
    clerk_close(&clerk);
}

static void an_unreadable_entry_is_counted_listed_and_not_replayed(void **state)
{
    static const char *const raw[] = {"{\"cut", "", "[]"};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(raw); i++) {
        struct adapter_text item = {raw[i], strlen(raw[i])};

        clerk_do(&clerk, (struct adapter_call){.operation = ADAPTER_OP_TAMPER,
                                               .verb = ADAPTER_TAMPER_PUT_RAW,
                                               .stream = "s:dlq",
                                               .items = &item,
                                               .item_count = 1});
    }
    clerk_publish(&clerk, "s:dlq", "{\"good\": 1}");
    assert_int_equal(depth(&clerk, "s:dlq"), 4);
    json_t *json = list(&clerk, "s:dlq", NULL, 9);
    assert_int_equal(json_array_size(json), 4);
    json_decref(json);
    assert_int_equal(replay_all(&clerk, "s:dlq", "t"), 1);
    assert_int_equal(depth(&clerk, "s:dlq"), 3);
    assert_int_equal(depth(&clerk, "t"), 1);
    clerk_close(&clerk);
}

/* --- Listing ------------------------------------------------------------------------------------
 */

static void a_list_holds_the_named_queues_newest_first_up_to_its_limit(void **state)
{
    static const struct {
        const char *queue, *other;
        int64_t limit;
        size_t expected;
    } cases[] = {{"a:dlq", NULL, 100, 5},     {"a:dlq", "b:dlq", 100, 7}, {"b:dlq", "b:dlq", 9, 2},
                 {"none:dlq", NULL, 100, 0},  {"a:dlq", "b:dlq", 3, 3},   {"a:dlq", NULL, 0, 0},
                 {"a:dlq", "none:dlq", -1, 0}};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < 7; i++) {
        clerk_publish_many(&clerk, i < 5 ? "a" : "b", i, 1);
        seed(&clerk, i < 5 ? "a" : "b", "g");
        shop_wait(*state, 10u * MS);
    }
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        json_t *json = list(&clerk, cases[i].queue, cases[i].other, cases[i].limit);

        assert_int_equal(json_array_size(json), cases[i].expected);
        for (size_t k = 1; k < json_array_size(json); k++)
            assert_true(strcmp(text_at(json, k - 1, "failed_at"), text_at(json, k, "failed_at")) >
                        0);
        json_decref(json);
    }
    assert_null(strstr(clerk_text(&clerk, ADAPTER_OP_INFO), "none"));
    clerk_close(&clerk);
}

static void inspect_finds_an_entry_in_its_own_queue_only(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "a", 1, 1);
    clerk_publish_many(&clerk, "b", 2, 1);
    seed(&clerk, "a", "g");
    seed(&clerk, "b", "g");
    json_t *json = list(&clerk, "a:dlq", NULL, 9);
    memcpy(id, text_at(json, 0, "dlq_id"), 37);
    json_decref(json);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(clerk_ask_item(&clerk, ADAPTER_OP_DLQ_INSPECT, "a:dlq", id), 1);
        assert_non_null(strstr(clerk.answer.text, id));
        clerk_ask_item(&clerk, ADAPTER_OP_DLQ_INSPECT, "b:dlq", id);
        assert_int_equal(clerk.answer.outcome, ADAPTER_EMPTY);
        clerk_ask_item(&clerk, ADAPTER_OP_DLQ_INSPECT, "a:dlq", "nope");
        assert_int_equal(clerk.answer.outcome, ADAPTER_EMPTY);
    }
    assert_int_equal(depth(&clerk, "a:dlq"), 1);
    clerk_close(&clerk);
}

/* --- Replay -------------------------------------------------------------------------------------
 */

static void an_entry_is_replayed_once_with_a_fresh_budget(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 4, 1);
    seed(&clerk, "s", "g");
    json_t *json = list(&clerk, "s:dlq", NULL, 9);
    memcpy(id, text_at(json, 0, "dlq_id"), 37);
    json_decref(json);
    assert_int_equal(replay(&clerk, "s:dlq", "nope", "s"), 0);
    assert_int_equal(replay(&clerk, "s:dlq", id, "s"), 1);
    assert_int_equal(replay(&clerk, "s:dlq", id, "s"), 0);
    assert_int_equal(depth(&clerk, "s:dlq"), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(clerk_read(&clerk, "s", "g", 1)->entry_count, 1);
        assert_int_equal(clerk.answer.entries[0].attempt, i + 1);
        memcpy(id, clerk.answer.entries[0].id, sizeof(id));
        assert_int_equal(depth(&clerk, "s:dlq"), 0);
        clerk_nack(&clerk, "s", "g", id);
    }
    assert_int_equal(depth(&clerk, "s:dlq"), 1);
    clerk_close(&clerk);
}

static void a_replay_reaches_only_the_group_that_failed_and_groups_made_later(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 3);
    assert_int_equal(clerk_drain(&clerk, "s", "done"), 3);
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, "s", "lags");
    seed(&clerk, "s", "fails");
    assert_int_equal(replay_all(&clerk, "s:dlq", "s"), 3);
    assert_int_equal(replay_all(&clerk, "s:dlq", "s"), 0);
    clerk_publish_many(&clerk, "s", 7, 1);
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "done", 9)), "7");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "lags", 9)), "0 1 2 7");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "fails", 9)), "0 1 2 7");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "s", "later", 9)), "0 1 2 0 1 2 7");
    clerk_close(&clerk);
}

/* --- Removing -----------------------------------------------------------------------------------
 */

static void purge_and_trim_remove_entries_of_one_queue_and_nothing_else(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "a", 0, 5);
    clerk_publish_many(&clerk, "b", 0, 2);
    seed(&clerk, "a", "g");
    seed(&clerk, "b", "g");
    assert_int_equal(clerk_ask_item(&clerk, ADAPTER_OP_DLQ_TRIM, "a:dlq", "0"), 0);
    assert_int_equal(clerk_ask_item(&clerk, ADAPTER_OP_DLQ_TRIM, "none:dlq", "9"), 0);
    clerk_read(&clerk, "a:dlq", "doctor", 3);
    memcpy(id, clerk.answer.entries[2].id, sizeof(id));
    assert_int_equal(clerk_ask_item(&clerk, ADAPTER_OP_DLQ_TRIM, "a:dlq", id), 2);
    assert_int_equal(depth(&clerk, "a:dlq"), 3);
    assert_int_equal(clerk_ask_item(&clerk, ADAPTER_OP_DLQ_TRIM, "a:dlq", "9999999999999-0"), 3);
    assert_int_equal(depth(&clerk, "a:dlq"), 0);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_PURGE, "b:dlq", NULL), 2);
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_DLQ_PURGE, "b:dlq", NULL), 0);
    assert_int_equal(clerk_drain(&clerk, "a", "new"), 5);
    clerk_publish(&clerk, "a:dlq", "{\"n\": 8}");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, "a:dlq", "doctor", 9)), "8");
    clerk_close(&clerk);
}

static void health_counts_dead_letters(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    clerk_publish_many(&clerk, "s", 0, 2);
    seed(&clerk, "s", "g");
    assert_non_null(strstr(clerk_text(&clerk, ADAPTER_OP_HEALTH_STATS), "\"dlq\": 2"));
    clerk_close(&clerk);
}

static void undeclared_the_queue_is_neither_filled_nor_shown(void **state)
{
    const char *const options[] = {
        "declare", "ORDERED_MESSAGING", "max_retries", "0", "retry_delay", "0", NULL};
    struct shop shop;
    struct clerk clerk;
    char id[64];

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    clerk_publish_many(&clerk, "s", 0, 1);
    clerk_read(&clerk, "s", "g", 1);
    memcpy(id, clerk.answer.entries[0].id, sizeof(id));
    assert_true(clerk_nack(&clerk, "s", "g", id));
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_STREAM_DEPTH, "s:dlq", NULL), 0);
    assert_int_equal(depth(&clerk, "s:dlq"), 0);
    assert_int_equal(clerk.answer.outcome, ADAPTER_UNSUPPORTED);
    assert_non_null(strstr(clerk_text(&clerk, ADAPTER_OP_HEALTH_STATS), "\"in_flight\": 1"));
    clerk_close(&clerk);
    shop_close(&shop);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_entry_says_what_failed_where_and_why),
        CASE(a_reader_of_the_queue_sees_the_payload_with_its_metadata),
        CASE(a_payload_with_metadata_of_its_own_is_given_back_unchanged),
        CASE(a_message_dead_lettered_by_its_caller_is_an_entry_too),
        CASE(an_unreadable_entry_is_counted_listed_and_not_replayed),
        CASE(a_list_holds_the_named_queues_newest_first_up_to_its_limit),
        CASE(inspect_finds_an_entry_in_its_own_queue_only),
        CASE(an_entry_is_replayed_once_with_a_fresh_budget),
        CASE(a_replay_reaches_only_the_group_that_failed_and_groups_made_later),
        CASE(purge_and_trim_remove_entries_of_one_queue_and_nothing_else),
        CASE(health_counts_dead_letters),
        CASE(undeclared_the_queue_is_neither_filled_nor_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
