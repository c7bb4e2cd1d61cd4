/* test_link_faults.c: channels between two ends of simulated pipes: what passes, and what does not
   once a rule is armed. */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/identity.h"
#include "base/text.h"
#include "link/fault.h"

#define ADDRESS    "tcp://fake:1"
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* One end: what it was told. */
struct end {
    struct link *link;
    struct text got;
    bool is_open, is_closed;
    int error_number;
    unsigned part_count; /* times that bytes came */
    uint64_t last_ns;    /* when they last came */
    struct loop *loop;
};

struct world {
    struct loop *loop;
    struct link_faults *faults;
    struct link_dialer *dialer;
    struct end client, server;
    unsigned hit_count, accept_count;
    char what[128];
    uint64_t exchange;
};

static void on_opened(void *context)
{
    ((struct end *)context)->is_open = true;
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct end *end = context;

    text_append(&end->got, bytes, size);
    end->part_count++;
    end->last_ns = loop_now_ns(end->loop);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct end *end = context;

    (void)reason;
    end->is_closed = true;
    end->error_number = error_number;
}

static const struct link_events events = {on_opened, on_received, on_closed};

static void on_accept(void *context, struct link *far_end)
{
    struct world *world = context;

    if (world->server.link)
        link_close(world->server.link, LINK_GRACEFUL);
    world->server.link = far_end;
    world->accept_count++;
    link_far_end_start(far_end, &events, &world->server);
}

static int set_up(void **state)
{
    static struct world world;
    const struct link_faults_plan plan = {.seed = 1, .reads_frames = true};
    struct link_dialer *pipes = link_dialer_simulated_new(1000);
    struct error error = {0};

    world = (struct world){.loop = loop_simulated_new(), .faults = link_faults_new(&plan)};
    world.client.loop = world.server.loop = world.loop;
    assert_int_equal(link_listen_simulated(pipes, world.loop, ADDRESS, on_accept, &world, &error),
                     0);
    world.dialer = link_dialer_faulty_new(pipes, world.faults);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    link_close(world->client.link, LINK_GRACEFUL);
    loop_run(world->loop);
    link_close(world->server.link, LINK_GRACEFUL);
    text_release(&world->client.got);
    text_release(&world->server.got);
    link_dialer_free(world->dialer);
    loop_free(world->loop);
    link_faults_free(world->faults);
    return 0;
}

static void dial(struct world *world, const char *name)
{
    world->client.link =
        link_dial(world->dialer, world->loop, ADDRESS, name, &events, &world->client);
    loop_run(world->loop);
}

static void say(struct world *world, struct end *end, const char *words)
{
    link_write(end->link, words, strlen(words));
    loop_run(world->loop);
}

static void on_fired(void *context, const struct link_hit *hit)
{
    struct world *world = context;

    world->hit_count++;
    text_copy(world->what, sizeof(world->what), hit->what);
    world->exchange = hit->exchange;
}

static uint32_t arm(struct world *world, const struct link_match *match, const char *word,
                    const char *text)
{
    struct link_rule rule = {.match = *match, .fired = on_fired, .context = world};
    struct error error = {0};
    uint32_t number;

    assert_int_equal(link_action_init(&rule.action, word, text, &error), 0);
    number = link_faults_arm(world->faults, world->loop, &rule, &error);
    link_action_release(&rule.action);
    assert_int_not_equal(number, 0);
    return number;
}

/* "word option=value option=value"; the first may be the main value alone. */
static uint32_t arm_with(struct world *world, const struct link_match *match, const char *word,
                         const char *key, const char *text)
{
    struct link_rule rule = {.match = *match, .fired = on_fired, .context = world};
    struct error error = {0};
    uint32_t number;

    assert_int_equal(link_action_init(&rule.action, word, NULL, &error), 0);
    assert_int_equal(link_action_set(&rule.action, key, text, &error), 0);
    number = link_faults_arm(world->faults, world->loop, &rule, &error);
    link_action_release(&rule.action);
    assert_int_not_equal(number, 0);
    return number;
}

static void disarm(struct world *world, uint32_t rule)
{
    link_faults_disarm(world->faults, world->loop, rule);
    loop_run(world->loop);
}

static const struct link_match every = {.link = NULL};

/* A payload with an identity of ours. */
static const char *payload(uint32_t track, uint64_t sequence)
{
    static char texts[4][IDENTITY_SIZE_MIN + 1];
    static unsigned next;
    char *text = texts[next++ % 4];
    const struct identity identity = {.run = 7, .track = track, .sequence = sequence};

    identity_write(text, &identity, identity_body_digest("\"\"", 2));
    memcpy(text + IDENTITY_BODY_OFFSET, "\"\"}", 4);
    return text;
}

