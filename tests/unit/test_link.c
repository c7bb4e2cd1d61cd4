/* test_link.c: real sockets over the loopback, and simulated pipes: bytes, order, endings. */
#include "support/unit.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "link/link.h"

enum { BIG_SIZE = 10 * 1024 * 1024 };

/* One end under test and what it was told. */
struct end {
    struct loop *loop;
    struct link *link;
    char trace[64]; /* o opened, r received, c closed */
    struct text got;
    size_t want;    /* stop once so many bytes are there; 0: never */
    int close_in;   /* the event in which to close: 'o', 'r', 'c' or 0 */
    int keep_going; /* `closed` does not stop the loop */
    enum link_ending ending;
    int error_number;
    char reason[240];
    uint64_t opened_ns, received_ns, closed_ns;
};

static void note(struct end *end, char letter)
{
    size_t size = strlen(end->trace);

    if (size + 1 < sizeof(end->trace) && (size == 0 || end->trace[size - 1] != letter))
        end->trace[size] = letter;
    if (end->close_in == letter) {
        link_close(end->link, end->ending);
        end->link = NULL;
        loop_stop(end->loop);
    }
}

static void on_opened(void *context)
{
    struct end *end = context;

    end->opened_ns = loop_now_ns(end->loop);
    note(end, 'o');
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct end *end = context;

    end->received_ns = loop_now_ns(end->loop);
    text_append(&end->got, bytes, size);
    if (end->want && end->got.size >= end->want)
        loop_stop(end->loop);
    note(end, 'r');
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct end *end = context;

    end->closed_ns = loop_now_ns(end->loop);
    end->error_number = error_number;
    text_copy(end->reason, sizeof(end->reason), reason);
    if (!end->keep_going)
        loop_stop(end->loop);
    note(end, 'c');
}

static const struct link_events events = {on_opened, on_received, on_closed};

static void release(struct end *end)
{
    link_close(end->link, LINK_GRACEFUL);
    text_release(&end->got);
}

/* --- A real server, in a thread, written with plain calls ------------------------------------- */

struct server {
    int fd;
    char address[64], path[48];
    pthread_t thread;
    char act; /* e echo until the end, f send "bye" and FIN, r RST, w wait for the end */
    int end_error;
    size_t end_size;
    char last[16];
};

static void reset(int fd)
{
    struct linger linger = {1, 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

static void write_all(int fd, const char *bytes, ssize_t size)
{
    while (size > 0) {
        ssize_t written = send(fd, bytes, (size_t)size, MSG_NOSIGNAL);

        if (written <= 0)
            return;
        bytes += written;
        size -= written;
    }
}

static void read_to_the_end(struct server *server, int fd)
{
    char bytes[65536];
    ssize_t size;

    while ((size = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
        server->end_size += (size_t)size;
        snprintf(server->last, sizeof(server->last), "%.*s", (int)size, bytes);
        if (server->act == 'e')
            write_all(fd, bytes, size);
    }
    server->end_error = size < 0 ? errno : 0;
}

static void *serve(void *context)
{
    struct server *server = context;
    int fd = accept(server->fd, NULL, NULL);

    if (server->act == 'e' || server->act == 'w')
        read_to_the_end(server, fd);
    else if (server->act == 'f')
        write_all(fd, "bye", 3);
    else if (server->act == 'r')
        reset(fd);
    close(fd);
    return NULL;
}

static void listen_tcp(struct server *server)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(place);

    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->fd, (struct sockaddr *)&place, size), 0);
    assert_int_equal(getsockname(server->fd, (struct sockaddr *)&place, &size), 0);
    snprintf(server->address, sizeof(server->address), "tcp://127.0.0.1:%d", ntohs(place.sin_port));
}

