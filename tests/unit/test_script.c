/* test_script.c: scripts as a whole, on the inline broker in virtual time. */
#include "support/unit.h"

#include <string.h>

#include "actors/script_evidence.h"
#include "registry.h"
#include "support/script_stage.h"

/* --- Messages -------------------------------------------------------------------------------- */

static void the_example_of_the_readme_passes(void **state)
{
    (void)state;
    stage_expect_pass("- publish: {stream: orders, message: {n: 1}, as: m}\n"
                      "- get_next: {stream: orders, group: g, expect: $m}\n"
                      "- ack: {stream: orders, group: g, id: $m, expect: true}\n"
                      "- ack: {stream: orders, group: g, id: $m, expect: false}\n");
}

static void a_mismatch_is_told_so_that_a_newcomer_understands(void **state)
{
    (void)state;
    stage_expect("- get_next: {stream: orders, group: g, expect: {count: 1}}", SCRIPT_FAIL,
                 "get_next(stream orders, group g) answered null, expected something to count");
    stage_expect("- publish: {stream: orders, message: {n: 1}}\n"
                 "- get_next: {stream: orders, group: g, expect: null}",
                 SCRIPT_FAIL, "\"payload\": {\"n\": 1}, \"attempt\": 1}, expected null");
    stage_expect("- publish: {stream: s, message: {n: 1.0}, as: m}\n"
                 "- read: {stream: s, group: g, expect: [{id: $m.id, payload: {n: 1}}]}",
                 SCRIPT_FAIL, "[0].payload.n is 1.0, expected 1");
}

static void payloads_of_every_kind_make_the_round(void **state)
{
    static const char *const messages[] = {
        "{a: null, b: false, c: 0, d: '', e: {}, f: []}",
        "{n: [9007199254740993, 1e308, 5e-324, -0.0, 123456789012345678901234567890]}",
        "{text: \"a\\0b \\u00e9 \\U0001F600 \\\" \\\\ \\n\"}",
        "{yes: 'true', no: 'null', one: '1', plain: two words}",
        "{data: 1, id: 2, _metadata: {}, __proto__: {}, '': 3}",
        "{v: {repeat: {text: x, times: 4194304}}}",
        "{v: {wide: 10000}}",
        "{v: {deep: 200}}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
        struct text yaml = {0};

        text_appendf(&yaml,
                     "- let: {sent: %s}\n"
                     "- publish: {stream: s, message: %s, as: m}\n"
                     "- get_next: {stream: s, group: g, expect: {all: [$m, {fields: {payload: "
                     "$sent}}]}}",
                     messages[i], messages[i]);
        stage_expect_pass(text_string(&yaml));
        text_release(&yaml);
    }
}

static void raw_texts_are_published_as_they_stand(void **state)
{
    (void)state;
    stage_expect_pass(
        "- publish: {stream: s, message_text: '{ \"b\" : 1.50 , \"a\":[ ] }', as: m}\n"
        "- check: {value: $m.payload, expect: {a: [], b: 1.50}}\n"
        "- get_next: {stream: s, group: g, expect: $m}");
    stage_expect_pass("- publish: {stream: s, message_text: '[1]', expect: {error: validation}}");
}

/* --- Names ----------------------------------------------------------------------------------- */

static void names_and_values_are_put_where_they_stand(void **state)
{
    (void)state;
    stage_expect_pass("- let: {a: 2, b: {c: [x, y]}, price: '$5 and $a', text: \"n$a\"}\n"
                      "- let:\n"
                      "    plain: n$a-${b.c[1]}\n"
                      "- check: {value: $price, expect: '$5 and $a'}\n"
                      "- check: {value: $text, expect: 'n$a'}\n"
                      "- check: {value: $plain, expect: n2-y}\n"
                      "- check: {value: '$b.c[0]', expect: x}\n"
                      "- let: {i: 1}\n"
                      "- check: {value: '$b.c[$i]', expect: y}\n"
                      "- let: {n: {sum: [$a, 40]}, d: {minus: [$a, 3]}, l: {concat: [[1], [2]]}, "
                      "s: {size: [7]}}\n"
                      "- check: {value: [$n, $d, $l, $s], expect: [42, -1, [1, 2], 1]}\n"
                      "- check: {value: {size: $l}, expect: 2}\n"
                      "- publish: {stream: 's$a', message: {n: 1}, as: m}\n"
                      "- get_next: {stream: s2, group: 'g${b.c[0]}', expect: $m}\n"
                      "- nack: {stream: s2, group: gx, id: '${m}', expect: true}");
}

