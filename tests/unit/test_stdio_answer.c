/* test_stdio_answer.c: answers of a process as results; what is against the protocol is explained,
   and its outcome is unknown. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/answer.h"
#include "adapters/stdio/operation.h"
#include "adapters/stdio/request.h"
#include "base/memory.h"
#include "port.h"

static int read_answer(struct stdio_answer *answer, uint32_t operation, size_t item_count,
                       const char *line, struct stdio_complaint *complaint)
{
    const struct stdio_question question = {.operation = operation, .item_count = item_count};

    stdio_answer_take(answer, line, strlen(line));
    assert_int_equal(stdio_json_read(&answer->json, answer->bytes, answer->size), 0);
    return stdio_answer_read(answer, &question, complaint);
}

static void good_answers_become_results(void **state)
{
    struct stdio_answer *answer = memory_new(1, sizeof(*answer));
    struct stdio_complaint complaint;

    (void)state;
    assert_int_equal(read_answer(answer, ADAPTER_OP_PUBLISH, 2,
                                 "{\"id\":1,\"ids\":[\"a\",\"b\\n\"]}", &complaint),
                     0);
    assert_int_equal(answer->result.item_count, 2);
    assert_memory_equal(answer->result.items[1].id.data, "b\n", 2);
    assert_int_equal(
        read_answer(answer, ADAPTER_OP_ACK, 2, "{\"id\":1,\"items\":[true,false]}", &complaint), 0);
    assert_int_equal(answer->result.items[0].number, 1);
    assert_int_equal(answer->result.items[1].number, 0);
    assert_int_equal(read_answer(answer, ADAPTER_OP_READ, 0,
                                 "{\"id\":1,\"entries\":[{\"id\":\"x\",\"payload\":\"{}\","
                                 "\"attempt\":2,\"reclaimed\":true}],\"attempts\":3,"
                                 "\"reconnected\":true}",
                                 &complaint),
                     0);
    assert_int_equal(answer->result.outcome, ADAPTER_DONE);
    assert_int_equal(answer->result.entries[0].attempt, 2);
    assert_int_equal(answer->result.entries[0].flags, ADAPTER_ENTRY_RECLAIMED);
    assert_int_equal(answer->result.attempts, 3);
    assert_int_equal(answer->result.flags, ADAPTER_RESULT_RECONNECTED);
    assert_int_equal(
        read_answer(answer, ADAPTER_OP_READ, 0, "{\"id\":1,\"entries\":[]}", &complaint), 0);
    assert_int_equal(answer->result.outcome, ADAPTER_EMPTY);
    assert_int_equal(
        read_answer(answer, ADAPTER_OP_INFO, 0, "{\"id\":1,\"json\":{\"g\": {}}}", &complaint), 0);
    assert_memory_equal(answer->result.text.data, "{\"g\": {}}", 9);
    stdio_answer_free(answer);
}

static void errors_say_what_they_know(void **state)
{
    static const struct {
        const char *error;
        uint32_t outcome, kind;
    } cases[] = {
        {"{\"kind\":\"validation\"}", ADAPTER_REFUSED, ADAPTER_ERROR_VALIDATION},
        {"{\"kind\":\"connection\"}", ADAPTER_UNKNOWN, ADAPTER_ERROR_CONNECTION},
        {"{\"kind\":\"connection\",\"definite\":true}", ADAPTER_REFUSED, ADAPTER_ERROR_CONNECTION},
        {"{\"kind\":\"lease_lost\"}", ADAPTER_REFUSED, ADAPTER_ERROR_LEASE_LOST},
        {"{\"kind\":\"not_supported\"}", ADAPTER_UNSUPPORTED, ADAPTER_ERROR_NOT_SUPPORTED},
        {"{\"kind\":\"other\"}", ADAPTER_UNKNOWN, ADAPTER_ERROR_OTHER},
        {"{\"kind\":\"other\",\"definite\":true}", ADAPTER_REFUSED, ADAPTER_ERROR_OTHER},
        {"{\"kind\":\"validation\",\"definite\":false}", ADAPTER_UNKNOWN, ADAPTER_ERROR_VALIDATION},
        /* What nobody has heard of may mean anything. */
        {"{\"kind\":\"sunspots\",\"definite\":true}", ADAPTER_UNKNOWN, ADAPTER_ERROR_OTHER},
    };
    struct stdio_answer *answer = memory_new(1, sizeof(*answer));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stdio_complaint complaint;
        char *line = memory_format("{\"id\":1,\"error\":%s}", cases[i].error);

        assert_int_equal(read_answer(answer, ADAPTER_OP_PUBLISH, 1, line, &complaint), 0);
        assert_int_equal(answer->result.outcome, cases[i].outcome);
        assert_int_equal(answer->result.error, cases[i].kind);
        free(line);
    }
    stdio_answer_free(answer);
}

