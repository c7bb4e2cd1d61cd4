/* test_result.c: verdicts and their reasons. */
#include "run/result.h"

#include <string.h>

#include "base/memory.h"
#include "support/unit.h"

static void a_verdict_only_ever_worsens(void **state)
{
    static const struct {
        enum verdict verdicts[3], expected;
    } cases[] = {
        {{VERDICT_PASS, VERDICT_PASS, VERDICT_PASS}, VERDICT_PASS},
        {{VERDICT_PASS, VERDICT_INCONCLUSIVE, VERDICT_PASS}, VERDICT_INCONCLUSIVE},
        {{VERDICT_FAIL, VERDICT_INCONCLUSIVE, VERDICT_PASS}, VERDICT_FAIL},
        {{VERDICT_INCONCLUSIVE, VERDICT_FAIL, VERDICT_INCONCLUSIVE}, VERDICT_FAIL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct result *result = memory_new(1, sizeof(*result));
        for (size_t step = 0; step < 3; step++)
            result_judge(result, cases[i].verdicts[step], "step %zu", step);
        assert_int_equal(result->verdict, cases[i].expected);
        result_free(result);
    }
}

static void reasons_stand_by_weight_and_then_by_age(void **state)
{
    static const char *const expected[] = {"f1", "f2", "i1", "i2"};
    struct result *result = memory_new(1, sizeof(*result));
    (void)state;
    result_judge(result, VERDICT_INCONCLUSIVE, "i%d", 1);
    result_judge(result, VERDICT_FAIL, "f%d", 1);
    result_judge(result, VERDICT_INCONCLUSIVE, "i%d", 2);
    result_judge(result, VERDICT_FAIL, "f%d", 2);
    result_judge(result, VERDICT_PASS, "nothing to say");
    assert_int_equal(result->reason_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(result->reasons[i].text, expected[i]);
    result_free(result);
}

static void notes_stand_in_the_order_they_came(void **state)
{
    struct result *result = memory_new(1, sizeof(*result));
    (void)state;
    result_note(result, "%s", "one");
    result_note(result, "%s", "two");
    assert_int_equal(result->note_count, 2);
    assert_string_equal(result->notes[0].text, "one");
    assert_string_equal(result->notes[1].text, "two");
    assert_int_equal(result->verdict, VERDICT_PASS);
    result_free(result);
}

static void nothing_is_freed_without_complaint(void **state)
{
    (void)state;
    result_free(NULL);
    result_free(memory_new(1, sizeof(struct result)));
}

static void names_are_the_words_of_the_design(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(VERDICT_PASS), "pass");
    assert_string_equal(verdict_name(VERDICT_FAIL), "fail");
    assert_string_equal(verdict_name(VERDICT_INCONCLUSIVE), "inconclusive");
    assert_string_equal(result_capability_name(0), "PUBLISH");
    assert_string_equal(result_capability_name(9), "STREAM_PARTITIONING");
    assert_null(result_capability_name(10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_only_ever_worsens),
        cmocka_unit_test(reasons_stand_by_weight_and_then_by_age),
        cmocka_unit_test(notes_stand_in_the_order_they_came),
        cmocka_unit_test(nothing_is_freed_without_complaint),
        cmocka_unit_test(names_are_the_words_of_the_design),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