static void the_broker_is_described(void **state)
{
    (void)state;
    stage_expect_pass("- check: {value: $declared, expect: {contains: PUBLISH}}\n"
                      "- capabilities: {expect: {set: $declared}}\n"
                      "- check: {value: $traits, expect: {contains: IN_PROCESS}}\n"
                      "- check: {value: $options, expect: {contains: retry_delay}}\n"
                      "- check: {value: $profile.redelivery_time_ms, expect: {at_least: 1}}\n"
                      "- check: {value: $profile.block_cap_ms, expect: null}");
}

/* --- Time ------------------------------------------------------------------------------------ */

static void within_waits_for_what_comes_and_tells_late_from_never(void **state)
{
    static const char publish_later[] =
        "- parallel:\n"
        "  - - wait: 300ms\n"
        "    - publish: {stream: s, message: {n: 1}}\n"
        "  - - get_next: {stream: s, group: g, within: %s, expect: {type: object}}\n";
    struct text yaml = {0};

    (void)state;
    text_appendf(&yaml, publish_later, "1s");
    stage_expect_pass(text_string(&yaml));
    text_clear(&yaml);
    text_appendf(&yaml, publish_later, "100ms");
    stage_expect(text_string(&yaml), SCRIPT_FAIL,
                 "which is right, but came late (300 ms, 100 ms allowed)");
    text_clear(&yaml);
    text_appendf(&yaml, publish_later, "20ms");
    stage_expect(text_string(&yaml), SCRIPT_FAIL,
                 "and nothing else came (200 ms, 20.0 ms allowed)");
    text_release(&yaml);
}

static void never_looks_all_the_time(void **state)
{
    (void)state;
    stage_expect_pass("- get_next: {stream: s, group: g, never: 500ms, expect: null}");
    stage_expect("- parallel:\n"
                 "  - - wait: 300ms\n"
                 "    - publish: {stream: s, message: {n: 1}}\n"
                 "  - - get_next: {stream: s, group: g, never: 500ms, expect: null}",
                 SCRIPT_FAIL, "expected null; it came after 300 ms, and must not for 500 ms");
}

static void the_duration_of_a_call_is_measured(void **state)
{
    (void)state;
    stage_expect_pass("- read_blocking: {stream: s, group: g, timeout: 400ms, expect: [], "
                      "took: {min: 380ms, max: 700ms}}");
    stage_expect("- read_blocking: {stream: s, group: g, timeout: 400ms, took: {max: 300ms}}",
                 SCRIPT_FAIL, "but it took too long (400 ms, 300 ms allowed)");
    stage_expect("- read_blocking: {stream: s, group: g, timeout: 400ms, took: {min: 1s}}",
                 SCRIPT_FAIL, "but after 400 ms already, not before 1.00 s was allowed");
}

static void a_reader_without_limit_waits_as_long_as_the_script(void **state)
{
    (void)state;
    stage_expect_pass(
        "- parallel:\n"
        "  - - read_blocking: {stream: s, group: g, timeout: 0s, as: got, took: {min: "
        "6s, max: 7s}}\n"
        "  - - wait: 6s\n"
        "    - publish: {stream: s, message: {n: 1}, as: m}\n"
        "- check: {value: $got, expect: [$m]}");
}

/* --- Loops and threads ----------------------------------------------------------------------- */

