/* test_redis_text.c: what the Redis adapters do with bytes: commands, replies, ids,
 * addresses. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redis/address.h"
#include "redis/arena.h"
#include "redis/dead_letter.h"
#include "redis/envelope.h"
#include "redis/reply.h"
#include "redis/resp.h"
#include "redis/stream_id.h"

/* --- Commands --------------------------------------------------------------------------------- */

static void a_command_carries_the_length_of_every_argument(void **state)
{
    struct text text = {0};

    (void)state;
    REDIS_COMMAND(&text, "XLEN", "a b", "");
    assert_string_equal(text.data, "*3\r\n$4\r\nXLEN\r\n$3\r\na b\r\n$0\r\n\r\n");
    text_clear(&text);
    redis_argument_number(&text, INT64_MIN);
    assert_string_equal(text.data, "$20\r\n-9223372036854775808\r\n");
    text_release(&text);
}

static void the_two_ways_of_writing_agree(void **state)
{
    static const size_t sizes[] = {1, 9, 10, 99, 100, 1000, 65536};
    struct text text = {0};
    char *bytes = calloc(1, 70000), *written = calloc(1, 70000);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        size_t size;

        text_clear(&text);
        redis_argument(&text, bytes, sizes[i]);
        size = (size_t)(redis_write_bulk(written, bytes, sizes[i]) - written);
        assert_int_equal(size, text.size);
        assert_memory_equal(written, text.data, size);
        assert_true(size <= sizes[i] + REDIS_BULK_OVERHEAD);
    }
    text_release(&text);
    free(bytes);
    free(written);
}

/* --- Replies ---------------------------------------------------------------------------------- */

static const char nested[] =
    "*2\r\n$6\r\nstream\r\n*2\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$4\r\ndata\r\n$7\r\n{"
    "\"a\":1}\r\n*2\r\n$3\r\n1-2\r\n$-1\r\n";

static void check_nested(const struct redis_reply *reply)
{
    const struct redis_reply *list = redis_reply_at(reply, 1);
    const struct redis_reply *first = redis_reply_at(list, 0), *second = redis_reply_at(list, 1);

    assert_true(redis_reply_equals(redis_reply_at(reply, 0), "stream"));
    assert_true(redis_reply_equals(redis_reply_at(first, 0), "1-1"));
    assert_true(redis_reply_equals(redis_reply_at(redis_reply_at(first, 1), 1), "{\"a\":1}"));
    assert_int_equal(redis_reply_at(second, 1)->type, REDIS_NIL);
    assert_null(redis_reply_at(list, 2));
}

static void a_reply_may_come_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < sizeof(nested); piece++) {
        struct redis_reader reader = {0};
        const struct redis_reply *reply = NULL;
        size_t size = sizeof(nested) - 1;

        assert_int_equal(redis_reader_open(&reader), 0);
        for (size_t at = 0; at < size; at += piece) {
            assert_int_equal(redis_reader_next(&reader, &reply), 0);
            assert_int_equal(
                redis_reader_feed(&reader, nested + at, size - at < piece ? size - at : piece), 0);
        }
        assert_int_equal(redis_reader_next(&reader, &reply), 1);
        check_nested(reply);
        redis_reader_release(&reader);
    }
}

static void many_replies_share_the_same_memory(void **state)
{
    struct redis_reader reader = {0};
    const struct redis_reply *reply = NULL;

    (void)state;
    assert_int_equal(redis_reader_open(&reader), 0);
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(redis_reader_feed(&reader, nested, sizeof(nested) - 1), 0);
        assert_int_equal(redis_reader_next(&reader, &reply), 1);
        check_nested(reply);
        redis_reader_forget(&reader);
    }
    redis_reader_release(&reader);
}

