/* test_host.c: the world as an adapter sees it, in real and in virtual time. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/host.h"
#include "base/text.h"
#include "link/kind.h"

struct world {
    struct loop *loop;
    struct link_dialer *dialer;
    struct host *host;
    const struct adapter_host *port;
    struct log log;
    char trace[64], line[200];
    struct adapter_timer *timer;
    struct adapter_stream *stream;
    struct link *far_end;
};

static void note(struct world *world, const char *word)
{
    strncat(world->trace, word, sizeof(world->trace) - strlen(world->trace) - 1);
}

static void keep_line(struct log *log, enum log_level level, const char *line)
{
    struct world *world = log->context;

    (void)level;
    text_copy(world->line, sizeof(world->line), line);
}

static struct world *world_new(struct loop *loop, struct link_dialer *dialer)
{
    struct world *world = calloc(1, sizeof(*world));

    world->loop = loop;
    world->dialer = dialer;
    world->log = (struct log){.level = LOG_WARNING, .write = keep_line, .context = world};
    world->host = host_new(loop, dialer, &world->log, 42, "billing-2");
    world->port = host_port(world->host);
    return world;
}

static int setup_virtual(void **state)
{
    *state = world_new(loop_simulated_new(), link_dialer_simulated_new(1000));
    return 0;
}

static int setup_real(void **state)
{
    *state = world_new(loop_real_new(0, NULL), link_dialer_real_new());
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    host_free(world->host);
    link_dialer_free(world->dialer);
    loop_free(world->loop);
    free(world);
    return 0;
}

/* --- Time ------------------------------------------------------------------------------------- */

static void on_expired(void *context)
{
    struct world *world = context;

    note(world, "t");
    world->port->timer_stop(world->port, world->timer); /* frees it, inside its own expiry */
    world->timer = NULL;
}

static void timers_expire_at_their_time_and_are_counted(void **state)
{
    struct world *world = *state;
    const struct adapter_host *port = world->port;
    uint64_t now = port->now_ns(port);

    world->timer = port->timer_start(port, NULL, now + 5, on_expired, world);
    assert_ptr_equal(port->timer_start(port, world->timer, now + 9, on_expired, world),
                     world->timer);
    assert_int_equal(host_open_count(world->host), 1);
    loop_run(world->loop);
    assert_string_equal(world->trace, "t");
    assert_int_equal(port->now_ns(port), now + 9);
    assert_int_equal(host_open_count(world->host), 0);
    port->timer_stop(port, NULL);
}

static void a_stopped_timer_stays_silent(void **state)
{
    struct world *world = *state;

    world->timer = world->port->timer_start(world->port, NULL, 0, on_expired, world);
    world->port->timer_stop(world->port, world->timer);
    loop_run(world->loop);
    assert_string_equal(world->trace, "");
}

static void the_wall_clock_follows_virtual_time(void **state)
{
    struct world *world = *state;
    const struct adapter_host *port = world->port;
    uint64_t before = port->wall_ms(port);

    world->timer =
        port->timer_start(port, NULL, port->now_ns(port) + 2000000000u, on_expired, world);
    loop_run(world->loop);
    assert_int_equal(port->wall_ms(port) - before, 2000);
    assert_true(before > 1700000000000u);
}

static void on_post(void *context)
{
    note(context, "p");
}

static void posts_run_on_the_loop(void **state)
{
    struct world *world = *state;

    world->port->post(world->port, on_post, world);
    assert_string_equal(world->trace, "");
    loop_run(world->loop);
    assert_string_equal(world->trace, "p");
}

/* --- Luck and words --------------------------------------------------------------------------- */

static void luck_is_keyed_by_seed_owner_purpose_and_index(void **state)
{
    struct world *world = *state;
    const struct adapter_host *port = world->port;
    struct host *same = host_new(world->loop, NULL, NULL, 42, "billing-2"),
                *seed = host_new(world->loop, NULL, NULL, 43, "billing-2"),
                *owner = host_new(world->loop, NULL, NULL, 42, "billing-3");
    uint64_t bits = port->random(port, "jitter", 7);

    assert_true(bits == port->random(port, "jitter", 7)); /* also when asked again */
    assert_true(bits != port->random(port, "jitter", 8));
    assert_true(bits != port->random(port, "backoff", 7));
    assert_true(bits == host_port(same)->random(host_port(same), "jitter", 7));
    assert_true(bits != host_port(seed)->random(host_port(seed), "jitter", 7));
    assert_true(bits != host_port(owner)->random(host_port(owner), "jitter", 7));
    host_free(same);
    host_free(seed);
    host_free(owner);
}

static void virtual_entropy_comes_from_the_seed_and_never_repeats(void **state)
{
    struct world *world = *state;
    struct host *same = host_new(world->loop, NULL, NULL, 42, "billing-2");
    uint64_t first = world->port->entropy(world->port), second = world->port->entropy(world->port);

    assert_true(first != second);
    assert_true(first == host_port(same)->entropy(host_port(same)));
    assert_true(second == host_port(same)->entropy(host_port(same)));
    host_free(same);
}

static void real_entropy_differs_for_equal_seeds(void **state)
{
    struct world *world = *state;
    struct host *same = host_new(world->loop, NULL, NULL, 42, "billing-2");

    assert_true(world->port->entropy(world->port) != host_port(same)->entropy(host_port(same)));
    assert_true(world->port->wall_ms(world->port) > 1700000000000u);
    host_free(same);
}

static void lines_of_the_log_say_whose_they_are(void **state)
{
    struct world *world = *state;

    world->port->log(world->port, ADAPTER_LOG_WARNING, "100% odd");
    assert_string_equal(world->line, "billing-2: 100% odd");
    world->port->log(world->port, ADAPTER_LOG_DEBUG, "not wanted");
    assert_string_equal(world->line, "billing-2: 100% odd");
}

