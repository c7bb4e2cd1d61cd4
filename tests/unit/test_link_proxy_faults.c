/* test_link_proxy_faults.c: what each fault of a link does to bytes on real sockets: which of them
   arrive, on which side, and in which order.  How connections begin and end is in
   test_link_proxy.c. */
#include "support/unit.h"

#include "support/proxy_world.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_reading, tear_down)

#define XADD "*3\r\n$4\r\nXADD\r\n$1\r\ns\r\n$1\r\n*\r\n"
#define XACK "*3\r\n$4\r\nXACK\r\n$1\r\ns\r\n$1\r\ng\r\n"
#define PING "*1\r\n$4\r\nPING\r\n"

static const struct link_match every = {.link = NULL};
static const struct link_match one_ack = {.op = "ack", .times = 1};

/* --- Reading as a stream: all of it, in however many parts ------------------------------------ */

/* Exactly these bytes come. */
static void assert_stream(struct world *world, int *fd, const char *text)
{
    size_t size = strlen(text), got = 0;

    while (got < size) {
        struct reading reading = {.fd = fd};
        ssize_t part = wait_for(world, try_read, &reading);

        assert_true(part > 0);
        assert_in_range(part, 1, size - got);
        assert_memory_equal(reading.bytes, text + got, (size_t)part);
        got += (size_t)part;
    }
}

static ssize_t try_peek(struct world *world, void *argument)
{
    char byte;

    (void)world;
    return recv(*(int *)argument, &byte, 1, MSG_PEEK);
}

/* --- Bytes are late, few at a time, or others ------------------------------------------------- */

static void a_delay_holds_one_way_up_and_keeps_the_order(void **state)
{
    struct world *world = *state;
    uint64_t begin_ns;
    uint32_t rule;

    connect_through(world);
    rule = arm(world, "delay", "200ms", "way", "up");
    begin_ns = loop_now_ns(world->loop);
    write_text(world->client, "late");
    write_text(world->server, "at once");
    assert_stream(world, &world->client, "at once");
    assert_int_equal(wait_for(world, try_peek, &world->server), 1);
    assert_true(loop_now_ns(world->loop) - begin_ns >= 200000000u);
    disarm(world, rule);
    write_text(world->client, " and not");
    assert_stream(world, &world->server, "late and not");
    assert_int_equal(world->hit_count, 1);
}

/* So many bytes at so many a second take their time at least, and none is lost. */
static void a_rate_lets_bytes_through_over_time(void **state)
{
    struct world *world = *state;
    char text[101];
    uint64_t begin_ns;

    memset(text, 'r', 100);
    text[100] = '\0';
    connect_through(world);
    arm(world, "rate", "500", NULL, NULL);
    begin_ns = loop_now_ns(world->loop);
    write_text(world->client, text);
    assert_stream(world, &world->server, text);
    assert_true(loop_now_ns(world->loop) - begin_ns >= 180000000u);
}

/* The gap outlasts many turns: what was sent apart is read apart. */
static void slices_arrive_one_by_one(void **state)
{
    struct world *world = *state;
    uint32_t rule;

    connect_through(world);
    rule = arm(world, "slice", "4", "gap", "500ms");
    write_text(world->client, "1234567");
    assert_reads(world, &world->server, "1234");
    assert_reads(world, &world->server, "567");
    disarm(world, rule);
    write_text(world->client, "whole again");
    assert_reads(world, &world->server, "whole again");
}

static void corruption_changes_the_bytes_it_says_and_no_other(void **state)
{
    const struct link_match once = {.times = 1};
    struct reading reading;
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &once, "corrupt", NULL, "offset", "3");
    write_text(world->client, "aaaaaaaa");
    reading = (struct reading){.fd = &world->server};
    assert_int_equal(wait_for(world, try_read, &reading), 8);
    assert_memory_equal(reading.bytes, "aaa", 3);
    assert_int_not_equal(reading.bytes[3], 'a');
    assert_memory_equal(reading.bytes + 4, "aaaa", 4);
    write_text(world->client, "clean");
    assert_reads(world, &world->server, "clean");
    assert_int_equal(world->hit_count, 1);
}

/* --- Requests and replies ---------------------------------------------------------------------
 */

static void a_dropped_request_is_not_seen_and_the_connection_is_cut(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &one_ack, "drop_request", "rst", NULL, NULL);
    write_text(world->client, PING);
    assert_stream(world, &world->server, PING);
    write_text(world->client, XACK);
    assert_reset(world, &world->client);
    assert_reset(world, &world->server); /* with nothing before it */
    assert_int_equal(world->hit_count, 1);
}