/* A command of up to four words, as the protocol has it. */
static const char *command(const char *a, const char *b, const char *c)
{
    static char text[512];
    const char *words[3] = {a, b, c};
    int count = c ? 3 : b ? 2 : 1, size = snprintf(text, sizeof(text), "*%d\r\n", count);

    for (int i = 0; i < count; i++)
        size += snprintf(text + size, sizeof(text) - (size_t)size, "$%zu\r\n%s\r\n",
                         strlen(words[i]), words[i]);
    return text;
}

/* What XREADGROUP answers when it delivers one message. */
static const char *delivery(const char *text)
{
    static char reply[512];

    (void)snprintf(
        reply, sizeof(reply),
        "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$4\r\ndata\r\n$%zu\r\n%s\r\n",
        strlen(text), text);
    return reply;
}

static void assert_got(struct end *end, const char *words)
{
    assert_string_equal(text_string(&end->got), words);
}

/* --- Passing --------------------------------------------------------------------------------- */

static void everything_passes_while_nothing_is_armed(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    say(world, &world->client, "to the broker");
    say(world, &world->server, "and back");
    assert_got(&world->server, "to the broker");
    assert_got(&world->client, "and back");
    assert_int_equal(link_faults_connections(world->faults), 1);
}

static void everything_passes_while_what_is_armed_means_others(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    arm(world, &(struct link_match){.link = "billing", .op = "ack"}, "cut", "rst");
    arm(world, &(struct link_match){.link = "shipping"}, "blackhole", NULL);
    say(world, &world->client, command("XADD", "s", "*"));
    say(world, &world->server, "$3\r\n1-1\r\n");
    say(world, &world->client, "*2\r\n$4\r\nXLEN");
    assert_non_null(strstr(text_string(&world->server.got), "XADD"));
    assert_null(strstr(text_string(&world->server.got), "XLEN")); /* half a command waits */
    say(world, &world->client, "\r\n$1\r\ns\r\n");
    say(world, &world->server, ":1\r\n");
    assert_non_null(strstr(text_string(&world->server.got), "XLEN\r\n$1\r\ns\r\n"));
    assert_got(&world->client, "$3\r\n1-1\r\n:1\r\n");
    assert_int_equal(world->hit_count, 0);
}

static void a_frame_that_is_half_through_when_a_rule_comes_is_left_alone(void **state)
{
    struct world *world = *state;

    dial(world, "a.command");
    say(world, &world->client, "*1\r\n$4\r\nPI");
    arm(world, &every, "drop_request", "rst");
    say(world, &world->client, "NG\r\n");
    assert_got(&world->server, "*1\r\n$4\r\nPING\r\n");
    say(world, &world->client, command("PING", NULL, NULL));
    assert_true(world->client.is_closed);
}

/* --- Cuts ------------------------------------------------------------------------------------ */

static void a_cut_ends_the_links_it_names(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    arm(world, &(struct link_match){.link = "shipping"}, "cut", "rst");
    loop_run(world->loop);
    assert_false(world->client.is_closed);
    arm(world, &(struct link_match){.link = "billing"}, "cut", "rst");
    assert_false(world->client.is_closed); /* never inside arming */
    loop_run(world->loop);
    assert_int_equal(world->client.error_number, ECONNRESET);
    assert_int_equal(world->server.error_number, ECONNRESET);
    assert_int_equal(world->hit_count, 1);
}

static void a_cut_without_a_moment_spares_what_is_dialled_later(void **state)
{
    struct world *world = *state;

    arm(world, &every, "cut", "rst");
    dial(world, "billing-1.read");
    say(world, &world->client, "hello");
    assert_got(&world->server, "hello");
    assert_int_equal(world->hit_count, 0);
}

static void an_orderly_cut_is_an_orderly_end_for_both(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    arm(world, &every, "cut", "fin");
    loop_run(world->loop);
    assert_true(world->client.is_closed && world->server.is_closed);
    assert_int_equal(world->client.error_number, 0);
    assert_int_equal(world->server.error_number, 0);
}

static void a_silent_cut_tells_nobody(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    arm(world, &every, "cut", "silent");
    say(world, &world->client, "hello");
    say(world, &world->server, "hello");
    assert_got(&world->client, "");
    assert_got(&world->server, "");
    assert_false(world->client.is_closed || world->server.is_closed);
}