static void a_flat_reply_is_read_where_it_lies(void **state)
{
    static const struct {
        const char *bytes;
        size_t size; /* of the first reply */
        enum redis_reply_type type;
        const char *text;
        int64_t number;
    } flat[] = {
        {"$3\r\n1-1\r\n$3\r\n1-2\r\n", 9, REDIS_STRING, "1-1", 0},
        {"$0\r\n\r\n", 6, REDIS_STRING, "", 0},
        {"$10\r\n12345\r\n890\r\n", 17, REDIS_STRING, "12345\r\n890", 0},
        {":0\r\n", 4, REDIS_INTEGER, NULL, 0},
        {":123456789\r\n:1\r\n", 12, REDIS_INTEGER, NULL, 123456789},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(flat); i++) {
        struct redis_reply reply;

        for (size_t size = 0; size < flat[i].size; size++)
            assert_int_equal(redis_reply_flat(flat[i].bytes, size, &reply), 0);
        assert_int_equal(redis_reply_flat(flat[i].bytes, strlen(flat[i].bytes), &reply),
                         flat[i].size);
        assert_int_equal(reply.type, flat[i].type);
        if (flat[i].text)
            assert_true(redis_reply_equals(&reply, flat[i].text));
        else
            assert_int_equal(reply.number, flat[i].number);
    }
}

static void what_is_not_flat_is_left_to_the_parser(void **state)
{
    static const char *const others[] = {
        "*1\r\n:1\r\n", "-ERR no\r\n",   "+OK\r\n",         "$-1\r\n",   ":-1\r\n", ":\r\n",
        "$1x\r\na\r\n", "$1\r\nabc\r\n", ":9999999999\r\n", "$\r\n\r\n", ":1\n\r\n"};
    struct redis_reply reply;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_int_equal(redis_reply_flat(others[i], strlen(others[i]), &reply), 0);
}

static void a_reader_knows_whether_it_has_half_a_reply(void **state)
{
    struct redis_reader reader = {0};
    const struct redis_reply *reply = NULL;

    (void)state;
    assert_false(redis_reader_is_between(&reader));
    assert_int_equal(redis_reader_open(&reader), 0);
    assert_true(redis_reader_is_between(&reader));
    for (size_t at = 0; at < sizeof(nested) - 1; at++) {
        assert_int_equal(redis_reader_feed(&reader, nested + at, 1), 0);
        assert_int_equal(redis_reader_next(&reader, &reply), at == sizeof(nested) - 2);
        assert_int_equal(redis_reader_is_between(&reader), at == sizeof(nested) - 2);
    }
    redis_reader_release(&reader);
}

static void what_is_not_the_protocol_is_told(void **state)
{
    static const char *const bad[] = {"HTTP/1.1 400\r\n", "*99999999\r\n", "$-7\r\n"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct redis_reader reader = {0};
        const struct redis_reply *reply = NULL;

        assert_int_equal(redis_reader_open(&reader), 0);
        assert_int_equal(redis_reader_feed(&reader, bad[i], strlen(bad[i])), 0);
        assert_int_equal(redis_reader_next(&reader, &reply), -1);
        assert_true(strlen(redis_reader_problem(&reader)) > 0);
        redis_reader_release(&reader);
    }
}

static void arena_pieces_stay_until_it_is_cleared(void **state)
{
    struct redis_arena arena = {0};
    char *pieces[300];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
            pieces[i] = redis_arena_take(&arena, i * 100 + 1);
            memset(pieces[i], (int)i, i * 100 + 1);
        }
        for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
            for (size_t j = 0; j < i * 100 + 1; j += 97)
                assert_int_equal((unsigned char)pieces[i][j], (unsigned char)i);
        redis_arena_clear(&arena);
    }
    assert_null(redis_arena_take(&arena, SIZE_MAX));
    redis_arena_release(&arena);
}

/* --- Ids -------------------------------------------------------------------------------------- */

static void only_complete_ids_are_ids(void **state)
{
    static const struct {
        const char *text;
        bool is_id;
    } cases[] = {
        {"1-1", true},
        {"0-0", true},
        {"1700000000000-12", true},
        {"18446744073709551615-18446744073709551615", true},
        {"18446744073709551616-0", false},
        {"0-99999999999999999999", false},
        {"1", false},
        {"", false},
        {"-", false},
        {"1-", false},
        {"-1", false},
        {"1-1-1", false},
        {"1-1 ", false},
        {" 1-1", false},
        {"+1-1", false},
        {"nope", false},
        {"1-a", false},
    };
    struct redis_id id;
    char buffer[REDIS_ID_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *text = cases[i].text;

        assert_int_equal(redis_id_parse(text, strlen(text), &id), cases[i].is_id);
        assert_int_equal(redis_id_is_valid(text, strlen(text)), cases[i].is_id);
        if (!cases[i].is_id)
            continue;
        assert_int_equal(redis_id_write(buffer, id), strlen(text));
        assert_string_equal(buffer, text);
    }
}