static void what_does_not_fit_is_explained(void **state)
{
    static const struct {
        uint32_t operation;
        size_t item_count;
        const char *line, *expected, *why;
    } cases[] = {
        {ADAPTER_OP_PUBLISH, 3, "{\"ids\":[\"a\"]}", "'ids' with the id of each of the 3 items",
         "'ids' has 1 elements, and the request has 3 items"},
        {ADAPTER_OP_PUBLISH, 1, "{}", "'ids'", "there is no 'ids'"},
        {ADAPTER_OP_PUBLISH, 1, "{\"ids\":[7]}", "'ids'", "an element of 'ids' is a number"},
        {ADAPTER_OP_ACK, 1, "{\"items\":[\"yes\"]}", "true or false", "is a string, and must be"},
        {ADAPTER_OP_ACK, 2, "{\"items\":[true]}", "'items'", "'items' has 1 elements"},
        {ADAPTER_OP_READ, 0, "{\"messages\":[]}", "'entries'", "there is no 'entries'"},
        {ADAPTER_OP_READ, 0, "{\"entries\":{}}", "'entries'", "'entries' is an object"},
        {ADAPTER_OP_READ, 0, "{\"entries\":[{\"id\":1}]}", "'entries'",
         "'id' of an entry is a number"},
        {ADAPTER_OP_READ, 0, "{\"entries\":[{\"id\":\"1\",\"payload\":{\"n\":1}}]}", "'entries'",
         "'payload' of an entry is an object, and must be a string"},
        {ADAPTER_OP_READ, 0, "{\"entries\":[{\"id\":\"1\",\"payload\":{\"base64\":\"?\"}}]}",
         "'entries'", "is no base64"},
        {ADAPTER_OP_GET_NEXT, 0,
         "{\"entries\":[{\"id\":\"1\",\"payload\":\"\"},{\"id\":\"2\",\"payload\":\"\"}]}",
         "'entries'", "'entries' has 2 elements, and get_next asks for one"},
        {ADAPTER_OP_PING, 0, "{\"number\":\"PONG\"}", "'number'", "'number' is a string"},
        {ADAPTER_OP_TRIM, 0, "{\"number\":1.5}", "'number'",
         "'number' is a number, and must be a whole"},
        {ADAPTER_OP_INFO, 0, "{\"json\":\"{}\"}", "'json'", "'json' is a string"},
        {ADAPTER_OP_PING, 0, "{\"error\":\"no\"}", "'error'", "'error' is a string"},
        {ADAPTER_OP_PING, 0, "{\"error\":{\"message\":\"no\"}}", "'error'",
         "'kind' of the error is nothing"},
        {ADAPTER_OP_PING, 0, "{\"number\":1,\"attempts\":-1}", "'attempts'", "no such number"},
    };
    struct stdio_answer *answer = memory_new(1, sizeof(*answer));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stdio_complaint complaint;

        assert_int_equal(
            read_answer(answer, cases[i].operation, cases[i].item_count, cases[i].line, &complaint),
            -1);
        if (!strstr(complaint.expected, cases[i].expected) || !strstr(complaint.why, cases[i].why))
            fail_msg("%s: expected %s, because %s", cases[i].line, complaint.expected,
                     complaint.why);
        assert_int_equal(answer->result.outcome, ADAPTER_UNKNOWN);
        assert_int_equal(answer->result.error, ADAPTER_ERROR_OTHER);
        assert_non_null(strstr(answer->result.detail, complaint.why));
    }
    stdio_answer_free(answer);
}

static void a_request_says_what_its_operation_uses(void **state)
{
    const struct adapter_text items[] = {{"{\"n\": 1}", 8}, {"\xFF", 1}};
    const struct adapter_call call = {.operation = ADAPTER_OP_PUBLISH,
                                      .flags = ADAPTER_CALL_NO_RETRY,
                                      .deadline_ns = 2500001,
                                      .stream = "or\"ders",
                                      .group = "not used",
                                      .items = items,
                                      .item_count = 2};
    const struct adapter_call read = {
        .operation = ADAPTER_OP_READ_BLOCKING, .stream = "s", .group = "g", .duration_ms = 5};
    struct text line = {0};

    (void)state;
    stdio_request_write(&line, 7, 3, &call, 1);
    assert_string_equal(text_string(&line),
                        "{\"id\":7,\"op\":\"publish\",\"session\":3,\"stream\":\"or\\\"ders\","
                        "\"items\":[\"{\\\"n\\\": 1}\",{\"base64\":\"/w==\"}],\"no_retry\":true,"
                        "\"timeout_ms\":3}\n");
    text_clear(&line);
    stdio_request_write(&line, 8, 3, &read, 1);
    assert_string_equal(text_string(&line),
                        "{\"id\":8,\"op\":\"read_blocking\",\"session\":3,\"stream\":\"s\","
                        "\"group\":\"g\",\"count\":0,\"duration_ms\":5}\n");
    text_release(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_answers_become_results),
        cmocka_unit_test(errors_say_what_they_know),
        cmocka_unit_test(what_does_not_fit_is_explained),
        cmocka_unit_test(a_request_says_what_its_operation_uses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