static void loops_count_from_nothing(void **state)
{
    (void)state;
    stage_expect_pass(
        "- repeat: {times: 3, as: i, steps: [{publish: {stream: s, message: {n: $i}, collect: "
        "all}}]}\n"
        "- check: {value: $all.payload.n, expect: [0, 1, 2]}\n"
        "- for_each: {in: $all, as: m, steps: [{get_next: {stream: s, group: g, expect: $m}}]}\n"
        "- repeat: {times: 0, steps: [{check: {value: 1, expect: 2}}]}\n"
        "- for_each: {in: [], steps: [{check: {value: 1, expect: 2}}]}\n"
        "- repeat:\n"
        "    times: 2\n"
        "    as: i\n"
        "    steps:\n"
        "      - repeat: {times: 2, as: k, steps: [{check: {value: '$i$k', expect: any, "
        "collect: pairs}}, {publish: {stream: t, message: {n: n$i$k}, collect: sent}}]}\n"
        "- check: {value: $sent.payload.n, expect: [n00, n01, n10, n11]}");
}

static void loops_end_by_time_or_by_what_they_see(void **state)
{
    (void)state;
    stage_expect_pass("- repeat: {for: 1s, every: 100ms, as: i, steps: [{ping: {}}]}\n"
                      "- check: {value: $i, expect: 9}\n"
                      "- repeat:\n"
                      "    until: {value: $got, expect: {count: 3}}\n"
                      "    steps:\n"
                      "      - publish: {stream: s, message: {n: 1}, collect: got}\n"
                      "- check: {value: $got, expect: {count: 3}}\n"
                      "- repeat: {for: 50ms, as: n, steps: []}\n"
                      "- check: {value: $n, expect: 49}");
}

static void a_loop_that_does_nothing_for_ever_is_ended(void **state)
{
    (void)state;
    stage_expect("- repeat: {times: 99999999999, steps: [{let: {x: 1}}]}", SCRIPT_FAIL,
                 "the clock did not move");
    stage_expect("- let: {x: 1}\n- repeat: {times: 99999999999, steps: []}", SCRIPT_FAIL,
                 "the clock did not move");
    stage_expect("- repeat: {times: 99999999999, steps: [{check: {value: 1, expect: 1}}]}",
                 SCRIPT_FAIL, "the clock did not move");
    stage_expect("- repeat: {times: 99999999999, steps: [{wait: 1s}]}", SCRIPT_FAIL,
                 "the clause is not through after 30.0 s");
}

static void threads_begin_together_and_are_waited_for(void **state)
{
    (void)state;
    stage_expect_pass("- parallel:\n"
                      "  - - wait: 100ms\n"
                      "    - let: {a: 1, both: x}\n"
                      "  - - let: {b: 2, both: y}\n"
                      "  - []\n"
                      "- check: {value: [$a, $b, $both], expect: [1, 2, [x, y]]}\n"
                      "- parallel:\n"
                      "    times: 3\n"
                      "    as: p\n"
                      "    steps:\n"
                      "      - publish: {stream: s, message: {p: $p}, collect: all}\n"
                      "      - check: {value: $p, expect: any, collect: 'lane$p'}\n"
                      "- check: {value: $all.payload.p, expect: {set: [0, 1, 2]}}\n"
                      "- check: {value: $lane2, expect: [2]}\n"
                      "- parallel: {times: 0, steps: []}\n"
                      "- drain: {stream: s, group: g, expect: {set: $all}}");
}

static void the_first_failure_ends_all_threads(void **state)
{
    (void)state;
    stage_expect("- parallel:\n"
                 "  - - read_blocking: {stream: s, group: g, timeout: 0s}\n"
                 "  - - parallel: [[{wait: 10ms}, {check: {value: 1, expect: 2}}], [{wait: 5s}]]\n",
                 SCRIPT_FAIL, "1 is 1, expected 2");
}

