/* test_identity.c: the identity survives what brokers may do, and nothing else. */
#include "base/identity.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/unit.h"

#define BODY             "{\"amount\":12.5,\"name\":\"\xC3\xA4 \\\"x\\\"\",\"tags\":[1,2,null,true]}"
#define PAYLOAD_SIZE_MAX 256

static const struct identity ORDER = {0xdeadbeef, 0x1234, 0xabcdef0123, 0x0123456789abcdef};

static size_t make(char *payload, const struct identity *identity, const char *body)
{
    size_t size = strlen(body);

    memcpy(payload + IDENTITY_BODY_OFFSET, body, size);
    payload[IDENTITY_BODY_OFFSET + size] = '}';
    identity_write(payload, identity, identity_body_digest(body, size));
    return IDENTITY_BODY_OFFSET + size + 1;
}

static void assert_same(const struct identity *a, const struct identity *b)
{
    assert_int_equal(a->run, b->run);
    assert_int_equal(a->track, b->track);
    assert_true(a->sequence == b->sequence);
    assert_true(a->intended_ns == b->intended_ns);
}

/* A recorded message must be readable by later versions, so this never changes: the digest is the
   XXH3-64 of the first four parts, seeded with that of the body. */
static void has_the_documented_shape(void **state)
{
    char payload[PAYLOAD_SIZE_MAX];
    size_t size = make(payload, &ORDER, "\"xxxxxxxxxxxxxxxxxxxxxx\"");
    static const char EXPECTED[] =
        "{\"gauntlet\": \"deadbeef-1234-abcdef0123-0123456789abcdef-c9dba208\", "
        "\"body\": \"xxxxxxxxxxxxxxxxxxxxxx\"}";

    (void)state;
    assert_int_equal(size, sizeof(EXPECTED) - 1);
    assert_memory_equal(payload, EXPECTED, size);
    assert_int_equal(strlen(IDENTITY_HEAD) + 50 + strlen(IDENTITY_MIDDLE), IDENTITY_BODY_OFFSET);
    assert_int_equal(make(payload, &ORDER, "\"\""), IDENTITY_SIZE_MIN);
}

static void reads_back_what_was_written(void **state)
{
    static const struct identity EDGES[] = {
        {0, 0, 0, 0},
        {UINT32_MAX, IDENTITY_TRACK_MAX, IDENTITY_SEQUENCE_MAX, UINT64_MAX},
        {0x09afa0f9, 0x9a0f, 0x0123456789, 0xfedcba9876543210},
        {1, 1, 1, 1},
    };
    char payload[PAYLOAD_SIZE_MAX];
    struct identity read;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(EDGES); i++) {
        size_t size = make(payload, &EDGES[i], BODY);

        assert_int_equal(identity_read(payload, size, &read), IDENTITY_INTACT);
        assert_same(&read, &EDGES[i]);
    }
    for (uint64_t i = 0; i < 2000; i++) {
        struct identity identity = {
            (uint32_t)random_keyed(1, 0, 0, i), (uint32_t)random_keyed(1, 1, 0, i) & 0xFFFF,
            random_keyed(1, 2, 0, i) & IDENTITY_SEQUENCE_MAX, random_keyed(1, 3, 0, i)};
        size_t size = make(payload, &identity, "0");
        char text[64];

        assert_int_equal(identity_read(payload, size, &read), IDENTITY_INTACT);
        assert_same(&read, &identity);
        (void)snprintf(text, sizeof(text), "%08x-%04x-%010llx-%016llx-", identity.run,
                       identity.track, (unsigned long long)identity.sequence,
                       (unsigned long long)identity.intended_ns);
        assert_memory_equal(payload + 14, text, 42);
    }
}

static void is_json_that_anyone_can_read(void **state)
{
    char payload[PAYLOAD_SIZE_MAX];
    size_t size = make(payload, &ORDER, BODY);
    json_t *root = json_loadb(payload, size, 0, NULL);

    (void)state;
    assert_non_null(root);
    assert_int_equal(json_object_size(root), 2);
    assert_close(json_number_value(json_object_get(json_object_get(root, "body"), "amount")), 12.5,
                 0);
    json_decref(root);
}

/* Every value of every byte: nothing that changes a value may pass. */
static void no_changed_byte_goes_unnoticed(void **state)
{
    char payload[PAYLOAD_SIZE_MAX];
    size_t size = make(payload, &ORDER, BODY);
    struct identity read;

    (void)state;
    for (size_t at = 0; at < size; at++) {
        char original = payload[at];

        for (int flip = 1; flip < 256; flip++) {
            payload[at] = (char)(original ^ flip);
            /* Another kind of space is no other value. */
            if (original == ' ' && strchr("\t\n\r", payload[at]) && payload[at])
                continue;
            if (identity_read(payload, size, &read) == IDENTITY_INTACT)
                fail_msg("byte %zu: %02x passed", at, (unsigned char)payload[at]);
        }
        payload[at] = original;
    }
    assert_int_equal(identity_read(payload, size, &read), IDENTITY_INTACT);
}

