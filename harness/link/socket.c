/* socket.c: links over real sockets.  One read and one write per link and turn of the loop. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "link/dialer.h"

/* Reads of what the owner no longer wants, so that closing sends FIN and not RST. */
enum { DRAIN_READS_MAX = 16 };

struct socket_link {
    struct link link; /* first member */
    struct socket_dialer *dialer;
    struct read_buffer *buffer;
    struct loop_watch watch; /* fd -1: no socket now */
    /* For what was found out inside a call of the owner's and has to be told later. */
    struct loop_timer later;
    char *address;
    struct address_list places;
    size_t place_next; /* the next to try */
    int error_number;  /* why connecting or writing failed; 0: it did not */
    char reason[240];  /* "": what link_reason says */
    bool is_paused;    /* nothing is read */
};

static void on_ready(void *context, unsigned events);

static struct socket_link *socket_of(struct link *link)
{
    return (struct socket_link *)link;
}

/* --- Ending ----------------------------------------------------------------------------------- */

static void close_socket(struct socket_link *socket)
{
    if (socket->watch.fd < 0)
        return;
    loop_watch_set(socket->link.loop, &socket->watch, 0, NULL);
    close(socket->watch.fd);
    socket->watch.fd = -1;
}

/* A failed write explains the end better than what the read then finds. */
static bool end(struct socket_link *socket, int error_number)
{
    if (socket->error_number)
        error_number = socket->error_number;
    loop_timer_stop(socket->link.loop, &socket->later);
    close_socket(socket);
    return link_tell_closed(&socket->link, error_number,
                            socket->reason[0] ? socket->reason : link_reason(error_number));
}

static void on_failed(void *context)
{
    end(context, 0);
}

static void fail_later(struct socket_link *socket, int error_number)
{
    socket->error_number = error_number;
    loop_timer_start(socket->link.loop, &socket->later, 0, on_failed, socket);
}

/* --- Reading ---------------------------------------------------------------------------------- */

static bool is_temporary(int error_number)
{
    return error_number == EAGAIN || error_number == EINTR;
}

/* True when there may be more to read. */
static bool read_once(struct socket_link *socket)
{
    ssize_t size = recv(socket->watch.fd, socket->buffer->bytes, READ_SIZE, MSG_DONTWAIT);

    if (size > 0)
        return link_tell_received(&socket->link, socket->buffer->bytes, (size_t)size);
    if (size == 0 || !is_temporary(errno))
        end(socket, size == 0 ? 0 : errno);
    else if (socket->error_number)
        end(socket, socket->error_number);
    return false;
}

/* Writing failed, yet the other side may have sent its last words before: they come first. */
static void on_write_failed(void *context)
{
    while (read_once(context)) {
    }
}

/* --- Writing ---------------------------------------------------------------------------------- */

static int update_watch(struct socket_link *socket)
{
    return loop_watch_set(socket->link.loop, &socket->watch,
                          (socket->is_paused ? 0u : LOOP_READABLE) |
                              (socket->link.is_blocked ? LOOP_WRITABLE : 0u),
                          NULL);
}

static void set_blocked(struct socket_link *socket, bool is_blocked)
{
    if (socket->link.is_blocked == is_blocked)
        return;
    socket->link.is_blocked = is_blocked;
    (void)update_watch(socket);
}

static void pause_reading(struct link *link, bool is_paused)
{
    struct socket_link *socket = socket_of(link);

    socket->is_paused = is_paused;
    if (link->state == LINK_OPEN)
        (void)update_watch(socket);
}

static void flush(struct link *link)
{
    struct socket_link *socket = socket_of(link);
    struct link_queue *queue = &link->queue;
    ssize_t size = send(socket->watch.fd, queue->data + queue->begin, queue_size(queue),
                        MSG_DONTWAIT | MSG_NOSIGNAL);

    if (size < 0 && !is_temporary(errno)) {
        socket->error_number = errno;
        queue_clear(queue);
        loop_timer_start(link->loop, &socket->later, 0, on_write_failed, socket);
    } else if (size > 0) {
        queue_consume(queue, (size_t)size);
    }
    set_blocked(socket, queue_size(queue) > 0);
    if (link->drained && queue_size(queue) == 0)
        link->drained(link->context);
}

/* --- Connecting ------------------------------------------------------------------------------- */

