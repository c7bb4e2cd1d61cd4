/* test_script_calls.c: what a step asks of an adapter, and what is made of its answers. */
#include "support/unit.h"

#include <string.h>

#include "support/puppet.h"
#include "support/script_stage.h"

struct theatre {
    struct stage stage;
    struct puppet puppet;
};

static int set_up(void **state)
{
    static struct theatre theatre;

    theatre = (struct theatre){0};
    puppet_use(&theatre.puppet);
    stage_open(&theatre.stage, &puppet_adapter, NULL, 0);
    *state = &theatre;
    return 0;
}

static int tear_down(void **state)
{
    struct theatre *theatre = *state;

    stage_close(&theatre->stage);
    assert_int_equal(theatre->puppet.open_count,
                     theatre->puppet.close_count + theatre->puppet.abandon_count);
    puppet_release(&theatre->puppet);
    return 0;
}

static void tell(struct theatre *theatre, const struct puppet_line *lines, size_t count)
{
    theatre->puppet.lines = lines;
    theatre->puppet.line_count = count;
    theatre->puppet.line_index = 0;
}

static void expect(struct theatre *theatre, const char *yaml, enum script_verdict verdict,
                   const char *reason_part)
{
    const struct script_result *result = stage_play(&theatre->stage, yaml);
    const char *reason = result->reason ? result->reason : "(none)";

    if (result->verdict != verdict || (reason_part && !strstr(reason, reason_part)))
        fail_msg("verdict %d, %s\nwanted %d, %s\nin %s", (int)result->verdict, reason, (int)verdict,
                 reason_part ? reason_part : "(none)", yaml);
}

/* --- Arguments ------------------------------------------------------------------------------- */

