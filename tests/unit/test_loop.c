/* test_loop.c: the real loop: timers, posts from other threads, descriptors, tails. */
#include "support/unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop/loop.h"

struct world {
    struct loop *loop;
    char trace[64]; /* one letter for each thing that happened */
};

static void note(struct world *world, char letter)
{
    size_t size = strlen(world->trace);

    assert_true(size + 1 < sizeof(world->trace));
    world->trace[size] = letter;
}

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    struct error error;

    world->loop = loop_real_new(0, &error);
    assert_non_null(world->loop);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    loop_free(world->loop);
    free(world);
    return 0;
}

/* --- Timers ----------------------------------------------------------------------------------- */

struct clock {
    struct loop_timer timer;
    struct world *world;
    struct clock *other;
    char letter;
    uint64_t seen_ns;
};

static void on_clock(void *context)
{
    struct clock *clock = context;

    note(clock->world, clock->letter);
    clock->seen_ns = loop_now_ns(clock->world->loop);
    if (clock->letter == 'Z')
        loop_stop(clock->world->loop);
}

static void start(struct clock *clock, uint64_t due_ns)
{
    loop_timer_start(clock->world->loop, &clock->timer, due_ns, on_clock, clock);
}

static void timers_expire_in_the_order_of_their_due_times(void **state)
{
    struct world *world = *state;
    struct clock a = {.world = world, .letter = 'a'}, b = {.world = world, .letter = 'b'},
                 c = {.world = world, .letter = 'c'}, z = {.world = world, .letter = 'Z'};
    uint64_t now = loop_now_ns(world->loop);

    start(&z, now + 4000000);
    start(&b, now + 2000000);
    start(&a, now + 1000000);
    start(&c, now + 2000000); /* as b, but started later */
    loop_run(world->loop);
    assert_string_equal(world->trace, "abcZ");
    assert_true(z.seen_ns >= now + 4000000);
    assert_false(loop_timer_is_started(&a.timer));
}

static void a_timer_of_the_past_expires_at_once(void **state)
{
    struct world *world = *state;
    struct clock z = {.world = world, .letter = 'Z'};

    start(&z, 0);
    assert_true(loop_timer_is_started(&z.timer));
    loop_run(world->loop);
    assert_string_equal(world->trace, "Z");
}

static void on_stop_other(void *context)
{
    struct clock *clock = context;

    note(clock->world, clock->letter);
    loop_timer_stop(clock->world->loop, &clock->other->timer);
    loop_timer_stop(clock->world->loop, &clock->timer); /* expired: nothing to stop */
}

static void a_timer_may_stop_another_that_is_due(void **state)
{
    struct world *world = *state;
    struct clock b = {.world = world, .letter = 'b'}, z = {.world = world, .letter = 'Z'},
                 a = {.world = world, .letter = 'a', .other = &b};
    uint64_t now = loop_now_ns(world->loop);

    loop_timer_start(world->loop, &a.timer, now, on_stop_other, &a);
    start(&b, now);
    start(&z, now + 1);
    loop_run(world->loop);
    assert_string_equal(world->trace, "aZ");
}

static void on_again(void *context)
{
    struct clock *clock = context;

    if (strlen(clock->world->trace) < 20)
        note(clock->world, clock->letter);
    loop_timer_start(clock->world->loop, &clock->timer, 0, on_again, clock);
}

static void a_timer_that_is_always_due_starves_nobody(void **state)
{
    struct world *world = *state;
    struct clock a = {.world = world, .letter = 'a'}, z = {.world = world, .letter = 'Z'};

    loop_timer_start(world->loop, &a.timer, 0, on_again, &a);
    start(&z, loop_now_ns(world->loop));
    loop_run(world->loop);
    assert_non_null(strchr(world->trace, 'Z'));
    loop_timer_stop(world->loop, &a.timer);
}

