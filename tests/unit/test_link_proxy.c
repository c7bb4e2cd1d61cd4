/* test_link_proxy.c: the proxy of real sockets, seen from the wire: errno, bytes, and who is held
   up.  Client and server are plain sockets of the test itself. */
#include "support/unit.h"

#include <dirent.h>

#include "support/proxy_world.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static size_t count_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    size_t count = 0;

    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* --- Passing --------------------------------------------------------------------------------- */

static void bytes_and_ends_pass_both_ways(void **state)
{
    struct world *world = *state;

    connect_through(world);
    write_text(world->client, "to the broker");
    assert_reads(world, &world->server, "to the broker");
    write_text(world->server, "and back");
    assert_reads(world, &world->client, "and back");
    shutdown(world->server, SHUT_WR);
    assert_reads(world, &world->client, "");
    assert_int_equal(link_faults_connections(world->faults), 1);
}

static void a_slow_broker_holds_up_its_client(void **state)
{
    struct world *world = *state;
    size_t sent;

    connect_through(world);
    sent = flood(world, world->client, FLOOD_SIZE);
    assert_true(sent < FLOOD_SIZE);
    assert_int_equal(drain(world, world->server, sent), sent);
}

static void a_broker_that_is_not_there_ends_the_connection(void **state)
{
    struct world *world = *state;

    close(world->listener);
    (void)begin_connect(world);
    if (wait_for(world, try_connected, NULL) == 0)
        assert_reset(world, &world->client);
    else
        assert_int_equal(errno, ECONNRESET);
}

/* --- Cuts ------------------------------------------------------------------------------------ */

static void a_reset_is_a_reset_on_both_sides(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm(world, "cut", "rst", NULL, NULL);
    assert_reset(world, &world->client);
    assert_reset(world, &world->server);
    assert_int_equal(world->hit_count, 1);
}

static void an_orderly_end_is_one_on_both_sides(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm(world, "cut", "fin", NULL, NULL);
    assert_reads(world, &world->client, "");
    assert_reads(world, &world->server, "");
}

static void a_silent_cut_says_nothing_to_either(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm(world, "cut", "silent", NULL, NULL);
    write_text(world->client, "hello?");
    write_text(world->server, "hello?");
    assert_silent(world, &world->client);
    assert_silent(world, &world->server);
}

static void bytes_before_a_reset_arrive_first(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm(world, "cut", "rst", "after", "5");
    write_text(world->server, "12345678");
    assert_reads(world, &world->client, "12345");
    assert_reset(world, &world->client);
}

/* --- Four ways of not being there ------------------------------------------------------------ */

static void a_refused_connection_says_so_at_once(void **state)
{
    struct world *world = *state;
    uint32_t rule = arm(world, "refuse", NULL, NULL, NULL);

    (void)begin_connect(world);
    assert_int_equal(wait_for(world, try_connected, NULL), -1);
    assert_int_equal(errno, ECONNREFUSED);
    close(world->client);
    link_faults_disarm(world->faults, world->loop, rule);
    connect_through(world); /* at the same port */
    assert_int_equal(world->hit_count, 1);
}

static void hanging_in_connect_gives_no_answer(void **state)
{
    struct world *world = *state;
    uint32_t rule = arm(world, "connect_hang", NULL, NULL, NULL);

    assert_int_equal(begin_connect(world), EINPROGRESS);
    rest(world);
    assert_int_equal(try_connected(world, NULL), -1);
    assert_int_equal(errno, EAGAIN);
    close(world->client);
    link_faults_disarm(world->faults, world->loop, rule);
    connect_through(world);
}

static void accepting_and_hanging_connects_and_never_answers(void **state)
{
    struct world *world = *state;
    uint32_t rule = arm(world, "accept_hang", NULL, NULL, NULL);

    (void)begin_connect(world);
    assert_int_equal(wait_for(world, try_connected, NULL), 0);
    write_text(world->client, "anybody?");
    assert_silent(world, &world->client);
    assert_int_equal(try_accept(world, NULL), -1);
    link_faults_disarm(world->faults, world->loop, rule);
    assert_int_equal(wait_for(world, try_accept, NULL), 0);
    assert_reads(world, &world->server, "anybody?");
}

static void a_stall_holds_up_the_sender_and_loses_nothing(void **state)
{
    struct world *world = *state;
    size_t sent;
    uint32_t rule;

    connect_through(world);
    rule = arm(world, "stall", NULL, NULL, NULL);
    sent = flood(world, world->client, FLOOD_SIZE);
    assert_true(sent < FLOOD_SIZE); /* held up */
    assert_silent(world, &world->server);
    link_faults_disarm(world->faults, world->loop, rule);
    assert_int_equal(drain(world, world->server, sent), sent);
}

