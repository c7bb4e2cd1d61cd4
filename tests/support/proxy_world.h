/* proxy_world.h: a proxy of real sockets between a client and a server that are plain sockets of
   the test, and rules for the links of "broker".  Nothing blocks: the loop turns a little at a
   time. */
#ifndef SUPPORT_PROXY_WORLD_H
#define SUPPORT_PROXY_WORLD_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/proxy.h"
#include "support/unit.h"

#define STEP_NS     1000000u
#define PATIENCE_NS 5000000000u /* for what must happen */
#define ABSENCE_NS  50000000u   /* for what must not */
#define FLOOD_SIZE  (64u << 20)

struct world {
    struct loop *loop;
    struct loop_timer timer;
    struct link_faults *faults;
    struct link_dialer *dialer;
    struct link_proxy *proxy;
    int listener, client, server; /* -1: none */
    unsigned port, hit_count;
    char target[32];
};

/* --- The loop, a little at a time ------------------------------------------------------------ */

static inline void on_timer(void *context)
{
    loop_stop(context);
}

static inline void step(struct world *world)
{
    loop_timer_start(world->loop, &world->timer, loop_now_ns(world->loop) + STEP_NS, on_timer,
                     world->loop);
    loop_run(world->loop);
}

static inline void rest(struct world *world)
{
    uint64_t end_ns = loop_now_ns(world->loop) + ABSENCE_NS;

    while (loop_now_ns(world->loop) < end_ns)
        step(world);
}

/* What a call that does not block says in the end; -1 with EAGAIN when it never says anything. */
static inline ssize_t wait_for(struct world *world,
                               ssize_t (*call)(struct world *world, void *argument), void *argument)
{
    uint64_t end_ns = loop_now_ns(world->loop) + PATIENCE_NS;
    ssize_t result;
    int error_number;

    do {
        step(world);
        result = call(world, argument);
        error_number = errno;
    } while (result < 0 && error_number == EAGAIN && loop_now_ns(world->loop) < end_ns);
    errno = error_number;
    return result;
}

/* --- Sockets --------------------------------------------------------------------------------- */

static inline struct sockaddr_in place(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)port)};
}

static inline void listen_for(struct world *world)
{
    struct sockaddr_in address = place(0);
    socklen_t size = sizeof(address);

    world->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(world->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(world->listener, 8), 0);
    assert_int_equal(getsockname(world->listener, (struct sockaddr *)&address, &size), 0);
    world->port = ntohs(address.sin_port);
}

static inline ssize_t try_accept(struct world *world, void *argument)
{
    (void)argument;
    world->server = accept4(world->listener, NULL, NULL, SOCK_NONBLOCK);
    return world->server < 0 ? -1 : 0;
}

static inline int begin_connect(struct world *world)
{
    struct sockaddr_in address = place(link_proxy_port(world->proxy));

    world->client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect(world->client, (struct sockaddr *)&address, sizeof(address)) == 0)
        return 0;
    return errno;
}

static inline ssize_t try_connected(struct world *world, void *argument)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);
    int error_number = 0;
    socklen_t error_size = sizeof(error_number);

    (void)argument;
    getsockopt(world->client, SOL_SOCKET, SO_ERROR, &error_number, &error_size);
    if (error_number == 0 && getpeername(world->client, (struct sockaddr *)&address, &size) == 0)
        return 0;
    errno = error_number ? error_number : EAGAIN;
    return -1;
}

static inline void connect_through(struct world *world)
{
    (void)begin_connect(world);
    assert_int_equal(wait_for(world, try_connected, NULL), 0);
    assert_int_equal(wait_for(world, try_accept, NULL), 0);
}

struct reading {
    int *fd;
    char bytes[64];
};

static inline ssize_t try_read(struct world *world, void *argument)
{
    struct reading *reading = argument;

    (void)world;
    return recv(*reading->fd, reading->bytes, sizeof(reading->bytes), 0);
}

/* What one read gives. */
static inline void assert_reads(struct world *world, int *fd, const char *text)
{
    struct reading reading = {.fd = fd};
    ssize_t size = wait_for(world, try_read, &reading);

    assert_int_equal(size, strlen(text));
    assert_memory_equal(reading.bytes, text, strlen(text));
}