static void restarting_moves_a_timer(void **state)
{
    struct world *world = *state;
    struct clock a = {.world = world, .letter = 'a'}, z = {.world = world, .letter = 'Z'};
    uint64_t now = loop_now_ns(world->loop);

    start(&a, now);
    start(&z, now + 1000000);
    start(&a, now + 60000000000u);
    loop_run(world->loop);
    assert_string_equal(world->trace, "Z");
    loop_timer_stop(world->loop, &a.timer);
}

static void on_hurry(void *context)
{
    struct clock *clock = context;

    note(clock->world, clock->letter);
    start(clock->other, loop_now_ns(clock->world->loop) + 2000000);
}

static void *hurry_later(void *context)
{
    struct clock *clock = context;

    usleep(20000);
    loop_post(clock->world->loop, on_hurry, clock);
    return NULL;
}

/* The loop sleeps by an alarm that was set for much later. */
static void a_timer_that_moves_nearer_is_not_slept_through(void **state)
{
    struct world *world = *state;
    struct clock z = {.world = world, .letter = 'Z'},
                 a = {.world = world, .letter = 'a', .other = &z};
    uint64_t now = loop_now_ns(world->loop);
    pthread_t thread;

    start(&z, now + 600000000000u);
    pthread_create(&thread, NULL, hurry_later, &a);
    loop_run(world->loop);
    pthread_join(thread, NULL);
    assert_string_equal(world->trace, "aZ");
    assert_true(z.seen_ns >= now + 2000000);
}

static void spinning_is_never_early(void **state)
{
    struct world world = {0};
    struct clock z = {.world = &world, .letter = 'Z'};
    struct error error;

    (void)state;
    world.loop = loop_real_new(500000, &error);
    uint64_t due = loop_now_ns(world.loop) + 1000000;
    start(&z, due);
    loop_run(world.loop);
    assert_true(z.seen_ns >= due);
    loop_free(world.loop);
}

/* --- Posts ------------------------------------------------------------------------------------ */

enum { THREADS = 4, POSTS_EACH = 20000 };

struct flood {
    struct loop *loop;
    unsigned arrived, last[THREADS];
    unsigned disordered;
};

struct drop {
    struct flood *flood;
    unsigned thread, number;
};

static void on_drop(void *context)
{
    struct drop *drop = context;
    struct flood *flood = drop->flood;

    if (drop->number != flood->last[drop->thread] + 1)
        flood->disordered++;
    flood->last[drop->thread] = drop->number;
    if (++flood->arrived == THREADS * POSTS_EACH)
        loop_stop(flood->loop);
}

static void *pour(void *context)
{
    struct drop *drops = context;

    for (unsigned i = 0; i < POSTS_EACH; i++)
        loop_post(drops[i].flood->loop, on_drop, &drops[i]);
    return NULL;
}

static void posts_of_other_threads_all_arrive_in_the_order_of_each_thread(void **state)
{
    struct world *world = *state;
    struct flood flood = {.loop = world->loop};
    struct drop *drops = calloc(THREADS * POSTS_EACH, sizeof(*drops));
    pthread_t threads[THREADS];

    for (unsigned i = 0; i < THREADS * POSTS_EACH; i++)
        drops[i] = (struct drop){&flood, i / POSTS_EACH, i % POSTS_EACH + 1};
    for (unsigned i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, pour, drops + (size_t)i * POSTS_EACH);
    loop_run(world->loop);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(flood.arrived, THREADS * POSTS_EACH);
    assert_int_equal(flood.disordered, 0);
    free(drops);
}

struct chain {
    struct world *world;
    unsigned left;
};

static void on_chain(void *context)
{
    struct chain *chain = context;

    if (chain->left-- > 0)
        loop_post(chain->world->loop, on_chain, chain);
    else
        loop_stop(chain->world->loop);
}

static void posts_that_post_again_need_no_other_event_to_go_on(void **state)
{
    struct world *world = *state;
    struct chain chain = {world, 1000};

    loop_post(world->loop, on_chain, &chain);
    loop_run(world->loop);
    assert_int_equal(loop_load(world->loop).event_count, 1001);
}