static void a_cut_after_so_many_bytes_lets_them_pass(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    arm_with(world, &every, "cut", "after", "8");
    say(world, &world->client, "12345");
    assert_false(world->client.is_closed);
    say(world, &world->server, "67890");
    assert_got(&world->client, "678");
    assert_true(world->client.is_closed);
}

static void half_of_a_reply_arrives_when_it_is_cut_in_the_middle(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "publish", .edge = LINK_EDGE_MID_REPLY};

    dial(world, "shop-1.command");
    arm(world, &match, "cut", "rst");
    say(world, &world->client, command("XADD", "s", "*"));
    say(world, &world->server, "$4\r\n1234\r\n");
    assert_got(&world->client, "$4\r\n1");
    assert_true(world->client.is_closed);
    assert_string_equal(world->what, "reply of XADD, 10 bytes");
}

/* --- Requests and replies -------------------------------------------------------------------- */

static void a_dropped_request_never_reaches_the_broker(void **state)
{
    struct world *world = *state;

    dial(world, "w1.command");
    arm(world, &(struct link_match){.link = "w1", .op = "ack", .times = 1}, "drop_request", NULL);
    say(world, &world->client, command("XADD", "s", "*"));
    assert_false(world->client.is_closed);
    say(world, &world->client, command("XACK", "s", "g"));
    assert_null(strstr(text_string(&world->server.got), "XACK"));
    assert_int_equal(world->client.error_number, ECONNRESET);
    assert_int_equal(world->hit_count, 1);
}

static void a_dropped_reply_is_lost_after_the_broker_has_acted(void **state)
{
    struct world *world = *state;

    dial(world, "w1.command");
    arm(world, &(struct link_match){.op = "ack"}, "drop_reply", "fin");
    say(world, &world->client, command("PING", NULL, NULL));
    say(world, &world->client, command("XACK", "s", "g"));
    assert_non_null(strstr(text_string(&world->server.got), "XACK"));
    say(world, &world->server, "+PONG\r\n:1\r\n");
    assert_got(&world->client, "+PONG\r\n");
    assert_true(world->client.is_closed);
    assert_int_equal(world->client.error_number, 0);
}

static void a_reply_can_be_lost_and_the_link_go_on(void **state)
{
    struct world *world = *state;

    dial(world, "w1.command");
    arm(world, &(struct link_match){.op = "ack", .times = 1}, "drop_reply", "go_on");
    say(world, &world->client, command("XACK", "s", "g"));
    say(world, &world->client, command("PING", NULL, NULL));
    say(world, &world->server, ":1\r\n+PONG\r\n");
    assert_got(&world->client, "+PONG\r\n");
    assert_false(world->client.is_closed);
}

/* The reply of the read that delivers one message, at its second attempt. */
static void a_message_is_found_in_the_reply_that_delivers_it(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.link = "billing",
                                     .op = "XREADGROUP",
                                     .has_message = true,
                                     .track = 3,
                                     .sequence = 700,
                                     .attempt = 2};

    dial(world, "billing-2.read");
    arm(world, &match, "drop_reply", NULL);
    for (unsigned i = 0; i < 3; i++)
        say(world, &world->client, command("XREADGROUP", "s", "g"));
    say(world, &world->server, delivery(payload(3, 699)));
    say(world, &world->server, delivery(payload(3, 700)));
    assert_int_equal(world->hit_count, 0);
    say(world, &world->server, delivery(payload(3, 700)));
    assert_int_equal(world->hit_count, 1);
    assert_int_equal(world->exchange, 3);
    assert_int_equal(world->client.got.size, 2 * strlen(delivery(payload(3, 700))));
    assert_true(world->client.is_closed);
}

/* Reads that find nothing do not count, however many there are. */
static void the_nth_of_a_command_is_the_nth_that_brings_something(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "XREADGROUP", .nth = 2, .edge = LINK_EDGE_REPLY};

    dial(world, "billing-2.read");
    arm(world, &match, "cut", "rst");
    say(world, &world->client, command("PING", NULL, NULL));
    say(world, &world->server, "+PONG\r\n");
    for (unsigned i = 0; i < 5; i++) {
        say(world, &world->client, command("XREADGROUP", "s", "g"));
        say(world, &world->server, i == 2 ? delivery(payload(3, 1)) : "*-1\r\n");
    }
    assert_int_equal(world->hit_count, 0);
    say(world, &world->client, command("XREADGROUP", "s", "g"));
    say(world, &world->server, delivery(payload(3, 2)));
    assert_int_equal(world->hit_count, 1);
    assert_true(world->client.is_closed);
}