static void a_damaged_message_still_says_whose_it_was(void **state)
{
    char payload[PAYLOAD_SIZE_MAX];
    size_t size = make(payload, &ORDER, BODY);
    struct identity read;

    (void)state;
    payload[size - 5] ^= 1; /* in the body */
    assert_int_equal(identity_read(payload, size, &read), IDENTITY_CORRUPT);
    assert_same(&read, &ORDER);
    payload[size - 5] = '\0'; /* no JSON any more */
    assert_int_equal(identity_read(payload, size, &read), IDENTITY_CORRUPT);
    assert_same(&read, &ORDER);
    for (size_t cut = 0; cut < size; cut++) {
        int is_readable = cut >= 14 + 24;

        assert_int_equal(identity_read(payload, cut, &read),
                         is_readable ? IDENTITY_CORRUPT : IDENTITY_FOREIGN);
        assert_int_equal(read.run, is_readable ? ORDER.run : 0);
        assert_true(read.sequence == (is_readable ? ORDER.sequence : 0));
    }
    (void)make(payload, &ORDER, BODY);
    payload[45] = 'x'; /* in the intended time */
    assert_int_equal(identity_read(payload, size, &read), IDENTITY_CORRUPT);
    assert_int_equal(read.track, ORDER.track);
    assert_true(read.intended_ns == 0);
}

/* The order of keys, spaces and the spelling of characters are not values. */
static void a_rewritten_message_is_intact(void **state)
{
    static const char *const SHAPES[] = {
        "{\"gauntlet\":\"%.50s\",\"body\":%s}",
        " {\n \"body\" : %2$s ,\t\"gauntlet\" : \"%1$.50s\" }\r\n",
        "{\"body\":%2$s,\"gaun\\u0074let\":\"%1$.50s\"}",
    };
    static const char *const BODIES[] = {
        BODY,
        "{\"tags\": [1, 2, null, true], \"name\": \"\\u00e4 \\u0022x\\\"\", \"amount\": 1.25e1}",
    };
    char payload[PAYLOAD_SIZE_MAX], rewritten[PAYLOAD_SIZE_MAX * 2];
    struct identity read;

    (void)state;
    (void)make(payload, &ORDER, BODY);
    for (size_t shape = 0; shape < ARRAY_SIZE(SHAPES); shape++)
        for (size_t body = 0; body < ARRAY_SIZE(BODIES); body++) {
            int size;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            size =
                snprintf(rewritten, sizeof(rewritten), SHAPES[shape], payload + 14, BODIES[body]);
#pragma GCC diagnostic pop
            assert_int_equal(identity_read(rewritten, (size_t)size, &read), IDENTITY_INTACT);
            assert_same(&read, &ORDER);
        }
}

static void assert_verdict(const char *payload, enum identity_verdict verdict)
{
    struct identity read;

    if (identity_read(payload, strlen(payload), &read) != verdict)
        fail_msg("%s", payload);
}

static void what_is_added_or_lost_is_noticed(void **state)
{
    char payload[PAYLOAD_SIZE_MAX], changed[PAYLOAD_SIZE_MAX * 2];
    size_t size = make(payload, &ORDER, BODY);

    (void)state;
    (void)snprintf(changed, sizeof(changed), "%.*s, \"extra\": 1}", (int)size - 1, payload);
    assert_verdict(changed, IDENTITY_CORRUPT);
    (void)snprintf(changed, sizeof(changed), "%.*s, \"body\": 1}", (int)size - 1, payload);
    assert_verdict(changed, IDENTITY_CORRUPT);
    (void)snprintf(changed, sizeof(changed), "{\"gauntlet\": \"%.50s\"}", payload + 14);
    assert_verdict(changed, IDENTITY_CORRUPT);
    (void)snprintf(changed, sizeof(changed), "%.*s}", (int)size, payload);
    assert_verdict(changed, IDENTITY_CORRUPT);
}