static void listen_unix(struct server *server)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};

    snprintf(server->path, sizeof(server->path), "/tmp/test_link.%d", (int)getpid());
    snprintf(place.sun_path, sizeof(place.sun_path), "%s", server->path);
    snprintf(server->address, sizeof(server->address), "unix://%s", server->path);
    server->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->fd, (struct sockaddr *)&place, sizeof(place)), 0);
}

static void start_server(struct server *server, char act, int is_unix)
{
    *server = (struct server){.act = act};
    if (is_unix)
        listen_unix(server);
    else
        listen_tcp(server);
    assert_int_equal(listen(server->fd, 5), 0);
    pthread_create(&server->thread, NULL, serve, server);
}

static void stop_server(struct server *server)
{
    pthread_join(server->thread, NULL);
    close(server->fd);
    if (server->path[0])
        unlink(server->path);
}

/* --- Real sockets ----------------------------------------------------------------------------- */

struct world {
    struct loop *loop;
    struct link_dialer *dialer;
    int fd_count;
};

static int count_fds(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    world->fd_count = count_fds();
    world->loop = loop_real_new(0, NULL);
    world->dialer = link_dialer_real_new();
    *state = world;
    return 0;
}

/* Every test is also a test for leaked descriptors. */
static int teardown(void **state)
{
    struct world *world = *state;

    link_dialer_free(world->dialer);
    loop_free(world->loop);
    int is_clean = count_fds() == world->fd_count;
    free(world);
    return is_clean ? 0 : -1;
}

static void dial(struct end *end, struct world *world, const char *address)
{
    end->loop = world->loop;
    end->link = link_dial(world->dialer, world->loop, address, "shop.command", &events, end);
    assert_string_equal(end->trace, "");
}

static void check_echo(struct world *world, int is_unix)
{
    struct server server;
    struct end end = {.want = 10};

    start_server(&server, 'e', is_unix);
    dial(&end, world, server.address);
    link_write(end.link, "hello ", 6); /* legal before `opened` */
    memcpy(link_reserve(end.link, 100), "link", 4);
    link_commit(end.link, 4);
    assert_int_equal(link_backlog(end.link), 10);
    loop_run(world->loop);
    assert_string_equal(text_string(&end.got), "hello link");
    assert_string_equal(end.trace, "or");
    assert_int_equal(link_backlog(end.link), 0);
    release(&end);
    stop_server(&server);
    assert_int_equal(server.end_error, 0);
}

static void bytes_go_there_and_back_over_tcp(void **state)
{
    check_echo(*state, 0);
}

static void bytes_go_there_and_back_over_a_unix_socket(void **state)
{
    check_echo(*state, 1);
}

static void ten_megabytes_survive_partial_writes(void **state)
{
    struct world *world = *state;
    struct server server;
    struct end end = {.want = BIG_SIZE};
    char *bytes = malloc(BIG_SIZE);

    for (uint32_t i = 0; i < BIG_SIZE; i++)
        bytes[i] = (char)(i * 2654435761u >> 24);
    start_server(&server, 'e', 0);
    dial(&end, world, server.address);
    for (size_t i = 0; i < BIG_SIZE; i += BIG_SIZE / 16)
        link_write(end.link, bytes + i, BIG_SIZE / 16);
    loop_run(world->loop);
    assert_int_equal(end.got.size, BIG_SIZE);
    assert_memory_equal(end.got.data, bytes, BIG_SIZE);
    release(&end);
    stop_server(&server);
    free(bytes);
}

static void the_peer_sees_fin_after_what_was_queued(void **state)
{
    struct world *world = *state;
    struct server server;
    struct end end = {.close_in = 'o', .ending = LINK_GRACEFUL};

    start_server(&server, 'w', 0);
    dial(&end, world, server.address);
    link_write(end.link, "QUIT", 4);
    loop_run(world->loop);
    release(&end);
    stop_server(&server);
    assert_int_equal(server.end_error, 0);
    assert_string_equal(server.last, "QUIT");
}

