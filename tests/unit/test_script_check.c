/* test_script_check.c: what is wrong with the words of a script is said before it runs. */
#include "support/unit.h"

#include <string.h>

#include "actors/script.h"
#include "support/script_stage.h"

static const struct {
    const char *steps, *message;
    int line;
} bad[] = {
    {"get_next: {}", "steps are a list, not a map", 1},
    {"[get_next]", "a step is a map with one key", 1},
    {"- get_next: {stream: s, group: g}\n  as: m", "a step is a map with one key", 1},
    {"- ping: {}\n- get_nxt: {stream: s}", "'get_nxt' is no step: did you mean 'get_next'?", 2},
    {"- paralel: []", "did you mean 'parallel'?", 1},
    {"- get_next: {stream: s, grp: g}", "'grp' is no argument of get_next", 1},
    {"- get_next: {stream: s, group: g, expct: 1}", "did you mean 'expect'?", 1},
    {"- get_next: {stream: s}", "get_next needs group", 1},
    {"- get_next: [s, g]", "get_next wants a map of arguments, not a list", 1},
    {"- publish: {stream: s}", "publish needs message or messages or message_text", 1},
    {"- ack: {stream: s, group: g}", "ack needs id or ids", 1},
    {"- dlq_list: {limit: 3}", "dlq_list needs queue or queues", 1},
    {"- read: {stream: s, group: g, count: many}", "many", 1},
    {"- read_blocking: {stream: s, group: g, timeout: 5}", "'5' has no unit", 1},
    {"- read: {stream: s, group: g, within: 5, expect: []}", "'5' has no unit", 1},
    {"- read: {stream: s, group: g, within: 0s, expect: []}", "longer than nothing", 1},
    {"- read: {stream: s, group: g, within: 1s, never: 1s, expect: []}", "exclude each other", 1},
    {"- read: {stream: s, group: g, never: 1s}", "expect is missing", 1},
    {"- ping: {took: 3ms}", "took wants {min:", 1},
    {"- ping: {raw: maybe}", "raw is true or false", 1},
    {"- ping: {retry: twice}", "retry: none", 1},
    {"- tamper: {verb: wipes, stream: s}", "'wipes' is no verb of tamper", 1},
    {"- read_partition_fenced: {stream: s, group: g, lease: l, token: t, new: 3}",
     "new is true (new messages) or false", 1},
    {"- wait: soon", "soon", 1},
    {"- wait: [1s]", "wait wants one word, not a list", 1},
    {"- server: explode", "say kill, stop, pause, continue or restart", 1},
    {"- link: 3", "link wants a map", 1},
    {"- link: {session: w1}", "link wants a fault", 1},
    {"- link: {session: w1, cut: softly}", "say one of rst|fin|silent", 1},
    {"- link: {drop: answer}", "say request or reply", 1},
    {"- link: {cut: rst, edge: middle}", "'middle' is no edge", 1},
    {"- link: {cut: rst, tiems: 3}", "cut has no option 'tiems'", 1},
    {"- link: {cut: rst, times: many}", "many", 1},
    {"- link:\n    session: w1\n    ctu: rst", "there is no link fault 'ctu'", 3},
    {"- parallel: 3", "parallel wants a list of lists of steps", 1},
    {"- parallel:\n  - - pong: {}", "'pong' is no step: did you mean 'ping'?", 2},
    {"- parallel: {times: 3}", "parallel needs steps", 1},
    {"- repeat: {steps: []}", "repeat needs times, for or until", 1},
    {"- repeat: {times: 3, steps: [{pong: {}}]}", "'pong' is no step", 1},
    {"- repeat: {until: {value: 1}, steps: []}", "until wants {value: $x, expect: ...}", 1},
    {"- for_each: {steps: []}", "for_each needs in", 1},
    {"- when: {value: 1, expect: 1, steps: [{pong: {}}]}", "'pong' is no step", 1},
    {"- when: {value: 1, expect: 1, otherwise: [{pong: {}}]}", "'pong' is no step", 1},
    {"- let: 3", "let wants a map", 1},
    {"- check: {expect: 1}", "check needs value", 1},
    {"- check: {value: 1, expect: {at_leats: 1}}", "did you mean 'at_least'?", 1},
    {"- check: {value: 1, expect: {count: 1, n: 2}}", "cannot be mixed", 1},
    {"- check: {value: 1, expect: {type: strong}}", "'strong' is no type: say one of string", 1},
    {"- check: {value: 1, expect: {error: conection}}", "'conection' is no error", 1},
    {"- check: {value: 1, expect: {outcome: [unknown, done]}}", "'done' is no outcome", 1},
    {"- check: {value: 1, expect: {one_of: 1}}", "one_of wants a list of expectations", 1},
    {"- check: {value: 1, expect: {fields: [a]}}", "fields wants a map", 1},
    {"- check: {value: 1, expect: {not: {each: {typ3: list}}}}", "did you mean 'type'?", 1},
    {"- ping: {as: mark}\n- check:\n    value: $mrak\n    expect: 1",
     "no step binds $mrak: did you mean $mark?", 3},
    {"- check: {value: $nobody, expect: 1}", "no step binds $nobody", 1},
    {"- publish: {stream: s, message: {n: $nobody}}", "no step binds $nobody", 1},
};

static void what_is_wrong_is_said_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct error error = {0};
        struct tree steps;

        stage_parse(bad[i].steps, &steps);
        if (script_check(&steps, &error) == 0)
            fail_msg("%s: nothing was said", bad[i].steps);
        if (!strstr(error.message, bad[i].message) || error.place.line != bad[i].line)
            fail_msg("%s: line %d, %s", bad[i].steps, error.place.line, error.message);
        tree_release(&steps);
    }
}

static const char *const good[] = {
    "[]",
    "- ping:",
    "- ping: {}",
    "- publish: {stream: 's$x', count: 3, message: {n: $i}, as: all}\n- let: {x: 1}",
    "- publish: {stream: s, message: {price: \"$5\", text: 'a $b'}}",
    "- read: {stream: s, group: g, within: '${profile.redelivery_time_ms}ms', expect: []}",
    "- check: {value: $declared, expect: {contains: PUBLISH}}",
    "- check: {value: $options, expect: {type: list}}",
    "- parallel: [[], [{ping: {}}]]",
    "[{parallel: {times: 2, as: p, steps: [{ping: {collect: 'l$p'}}]}}, {ping: {expect: $l0}}]",
    "- tamper: {verb: put_raw, stream: s, raw: '{'}",
    "- reap_partition: {category: c, key: k, min_idle: -1ms}",
    "- link: {session: w1, op: ack, drop: reply, times: 1}",
    "- check: {value: 1, expect: {equal: {count: 1, n: 2}}}",
    "- check: {value: 1, expect: {id: a}}",
    "- when: {value: 1, expect: 2, otherwise: [{ping: {}}]}",
};

static void what_is_right_is_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        struct error error = {0};
        struct tree steps;

        stage_parse(good[i], &steps);
        if (script_check(&steps, &error) < 0)
            fail_msg("%s: %s", good[i], error.message);
        tree_release(&steps);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
        cmocka_unit_test(what_is_right_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