static void other_peoples_messages_are_foreign(void **state)
{
    static const char *const FOREIGN[] = {
        "",
        "x",
        "null",
        "42",
        "[]",
        "{}",
        "\"gauntlet\"",
        "{\"order\": 7}",
        "[\"gauntlet\"]",
        "{\"gauntlet\"",
        "{\"gauntlet\": \"unfinished",
        "{\"gauntlet\": \"zzzzzzzz-0000-0000000000-0000000000000000-00000000",
        "................................................................................",
    };
    static const char *const CORRUPT[] = {
        "{\"gauntlet\": \"\"}",
        "{\"gauntlet\": 7}",
        "{\"gauntlet\": null, \"body\": 1}",
        "{\"gauntlet\": \"zzzzzzzz-0000-0000000000-0000000000000000-00000000\", \"body\": 1}",
        "{\"gauntlet\": \"DEADBEEF-0000-0000000000-0000000000000000-00000000\", \"body\": 1}",
        "{\"gauntlet\": \"00000000-0000-0000000000-0000000000000000-00000000\", \"body\": 1}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(FOREIGN); i++)
        assert_verdict(FOREIGN[i], IDENTITY_FOREIGN);
    for (size_t i = 0; i < ARRAY_SIZE(CORRUPT); i++)
        assert_verdict(CORRUPT[i], IDENTITY_CORRUPT);
}

static void canonical_text_has_sorted_keys_and_no_spaces(void **state)
{
    static const struct {
        const char *json, *canonical;
    } CASES[] = {
        {" { \"b\" : 1 , \"a\" : [ 1 , {\"z\":0,\"y\":0} ] } ",
         "{\"a\":[1,{\"y\":0,\"z\":0}],\"b\":1}"},
        {"\"text\"", "\"text\""},
        {"7", "7"},
        {"null", "null"},
        {"\"\\u0000\\u00e4\"", "\"\\u0000\xC3\xA4\""},
    };
    char *text = NULL;
    struct error error = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        assert_int_equal(identity_canonical(CASES[i].json, strlen(CASES[i].json), &text, NULL), 0);
        assert_string_equal(text, CASES[i].canonical);
        free(text);
    }
    text = NULL;
    assert_int_equal(identity_canonical("{\"a\":}", 6, &text, &error), -1);
    assert_null(text);
    assert_non_null(strstr(error.message, "not JSON"));
    assert_non_null(strstr(error.message, "line 1"));
    assert_int_equal(identity_canonical("", 0, &text, &error), -1);
}

/* Whatever came before, each payload is read as it would be alone. */
static void a_row_of_payloads_is_read_like_each_of_them(void **state)
{
    static const char *const bodies[] = {"123",
                                         "\"same\"",
                                         "12",
                                         "\"same\"",
                                         "\"same\"",
                                         "\"same\"",
                                         "\"sane\"",
                                         "\"same\"",
                                         "\"a longer body, of more than thirty-two bytes\"",
                                         "\"a longer body, of more than thirty-two bytez\""};
    static char payloads[600][256];
    static struct identity reads[600];
    struct identity_reader reader = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(payloads); i++) {
        const char *body = bodies[i * 7 / 3 % ARRAY_SIZE(bodies)];
        struct identity sent = {.run = 7 + (i % 97 == 0),
                                .track = i % 50 == 0,
                                .sequence = (i % 30 == 0 ? 1ull << 33 : 0) + i,
                                .intended_ns = 0xFFFFFF00ull + i};
        struct identity alone = {0};
        size_t size = IDENTITY_BODY_OFFSET + strlen(body) + 1;

        memcpy(payloads[i] + IDENTITY_BODY_OFFSET, body, strlen(body));
        payloads[i][size - 1] = '}';
        identity_write(payloads[i], &sent, identity_body_digest(body, strlen(body)));
        if (i % 11 == 5)
            payloads[i][16 + i % (size - 17)] ^= 1; /* damaged */
        assert_int_equal(identity_read_next(&reader, payloads[i], size, &reads[i]),
                         identity_read(payloads[i], size, &alone));
        assert_memory_equal(&reads[i], &alone, sizeof(alone));
        if (i % 11 != 5)
            assert_memory_equal(&reads[i], &sent, sizeof(sent));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_of_payloads_is_read_like_each_of_them),
        cmocka_unit_test(has_the_documented_shape),
        cmocka_unit_test(reads_back_what_was_written),
        cmocka_unit_test(is_json_that_anyone_can_read),
        cmocka_unit_test(no_changed_byte_goes_unnoticed),
        cmocka_unit_test(a_damaged_message_still_says_whose_it_was),
        cmocka_unit_test(a_rewritten_message_is_intact),
        cmocka_unit_test(what_is_added_or_lost_is_noticed),
        cmocka_unit_test(other_peoples_messages_are_foreign),
        cmocka_unit_test(canonical_text_has_sorted_keys_and_no_spaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
