/* test_simulated.c: the simulated loop: one total order of events, time that jumps. */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "loop/loop.h"

struct event {
    struct loop_timer timer;
    struct loop *loop;
    char *trace;
    const char *then; /* what to do: p post the next, s stop */
    struct event *next;
    char letter;
    uint64_t seen_ns;
};

static void on_event(void *context)
{
    struct event *event = context;

    strncat(event->trace, &event->letter, 1);
    event->seen_ns = loop_now_ns(event->loop);
    for (const char *act = event->then; act && *act; act++) {
        if (*act == 'p')
            loop_post(event->loop, on_event, event->next);
        else if (*act == 's')
            loop_stop(event->loop);
    }
}

static struct event event_of(struct loop *loop, char *trace, char letter)
{
    return (struct event){.loop = loop, .trace = trace, .letter = letter};
}

static void time_jumps_to_the_next_timer_and_ends_with_the_last(void **state)
{
    struct loop *loop = loop_simulated_new();
    char trace[16] = "";
    struct event a = event_of(loop, trace, 'a'), b = event_of(loop, trace, 'b');
    uint64_t now = loop_now_ns(loop);

    (void)state;
    assert_true(loop_is_simulated(loop));
    assert_int_equal(now, 1000000000);
    loop_timer_start(loop, &b.timer, now + 3600000000000u, on_event, &b);
    loop_timer_start(loop, &a.timer, now + 5, on_event, &a);
    loop_run(loop);
    assert_string_equal(trace, "ab");
    assert_int_equal(a.seen_ns, now + 5);
    assert_int_equal(b.seen_ns, now + 3600000000000u);
    assert_int_equal(loop_now_ns(loop), b.seen_ns);
    assert_int_equal(loop_wall_ns(loop), 0);
    loop_free(loop);
}

static void posts_and_timers_that_are_due_together_keep_the_order_of_their_starts(void **state)
{
    struct loop *loop = loop_simulated_new();
    char trace[16] = "";
    struct event a = event_of(loop, trace, 'a'), b = event_of(loop, trace, 'b'),
                 c = event_of(loop, trace, 'c'), d = event_of(loop, trace, 'd');

    (void)state;
    loop_post(loop, on_event, &a);
    loop_timer_start(loop, &b.timer, 0, on_event, &b); /* past: now */
    loop_post(loop, on_event, &c);
    loop_timer_start(loop, &d.timer, loop_now_ns(loop), on_event, &d);
    loop_run(loop);
    assert_string_equal(trace, "abcd");
    assert_int_equal(b.seen_ns, 1000000000);
    loop_free(loop);
}

static void a_post_comes_before_any_later_time(void **state)
{
    struct loop *loop = loop_simulated_new();
    char trace[16] = "";
    struct event a = event_of(loop, trace, 'a'), b = event_of(loop, trace, 'b'),
                 c = event_of(loop, trace, 'c');

    (void)state;
    a.then = "p";
    a.next = &b;
    loop_timer_start(loop, &c.timer, loop_now_ns(loop) + 1, on_event, &c);
    loop_post(loop, on_event, &a);
    loop_run(loop);
    assert_string_equal(trace, "abc");
    assert_int_equal(b.seen_ns, a.seen_ns);
    loop_free(loop);
}

static void a_stopped_run_goes_on_where_it_stopped(void **state)
{
    struct loop *loop = loop_simulated_new();
    char trace[16] = "";
    struct event a = event_of(loop, trace, 'a'), b = event_of(loop, trace, 'b');

    (void)state;
    a.then = "s";
    loop_post(loop, on_event, &a);
    loop_post(loop, on_event, &b);
    loop_run(loop);
    assert_string_equal(trace, "a");
    loop_run(loop);
    assert_string_equal(trace, "ab");
    loop_free(loop);
}

static void no_descriptor_can_be_watched(void **state)
{
    struct loop *loop = loop_simulated_new();
    struct loop_watch watch = {.fd = 0};
    struct error error = {0};

    (void)state;
    assert_int_equal(loop_watch_set(loop, &watch, LOOP_READABLE, &error), -1);
    assert_string_equal(error.message, "no descriptor can be watched in virtual time");
    loop_free(loop);
}