static void a_choice_is_no_check(void **state)
{
    (void)state;
    stage_expect(
        "- when: {value: 1, expect: 1, steps: [{let: {x: 1}}], otherwise: [{let: {x: 2}}]}\n"
        "- when: {value: 1, expect: 2, steps: [{let: {y: 1}}]}\n"
        "- when: {value: $x, expect: 1, otherwise: [{check: {value: 1, expect: 2}}]}",
        SCRIPT_INCONCLUSIVE, "the steps checked nothing");
}

/* --- Reading --------------------------------------------------------------------------------- */

static void drains_read_until_nothing_comes(void **state)
{
    (void)state;
    stage_expect_pass(
        "- publish: {stream: s, count: 250, message: {n: $i}, as: all}\n"
        "- drain: {stream: s, group: a, expect: $all}\n"
        "- drain: {stream: s, group: a, expect: []}\n"
        "- drain: {stream: s, group: b, by: get_next, expect: $all}\n"
        "- drain: {stream: s, group: c, by: read_blocking, count: 7, consumer: w, session: w, as: "
        "got, collect: gone, expect: {distinct: id}}\n"
        "- check: {value: $gone, expect: $got}\n"
        "- drain: {stream: s, group: d, ack: false, expect: {count: 250}}\n"
        "- nack: {stream: s, group: d, id: '$all[0]', expect: true}\n"
        "- nack: {stream: s, group: a, id: '$all[0]', expect: false}\n"
        "- parallel:\n"
        "  - - drain: {stream: t, group: g, quiet: 300ms, expect: {count: 2}}\n"
        "  - - wait: 200ms\n"
        "    - publish: {stream: t, message: {n: 1}}\n"
        "    - wait: 200ms\n"
        "    - publish: {stream: t, message: {n: 2}}");
    stage_expect("- publish: {stream: s, count: 250, message: {n: $i}}\n"
                 "- drain: {stream: s, group: g, most: 200, expect: any}",
                 SCRIPT_FAIL, "drain got more than 200 messages");
    stage_expect("- drain: {stream: s, group: g, expect: {count: 1}}", SCRIPT_FAIL,
                 "drain(stream s, group g) answered [], 0 items, expected 1");
}

static void subscriptions_hand_over_what_comes_after_them(void **state)
{
    (void)state;
    stage_expect_pass(
        "- publish: {stream: s, message: {n: 0}}\n"
        "- subscribe: {stream: s, session: w, expect: []}\n"
        "- subscribe: {stream: s, session: v, expect: []}\n"
        "- publish: {stream: s, count: 3, message: {n: $i}, as: all}\n"
        "- subscribe: {stream: s, session: w, within: 1s, expect: $all}\n"
        "- subscribe: {stream: s, session: w, expect: []}\n"
        "- publish: {stream: s, message: {n: 9}, as: last}\n"
        "- subscribe: {stream: s, session: w, within: 1s, expect: [$last]}\n"
        "- subscribe: {stream: s, session: v, within: 1s, expect: {count: 4}, collect: v}\n"
        "- check: {value: $v, expect: {count: 4}}\n"
        "- close: {session: w}\n"
        "- publish: {stream: s, message: {n: 10}}\n"
        "- subscribe: {stream: s, session: w, never: 100ms, expect: []}\n"
        "- crash: {session: v}");
}

static void instances_of_an_in_process_broker_are_one_unless_apart(void **state)
{
    (void)state;
    stage_expect_pass("- publish: {stream: s, message: {n: 1}, as: m}\n"
                      "- open: {session: other, instance: b}\n"
                      "- get_next: {stream: s, group: g, session: other, expect: $m}\n"
                      "- open: {session: far, instance: c, apart: true}\n"
                      "- get_next: {stream: s, group: h, session: far, expect: null}\n"
                      "- get_next: {stream: s, group: h, expect: $m}");
}