static void on_post_note(void *context)
{
    note(context, 'p');
}

static void on_post_stop(void *context)
{
    struct world *world = context;

    note(world, 'Z');
    loop_stop(world->loop);
}

static void *stop_from_elsewhere(void *context)
{
    loop_stop(context);
    return NULL;
}

static void another_thread_can_stop_a_loop_that_has_nothing_to_do(void **state)
{
    struct world *world = *state;
    pthread_t thread;

    pthread_create(&thread, NULL, stop_from_elsewhere, world->loop);
    loop_run(world->loop); /* also when the stop comes first */
    pthread_join(thread, NULL);
}

static void a_stopped_loop_can_run_again(void **state)
{
    struct world *world = *state;

    loop_post(world->loop, on_post_stop, world);
    loop_run(world->loop);
    loop_post(world->loop, on_post_note, world);
    loop_post(world->loop, on_post_stop, world);
    loop_run(world->loop);
    assert_string_equal(world->trace, "ZpZ");
}

/* --- Descriptors ------------------------------------------------------------------------------ */

struct pipe_end {
    struct loop_watch watch;
    struct world *world;
    struct pipe_end *other;
    char letter;
};

static void on_readable(void *context, unsigned events)
{
    struct pipe_end *end = context;
    char byte;

    note(end->world, end->letter);
    if (events & LOOP_READABLE)
        assert_int_equal(read(end->watch.fd, &byte, 1), 1);
    if (end->other) {
        loop_watch_set(end->world->loop, &end->other->watch, 0, NULL);
        memset(end->other, 0xFF, sizeof(*end->other)); /* as if it was freed and used again */
    }
    loop_post(end->world->loop, on_post_stop, end->world);
}

static struct pipe_end watched(struct world *world, int fd, char letter)
{
    return (struct pipe_end){
        .watch = {.fd = fd, .ready = on_readable}, .world = world, .letter = letter};
}