static void a_request_is_the_first_that_can_be_the_nth(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "XREADGROUP", .nth = 2, .edge = LINK_EDGE_REQUEST};

    dial(world, "billing-2.read");
    arm(world, &match, "cut", "rst");
    say(world, &world->client, command("XREADGROUP", "s", "g"));
    say(world, &world->server, "*-1\r\n");
    say(world, &world->client, command("XREADGROUP", "s", "g"));
    say(world, &world->server, delivery(payload(3, 1)));
    assert_int_equal(world->hit_count, 0);
    say(world, &world->client, command("XREADGROUP", "s", "g"));
    assert_int_equal(world->hit_count, 1);
    assert_true(world->client.is_closed);
}

static void an_empty_one_before_the_nth_can_be_meant_as_well(void **state)
{
    struct world *world = *state;
    const struct link_match match = {
        .op = "XREADGROUP", .nth = 2, .empty = 2, .edge = LINK_EDGE_REPLY};

    dial(world, "billing-2.read");
    arm(world, &match, "cut", "rst");
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(world->hit_count, 0);
        say(world, &world->client, command("XREADGROUP", "s", "g"));
        say(world, &world->server, i == 2 ? delivery(payload(3, 1)) : "*-1\r\n");
    }
    assert_int_equal(world->hit_count, 1);
    assert_true(world->client.is_closed);
}

/* Requests that are under way count as if all of them brought something. */
static void requests_under_way_are_numbered_one_after_the_other(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "XADD", .nth = 3, .edge = LINK_EDGE_REQUEST};

    dial(world, "shop-1.command");
    arm(world, &match, "cut", "rst");
    say(world, &world->client, command("XADD", "s", payload(1, 4)));
    say(world, &world->client, command("XADD", "s", payload(1, 5)));
    assert_int_equal(world->hit_count, 0);
    say(world, &world->client, command("XADD", "s", payload(1, 6)));
    assert_int_equal(world->hit_count, 1);
}

static void the_nth_of_no_command_is_refused(void **state)
{
    struct world *world = *state;
    struct link_rule rule = {.match = {.op = "read", .nth = 2}};
    struct error error = {0};

    assert_int_equal(link_action_init(&rule.action, "cut", "rst", &error), 0);
    assert_int_equal(link_faults_arm(world->faults, world->loop, &rule, &error), 0);
    link_action_release(&rule.action);
    assert_non_null(strstr(error.message, "in capitals"));
}

static void a_message_is_found_in_the_request_whose_reply_is_meant(void **state)
{
    struct world *world = *state;
    const struct link_match match = {
        .op = "publish", .has_message = true, .track = 1, .sequence = 5, .edge = LINK_EDGE_REPLY};

    dial(world, "shop-1.command");
    arm(world, &match, "cut", "rst");
    say(world, &world->client, command("XADD", "s", payload(1, 4)));
    say(world, &world->client, command("XADD", "s", payload(1, 5)));
    say(world, &world->server, "+a\r\n");
    assert_false(world->client.is_closed);
    say(world, &world->server, "+b\r\n");
    assert_got(&world->client, "+a\r\n");
    assert_true(world->client.is_closed);
}

static void bytes_that_are_carried_are_found_in_either(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.carries = "seed", .edge = LINK_EDGE_REPLY};

    dial(world, "shop-1.command");
    arm(world, &match, "drop_reply", "go_on");
    say(world, &world->client, command("SET", "k", "seed"));
    say(world, &world->client, command("GET", "k", NULL));
    say(world, &world->client, command("GET", "other", NULL));
    say(world, &world->server, "+OK\r\n$4\r\nseed\r\n$1\r\nx\r\n");
    assert_got(&world->client, "$1\r\nx\r\n");
    assert_int_equal(world->hit_count, 2);
}

static void the_reply_of_a_read_is_one_that_delivers(void **state)
{
    struct world *world = *state;

    dial(world, "w1.read");
    arm(world, &(struct link_match){.op = "read", .times = 1}, "drop_reply", NULL);
    say(world, &world->client, command("XREADGROUP", "s", "0"));
    say(world, &world->server, "*1\r\n*2\r\n$1\r\ns\r\n*0\r\n"); /* nothing pending */
    say(world, &world->client, command("XREADGROUP", "s", ">"));
    say(world, &world->server, "*-1\r\n");
    assert_int_equal(world->hit_count, 0);
    say(world, &world->client, command("XREADGROUP", "s", ">"));
    say(world, &world->server, delivery("{}"));
    assert_int_equal(world->hit_count, 1);
}