static const struct {
    const char *step, *asked;
} arguments[] = {
    {"publish: {stream: s, message: {n: 1, t: 'x'}}",
     "publish stream=run:1:s [{\"n\": 1, \"t\": \"x\"}]"},
    {"publish: {stream: s, messages: [{n: 1}, {}]}", "publish stream=run:1:s [{\"n\": 1}] [{}]"},
    {"publish: {stream: s, count: 2, message: {n: $i, t: 'm$i', u: m$i}}",
     "publish stream=run:1:s [{\"n\": 0, \"t\": \"m$i\", \"u\": \"m0\"}] "
     "[{\"n\": 1, \"t\": \"m$i\", \"u\": \"m1\"}]"},
    {"publish: {stream: s, message_text: '[1]'}", "publish stream=run:1:s [[1]]"},
    {"publish: {stream: s, message: null}", "publish stream=run:1:s [null]"},
    {"publish: {stream: '{s}:dlq', message: {}, retry: none}",
     "publish stream=run:1:s:dlq flags=1 [{}]"},
    {"publish: {stream: 'position:{s}:g', message: {deep: 2}}",
     "publish stream=position:run:1:s:g [{\"level\": 1, \"in\": {\"level\": 2}}]"},
    {"publish: {stream: s, message: {a: {wide: 2}, b: {repeat: {text: xy, times: 2}}}}",
     "publish stream=run:1:s [{\"a\": {\"k0\": 0, \"k1\": 1}, \"b\": \"xyxy\"}]"},
    {"get_next: {stream: s, group: g}", "get_next stream=run:1:s group=g"},
    {"read: {stream: s, group: g}", "read stream=run:1:s group=g count=100"},
    {"read: {stream: s, group: g, count: -1}", "read stream=run:1:s group=g count=-1"},
    {"read_blocking: {stream: s, group: g}",
     "read_blocking stream=run:1:s group=g count=1 ms=5000"},
    {"read_blocking: {stream: s, group: g, consumer: w, timeout: 400ms, count: 7}",
     "read_blocking stream=run:1:s group=g consumer=w count=7 ms=400"},
    {"ack: {stream: s, group: g, id: 1-0}", "ack stream=run:1:s group=g [1-0]"},
    {"ack: {stream: s, group: g, id: ''}", "ack stream=run:1:s group=g []"},
    {"nack: {stream: s, group: g, ids: [a, b]}", "nack stream=run:1:s group=g [a] [b]"},
    {"read_from: {stream: s}", "read_from stream=run:1:s key=start count=100"},
    {"read_from: {stream: s, position: 4-2, count: 5}", "read_from stream=run:1:s key=4-2 count=5"},
    {"tamper: {verb: wipe, stream: s}", "tamper stream=run:1:s"},
    {"tamper: {verb: put_raw, stream: s, raw: \"{\\\"a\"}", "tamper stream=run:1:s verb=3 [{\"a]"},
    {"tamper: {verb: delete_entry, stream: s, group: g, id: 1-1}",
     "tamper stream=run:1:s group=g verb=2 [1-1]"},
    {"health_stats: {}", "health_stats"},
    {"data_reset: {}", "data_reset"},
    {"dlq_list: {queue: '{s}:dlq'}", "dlq_list stream=run:1:s:dlq count=100 [run:1:s:dlq]"},
    {"dlq_list: {queues: [a, b], limit: 0}", "dlq_list [run:1:a] [run:1:b]"},
    {"dlq_inspect: {queue: q, id: 1-1}", "dlq_inspect stream=run:1:q [1-1]"},
    {"dlq_replay: {queue: q, id: 1-1, target: s}",
     "dlq_replay stream=run:1:q target=run:1:s [1-1]"},
    {"dlq_replay_all: {queue: q, target: s}", "dlq_replay_all stream=run:1:q target=run:1:s"},
    {"dlq_purge: {queue: q}", "dlq_purge stream=run:1:q"},
    {"dlq_trim: {queue: q, min_id: 9-0}", "dlq_trim stream=run:1:q [9-0]"},
    {"dlq_depth: {queue: q}", "dlq_depth stream=run:1:q"},
    {"trim: {stream: s, limit: -3}", "trim stream=run:1:s count=-3"},
    {"record_partition: {category: c, key: 'a b'}", "record_partition stream=run:1:c key=a b"},
    {"partition_keys: {category: c}", "partition_keys stream=run:1:c"},
    {"reap_partition: {category: c, key: k, min_idle: 60s, lane: backfill}",
     "reap_partition stream=run:1:c target=backfill key=k ms=60000"},
    {"acquire_partition_lease: {lease: l, generation: n, owner: o, ttl: -1ms}",
     "acquire_partition_lease key=run:1:l generation=run:1:n token=o ms=-1"},
    {"renew_partition_lease: {lease: l, token: 'o:1', ttl: 200ms}",
     "renew_partition_lease key=run:1:l token=o:1 ms=200"},
    {"release_partition_lease: {lease: l, token: 'o:1'}",
     "release_partition_lease key=run:1:l token=o:1"},
    {"read_partition_fenced: {stream: s, group: g, lease: l, token: t, new: false}",
     "read_partition_fenced stream=run:1:s group=g key=run:1:l token=t count=1 flags=2"},
    {"ack_partition_fenced: {stream: s, group: g, lease: l, token: t, id: 1}",
     "ack_partition_fenced stream=run:1:s group=g key=run:1:l token=t [1]"},
    {"reclaim_partition_pending: {stream: s, group: g, consumer: o, min_idle: 500us}",
     "reclaim_partition_pending stream=run:1:s group=g consumer=o count=100 ms=1"},
    {"stream_depth: {stream: s}", "stream_depth stream=run:1:s"},
};

static void a_step_asks_for_what_it_says(void **state)
{
    struct theatre *theatre = *state;

    for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
        struct text yaml = {0}, wanted = {0};

        text_appendf(&yaml, "- %s", arguments[i].step);
        text_appendf(&wanted, "%s\n", arguments[i].asked);
        text_clear(&theatre->puppet.asked);
        stage_play(&theatre->stage, text_string(&yaml));
        if (strcmp(text_string(&theatre->puppet.asked), text_string(&wanted)) != 0)
            fail_msg("%s\nasked  %swanted %s", arguments[i].step,
                     text_string(&theatre->puppet.asked), text_string(&wanted));
        text_release(&yaml);
        text_release(&wanted);
    }
}

static void a_batch_of_nothing_asks_nobody(void **state)
{
    struct theatre *theatre = *state;

    expect(theatre, "- ack: {stream: s, group: g, ids: [], expect: []}", SCRIPT_PASS, NULL);
    expect(theatre, "- publish: {stream: s, count: 0, message: {}, expect: []}", SCRIPT_PASS, NULL);
    assert_int_equal(theatre->puppet.asked.size, 0);
}