static void a_dropped_request_may_leave_the_connection_open(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &one_ack, "drop_request", "go_on", NULL, NULL);
    write_text(world->client, XACK PING);
    assert_stream(world, &world->server, PING);
    assert_silent(world, &world->server);
}

static void a_dropped_reply_is_lost_after_the_request_was_seen(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &one_ack, "drop_reply", "fin", NULL, NULL);
    write_text(world->client, PING XACK);
    assert_stream(world, &world->server, PING XACK);
    write_text(world->server, "+PONG\r\n:1\r\n");
    assert_stream(world, &world->client, "+PONG\r\n");
    assert_reads(world, &world->client, "");
    assert_int_equal(world->hit_count, 1);
}

static void a_doubled_request_is_seen_twice_and_answered_once(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &(struct link_match){.op = "publish", .times = 1}, "duplicate_request", NULL,
           NULL, NULL);
    write_text(world->client, XADD PING);
    assert_stream(world, &world->server, XADD XADD PING);
    write_text(world->server, "+first\r\n+second\r\n+PONG\r\n");
    assert_stream(world, &world->client, "+first\r\n+PONG\r\n");
    assert_silent(world, &world->client);
    write_text(world->client, XADD);
    assert_stream(world, &world->server, XADD);
    assert_silent(world, &world->server);
}

static void a_forged_error_comes_in_its_turn_and_nothing_is_seen(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &one_ack, "reply_error", "OOM no memory", NULL, NULL);
    write_text(world->client, PING XACK PING);
    assert_stream(world, &world->server, PING PING);
    assert_silent(world, &world->client);
    write_text(world->server, "+one\r\n+two\r\n");
    assert_stream(world, &world->client, "+one\r\n-OOM no memory\r\n+two\r\n");
}

static void an_answer_turns_into_an_error_after_it_was_given(void **state)
{
    const struct link_match match = {.op = "ack", .edge = LINK_EDGE_REPLY, .times = 1};
    struct world *world = *state;

    connect_through(world);
    arm_at(world, &match, "reply_error", "LOADING not yet", NULL, NULL);
    write_text(world->client, XACK);
    assert_stream(world, &world->server, XACK);
    write_text(world->server, ":1\r\n");
    assert_stream(world, &world->client, "-LOADING not yet\r\n");
}

/* --- Held until the rule ends ----------------------------------------------------------------- */

static void what_is_held_is_let_go_in_order(void **state)
{
    struct world *world = *state;
    uint32_t rule;

    connect_through(world);
    rule = arm_at(world, &every, "hold", "up", NULL, NULL);
    write_text(world->client, XACK);
    write_text(world->client, PING);
    write_text(world->server, "the other way is free");
    assert_stream(world, &world->client, "the other way is free");
    assert_silent(world, &world->server);
    disarm(world, rule);
    assert_stream(world, &world->server, XACK PING);
}

static void a_held_reply_holds_what_is_behind_it(void **state)
{
    const struct link_match match = {.op = "ack", .edge = LINK_EDGE_REPLY};
    struct world *world = *state;
    uint32_t rule;

    connect_through(world);
    rule = arm_at(world, &match, "hold", NULL, NULL, NULL);
    write_text(world->client, PING XACK PING);
    assert_stream(world, &world->server, PING XACK PING);
    write_text(world->server, "+one\r\n:1\r\n+two\r\n");
    assert_stream(world, &world->client, "+one\r\n");
    assert_silent(world, &world->client);
    disarm(world, rule);
    assert_stream(world, &world->client, ":1\r\n+two\r\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_delay_holds_one_way_up_and_keeps_the_order),
        TEST(a_rate_lets_bytes_through_over_time),
        TEST(slices_arrive_one_by_one),
        TEST(corruption_changes_the_bytes_it_says_and_no_other),
        TEST(a_dropped_request_is_not_seen_and_the_connection_is_cut),
        TEST(a_dropped_request_may_leave_the_connection_open),
        TEST(a_dropped_reply_is_lost_after_the_request_was_seen),
        TEST(a_doubled_request_is_seen_twice_and_answered_once),
        TEST(a_forged_error_comes_in_its_turn_and_nothing_is_seen),
        TEST(an_answer_turns_into_an_error_after_it_was_given),
        TEST(what_is_held_is_let_go_in_order),
        TEST(a_held_reply_holds_what_is_behind_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