static void the_peer_sees_reset(void **state)
{
    struct world *world = *state;
    struct server server;
    struct end end = {.close_in = 'o', .ending = LINK_RESET};

    start_server(&server, 'w', 0);
    dial(&end, world, server.address);
    loop_run(world->loop);
    release(&end);
    stop_server(&server);
    assert_int_equal(server.end_error, ECONNRESET);
}

static void an_orderly_end_of_the_peer_is_told_after_its_last_bytes(void **state)
{
    struct world *world = *state;
    struct server server;
    struct end end = {0};

    start_server(&server, 'f', 0);
    dial(&end, world, server.address);
    loop_run(world->loop);
    assert_string_equal(end.trace, "orc");
    assert_string_equal(text_string(&end.got), "bye");
    assert_int_equal(end.error_number, 0);
    assert_string_equal(end.reason, "closed by the other side");
    link_write(end.link, "to nobody", 9); /* dropped */
    assert_int_equal(link_backlog(end.link), 0);
    release(&end);
    stop_server(&server);
}

static void a_reset_by_the_peer_is_told(void **state)
{
    struct world *world = *state;
    struct server server;
    struct end end = {0};

    start_server(&server, 'r', 0);
    dial(&end, world, server.address);
    loop_run(world->loop);
    assert_int_equal(end.error_number, ECONNRESET);
    assert_string_equal(end.reason, "connection reset by peer");
    release(&end);
    stop_server(&server);
}

struct writer {
    struct loop_timer timer;
    struct end *end;
};

static void on_keep_writing(void *context)
{
    struct writer *writer = context;
    char bytes[1000] = "";

    link_write(writer->end->link, bytes, sizeof(bytes));
    loop_timer_start(writer->end->loop, &writer->timer, 0, on_keep_writing, writer);
}

static void writing_to_a_peer_that_is_gone_ends_without_a_signal(void **state)
{
    struct world *world = *state;

    for (int is_unix = 0; is_unix < 2; is_unix++) {
        struct server server;
        struct end end = {0};
        struct writer writer = {.end = &end};

        start_server(&server, 'f', is_unix);
        dial(&end, world, server.address);
        on_keep_writing(&writer);
        loop_run(world->loop);
        loop_timer_stop(world->loop, &writer.timer);
        assert_string_equal(text_string(&end.got), "bye");
        assert_string_equal(end.trace, "orc");
        release(&end);
        stop_server(&server);
    }
}

static void nobody_listening_is_told_as_refused(void **state)
{
    struct world *world = *state;
    struct server server = {0};
    struct end end = {0};

    listen_tcp(&server); /* a port that is taken, yet without a listener */
    dial(&end, world, server.address);
    loop_run(world->loop);
    assert_string_equal(end.trace, "c");
    assert_int_equal(end.error_number, ECONNREFUSED);
    assert_string_equal(end.reason, "connection refused");
    release(&end);
    close(server.fd);
}

static void what_cannot_be_dialled_is_told_in_words(void **state)
{
    static const struct {
        const char *address, *reason;
    } cases[] = {
        {"127.0.0.1:80", "'127.0.0.1:80' is not an address: say tcp://host:port or unix:///path"},
        {"tcp://nowhere", "'tcp://nowhere' is not an address: say tcp://host:port or unix:///path"},
        {"tcp://:80", "'tcp://:80' is not an address: say tcp://host:port or unix:///path"},
        {"unix:///does/not/exist", "no such socket"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct end end = {0};

        dial(&end, world, cases[i].address);
        loop_run(world->loop);
        assert_string_equal(end.trace, "c");
        assert_string_equal(end.reason, cases[i].reason);
        assert_int_not_equal(end.error_number, 0);
        release(&end);
    }
}

static void a_link_can_be_closed_in_any_event(void **state)
{
    static const char letters[] = {'o', 'r', 'c'};
    struct world *world = *state;

    for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
        struct server server;
        struct end end = {.close_in = letters[i]};

        start_server(&server, 'f', 0);
        dial(&end, world, server.address);
        loop_run(world->loop);
        assert_null(end.link);
        assert_int_equal(end.trace[strlen(end.trace) - 1], letters[i]);
        release(&end);
        stop_server(&server);
    }
}