static void ids_are_ordered_by_number_not_by_text(void **state)
{
    const struct redis_id small = {9, 100}, large = {10, 0}, last = {9, UINT64_MAX};

    (void)state;
    assert_true(redis_id_compare(small, large) < 0);
    assert_true(redis_id_compare(large, small) > 0);
    assert_int_equal(redis_id_compare(small, small), 0);
    assert_int_equal(redis_id_compare(redis_id_next(last), large), 0);
    assert_int_equal(redis_id_next(small).seq, 101);
}

/* --- Dead letters ----------------------------------------------------------------------------- */

static void the_metadata_is_cut_out_and_the_rest_is_not_touched(void **state)
{
    static const struct {
        const char *stored, *payload;
    } cases[] = {
        {"{\"n\": 9007199254740993, \"e\": [], \"_dlq_metadata\": {\"a\": [1, \"}\"]}}",
         "{\"n\": 9007199254740993, \"e\": []}"},
        {"{\"_dlq_metadata\": {}, \"n\": 1.10}", "{\"n\": 1.10}"},
        {"{\"a\":1,\"_dlq_metadata\":null,\"b\":2}", "{\"a\":1,\"b\":2}"},
        {"{\"_dlq_metadata\": {}}", "{}"},
        {"{\"a\": {\"_dlq_metadata\": 1}}", "{\"a\": {\"_dlq_metadata\": 1}}"},
        {"{ \"a\" : \"\\ud83d\\ude00\" }", "{ \"a\" : \"\\ud83d\\ude00\" }"},
    };
    struct text text = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        text_clear(&text);
        redis_dead_letter_payload(&text,
                                  (struct adapter_text){cases[i].stored, strlen(cases[i].stored)});
        assert_string_equal(text.data, cases[i].payload);
    }
    text_release(&text);
}

static void a_letter_without_metadata_tells_the_defaults(void **state)
{
    static const char stored[] = "{\"a\": 1}";
    struct redis_dead_letter letter = {.id = {"5-1", 3}, .stored = {stored, sizeof(stored) - 1}};
    struct text text = {0};

    (void)state;
    redis_dead_letter_write(&text, &letter, "dom::order:dlq");
    assert_string_equal(
        text.data, "{\"dlq_id\": \"5-1\", \"original_id\": \"5-1\", \"stream\": \"dom::order\", "
                   "\"consumer_group\": \"\", \"failure_reason\": \"unknown\", \"failed_at\": "
                   "null, \"retry_count\": 0, \"dlq_stream\": \"dom::order:dlq\", \"payload\": "
                   "{\"a\": 1}}");
    text_release(&text);
}

/* --- Envelopes -------------------------------------------------------------------------------- */

static void an_envelope_gives_back_what_was_put_in(void **state)
{
    static const char uuid[] = "01234567-89ab-4cde-8f01-23456789abcd";
    static const char payload[] = "{\"a\": \"]\"}";
    struct adapter_text id, content;
    char written[128];
    size_t size;

    (void)state;
    size = (size_t)(redis_envelope_write(written, uuid,
                                         (struct adapter_text){payload, sizeof(payload) - 1}) -
                    written);
    assert_int_equal(size, sizeof(payload) - 1 + REDIS_ENVELOPE_OVERHEAD);
    assert_true(redis_envelope_read(written, size, &id, &content));
    assert_int_equal(id.size, REDIS_UUID_SIZE);
    assert_memory_equal(id.data, uuid, id.size);
    assert_int_equal(content.size, sizeof(payload) - 1);
    assert_memory_equal(content.data, payload, content.size);
}

static void strange_envelopes_are_read_or_refused(void **state)
{
    static const struct {
        const char *text, *id, *payload;
    } cases[] = {
        {"[ \"x\" , {\"a\":1} ]", "x", "{\"a\":1}"},
        {"[\"short\", {\"a\": 1}]", "short", "{\"a\": 1}"},
        {"[\"x\"]", NULL, NULL},
        {"[\"x\", 5]", NULL, NULL},
        {"[5, {\"a\":1}]", NULL, NULL},
        {"{\"a\":1}", NULL, NULL},
        {"[\"01234567-89ab-4cde-8f01-23456789abcd\", {\"a\": 1]", NULL, NULL},
        {"", NULL, NULL},
    };
    struct adapter_text id, content;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *text = cases[i].text;

        assert_int_equal(redis_envelope_read(text, strlen(text), &id, &content),
                         cases[i].id != NULL);
        if (!cases[i].id)
            continue;
        assert_memory_equal(id.data, cases[i].id, id.size);
        assert_memory_equal(content.data, cases[i].payload, content.size);
        assert_int_equal(content.size, strlen(cases[i].payload));
    }
}