static void what_an_actor_does_tells_what_a_script_is_for(void **state)
{
    struct world *world = *state;
    struct link_owner *owner = link_faults_owner(world->faults, "w1");

    dial(world, "w1.command");
    arm(world, &(struct link_match){.op = "nack"}, "drop_request", NULL);
    link_owner_operation(owner, "read", true);
    say(world, &world->client, command("EVALSHA", "x", "1"));
    assert_int_equal(world->hit_count, 0);
    say(world, &world->client, command("XREADGROUP", "s", ">")); /* so this is the read */
    link_owner_operation(owner, "nack", true);
    say(world, &world->client, command("XGROUP", "CREATE", "s"));
    assert_int_equal(world->hit_count, 0);
    say(world, &world->client, command("EVALSHA", "x", "1"));
    assert_int_equal(world->hit_count, 1);
}

static void skip_and_times_choose_among_matches(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "XLEN", .skip = 1, .times = 2};
    uint32_t rule;

    dial(world, "w1.command");
    rule = arm(world, &match, "reply_error", "ERR planted");
    for (unsigned i = 0; i < 4; i++)
        say(world, &world->client, command("XLEN", "s", NULL));
    say(world, &world->server, ":0\r\n:3\r\n");
    assert_got(&world->client, ":0\r\n-ERR planted\r\n-ERR planted\r\n:3\r\n");
    assert_int_equal(link_faults_fired(world->faults, rule), 2);
}

static void a_forged_error_waits_for_its_turn(void **state)
{
    struct world *world = *state;

    dial(world, "w1.command");
    arm(world, &(struct link_match){.op = "ack", .times = 1}, "reply_error", "OOM no memory");
    say(world, &world->client, command("XLEN", "s", NULL));
    say(world, &world->client, command("XACK", "s", "g"));
    assert_got(&world->client, "");
    say(world, &world->server, ":5\r\n");
    assert_got(&world->client, ":5\r\n-OOM no memory\r\n");
    assert_null(strstr(text_string(&world->server.got), "XACK"));
}

static void a_reply_turns_into_an_error_after_the_broker_has_acted(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "ack", .edge = LINK_EDGE_REPLY, .times = 1};

    dial(world, "w1.command");
    arm(world, &match, "reply_error", "LOADING not yet");
    say(world, &world->client, command("XACK", "s", "g"));
    assert_non_null(strstr(text_string(&world->server.got), "XACK"));
    say(world, &world->server, ":1\r\n");
    assert_got(&world->client, "-LOADING not yet\r\n");
}

static void a_request_that_is_doubled_has_one_reply(void **state)
{
    struct world *world = *state;

    dial(world, "w1.command");
    arm(world, &(struct link_match){.op = "publish", .times = 1}, "duplicate_request", NULL);
    say(world, &world->client, command("INCR", "k", NULL));
    say(world, &world->client, command("XADD", "s", "*"));
    say(world, &world->client, command("INCR", "k", NULL));
    say(world, &world->server, ":1\r\n+first\r\n+second\r\n:2\r\n");
    assert_got(&world->client, ":1\r\n+first\r\n:2\r\n");
    assert_non_null(strstr(strstr(text_string(&world->server.got), "XADD") + 4, "XADD"));
}