static void a_watch_tells_what_its_descriptor_is_ready_for(void **state)
{
    struct world *world = *state;
    struct error error;
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    struct pipe_end end = watched(world, fds[0], 'r');
    end.watch.context = &end;
    assert_int_equal(loop_watch_set(world->loop, &end.watch, LOOP_READABLE, &error), 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    loop_run(world->loop);
    assert_string_equal(world->trace, "rZ");
    loop_watch_set(world->loop, &end.watch, 0, NULL);
    close(fds[0]);
    close(fds[1]);
}

static void a_watch_that_ended_in_this_turn_hears_nothing_more(void **state)
{
    struct world *world = *state;
    int fds[2][2];

    assert_int_equal(pipe(fds[0]), 0);
    assert_int_equal(pipe(fds[1]), 0);
    struct pipe_end a = watched(world, fds[0][0], 'r'), b = watched(world, fds[1][0], 'r');
    a.other = &b;
    b.other = &a; /* whoever is first ends the other */
    a.watch.context = &a;
    b.watch.context = &b;
    loop_watch_set(world->loop, &a.watch, LOOP_READABLE, NULL);
    loop_watch_set(world->loop, &b.watch, LOOP_READABLE, NULL);
    assert_int_equal(write(fds[0][1], "x", 1), 1);
    assert_int_equal(write(fds[1][1], "x", 1), 1);
    loop_run(world->loop);
    assert_string_equal(world->trace, "rZ");
    for (int i = 0; i < 4; i++)
        close(fds[i / 2][i % 2]);
}

static void what_cannot_be_watched_is_an_error(void **state)
{
    struct world *world = *state;
    struct loop_watch watch = {.fd = -1};
    struct error error = {0};

    assert_int_equal(loop_watch_set(world->loop, &watch, LOOP_READABLE, &error), -1);
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_int_equal(watch.events, 0);
}

/* --- Tails ------------------------------------------------------------------------------------ */

struct tail {
    struct loop_tail tail;
    struct world *world;
    struct tail *remove, *add;
    char letter;
};

static void on_tail(void *context)
{
    struct tail *tail = context;

    note(tail->world, tail->letter);
    loop_tail_remove(tail->world->loop, &tail->tail);
    if (tail->remove)
        loop_tail_remove(tail->world->loop, &tail->remove->tail);
    if (tail->add)
        loop_tail_add(tail->world->loop, &tail->add->tail, on_tail, tail->add);
    if (tail->letter == 'Z')
        loop_stop(tail->world->loop);
}

static void tails_run_after_the_events_of_the_turn(void **state)
{
    struct world *world = *state;
    struct tail z = {.world = world, .letter = 'Z'};

    loop_tail_add(world->loop, &z.tail, on_tail, &z);
    loop_post(world->loop, on_post_note, world);
    loop_post(world->loop, on_post_note, world);
    loop_run(world->loop);
    assert_string_equal(world->trace, "ppZ");
}

static void tails_may_remove_and_add_each_other(void **state)
{
    struct world *world = *state;
    struct tail z = {.world = world, .letter = 'Z'}, b = {.world = world, .letter = 'b'},
                a = {.world = world, .letter = 'a', .remove = &b, .add = &z};

    loop_tail_add(world->loop, &a.tail, on_tail, &a);
    loop_tail_add(world->loop, &b.tail, on_tail, &b);
    loop_run(world->loop); /* z was added by a tail: the loop does not sleep before it */
    assert_string_equal(world->trace, "aZ");
}

/* --- Load ------------------------------------------------------------------------------------- */

static void on_busy(void *context)
{
    struct world *world = context;
    uint64_t end = loop_now_ns(world->loop) + 3000000;

    while (loop_now_ns(world->loop) < end) {
    }
}

/* Tries again where the machine was too busy to let the loop wait. */
static void on_rest(void *context)
{
    struct clock *clock = context;

    if (loop_load(clock->world->loop).idle_ns > 0 || ++clock->seen_ns == 1000)
        loop_stop(clock->world->loop);
    else
        loop_timer_start(clock->world->loop, &clock->timer,
                         loop_now_ns(clock->world->loop) + 1000000, on_rest, clock);
}

static void load_tells_work_from_waiting(void **state)
{
    struct world *world = *state;
    struct clock rest = {.world = world};

    loop_post(world->loop, on_busy, world);
    loop_timer_start(world->loop, &rest.timer, loop_now_ns(world->loop) + 4000000, on_rest, &rest);
    loop_run(world->loop);
    struct loop_load load = loop_load(world->loop);
    assert_true(load.busy_ns >= 3000000);
    assert_true(load.idle_ns > 0);
    assert_true(load.gap_ns_max >= 3000000);
    assert_true(load.event_count >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(timers_expire_in_the_order_of_their_due_times),
        CASE(a_timer_of_the_past_expires_at_once),
        CASE(a_timer_may_stop_another_that_is_due),
        CASE(a_timer_that_is_always_due_starves_nobody),
        CASE(restarting_moves_a_timer),
        CASE(a_timer_that_moves_nearer_is_not_slept_through),
        CASE(spinning_is_never_early),
        CASE(posts_of_other_threads_all_arrive_in_the_order_of_each_thread),
        CASE(posts_that_post_again_need_no_other_event_to_go_on),
        CASE(another_thread_can_stop_a_loop_that_has_nothing_to_do),
        CASE(a_stopped_loop_can_run_again),
        CASE(a_watch_tells_what_its_descriptor_is_ready_for),
        CASE(a_watch_that_ended_in_this_turn_hears_nothing_more),
        CASE(what_cannot_be_watched_is_an_error),
        CASE(tails_run_after_the_events_of_the_turn),
        CASE(tails_may_remove_and_add_each_other),
        CASE(load_tells_work_from_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