/* --- Tails ------------------------------------------------------------------------------------ */

struct counting_tail {
    struct loop_tail tail;
    struct event *event;
    struct loop *loop;
    int runs;
};

static void on_tail(void *context)
{
    struct counting_tail *tail = context;

    tail->runs++;
    if (tail->event)
        loop_post(tail->loop, on_event, tail->event);
    tail->event = NULL;
}

static void tails_run_after_each_event(void **state)
{
    struct loop *loop = loop_simulated_new();
    char trace[16] = "";
    struct event a = event_of(loop, trace, 'a'), b = event_of(loop, trace, 'b');
    struct counting_tail tail = {.loop = loop};

    (void)state;
    loop_post(loop, on_event, &a);
    loop_post(loop, on_event, &b);
    loop_tail_add(loop, &tail.tail, on_tail, &tail);
    loop_run(loop);
    assert_int_equal(tail.runs, 3); /* once before the first event, as it was new */
    loop_free(loop);
}

static void a_tail_alone_still_runs_and_may_make_events(void **state)
{
    struct loop *loop = loop_simulated_new();
    char trace[16] = "";
    struct event a = event_of(loop, trace, 'a');
    struct counting_tail tail = {.loop = loop, .event = &a};

    (void)state;
    loop_tail_add(loop, &tail.tail, on_tail, &tail);
    loop_run(loop);
    assert_string_equal(trace, "a");
    loop_free(loop);
}

/* --- Determinism ------------------------------------------------------------------------------ */

enum { STORM_TIMERS = 64, STORM_EVENTS = 20000 };

struct storm {
    struct loop *loop;
    uint64_t seed, digest, count;
    struct drop {
        struct loop_timer timer;
        struct storm *storm;
        uint64_t number;
    } drops[STORM_TIMERS];
};

/* Mixes what happened and when into the digest, then starts something at random. */
static void on_drop(void *context)
{
    struct drop *drop = context;
    struct storm *storm = drop->storm;
    uint64_t now = loop_now_ns(storm->loop);
    uint64_t luck = random_keyed(storm->seed, drop->number, 0, storm->count++);
    struct drop *next = &storm->drops[luck % STORM_TIMERS];

    storm->digest = random_keyed(storm->digest, drop->number, now, 0);
    if (storm->count >= STORM_EVENTS)
        return;
    if (luck >> 62 == 0)
        loop_post(storm->loop, on_drop, next);
    loop_timer_start(storm->loop, &next->timer, now + (luck >> 32) % 5, on_drop, next);
    if (!loop_timer_is_started(&drop->timer))
        loop_timer_start(storm->loop, &drop->timer, now + (luck >> 40) % 3, on_drop, drop);
}

static uint64_t digest_of_storm(uint64_t seed)
{
    struct storm storm = {.loop = loop_simulated_new(), .seed = seed};

    for (uint64_t i = 0; i < STORM_TIMERS; i++) {
        storm.drops[i].storm = &storm;
        storm.drops[i].number = i;
        loop_post(storm.loop, on_drop, &storm.drops[i]);
    }
    loop_run(storm.loop);
    assert_true(storm.count >= STORM_EVENTS);
    loop_free(storm.loop);
    return storm.digest;
}

static void the_same_seed_gives_the_same_history(void **state)
{
    (void)state;
    uint64_t digest = digest_of_storm(1);

    assert_true(digest == digest_of_storm(1));
    assert_true(digest != digest_of_storm(2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_jumps_to_the_next_timer_and_ends_with_the_last),
        cmocka_unit_test(posts_and_timers_that_are_due_together_keep_the_order_of_their_starts),
        cmocka_unit_test(a_post_comes_before_any_later_time),
        cmocka_unit_test(a_stopped_run_goes_on_where_it_stopped),
        cmocka_unit_test(no_descriptor_can_be_watched),
        cmocka_unit_test(tails_run_after_each_event),
        cmocka_unit_test(a_tail_alone_still_runs_and_may_make_events),
        cmocka_unit_test(the_same_seed_gives_the_same_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