static void pushes_belong_to_no_request(void **state)
{
    struct world *world = *state;

    dial(world, "ear.read");
    arm(world, &(struct link_match){.op = "ack"}, "cut", NULL);
    say(world, &world->client, command("SUBSCRIBE", "a", "b"));
    say(world, &world->server, "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
    say(world, &world->server, "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n");
    say(world, &world->server, "*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n");
    arm(world, &(struct link_match){.op = "PING"}, "drop_reply", "go_on");
    say(world, &world->client, command("PING", NULL, NULL));
    say(world, &world->server, "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\ny\r\n");
    assert_int_equal(world->hit_count, 0);
    say(world, &world->server, "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
    assert_int_equal(world->hit_count, 1);
}

static void a_foreign_protocol_is_addressed_by_what_the_actor_does(void **state)
{
    struct world *world = *state;
    struct link_owner *owner = link_faults_owner(world->faults, "shop-1");

    dial(world, "shop-1");
    arm(world, &(struct link_match){.op = "publish"}, "drop_reply", NULL);
    say(world, &world->client, "CONNECT\r\n");
    say(world, &world->server, "+OK\r\n");
    assert_int_equal(world->hit_count, 0);
    link_owner_operation(owner, "publish", true);
    say(world, &world->client, "PUB s 5\r\nhello\r\n");
    say(world, &world->server, "+OK\r\n");
    assert_int_equal(world->hit_count, 1);
    assert_string_equal(world->what, "5 bytes from the broker");
    assert_got(&world->client, "+OK\r\n");
}

/* --- What lasts ------------------------------------------------------------------------------ */

static void a_delay_is_as_long_as_it_says_and_nothing_overtakes(void **state)
{
    struct world *world = *state;
    uint64_t begin_ns;
    uint32_t rule;

    dial(world, "a");
    rule = arm(world, &every, "delay", "10ms");
    begin_ns = loop_now_ns(world->loop);
    link_write(world->client.link, "one", 3);
    loop_run(world->loop);
    assert_int_equal(world->server.last_ns - begin_ns, 10000000 + 1000);
    link_write(world->client.link, "two", 3);
    disarm(world, rule);
    say(world, &world->client, "three");
    assert_got(&world->server, "onetwothree");
    assert_int_equal(world->hit_count, 1);
}

static void one_reply_is_delayed_alone(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "ack", .edge = LINK_EDGE_REPLY};
    uint64_t begin_ns;

    dial(world, "a");
    arm(world, &match, "delay", "10ms");
    say(world, &world->client, command("XLEN", "s", NULL));
    say(world, &world->client, command("XACK", "s", "g"));
    begin_ns = loop_now_ns(world->loop);
    assert_true(begin_ns - world->server.last_ns < 1000000);
    say(world, &world->server, ":1\r\n");
    assert_true(world->client.last_ns - begin_ns < 1000000);
    say(world, &world->server, ":2\r\n");
    assert_true(world->client.last_ns - begin_ns >= 10000000);
}

static void a_rate_spreads_bytes_over_time(void **state)
{
    struct world *world = *state;
    static char big[10001];
    uint64_t begin_ns;

    memset(big, 'x', sizeof(big) - 1);
    dial(world, "a");
    arm(world, &every, "rate", "10000");
    begin_ns = loop_now_ns(world->loop);
    say(world, &world->client, big);
    assert_int_equal(world->server.got.size, 10000);
    assert_in_range(world->server.last_ns - begin_ns, 980000000, 1010000000);
}

static void slices_are_small(void **state)
{
    struct world *world = *state;

    dial(world, "a");
    arm(world, &every, "slice", "2");
    say(world, &world->client, "12345");
    assert_got(&world->server, "12345");
    assert_int_equal(world->server.part_count, 3);
}

static void a_stall_reads_nothing_and_loses_nothing(void **state)
{
    struct world *world = *state;
    uint32_t rule;

    dial(world, "a");
    rule = arm(world, &every, "stall", NULL);
    say(world, &world->client, "up");
    say(world, &world->server, "down");
    assert_got(&world->server, "");
    assert_got(&world->client, "");
    assert_int_equal(link_backlog(world->client.link), 2); /* the sender is held up */
    disarm(world, rule);
    assert_got(&world->server, "up");
    assert_got(&world->client, "down");
    assert_int_equal(world->hit_count, 1);
}

static void a_black_hole_takes_everything_and_keeps_it(void **state)
{
    struct world *world = *state;
    uint32_t rule;

    dial(world, "a");
    rule = arm(world, &every, "blackhole", "down");
    say(world, &world->client, "up");
    say(world, &world->server, "down");
    assert_got(&world->server, "up");
    assert_got(&world->client, "");
    assert_int_equal(link_backlog(world->server.link), 0); /* the sender is not */
    disarm(world, rule);
    say(world, &world->server, "again");
    assert_got(&world->client, "again");
}

static void a_black_hole_may_begin_at_a_message(void **state)
{
    struct world *world = *state;

    dial(world, "a");
    arm(world, &(struct link_match){.op = "read"}, "blackhole", "down");
    say(world, &world->client, command("XLEN", "s", NULL));
    say(world, &world->server, ":1\r\n");
    say(world, &world->client, command("XREADGROUP", "s", "g"));
    say(world, &world->server, delivery("{}"));
    say(world, &world->client, command("XLEN", "s", NULL));
    say(world, &world->server, ":1\r\n");
    assert_got(&world->client, ":1\r\n");
    assert_non_null(strstr(text_string(&world->server.got), "XREADGROUP"));
}

static void what_is_held_goes_on_when_the_rule_ends(void **state)
{
    struct world *world = *state;
    const struct link_match match = {.op = "ack", .edge = LINK_EDGE_REPLY};
    uint32_t rule;

    dial(world, "a");
    rule = arm(world, &match, "hold", NULL);
    say(world, &world->client, command("XACK", "s", "g"));
    say(world, &world->client, command("XLEN", "s", NULL));
    say(world, &world->server, ":1\r\n:9\r\n");
    assert_got(&world->client, ""); /* what is behind it waits too */
    disarm(world, rule);
    assert_got(&world->client, ":1\r\n:9\r\n");
}

static void corruption_changes_as_many_bytes_as_it_says(void **state)
{
    struct world *world = *state;
    const char *got;

    dial(world, "a");
    arm_with(world, &(struct link_match){.times = 1}, "corrupt", "offset", "3");
    say(world, &world->client, "aaaaaaaa");
    got = text_string(&world->server.got);
    assert_int_equal(strlen(got), 8);
    assert_int_not_equal(got[3], 'a');
    assert_memory_equal(got + 4, "aaaa", 4);
    say(world, &world->client, "b");
    assert_int_equal(text_string(&world->server.got)[8], 'b');
}

/* --- Dialling -------------------------------------------------------------------------------- */

static void a_refused_dial_fails_until_the_rule_ends(void **state)
{
    struct world *world = *state;
    uint32_t rule = arm(world, &every, "refuse", NULL);

    dial(world, "a");
    assert_int_equal(world->client.error_number, ECONNREFUSED);
    assert_false(world->client.is_open);
    link_close(world->client.link, LINK_GRACEFUL);
    disarm(world, rule);
    dial(world, "a");
    assert_true(world->client.is_open);
    assert_int_equal(world->accept_count, 1);
}

static void accepting_and_hanging_opens_and_answers_later(void **state)
{
    struct world *world = *state;
    uint32_t rule = arm(world, &every, "accept_hang", NULL);

    dial(world, "a");
    say(world, &world->client, "hello");
    assert_true(world->client.is_open);
    assert_int_equal(world->accept_count, 0);
    disarm(world, rule);
    assert_got(&world->server, "hello");
}

static void hanging_in_connect_neither_opens_nor_fails(void **state)
{
    struct world *world = *state;
    uint32_t rule = arm(world, &every, "connect_hang", NULL);

    dial(world, "a");
    assert_false(world->client.is_open || world->client.is_closed);
    disarm(world, rule);
    assert_true(world->client.is_open);
}

static void a_cut_at_connecting_opens_and_ends(void **state)
{
    struct world *world = *state;

    arm(world, &(struct link_match){.op = "connect", .times = 1}, "cut", "rst");
    dial(world, "a");
    assert_true(world->client.is_open);
    assert_int_equal(world->client.error_number, ECONNRESET);
    assert_int_equal(world->accept_count, 0);
    link_close(world->client.link, LINK_GRACEFUL);
    world->client.is_closed = false;
    dial(world, "a");
    assert_false(world->client.is_closed);
}

/* --- Whoever is told may do anything --------------------------------------------------------- */

struct meddler {
    struct world *world;
    uint32_t rule;
};

static void disarm_and_hang_up(void *context, const struct link_hit *hit)
{
    struct meddler *meddler = context;
    struct world *world = meddler->world;

    link_faults_disarm(world->faults, world->loop, hit->rule);
    link_faults_heal(world->faults, world->loop, NULL);
    link_close(world->client.link, LINK_RESET);
    world->client.link = NULL;
}

static void a_hit_may_end_its_rule_and_its_link(void **state)
{
    static const char *const words[] = {"cut", "delay", "hold", "drop_request", "corrupt", "stall"};
    struct world *world = *state;
    struct meddler meddler = {.world = world};
    struct error error = {0};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct link_rule rule = {
            .match = {.op = "PING"}, .fired = disarm_and_hang_up, .context = &meddler};

        assert_int_equal(link_action_init(&rule.action, words[i], NULL, &error), 0);
        dial(world, "a");
        assert_int_not_equal(link_faults_arm(world->faults, world->loop, &rule, &error), 0);
        link_action_release(&rule.action);
        link_write(world->client.link, command("PING", NULL, NULL), 14);
        loop_run(world->loop);
        assert_null(world->client.link);
    }
}