static void arguments_that_cannot_be_had_end_the_script(void **state)
{
    static const struct {
        const char *yaml, *reason;
    } rows[] = {
        {"- when: {value: 1, expect: 2, steps: [{let: {x: 1}}]}\n- ping: {session: $x}",
         "$x has no value here"},
        {"- let: {x: [1]}\n- get_next: {stream: $x, group: g}", "'$x' is a list"},
        {"- let: {x: 'soon'}\n- wait: $x", "soon"},
        {"- let: {x: [1]}\n- ack: {stream: s, group: g, ids: $x}", "not every item of ids"},
        {"- let: {x: 1}\n- ack: {stream: s, group: g, ids: $x}", "ids is a list"},
        {"- let: {x: -1}\n- publish: {stream: s, count: $x, message: {}}", "count must be 0 to"},
        {"- let: {x: 1}\n- for_each: {in: $x, steps: []}", "this is a number"},
        {"- let: {x: 999}\n- parallel: {times: $x, steps: []}", "0 to 256 threads"},
        {"- ping: {session: nobody}", "nobody may come in"},
        {"- let: {x: {sum: [1, a]}}", "sum wants whole numbers"},
        {"- let: {x: {sum: 1}}", "sum wants a list"},
        {"- let: {x: {size: 1}}", "size wants a list, an object or text"},
        {"- let: {x: {concat: [1]}}", "concat wants lists"},
        {"- let: {x: {minus: [1, 2, 3]}}", "minus wants whole numbers"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        expect(*state, rows[i].yaml, SCRIPT_FAIL, rows[i].reason);
}

/* --- Answers --------------------------------------------------------------------------------- */

#define TEXT(string)                                                                               \
    {                                                                                              \
        string, sizeof(string) - 1                                                                 \
    }

static const struct adapter_entry entries[] = {
    {.id = TEXT("1-0"), .payload = TEXT("{\"n\":1}"), .attempt = 2},
    {.id = TEXT("2-0"), .payload = TEXT("oops"), .attempt = 0},
};

static void play_line(struct theatre *theatre, const struct puppet_line *line, const char *yaml)
{
    tell(theatre, line, 1);
    expect(theatre, yaml, SCRIPT_PASS, NULL);
}

static void results_become_values(void **state)
{
    static const struct puppet_line empty = {.result = {.outcome = ADAPTER_EMPTY}};
    static const struct puppet_line zero = {.result = {.outcome = ADAPTER_DONE}};
    static const struct puppet_line seven = {.result = {.number = 7}};
    static const struct puppet_line one = {.result = {.entries = entries, .entry_count = 1}};
    static const struct puppet_line two = {.result = {.entries = entries, .entry_count = 2}};
    static const struct puppet_line json = {.result = {.text = TEXT("{\"a\":[1]}")}};
    static const struct {
        const struct puppet_line *line;
        const char *yaml;
    } rows[] = {
        {&empty, "- get_next: {stream: s, group: g, expect: null}"},
        {&zero, "- get_next: {stream: s, group: g, expect: null}"},
        {&one, "- get_next: {stream: s, group: g, expect: {equal: {id: 1-0, payload: {n: 1}, "
               "attempt: 2}}}"},
        {&two, "- get_next: {stream: s, group: g, expect: {count: 2}}"},
        {&empty, "- read: {stream: s, group: g, expect: []}"},
        {&two, "- read: {stream: s, group: g, expect: [{id: 1-0, payload: {n: 1}}, {id: 2-0, "
               "payload: oops, attempt: null}]}"},
        {&one, "- read_blocking: {stream: s, group: g, expect: {count: 1}}"},
        {&one, "- read_from: {stream: s, expect: {count: 1}}"},
        {&one, "- reclaim_partition_pending: {stream: s, group: g, expect: {count: 1}}"},
        {&two, "- partition_keys: {category: c, expect: [1-0, 2-0]}"},
        {&empty, "- partition_keys: {category: c, expect: []}"},
        {&seven, "- ping: {expect: true}"},
        {&zero, "- ensure_connection: {expect: false}"},
        {&seven, "- ack: {stream: s, group: g, id: a, expect: true}"},
        {&zero, "- nack: {stream: s, group: g, ids: [a, b], expect: [false, false]}"},
        {&seven, "- trim: {stream: s, limit: 1, expect: 7}"},
        {&empty, "- dlq_depth: {queue: q, expect: 0}"},
        {&seven,
         "- acquire_partition_lease: {lease: l, generation: n, owner: o, ttl: 1s, expect: 7}"},
        {&empty,
         "- acquire_partition_lease: {lease: l, generation: n, owner: o, ttl: 1s, expect: null}"},
        {&json, "- health_stats: {expect: {a: [1]}}"},
        {&json, "- dlq_list: {queue: q, expect: {fields: {'a[0]': 1}}}"},
        {&empty, "- dlq_list: {queue: q, expect: []}"},
        {&empty, "- dlq_inspect: {queue: q, id: x, expect: null}"},
        {&zero, "- data_reset: {expect: null}"},
        {&zero, "- record_partition: {category: c, key: k, expect: null}"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        play_line(*state, rows[i].line, rows[i].yaml);
}

static void what_failed_is_an_error_that_must_be_allowed(void **state)
{
    static const struct puppet_line refused = {.result = {.outcome = ADAPTER_REFUSED,
                                                          .error = ADAPTER_ERROR_VALIDATION,
                                                          .detail = "empty message"}};
    static const struct puppet_line unknown = {
        .result = {.outcome = ADAPTER_UNKNOWN, .error = ADAPTER_ERROR_CONNECTION}};

    tell(*state, &refused, 1);
    expect(*state, "- publish: {stream: s, message: {}}", SCRIPT_FAIL,
           "publish(stream s, message {}) answered {\"error\": \"validation\", \"outcome\": "
           "\"refused\", \"detail\": \"empty message\"}, an error that the clause does not allow");
    expect(*state, "- publish: {stream: s, message: {}, expect: {error: validation}}", SCRIPT_PASS,
           NULL);
    expect(*state, "- publish: {stream: s, message: {}, expect: {type: string}}", SCRIPT_FAIL,
           "expected no error");
    expect(*state, "- publish: {stream: s, message: {}, expect: any}", SCRIPT_FAIL,
           "expected no error");
    tell(*state, &unknown, 1);
    expect(*state, "- ack: {stream: s, group: g, id: x, expect: {outcome: unknown}}", SCRIPT_PASS,
           NULL);
    expect(*state, "- ack: {stream: s, group: g, id: x, expect: false}", SCRIPT_FAIL,
           "expected no error");
    expect(*state, "- drain: {stream: s, group: g, expect: {error: connection}}", SCRIPT_PASS,
           NULL);
}

static void items_of_a_batch_have_answers_of_their_own(void **state)
{
    static const struct adapter_item items[] = {
        {.outcome = ADAPTER_DONE, .number = 1, .id = TEXT("1-0")},
        {.outcome = ADAPTER_UNKNOWN, .error = ADAPTER_ERROR_CONNECTION},
    };
    static const struct puppet_line half = {
        .result = {.outcome = ADAPTER_UNKNOWN, .items = items, .item_count = 2}};

    tell(*state, &half, 1);
    expect(*state,
           "- ack: {stream: s, group: g, ids: [a, b], as: x, expect: {all: [{first: true}, "
           "{last: {error: connection}}]}}",
           SCRIPT_PASS, NULL);
    expect(*state, "- ack: {stream: s, group: g, ids: [a, b]}", SCRIPT_FAIL,
           "an error that the clause does not allow");
    expect(*state,
           "- publish: {stream: s, messages: [{n: 1}, {n: 2}], as: all, expect: {last: {outcome: "
           "unknown}}}\n"
           "- check: {value: '$all[0]', expect: {equal: {id: 1-0, payload: {n: 1}}}}",
           SCRIPT_PASS, NULL);
}

static void a_published_message_is_bound_whole_and_answered_by_its_id(void **state)
{
    static const struct adapter_item items[] = {{.outcome = ADAPTER_DONE, .id = TEXT("5-0")}};
    static const struct puppet_line done = {.result = {.items = items, .item_count = 1}};

    tell(*state, &done, 1);
    expect(*state,
           "- publish: {stream: s, message: {n: 1}, as: m, collect: got, expect: 5-0}\n"
           "- check: {value: $m, expect: {equal: {id: 5-0, payload: {n: 1}}}}\n"
           "- check: {value: $got, expect: [$m]}",
           SCRIPT_PASS, NULL);
}

static void about_tells_what_stands_beside_the_answer(void **state)
{
    static const struct puppet_line again = {
        .result = {.number = 1, .attempts = 2, .flags = ADAPTER_RESULT_RECONNECTED},
        .after_ns = 4000000};
    static const struct puppet_line lost = {
        .result = {.outcome = ADAPTER_REFUSED, .error = ADAPTER_ERROR_LEASE_LOST}};

    tell(*state, &again, 1);
    expect(*state,
           "- ping: {about: facts}\n"
           "- check: {value: $facts, expect: {equal: {outcome: done, error: none, attempts: 2, "
           "reconnected: true, took_ms: 4.001}}}",
           SCRIPT_PASS, NULL);
    tell(*state, &lost, 1);
    expect(*state,
           "- ping: {about: facts, expect: {error: lease_lost}}\n"
           "- check: {value: $facts, expect: {fields: {outcome: refused, error: lease_lost}}}",
           SCRIPT_PASS, NULL);
}

/* --- The gate -------------------------------------------------------------------------------- */

static void raw_calls_pass_the_gate(void **state)
{
    struct theatre *theatre = *state;

    theatre->stage.undeclared = ADAPTER_ACK_NACK;
    expect(theatre, "- ack: {stream: s, group: g, id: a, expect: false}", SCRIPT_PASS, NULL);
    assert_int_equal(theatre->puppet.asked.size, 0);
    expect(theatre, "- ack: {stream: s, group: g, id: a, raw: true, expect: true}", SCRIPT_PASS,
           NULL);
    assert_string_equal(text_string(&theatre->puppet.asked), "ack stream=run:1:s group=g [a]\n");
    expect(theatre,
           "- ensure_group: {stream: s, group: g, raw: true, expect: {all: [{error: "
           "not_supported}, {outcome: unsupported}]}}",
           SCRIPT_PASS, NULL);
    expect(theatre, "- subscribe: {stream: s, expect: {error: not_supported}}", SCRIPT_PASS, NULL);
}

static void a_gated_call_outlives_its_session_and_its_script(void **state)
{
    struct theatre *theatre = *state;

    theatre->stage.undeclared = ADAPTER_ACK_NACK;
    expect(theatre,
           "- parallel:\n"
           "  - - ack: {stream: s, group: g, id: a, session: w, expect: false}\n"
           "  - - crash: {session: w}",
           SCRIPT_PASS, NULL);
    expect(theatre,
           "- parallel:\n"
           "  - - ack: {stream: s, group: g, id: a, session: w, expect: false}\n"
           "  - - check: {value: 1, expect: 2}",
           SCRIPT_FAIL, "1 is 1, expected 2");
    stage_start(&theatre->stage, "- ack: {stream: s, group: g, id: a}");
    stage_turn(&theatre->stage);
    script_free(theatre->stage.script); /* the call stands in the loop's queue, or is yet to come */
    theatre->stage.script = NULL;
    loop_run(theatre->stage.place.loop);
}

/* --- Time ------------------------------------------------------------------------------------ */

static const struct puppet_line silence = {.after_ns = UINT64_MAX};

static void a_call_without_an_answer_ends_with_the_limit(void **state)
{
    struct theatre *theatre = *state;
    const struct script_result *result;

    tell(theatre, &silence, 1);
    theatre->stage.plan.limit_ns = 2000000000;
    expect(theatre, "- get_next: {stream: s, group: g, session: w1}", SCRIPT_FAIL,
           "the clause is not through after 2.00 s, and still waits for w1 get_next(stream s, "
           "group g)");
    result = theatre->stage.result;
    assert_int_equal(result->elapsed_ns, 2000000000);
    assert_int_equal(result->evidence_count, 1);
    assert_non_null(
        strstr(result->evidence[0], "w1 get_next(stream s, group g) had no answer yet"));
}

static void a_crash_ends_the_calls_of_its_session(void **state)
{
    struct theatre *theatre = *state;

    tell(theatre, &silence, 1);
    expect(theatre,
           "- parallel:\n"
           "  - - get_next: {stream: s, group: g, session: w, expect: {outcome: unknown}}\n"
           "  - - wait: 5ms\n"
           "    - crash: {session: w}",
           SCRIPT_PASS, NULL);
    assert_int_equal(theatre->puppet.abandon_count, 1);
}

static void a_script_may_be_freed_at_any_time(void **state)
{
    struct theatre *theatre = *state;

    tell(theatre, &silence, 1);
    for (int turns = 0; turns < 4; turns++) {
        stage_start(&theatre->stage, "- parallel:\n"
                                     "  - - get_next: {stream: s, group: g}\n"
                                     "  - - wait: 1s\n"
                                     "  - - drain: {stream: s, group: g, session: w}");
        for (int i = 0; i < turns; i++)
            stage_turn(&theatre->stage);
        script_free(theatre->stage.script);
        theatre->stage.script = NULL;
        loop_run(theatre->stage.place.loop);
    }
}

/* --- Sessions -------------------------------------------------------------------------------- */

static void sessions_are_opened_when_they_are_used(void **state)
{
    struct theatre *theatre = *state;

    expect(theatre,
           "- ping: {expect: true}\n"
           "- ping: {session: w1}\n"
           "- ping: {session: w1}\n"
           "- open: {session: w2, consumer: worker}\n"
           "- close: {session: w1}\n"
           "- ping: {session: w1}\n"
           "- reopen: {session: w2}\n"
           "- crash: {session: w2}\n"
           "- close: {session: w2}\n"
           "- close: {session: never}",
           SCRIPT_PASS, NULL);
    assert_string_equal(text_string(&theatre->puppet.sessions),
                        "main/- w1/- w2/worker w1-2/- w2-2/worker ");
    assert_int_equal(theatre->puppet.abandon_count, 1);
}

static void each_named_instance_is_made_once_and_given_back(void **state)
{
    struct theatre *theatre = *state;

    expect(theatre,
           "- open: {session: w1, instance: b}\n"
           "- open: {session: w2, instance: b}\n"
           "- open: {session: w3, instance: c}\n"
           "- open: {session: w4, instance: a}\n"
           "- reopen: {session: w1}\n"
           "- ping: {session: w1, expect: true}",
           SCRIPT_PASS, NULL);
    assert_int_equal(theatre->stage.instance_count, 3);
    script_free(theatre->stage.script);
    theatre->stage.script = NULL;
    assert_int_equal(theatre->stage.closed_count, 2);
}

static void a_world_without_more_decides_nothing(void **state)
{
    struct theatre *theatre = *state;

    theatre->stage.world = (struct script_world){0};
    expect(theatre, "- open: {session: w1, instance: b}", SCRIPT_INCONCLUSIVE,
           "a second instance cannot be made here");
    expect(theatre, "- server: kill", SCRIPT_INCONCLUSIVE, "no server here");
    expect(theatre, "- link: {session: w1, cut: rst}", SCRIPT_INCONCLUSIVE, "disturb the link");
}

static void the_server_is_told(void **state)
{
    struct theatre *theatre = *state;

    expect(theatre, "- server: kill\n- server: restart\n- ping: {expect: true}", SCRIPT_PASS, NULL);
    assert_string_equal(text_string(&theatre->stage.told_server), "kill restart ");
    expect(theatre, "- server: stop", SCRIPT_FAIL, "the server cannot be stopped");
}

#define WITH_THEATRE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_THEATRE(a_step_asks_for_what_it_says),
        WITH_THEATRE(a_batch_of_nothing_asks_nobody),
        WITH_THEATRE(arguments_that_cannot_be_had_end_the_script),
        WITH_THEATRE(results_become_values),
        WITH_THEATRE(what_failed_is_an_error_that_must_be_allowed),
        WITH_THEATRE(items_of_a_batch_have_answers_of_their_own),
        WITH_THEATRE(a_published_message_is_bound_whole_and_answered_by_its_id),
        WITH_THEATRE(about_tells_what_stands_beside_the_answer),
        WITH_THEATRE(raw_calls_pass_the_gate),
        WITH_THEATRE(a_gated_call_outlives_its_session_and_its_script),
        WITH_THEATRE(a_call_without_an_answer_ends_with_the_limit),
        WITH_THEATRE(a_crash_ends_the_calls_of_its_session),
        WITH_THEATRE(a_script_may_be_freed_at_any_time),
        WITH_THEATRE(sessions_are_opened_when_they_are_used),
        WITH_THEATRE(each_named_instance_is_made_once_and_given_back),
        WITH_THEATRE(a_world_without_more_decides_nothing),
        WITH_THEATRE(the_server_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