static void a_crashed_consumer_leaves_its_messages(void **state)
{
    (void)state;
    stage_expect_pass(
        "- publish: {stream: s, count: 3, message: {n: $i}, as: all}\n"
        "- read: {stream: s, group: g, session: w1, expect: $all}\n"
        "- crash: {session: w1}\n"
        "- read: {stream: s, group: g, session: w2, within: 2s, expect: {set: $all}}");
}

/* --- Verdicts -------------------------------------------------------------------------------- */

static void nothing_to_check_is_no_pass(void **state)
{
    (void)state;
    stage_expect("[]", SCRIPT_INCONCLUSIVE, "the steps checked nothing");
    stage_expect("- ping: {}", SCRIPT_INCONCLUSIVE, "the steps checked nothing");
    stage_expect("- ping: {expect: true}\n"
                 "- inconclusive_unless: {value: 0, expect: {at_least: 1}, because: no race arose}",
                 SCRIPT_INCONCLUSIVE, "no race arose");
    stage_expect_pass("- ping: {expect: true}\n"
                      "- inconclusive_unless: {value: 1, expect: {at_least: 1}}");
}

static void the_result_says_where_and_how_much(void **state)
{
    struct stage stage;
    const struct script_result *result;

    (void)state;
    stage_open(&stage, registry_find("inline", NULL), NULL, 0);
    result = stage_play(&stage, "- ping: {expect: true}\n"
                                "- wait: 1s\n"
                                "- ping:\n"
                                "    expect: false");
    assert_int_equal(result->verdict, SCRIPT_FAIL);
    assert_int_equal(result->place.line, 4);
    assert_string_equal(result->place.file, "steps.yaml");
    assert_int_equal(result->call_count, 2);
    assert_int_equal(result->check_count, 1);
    assert_true(result->elapsed_ns >= 1000000000 && result->elapsed_ns < 1100000000);
    stage_close(&stage);
}

static void the_evidence_tells_of_the_message_that_did_not_fit(void **state)
{
    struct stage stage;
    const struct script_result *result;

    (void)state;
    stage_open(&stage, registry_find("inline", NULL), NULL, 0);
    result = stage_play(&stage,
                        "- publish: {stream: s, message: {n: 7}, as: m}\n"
                        "- get_next: {stream: s, group: g, expect: $m}\n"
                        "- nack: {stream: s, group: g, id: $m, expect: true}\n"
                        "- repeat: {times: 400, as: i, steps: [{publish: {stream: t, message: {n: "
                        "$i}}}, {ping: {}}]}\n"
                        "- get_next: {stream: t, group: g, collect: got}\n"
                        "- check: {value: $got, expect: {set: [$m]}}\n");
    assert_int_equal(result->verdict, SCRIPT_FAIL);
    assert_int_equal(result->evidence_count, SCRIPT_EVIDENCE_MAX);
    assert_non_null(strstr(result->evidence[0], "publish(stream s, message {\"n\": 7})"));
    assert_non_null(strstr(result->evidence[1], "get_next(stream s, group g) answered {\"id\""));
    assert_non_null(strstr(result->evidence[2], "nack(stream s, group g"));
    assert_non_null(strstr(result->evidence[11], "get_next(stream t, group g) answered"));
    stage_close(&stage);
}

static void the_evidence_is_the_last_calls_in_short(void **state)
{
    struct stage stage;
    const struct script_result *result;

    (void)state;
    stage_open(&stage, registry_find("inline", NULL), NULL, 0);
    result = stage_play(&stage,
                        "- repeat: {times: 20, as: i, steps: [{publish: {stream: s, message: {n: "
                        "$i}}}]}\n"
                        "- wait: 5ms\n"
                        "- get_next: {stream: t, group: g, never: 200ms, expect: null}\n"
                        "- close: {session: main}\n"
                        "- get_next: {stream: s, group: g, session: w, expect: null}\n");
    assert_int_equal(result->evidence_count, SCRIPT_EVIDENCE_MAX);
    assert_non_null(strstr(result->evidence[8], "publish(stream s, message {\"n\": 19}) answered"));
    assert_non_null(strstr(result->evidence[9], "get_next(stream t, group g) answered null"));
    assert_non_null(strstr(result->evidence[9], "(and the same 11 times in all, until +"));
    assert_non_null(strstr(result->evidence[10], "main closed"));
    assert_non_null(strstr(result->evidence[11], "w get_next(stream s, group g) answered {\"id\""));
    for (size_t i = 0; i < result->evidence_count; i++)
        assert_true(strlen(result->evidence[i]) < 500);
    stage_close(&stage);
}