/* --- Words ----------------------------------------------------------------------------------- */

static void a_misspelt_fault_is_answered_with_the_nearest(void **state)
{
    struct link_action action;
    struct error error = {0};

    (void)state;
    assert_int_equal(link_action_init(&action, "cutt", NULL, &error), -1);
    assert_non_null(strstr(error.message, "did you mean 'cut'?"));
    assert_int_equal(link_action_init(&action, "cut", "softly", &error), -1);
    assert_non_null(strstr(error.message, "rst|fin|silent"));
    assert_int_equal(link_action_init(&action, "refuse", "all", &error), -1);
    assert_non_null(strstr(error.message, "refuse: true"));
}

static void what_could_never_fire_is_refused(void **state)
{
    static const struct {
        const char *word, *op;
        enum link_edge edge;
        const char *message;
    } cases[] = {
        {"cut", "acknowledge", LINK_EDGE_ANY, "there is no operation 'acknowledge'"},
        {"refuse", "ack", LINK_EDGE_ANY, "acts when a link is dialled"},
        {"corrupt", "connect", LINK_EDGE_ANY, "does nothing when a link is dialled"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct link_rule rule = {.match = {.op = cases[i].op, .edge = cases[i].edge}};
        struct error error = {0};

        assert_int_equal(link_action_init(&rule.action, cases[i].word, NULL, &error), 0);
        assert_int_equal(link_faults_arm(world->faults, world->loop, &rule, &error), 0);
        assert_non_null(strstr(error.message, cases[i].message));
        link_action_release(&rule.action);
    }
}

static void the_table_of_faults_agrees_with_itself(void **state)
{
    const struct link_fault *fault;

    (void)state;
    for (size_t i = 0; (fault = link_fault_at(i)) != NULL; i++) {
        const struct schema schema = link_fault_schema(fault);
        struct error error = {0};

        assert_ptr_equal(link_fault_find(link_fault_word(fault), &error), fault);
        assert_int_equal(schema_check(&schema, &error), 0);
        assert_non_null(link_fault_help(fault));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_passes_while_nothing_is_armed),
        TEST(everything_passes_while_what_is_armed_means_others),
        TEST(a_frame_that_is_half_through_when_a_rule_comes_is_left_alone),
        TEST(a_cut_ends_the_links_it_names),
        TEST(a_cut_without_a_moment_spares_what_is_dialled_later),
        TEST(an_orderly_cut_is_an_orderly_end_for_both),
        TEST(a_silent_cut_tells_nobody),
        TEST(a_cut_after_so_many_bytes_lets_them_pass),
        TEST(half_of_a_reply_arrives_when_it_is_cut_in_the_middle),
        TEST(a_dropped_request_never_reaches_the_broker),
        TEST(a_dropped_reply_is_lost_after_the_broker_has_acted),
        TEST(a_reply_can_be_lost_and_the_link_go_on),
        TEST(a_message_is_found_in_the_reply_that_delivers_it),
        TEST(the_nth_of_a_command_is_the_nth_that_brings_something),
        TEST(a_request_is_the_first_that_can_be_the_nth),
        TEST(an_empty_one_before_the_nth_can_be_meant_as_well),
        TEST(requests_under_way_are_numbered_one_after_the_other),
        TEST(the_nth_of_no_command_is_refused),
        TEST(a_message_is_found_in_the_request_whose_reply_is_meant),
        TEST(bytes_that_are_carried_are_found_in_either),
        TEST(the_reply_of_a_read_is_one_that_delivers),
        TEST(what_an_actor_does_tells_what_a_script_is_for),
        TEST(skip_and_times_choose_among_matches),
        TEST(a_forged_error_waits_for_its_turn),
        TEST(a_reply_turns_into_an_error_after_the_broker_has_acted),
        TEST(a_request_that_is_doubled_has_one_reply),
        TEST(pushes_belong_to_no_request),
        TEST(a_foreign_protocol_is_addressed_by_what_the_actor_does),
        TEST(a_delay_is_as_long_as_it_says_and_nothing_overtakes),
        TEST(one_reply_is_delayed_alone),
        TEST(a_rate_spreads_bytes_over_time),
        TEST(slices_are_small),
        TEST(a_stall_reads_nothing_and_loses_nothing),
        TEST(a_black_hole_takes_everything_and_keeps_it),
        TEST(a_black_hole_may_begin_at_a_message),
        TEST(what_is_held_goes_on_when_the_rule_ends),
        TEST(corruption_changes_as_many_bytes_as_it_says),
        TEST(a_refused_dial_fails_until_the_rule_ends),
        TEST(accepting_and_hanging_opens_and_answers_later),
        TEST(hanging_in_connect_neither_opens_nor_fails),
        TEST(a_cut_at_connecting_opens_and_ends),
        TEST(a_hit_may_end_its_rule_and_its_link),
        cmocka_unit_test(a_misspelt_fault_is_answered_with_the_nearest),
        TEST(what_could_never_fire_is_refused),
        cmocka_unit_test(the_table_of_faults_agrees_with_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