/* --- Streams ---------------------------------------------------------------------------------- */

static void on_opened(void *context)
{
    note(context, "o");
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct world *world = context;
    char word[32];

    snprintf(word, sizeof(word), "%.*s", (int)size, bytes);
    note(world, word);
    world->port->stream_close(world->stream, 1); /* inside its own event */
    world->stream = NULL;
}

static void on_closed(void *context, int error_number, const char *reason)
{
    (void)error_number;
    (void)reason;
    note(context, "c");
}

static void on_far_received(void *context, const char *bytes, size_t size)
{
    struct world *world = context;

    link_write(world->far_end, bytes, size);
}

static void on_far_closed(void *context, int error_number, const char *reason)
{
    (void)reason;
    note(context, error_number ? " reset" : " fin");
}

static void on_accept(void *context, struct link *far_end)
{
    static const struct link_events events = {NULL, on_far_received, on_far_closed};
    struct world *world = context;

    world->far_end = far_end;
    link_far_end_start(far_end, &events, world);
}

static const struct adapter_stream_events stream_events = {on_opened, on_received, on_closed};

static void streams_are_links_of_the_dialer(void **state)
{
    struct world *world = *state;
    const struct adapter_host *port = world->port;

    link_listen_simulated(world->dialer, world->loop, "tcp://fake:1", on_accept, world, NULL);
    world->stream = port->dial(port, "tcp://fake:1", "read", &stream_events, world);
    assert_int_equal(host_open_count(world->host), 1);
    port->stream_write(world->stream, "ec", 2);
    memcpy(port->stream_reserve(world->stream, 10), "ho", 2);
    port->stream_commit(world->stream, 2);
    loop_run(world->loop);
    assert_string_equal(world->trace, "oecho reset");
    assert_int_equal(host_open_count(world->host), 0);
    port->stream_close(NULL, 0);
    link_close(world->far_end, LINK_GRACEFUL);
}

/* A dialer that stands in front of another, as a fault does, and writes down the names. */
struct front {
    struct link_dialer dialer; /* first member */
    struct world *world;
};

static struct link *note_and_dial(struct link_dialer *dialer, struct loop *loop,
                                  const char *address, const char *name,
                                  const struct link_events *events, void *context)
{
    struct world *world = ((struct front *)dialer)->world;

    note(world, name);
    note(world, " ");
    return link_dial(world->dialer, loop, address, name, events, context);
}

static void names_of_links_begin_with_their_owner(void **state)
{
    static const struct link_dialer_kind kind = {.dial = note_and_dial};
    struct world *world = *state;
    struct front front = {{&kind}, world};
    struct host *host = host_new(world->loop, &front.dialer, NULL, 1, "shop");
    const struct adapter_host *port = host_port(host);

    port->stream_close(port->dial(port, "tcp://a:1", "read", &stream_events, world), 0);
    port->stream_close(port->dial(port, "tcp://a:1", NULL, &stream_events, world), 0);
    assert_string_equal(world->trace, "shop.read shop ");
    host_free(host);
}

/* --- Watches ---------------------------------------------------------------------------------- */

struct watched {
    struct world *world;
    struct adapter_watch *watch;
    int fd;
    uint32_t events;
};

static void on_ready(void *context, uint32_t events)
{
    struct watched *watched = context;
    const struct adapter_host *port = watched->world->port;

    watched->events |= events;
    /* Ends and frees, inside its own event. */
    assert_null(port->watch(port, watched->watch, watched->fd, 0, on_ready, watched));
    loop_stop(watched->world->loop);
}

static void a_descriptor_can_be_watched_in_real_time(void **state)
{
    struct world *world = *state;
    int fds[2];

    for (int hangs_up = 0; hangs_up < 2; hangs_up++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        struct watched watched = {.world = world, .fd = fds[0]};
        watched.watch = world->port->watch(world->port, NULL, fds[0], 1, on_ready, &watched);
        assert_non_null(watched.watch);
        assert_int_equal(host_open_count(world->host), 1);
        if (hangs_up)
            close(fds[1]);
        else
            assert_int_equal(write(fds[1], "x", 1), 1);
        loop_run(world->loop);
        assert_int_equal(watched.events, 1);
        assert_int_equal(host_open_count(world->host), 0);
        close(fds[0]);
        if (!hangs_up)
            close(fds[1]);
    }
}

static void no_descriptor_can_be_watched_in_virtual_time(void **state)
{
    struct world *world = *state;

    assert_null(world->port->watch(world->port, NULL, 0, 1, on_ready, NULL));
    assert_int_equal(host_open_count(world->host), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define VIRTUAL(name) cmocka_unit_test_setup_teardown(name, setup_virtual, teardown)
#define REAL(name)    cmocka_unit_test_setup_teardown(name, setup_real, teardown)
        VIRTUAL(timers_expire_at_their_time_and_are_counted),
        VIRTUAL(a_stopped_timer_stays_silent),
        VIRTUAL(the_wall_clock_follows_virtual_time),
        VIRTUAL(posts_run_on_the_loop),
        VIRTUAL(luck_is_keyed_by_seed_owner_purpose_and_index),
        VIRTUAL(virtual_entropy_comes_from_the_seed_and_never_repeats),
        REAL(real_entropy_differs_for_equal_seeds),
        VIRTUAL(lines_of_the_log_say_whose_they_are),
        VIRTUAL(streams_are_links_of_the_dialer),
        VIRTUAL(names_of_links_begin_with_their_owner),
        REAL(a_descriptor_can_be_watched_in_real_time),
        VIRTUAL(no_descriptor_can_be_watched_in_virtual_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