static void on_connected(void *context)
{
    struct socket_link *socket = context;
    int yes = 1;

    /* Fails on a Unix socket, which never waits to fill a packet anyway. */
    setsockopt(socket->watch.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    socket->error_number = 0;
    if (update_watch(socket) < 0)
        end(socket, errno);
    else
        link_tell_opened(&socket->link);
}

/* 0 when connected or connecting, otherwise why not. */
static int connect_to(struct socket_link *socket_link, const struct sockaddr *place, socklen_t size)
{
    int fd = socket(place->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return errno;
    socket_link->watch.fd = fd;
    if (connect(fd, place, size) == 0)
        loop_timer_start(socket_link->link.loop, &socket_link->later, 0, on_connected, socket_link);
    else if (errno != EINPROGRESS ||
             loop_watch_set(socket_link->link.loop, &socket_link->watch, LOOP_WRITABLE, NULL) < 0)
        return errno;
    return 0;
}

/* Try the places that are left until one does not fail at once. */
static void connect_next(struct socket_link *socket)
{
    while (socket->place_next < socket->places.count) {
        size_t i = socket->place_next++;
        const struct sockaddr *place = (const struct sockaddr *)&socket->places.items[i].place;
        int error_number = connect_to(socket, place, socket->places.items[i].size);

        if (error_number == 0)
            return;
        socket->error_number = error_number;
        close_socket(socket);
    }
    dialer_forget(socket->dialer, socket->address);
    fail_later(socket, socket->error_number);
}

static void on_connect_ready(struct socket_link *socket)
{
    int error_number = 0;
    socklen_t size = sizeof(error_number);

    getsockopt(socket->watch.fd, SOL_SOCKET, SO_ERROR, &error_number, &size);
    if (error_number == 0) {
        on_connected(socket);
        return;
    }
    socket->error_number = error_number;
    close_socket(socket);
    connect_next(socket);
}

static void on_ready(void *context, unsigned events)
{
    struct socket_link *socket = context;

    if (socket->link.state == LINK_CONNECTING) {
        on_connect_ready(socket);
        return;
    }
    /* Writing first: reading may end the link. */
    if ((events & LOOP_WRITABLE) && socket->link.is_blocked)
        flush(&socket->link);
    if (events & (LOOP_READABLE | LOOP_HANGUP))
        read_once(socket);
}

/* --- Closing ---------------------------------------------------------------------------------- */

/* What is queued is sent as far as the kernel takes it.  Closing with unread bytes would send RST,
   so they are read first. */
static void finish(struct socket_link *socket)
{
    struct link_queue *queue = &socket->link.queue;
    int fd = socket->watch.fd;

    if (queue_size(queue) > 0)
        (void)!send(fd, queue->data + queue->begin, queue_size(queue), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < DRAIN_READS_MAX; i++)
        if (recv(fd, socket->buffer->bytes, READ_SIZE, MSG_DONTWAIT) <= 0)
            break;
}

static void close_link(struct link *link, enum link_ending ending)
{
    struct socket_link *socket = socket_of(link);
    struct linger reset = {.l_onoff = 1, .l_linger = 0};

    loop_timer_stop(link->loop, &socket->later);
    if (socket->watch.fd < 0)
        return;
    if (ending == LINK_RESET)
        setsockopt(socket->watch.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    else if (link->state == LINK_OPEN)
        finish(socket);
    close_socket(socket);
}

static void free_socket(struct link *link)
{
    free(socket_of(link)->address);
    free(link);
}

static const struct link_kind socket_kind = {
    .flush = flush,
    .pause = pause_reading,
    .close = close_link,
    .free = free_socket,
};

struct link *socket_adopt(struct link_dialer *dialer, struct loop *loop, int fd,
                          const struct link_events *events, void *context)
{
    struct socket_link *socket = memory_new(1, sizeof(*socket));
    int yes = 1;

    link_init(&socket->link, &socket_kind, loop);
    socket->link.events = *events;
    socket->link.context = context;
    socket->link.state = LINK_OPEN;
    socket->dialer = (struct socket_dialer *)dialer;
    socket->buffer = dialer_buffer(socket->dialer, loop);
    socket->watch = (struct loop_watch){.fd = fd, .ready = on_ready, .context = socket};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (update_watch(socket) < 0)
        fail_later(socket, errno);
    return &socket->link;
}

struct link *socket_dial(struct link_dialer *dialer, struct loop *loop, const char *address,
                         const char *name, const struct link_events *events, void *context)
{
    struct socket_link *socket = memory_new(1, sizeof(*socket));
    struct error error = {0};

    (void)name; /* for faults only */
    link_init(&socket->link, &socket_kind, loop);
    socket->link.events = *events;
    socket->link.context = context;
    socket->dialer = (struct socket_dialer *)dialer;
    socket->buffer = dialer_buffer(socket->dialer, loop);
    socket->address = memory_string(address);
    socket->watch = (struct loop_watch){.fd = -1, .ready = on_ready, .context = socket};
    if (dialer_resolve(socket->dialer, address, &socket->places, &error) == 0) {
        connect_next(socket);
    } else {
        text_copy(socket->reason, sizeof(socket->reason), error.message);
        fail_later(socket, EHOSTUNREACH);
    }
    return &socket->link;
}