static void the_trace_tells_everything(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, registry_find("inline", NULL), NULL, 0);
    stage_play(&stage, "- ping: {expect: true}\n- wait: 5ms\n- ping: {expect: false}");
    assert_string_equal(text_string(&stage.trace),
                        "     +0.000 ms  ping()\n"
                        "     +0.001 ms  ping() answered true after 0.001 ms\n"
                        "     +0.001 ms  ping: as expected\n"
                        "     +0.001 ms  wait 5ms\n"
                        "     +5.001 ms  ping()\n"
                        "     +5.002 ms  ping() answered true after 0.001 ms\n"
                        "     +5.002 ms  ping: expected false\n"
                        "     +5.002 ms  over: ping() answered true, expected false\n");
    stage_close(&stage);
}

static void equal_seeds_give_equal_traces(void **state)
{
    static const char yaml[] = "- parallel:\n"
                               "    times: 3\n"
                               "    as: p\n"
                               "    steps:\n"
                               "      - publish: {stream: s, count: 5, message: {n: $i, p: $p}}\n"
                               "      - read: {stream: s, group: g, count: 3, session: 'w$p'}\n"
                               "- drain: {stream: s, group: g, expect: any}";
    struct stage first, second;

    (void)state;
    stage_open(&first, registry_find("inline", NULL), NULL, 0);
    stage_play(&first, yaml);
    stage_open(&second, registry_find("inline", NULL), NULL, 0);
    stage_play(&second, yaml);
    assert_string_equal(text_string(&first.trace), text_string(&second.trace));
    stage_close(&first);
    stage_close(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_readme_passes),
        cmocka_unit_test(a_mismatch_is_told_so_that_a_newcomer_understands),
        cmocka_unit_test(payloads_of_every_kind_make_the_round),
        cmocka_unit_test(raw_texts_are_published_as_they_stand),
        cmocka_unit_test(names_and_values_are_put_where_they_stand),
        cmocka_unit_test(the_broker_is_described),
        cmocka_unit_test(within_waits_for_what_comes_and_tells_late_from_never),
        cmocka_unit_test(never_looks_all_the_time),
        cmocka_unit_test(the_duration_of_a_call_is_measured),
        cmocka_unit_test(a_reader_without_limit_waits_as_long_as_the_script),
        cmocka_unit_test(loops_count_from_nothing),
        cmocka_unit_test(loops_end_by_time_or_by_what_they_see),
        cmocka_unit_test(a_loop_that_does_nothing_for_ever_is_ended),
        cmocka_unit_test(threads_begin_together_and_are_waited_for),
        cmocka_unit_test(the_first_failure_ends_all_threads),
        cmocka_unit_test(a_choice_is_no_check),
        cmocka_unit_test(drains_read_until_nothing_comes),
        cmocka_unit_test(subscriptions_hand_over_what_comes_after_them),
        cmocka_unit_test(instances_of_an_in_process_broker_are_one_unless_apart),
        cmocka_unit_test(a_crashed_consumer_leaves_its_messages),
        cmocka_unit_test(nothing_to_check_is_no_pass),
        cmocka_unit_test(the_result_says_where_and_how_much),
        cmocka_unit_test(the_evidence_is_the_last_calls_in_short),
        cmocka_unit_test(the_evidence_tells_of_the_message_that_did_not_fit),
        cmocka_unit_test(the_trace_tells_everything),
        cmocka_unit_test(equal_seeds_give_equal_traces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