/* --- Addresses -------------------------------------------------------------------------------- */

static void addresses_say_where_and_as_whom(void **state)
{
    static const struct {
        const char *uri, *dial, *user, *password;
        unsigned database;
    } cases[] = {
        {NULL, "tcp://127.0.0.1:6379", "", "", 0},
        {"redis://localhost", "tcp://localhost:6379", "", "", 0},
        {"redis://:secret@h:7000/3", "tcp://h:7000", "", "secret", 3},
        {"redis://me:s%40t@h/", "tcp://h:6379", "me", "s@t", 0},
        {"redis://[::1]:7001/1", "tcp://[::1]:7001", "", "", 1},
        {"unix:///run/redis.sock", "unix:///run/redis.sock", "", "", 0},
        {"unix:///run/redis.sock?db=4", "unix:///run/redis.sock", "", "", 4},
    };
    struct redis_address address;
    char error[256] = "";

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(redis_address_parse(cases[i].uri, &address, error), 0);
        assert_string_equal(address.dial, cases[i].dial);
        assert_string_equal(address.user, cases[i].user);
        assert_string_equal(address.password, cases[i].password);
        assert_int_equal(address.database, cases[i].database);
    }
}

static void wrong_addresses_are_refused_and_keep_the_secret(void **state)
{
    static const struct {
        const char *uri, *words;
    } cases[] = {
        {"rediss://h:1", "TLS is not supported yet"},
        {"http://h", "'http' is no scheme of Redis"},
        {"redis://:topsecret@h/x", "'x' is no database"},
        {"redis://:topsecret@h/-1", "is no database"},
        {"unix:///run/redis.sock?what=4", "'?what=4' means nothing"},
        {"redis://:topsecret@h:99999", "port"},
        {"nonsense", "scheme"},
    };
    struct redis_address address;
    char error[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(redis_address_parse(cases[i].uri, &address, error), -1);
        assert_non_null(strstr(error, cases[i].words));
        assert_null(strstr(error, "topsecret"));
    }
}

static void a_password_in_a_line_is_concealed(void **state)
{
    struct redis_address address = {.password = "hush", .has_password = true};
    static const char line[] = "ERR unknown command AUTH, args: 'hush' hushhush";
    char shown[64];

    (void)state;
    redis_address_conceal(&address, line, sizeof(line) - 1, shown, sizeof(shown));
    assert_string_equal(shown, "ERR unknown command AUTH, args: '***' ******");
    redis_address_conceal(&address, line, sizeof(line) - 1, shown, 8);
    assert_true(strlen(shown) < 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_carries_the_length_of_every_argument),
        cmocka_unit_test(the_two_ways_of_writing_agree),
        cmocka_unit_test(a_reply_may_come_in_pieces_of_any_size),
        cmocka_unit_test(many_replies_share_the_same_memory),
        cmocka_unit_test(a_flat_reply_is_read_where_it_lies),
        cmocka_unit_test(what_is_not_flat_is_left_to_the_parser),
        cmocka_unit_test(a_reader_knows_whether_it_has_half_a_reply),
        cmocka_unit_test(what_is_not_the_protocol_is_told),
        cmocka_unit_test(arena_pieces_stay_until_it_is_cleared),
        cmocka_unit_test(only_complete_ids_are_ids),
        cmocka_unit_test(ids_are_ordered_by_number_not_by_text),
        cmocka_unit_test(the_metadata_is_cut_out_and_the_rest_is_not_touched),
        cmocka_unit_test(a_letter_without_metadata_tells_the_defaults),
        cmocka_unit_test(an_envelope_gives_back_what_was_put_in),
        cmocka_unit_test(strange_envelopes_are_read_or_refused),
        cmocka_unit_test(addresses_say_where_and_as_whom),
        cmocka_unit_test(wrong_addresses_are_refused_and_keep_the_secret),
        cmocka_unit_test(a_password_in_a_line_is_concealed),
    };

    return cmocka_run_group_tests_name("redis_text", tests, NULL, NULL);
}