static void on_quiet(void *context)
{
    loop_stop(context);
}

static void closing_before_it_opened_silences_a_link(void **state)
{
    static const char *const addresses[] = {"tcp://127.0.0.1:1", "nonsense", "unix:///no/where"};
    struct world *world = *state;

    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
        struct end end = {0};
        struct loop_timer timer = {0};

        dial(&end, world, addresses[i]);
        link_write(end.link, "x", 1);
        release(&end);
        loop_timer_start(world->loop, &timer, loop_now_ns(world->loop) + 1000000, on_quiet,
                         world->loop);
        loop_run(world->loop);
        assert_string_equal(end.trace, "");
    }
    link_close(NULL, LINK_RESET);
}

/* --- Simulated pipes -------------------------------------------------------------------------- */

static const char place[] = "tcp://redis:6379";

struct fake {
    struct end end; /* the far end */
    char act;       /* e echo, f FIN at once, r RST at once, i ignore */
};

static void on_fake_received(void *context, const char *bytes, size_t size)
{
    struct fake *fake = context;

    on_received(&fake->end, bytes, size);
    if (fake->act == 'e' && fake->end.link)
        link_write(fake->end.link, bytes, size);
}

static void on_accept(void *context, struct link *far_end)
{
    static const struct link_events far_events = {on_opened, on_fake_received, on_closed};
    struct fake *fake = context;

    fake->end.link = far_end;
    link_far_end_start(far_end, &far_events, fake);
    if (fake->act == 'f')
        link_write(far_end, "bye", 3);
    if (fake->act == 'f' || fake->act == 'r') {
        link_close(far_end, fake->act == 'f' ? LINK_GRACEFUL : LINK_RESET);
        fake->end.link = NULL;
    }
}

static int setup_pipes(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    world->fd_count = count_fds();
    world->loop = loop_simulated_new();
    world->dialer = link_dialer_simulated_new(50000);
    *state = world;
    return 0;
}

static void fake_listens(struct world *world, struct fake *fake, char act)
{
    struct error error;

    *fake = (struct fake){.end = {.loop = world->loop, .keep_going = 1}, .act = act};
    assert_int_equal(
        link_listen_simulated(world->dialer, world->loop, place, on_accept, fake, &error), 0);
}

static void pipes_carry_bytes_in_order_and_in_time(void **state)
{
    struct world *world = *state;
    struct fake fake;
    struct end end = {0};
    uint64_t start = loop_now_ns(world->loop);

    fake_listens(world, &fake, 'e');
    dial(&end, world, place);
    link_write(end.link, "one ", 4);
    link_write(end.link, "two", 3);
    loop_run(world->loop);
    assert_string_equal(text_string(&end.got), "one two");
    assert_string_equal(end.trace, "or");
    assert_int_equal(end.opened_ns - start, 100000);
    assert_int_equal(fake.end.received_ns - start, 150000);
    assert_int_equal(end.received_ns - start, 200000);
    release(&end);
    loop_run(world->loop);
    assert_string_equal(fake.end.trace, "rc");
    assert_int_equal(fake.end.error_number, 0);
    release(&fake.end);
}

static void a_pipe_to_an_address_nobody_listens_on_is_refused(void **state)
{
    struct world *world = *state;
    struct end end = {0};

    dial(&end, world, place);
    loop_run(world->loop);
    assert_string_equal(end.trace, "c");
    assert_int_equal(end.error_number, ECONNREFUSED);
    release(&end);
}

