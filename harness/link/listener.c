/* listener.c: moods of a listening socket. */
#include "link/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, ACCEPTS_MAX = 64 };

static struct sockaddr_in place_of(const struct listener *listener)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)listener->port)};
}

/* -1 when it cannot be had, with errno. */
static int open_bound(const struct listener *listener)
{
    struct sockaddr_in place = place_of(listener);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&place, sizeof(place)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void note_port(struct listener *listener)
{
    struct sockaddr_in place = {0};
    socklen_t size = sizeof(place);

    (void)getsockname(listener->reserved_fd, (struct sockaddr *)&place, &size);
    listener->port = ntohs(place.sin_port);
}

/* --- Accepting ------------------------------------------------------------------------------- */

static void on_ready(void *context, unsigned events)
{
    struct listener *listener = context;

    (void)events;
    for (int i = 0; i < ACCEPTS_MAX && listener->watch.fd >= 0; i++) {
        int fd = accept4(listener->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0)
            return;
        listener->accepted(listener->context, fd);
    }
}

static void close_socket(struct listener *listener)
{
    if (listener->watch.fd < 0)
        return;
    (void)loop_watch_set(listener->loop, &listener->watch, 0, NULL);
    close(listener->watch.fd);
    listener->watch.fd = -1;
}

static int open_socket(struct listener *listener, int backlog)
{
    int fd = open_bound(listener);

    if (fd < 0)
        return -1;
    if (listen(fd, backlog) < 0) {
        close(fd);
        return -1;
    }
    listener->watch = (struct loop_watch){.fd = fd, .ready = on_ready, .context = listener};
    return 0;
}

/* --- Hanging --------------------------------------------------------------------------------- */

/* A backlog of 0 has room for one, which is ours; whoever comes then is not answered. */
static void fill_up(struct listener *listener)
{
    struct sockaddr_in place = place_of(listener);

    listener->filler_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->filler_fd >= 0)
        (void)connect(listener->filler_fd, (struct sockaddr *)&place, sizeof(place));
}

static void drain_filler(struct listener *listener)
{
    if (listener->filler_fd < 0)
        return;
    close(listener->filler_fd); /* what is accepted of it ends at once */
    listener->filler_fd = -1;
}

/* --- Moods ----------------------------------------------------------------------------------- */

static void leave(struct listener *listener)
{
    if (listener->mood == LISTENER_HANGS) {
        drain_filler(listener);
        close_socket(listener);
    }
}

void listener_set(struct listener *listener, enum listener_mood mood)
{
    if (mood == listener->mood)
        return;
    leave(listener);
    listener->mood = mood;
    if (mood == LISTENER_ACCEPTS) {
        if (open_socket(listener, BACKLOG) == 0)
            (void)loop_watch_set(listener->loop, &listener->watch, LOOP_READABLE, NULL);
        return;
    }
    close_socket(listener);
    if (mood == LISTENER_HANGS && open_socket(listener, 0) == 0)
        fill_up(listener);
}

int listener_open(struct listener *listener, struct loop *loop,
                  void (*accepted)(void *context, int fd), void *context, struct error *reterr)
{
    *listener = (struct listener){.loop = loop,
                                  .watch = {.fd = -1},
                                  .filler_fd = -1,
                                  .accepted = accepted,
                                  .context = context};
    listener->reserved_fd = open_bound(listener);
    if (listener->reserved_fd >= 0)
        note_port(listener);
    if (listener->reserved_fd >= 0 && open_socket(listener, BACKLOG) == 0 &&
        loop_watch_set(loop, &listener->watch, LOOP_READABLE, reterr) == 0)
        return 0;
    (void)error_set(reterr, ERROR_SYSTEM, "no port for a proxy: %s", strerror(errno));
    listener_close(listener);
    return -1;
}

void listener_close(struct listener *listener)
{
    drain_filler(listener);
    close_socket(listener);
    if (listener->reserved_fd >= 0)
        close(listener->reserved_fd);
    listener->reserved_fd = -1;
}