static void a_black_hole_takes_all_that_is_sent(void **state)
{
    struct world *world = *state;

    connect_through(world);
    arm(world, "blackhole", NULL, NULL, NULL);
    assert_true(flood(world, world->client, 16u << 20) >= 16u << 20); /* never held up */
    assert_silent(world, &world->server);
    assert_silent(world, &world->client);
}

/* --- Nobody's requests ----------------------------------------------------------------------- */

static void count_exchange(void *context, const struct link_exchange *exchange)
{
    (void)exchange;
    ++*(unsigned *)context;
}

static void what_passes_a_raw_proxy_is_followed_by_nobody(void **state)
{
    struct world *world = *state;
    unsigned count = 0;
    struct link_faults *faults =
        link_faults_new(&(struct link_faults_plan){.seed = 1, .reads_frames = true});
    struct link_proxy_plan plan = {.faults = faults,
                                   .beneath = world->dialer,
                                   .loop = world->loop,
                                   .target = world->target,
                                   .name = "replication of default",
                                   .is_raw = true};
    struct error error = {0};

    link_faults_watch(faults, &(struct link_watcher){count_exchange, &count});
    for (unsigned i = 0; i < 2; i++) {
        plan.is_raw = i == 0;
        link_proxy_close(world->proxy);
        world->proxy = link_proxy_open(&plan, &error);
        assert_non_null(world->proxy);
        connect_through(world);
        assert_int_equal(send(world->client, "*1\r\n$4\r\nPING\r\n", 14, 0), 14);
        assert_reads(world, &world->server, "*1\r\n$4\r\nPING\r\n");
        assert_int_equal(count, i);
        (void)close(world->client);
        (void)close(world->server);
    }
    world->client = world->server = -1;
    link_proxy_close(world->proxy);
    world->proxy = NULL;
    rest(world);
    link_faults_free(faults);
}

/* --- Nothing stays --------------------------------------------------------------------------- */

static void nothing_is_left_open(void **state)
{
    static const char *const words[] = {"refuse", "connect_hang", "accept_hang", "stall"};
    void *inner = NULL;
    size_t before = count_descriptors();

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        set_up(&inner);
        arm(inner, words[i], NULL, NULL, NULL);
        (void)begin_connect(inner);
        step(inner);
        tear_down(&inner);
        assert_int_equal(count_descriptors(), before);
    }
}

/* --- The dialer ------------------------------------------------------------------------------ */

struct caller {
    struct world *world;
    bool is_open;
    int error_number;
    char got[16];
};

static void on_opened(void *context)
{
    ((struct caller *)context)->is_open = true;
}

static void on_received(void *context, const char *bytes, size_t size)
{
    (void)snprintf(((struct caller *)context)->got, 16, "%.*s", (int)size, bytes);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    (void)reason;
    ((struct caller *)context)->error_number = error_number;
}

static ssize_t has_ended(struct world *world, void *argument)
{
    (void)world;
    errno = EAGAIN;
    return ((struct caller *)argument)->error_number ? 0 : -1;
}

static void a_dialer_through_proxies_names_its_links(void **state)
{
    static const struct link_events events = {on_opened, on_received, on_closed};
    struct world *world = *state;
    struct caller caller = {.world = world};
    struct link_dialer *dialer = link_dialer_proxied_new(link_dialer_real_new(), world->faults);
    struct link_rule rule = {.match = {.link = "billing-2.read"}};
    struct link *link =
        link_dial(dialer, world->loop, world->target, "billing-2.read", &events, &caller);
    struct error error = {0};

    link_write(link, "hello", 5);
    assert_int_equal(wait_for(world, try_accept, NULL), 0);
    assert_reads(world, &world->server, "hello");
    assert_int_equal(link_action_init(&rule.action, "cut", "rst", &error), 0);
    assert_int_not_equal(link_faults_arm(world->faults, world->loop, &rule, &error), 0);
    link_action_release(&rule.action);
    assert_int_equal(wait_for(world, has_ended, &caller), 0);
    assert_int_equal(caller.error_number, ECONNRESET);
    assert_reset(world, &world->server);
    link_close(link, LINK_GRACEFUL);
    link_dialer_free(dialer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_and_ends_pass_both_ways),
        TEST(a_slow_broker_holds_up_its_client),
        TEST(a_broker_that_is_not_there_ends_the_connection),
        TEST(a_reset_is_a_reset_on_both_sides),
        TEST(an_orderly_end_is_one_on_both_sides),
        TEST(a_silent_cut_says_nothing_to_either),
        TEST(bytes_before_a_reset_arrive_first),
        TEST(a_refused_connection_says_so_at_once),
        TEST(hanging_in_connect_gives_no_answer),
        TEST(accepting_and_hanging_connects_and_never_answers),
        TEST(a_stall_holds_up_the_sender_and_loses_nothing),
        TEST(a_black_hole_takes_all_that_is_sent),
        TEST(what_passes_a_raw_proxy_is_followed_by_nobody),
        cmocka_unit_test(nothing_is_left_open),
        TEST(a_dialer_through_proxies_names_its_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