static void a_pipe_tells_fin_from_reset(void **state)
{
    static const struct {
        char act;
        int error_number;
        const char *trace, *got;
    } cases[] = {{'f', 0, "orc", "bye"}, {'r', ECONNRESET, "oc", ""}};

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct world *world = *state;
        struct fake fake;
        struct end end = {0};

        if (i > 0) {
            teardown(state);
            setup_pipes(state);
            world = *state;
        }
        fake_listens(world, &fake, cases[i].act);
        dial(&end, world, place);
        loop_run(world->loop);
        assert_string_equal(end.trace, cases[i].trace);
        assert_string_equal(text_string(&end.got), cases[i].got);
        assert_int_equal(end.error_number, cases[i].error_number);
        release(&end);
        release(&fake.end);
    }
}

static void the_far_end_sees_the_reset_of_a_crash(void **state)
{
    struct world *world = *state;
    struct fake fake;
    struct end end = {.close_in = 'o', .ending = LINK_RESET};

    fake_listens(world, &fake, 'i');
    dial(&end, world, place);
    link_write(end.link, "lost", 4);
    loop_run(world->loop); /* stopped by the close */
    loop_run(world->loop);
    assert_string_equal(fake.end.trace, "c");
    assert_int_equal(fake.end.error_number, ECONNRESET);
    release(&end);
    release(&fake.end);
}

static void a_call_that_was_withdrawn_reaches_nobody(void **state)
{
    struct world *world = *state;
    struct fake fake;
    struct end end = {0};

    fake_listens(world, &fake, 'e');
    dial(&end, world, place);
    release(&end);
    loop_run(world->loop);
    assert_null(fake.end.link);
    assert_string_equal(end.trace, "");
}

static void both_ends_of_a_pipe_can_be_closed_in_any_event(void **state)
{
    static const char letters[] = {'o', 'r', 'c'};

    for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
        struct world *world = *state;
        struct fake fake;
        struct end end = {.close_in = letters[i]};

        if (i > 0) {
            teardown(state);
            setup_pipes(state);
            world = *state;
        }
        fake_listens(world, &fake, 'e');
        fake.end.close_in = 'r';
        dial(&end, world, place);
        link_write(end.link, "x", 1);
        loop_run(world->loop);
        loop_run(world->loop);
        release(&end);
        release(&fake.end);
    }
}

static void an_address_has_one_listener(void **state)
{
    struct world *world = *state;
    struct fake fake;
    struct error error = {0};

    fake_listens(world, &fake, 'e');
    assert_int_equal(
        link_listen_simulated(world->dialer, world->loop, place, on_accept, &fake, &error), -1);
    assert_non_null(strstr(error.message, place));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define REAL(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        REAL(bytes_go_there_and_back_over_tcp),
        REAL(bytes_go_there_and_back_over_a_unix_socket),
        REAL(ten_megabytes_survive_partial_writes),
        REAL(the_peer_sees_fin_after_what_was_queued),
        REAL(the_peer_sees_reset),
        REAL(an_orderly_end_of_the_peer_is_told_after_its_last_bytes),
        REAL(a_reset_by_the_peer_is_told),
        REAL(writing_to_a_peer_that_is_gone_ends_without_a_signal),
        REAL(nobody_listening_is_told_as_refused),
        REAL(what_cannot_be_dialled_is_told_in_words),
        REAL(a_link_can_be_closed_in_any_event),
        REAL(closing_before_it_opened_silences_a_link),
#define PIPE(name) cmocka_unit_test_setup_teardown(name, setup_pipes, teardown)
        PIPE(pipes_carry_bytes_in_order_and_in_time),
        PIPE(a_pipe_to_an_address_nobody_listens_on_is_refused),
        PIPE(a_pipe_tells_fin_from_reset),
        PIPE(the_far_end_sees_the_reset_of_a_crash),
        PIPE(a_call_that_was_withdrawn_reaches_nobody),
        PIPE(both_ends_of_a_pipe_can_be_closed_in_any_event),
        PIPE(an_address_has_one_listener),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