static inline void assert_reset(struct world *world, int *fd)
{
    struct reading reading = {.fd = fd};

    assert_int_equal(wait_for(world, try_read, &reading), -1);
    assert_int_equal(errno, ECONNRESET);
}

static inline void assert_silent(struct world *world, int *fd)
{
    char byte;

    rest(world);
    assert_int_equal(recv(*fd, &byte, 1, 0), -1);
    assert_int_equal(errno, EAGAIN);
}

static inline void write_text(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Send until nothing is taken for a while, or `most` bytes are out. */
static inline size_t flood(struct world *world, int fd, size_t most)
{
    static char block[65536];
    uint64_t still_ns = loop_now_ns(world->loop);
    size_t sent = 0;

    while (sent < most && loop_now_ns(world->loop) - still_ns < ABSENCE_NS) {
        ssize_t size = send(fd, block, sizeof(block), MSG_NOSIGNAL);

        if (size > 0) {
            sent += (size_t)size;
            still_ns = loop_now_ns(world->loop);
        }
        step(world);
    }
    return sent;
}

static inline size_t drain(struct world *world, int fd, size_t most)
{
    static char block[65536];
    uint64_t still_ns = loop_now_ns(world->loop);
    size_t got = 0;

    while (got < most && loop_now_ns(world->loop) - still_ns < PATIENCE_NS) {
        ssize_t size = recv(fd, block, sizeof(block), 0);

        if (size > 0) {
            got += (size_t)size;
            still_ns = loop_now_ns(world->loop);
        }
        step(world);
    }
    return got;
}

/* --- The world ------------------------------------------------------------------------------- */

static inline int set_up_plan(void **state, bool reads_frames)
{
    static struct world world;
    const struct link_faults_plan plan = {.seed = 1, .reads_frames = reads_frames};
    struct link_proxy_plan proxy = {.target = world.target, .name = "broker"};
    struct error error = {0};

    world = (struct world){.client = -1, .server = -1};
    world.loop = loop_real_new(0, &error);
    world.faults = link_faults_new(&plan);
    world.dialer = link_dialer_real_new();
    listen_for(&world);
    (void)snprintf(world.target, sizeof(world.target), "tcp://127.0.0.1:%u", world.port);
    proxy.faults = world.faults;
    proxy.beneath = world.dialer;
    proxy.loop = world.loop;
    world.proxy = link_proxy_open(&proxy, &error);
    assert_non_null(world.proxy);
    *state = &world;
    return 0;
}

static inline int set_up(void **state)
{
    return set_up_plan(state, false);
}

/* For rules that act on single requests and replies. */
static inline int set_up_reading(void **state)
{
    return set_up_plan(state, true);
}

static inline int tear_down(void **state)
{
    struct world *world = *state;

    link_proxy_close(world->proxy);
    loop_timer_stop(world->loop, &world->timer);
    if (world->client >= 0)
        close(world->client);
    if (world->server >= 0)
        close(world->server);
    close(world->listener);
    link_dialer_free(world->dialer);
    loop_free(world->loop);
    link_faults_free(world->faults);
    return 0;
}

static inline void on_fired(void *context, const struct link_hit *hit)
{
    (void)hit;
    ((struct world *)context)->hit_count++;
}

static inline uint32_t arm_at(struct world *world, const struct link_match *match, const char *word,
                              const char *text, const char *key, const char *value)
{
    struct link_rule rule = {.match = *match, .fired = on_fired, .context = world};
    struct error error = {0};
    uint32_t number;

    assert_int_equal(link_action_init(&rule.action, word, text, &error), 0);
    if (key)
        assert_int_equal(link_action_set(&rule.action, key, value, &error), 0);
    number = link_faults_arm(world->faults, world->loop, &rule, &error);
    link_action_release(&rule.action);
    assert_int_not_equal(number, 0);
    return number;
}

static inline uint32_t arm(struct world *world, const char *word, const char *text, const char *key,
                           const char *value)
{
    const struct link_match every = {.link = NULL};

    return arm_at(world, &every, word, text, key, value);
}

static inline void disarm(struct world *world, uint32_t rule)
{
    link_faults_disarm(world->faults, world->loop, rule);
}

#endif
