/* raw.h: what the ceiling programs share: sockets, clocks and RESP by hand.  They measure what is
   possible, so nothing of the harness is in them; and each is one file and this one. */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RAW_COMMAND_MAX 4096u
#define RAW_BUFFER_SIZE (1u << 20)

/* A connection to the server and what has arrived on it. */
struct raw {
    int fd;
    char *in; /* unread bytes are [in_begin, in_end) */
    size_t in_begin, in_end, in_capacity;
    char *out; /* unsent bytes are [out_begin, out_end) */
    size_t out_begin, out_end, out_capacity;
};

/* Every failure ends the program with a sentence: a ceiling has nothing to recover. */
static inline __attribute__((noreturn)) void raw_fail(const char *what)
{
    fprintf(stderr, "%s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(3);
}

static inline void *raw_memory(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    if (!memory)
        raw_fail("no memory");
    return memory;
}

/* The number at argv[index], or `fallback` when there is none. */
static inline uint64_t raw_argument(int argc, char *const *argv, int index, uint64_t fallback)
{
    return index < argc ? strtoull(argv[index], NULL, 10) : fallback;
}

/* --- Clocks ---------------------------------------------------------------------------------- */

static inline uint64_t raw_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t timeval_ns(struct timeval value)
{
    return (uint64_t)value.tv_sec * 1000000000u + (uint64_t)value.tv_usec * 1000u;
}

/* Of this process so far. */
static inline uint64_t raw_cpu_ns(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
}

/* The lines a benchmark reads: rate, messages, client CPU per message. */
static inline void raw_print(uint64_t messages, uint64_t elapsed_ns, uint64_t cpu_ns)
{
    double count = (double)messages;

    printf("messages=%llu\n", (unsigned long long)messages);
    printf("rate=%.0f\n", count * 1e9 / (double)elapsed_ns);
    printf("ns_per_message=%.2f\n", (double)elapsed_ns / count);
    printf("cpu_us_per_message=%.4f\n", (double)cpu_ns / 1e3 / count);
}

/* --- Sockets --------------------------------------------------------------------------------- */

/* Connect to 127.0.0.1:port; without delay, not blocking.  Watched by `epoll_fd` for reading, with
   `raw` as its data. */
static inline void raw_open(struct raw *raw, uint64_t port, int epoll_fd)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = raw};
    int one = 1;

    *raw = (struct raw){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                        .in_capacity = RAW_BUFFER_SIZE,
                        .out_capacity = RAW_BUFFER_SIZE};
    if (raw->fd < 0 || connect(raw->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        raw_fail("cannot connect");
    setsockopt(raw->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (fcntl(raw->fd, F_SETFL, O_NONBLOCK) < 0 ||
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, raw->fd, &event) < 0)
        raw_fail("cannot watch a connection");
    raw->in = raw_memory(raw->in_capacity, 1);
    raw->out = raw_memory(raw->out_capacity, 1);
}

static inline void raw_close(struct raw *raw)
{
    close(raw->fd);
    free(raw->in);
    free(raw->out);
}

/* Room for `size` more bytes of output; raw_commit says how many were written there. */
static inline char *raw_reserve(struct raw *raw, size_t size)
{
    if (raw->out_begin == raw->out_end)
        raw->out_begin = raw->out_end = 0;
    if (raw->out_end + size > raw->out_capacity) {
        raw->out_capacity = (raw->out_end + size) * 2;
        raw->out = realloc(raw->out, raw->out_capacity);
        if (!raw->out)
            raw_fail("no memory");
    }
    return raw->out + raw->out_end;
}

static inline void raw_commit(struct raw *raw, size_t size)
{
    raw->out_end += size;
}

/* Send what is waiting, as far as the kernel takes it. */
static inline void raw_flush(struct raw *raw)
{
    while (raw->out_begin < raw->out_end) {
        ssize_t sent =
            send(raw->fd, raw->out + raw->out_begin, raw->out_end - raw->out_begin, MSG_NOSIGNAL);

        if (sent < 0 && errno == EAGAIN)
            return;
        if (sent < 0)
            raw_fail("cannot send");
        raw->out_begin += (size_t)sent;
    }
}

static inline void make_room(struct raw *raw)
{
    size_t held = raw->in_end - raw->in_begin;

    if (raw->in_begin > 0)
        memmove(raw->in, raw->in + raw->in_begin, held);
    raw->in_begin = 0;
    raw->in_end = held;
    if (held * 2 <= raw->in_capacity)
        return;
    raw->in_capacity *= 2;
    raw->in = realloc(raw->in, raw->in_capacity);
    if (!raw->in)
        raw_fail("no memory");
}

/* One read takes what a turn of the server wrote; asking again would only find nothing. */
static inline void raw_fill(struct raw *raw)
{
    ssize_t received;

    if (raw->in_begin == raw->in_end)
        raw->in_begin = raw->in_end = 0;
    else if (raw->in_capacity - raw->in_end < raw->in_capacity / 4)
        make_room(raw);
    received = recv(raw->fd, raw->in + raw->in_end, raw->in_capacity - raw->in_end, 0);
    if (received == 0 || (received < 0 && errno != EAGAIN))
        raw_fail("the server is gone");
    if (received > 0)
        raw->in_end += (size_t)received;
}

/* --- RESP ------------------------------------------------------------------------------------ */

/* Write one command of `count` words at `at`; its size. */
static inline size_t raw_command(char *at, size_t capacity, const char *const *words, size_t count)
{
    size_t used = (size_t)snprintf(at, capacity, "*%zu\r\n", count);

    for (size_t i = 0; i < count && used < capacity; i++)
        used += (size_t)snprintf(at + used, capacity - used, "$%zu\r\n%s\r\n", strlen(words[i]),
                                 words[i]);
    if (used >= capacity)
        raw_fail("a command is too long");
    return used;
}

static inline void check_type(const char *at, const char *end, char type)
{
    const char *stop = memchr(at, '\r', (size_t)(end - at));

    if (*at == type)
        return;
    fprintf(stderr, "the server answered: %.*s\n", (int)((stop ? stop : end) - at), at);
    exit(3);
}

/* "$15" or "*3" in [at, end): the number, and where the next line begins.  NULL: not all there yet.
 */
static inline const char *raw_header(const char *at, const char *end, char type,
                                     int64_t *ret_number)
{
    const char *digit = at + 1;
    int64_t number = 0, sign = 1;

    if (at >= end)
        return NULL;
    check_type(at, end, type);
    if (digit < end && *digit == '-') {
        sign = -1;
        digit++;
    }
    for (; digit < end && *digit != '\r'; digit++)
        number = number * 10 + (*digit - '0');
    if (end - digit < 2)
        return NULL;
    *ret_number = number * sign;
    return digit + 2;
}

/* A bulk string, its bytes and size; NULL: not all there yet. */
static inline const char *raw_bulk(const char *at, const char *end, const char **ret_text,
                                   size_t *ret_size)
{
    int64_t size;
    const char *text = raw_header(at, end, '$', &size);

    if (!text || end - text < size + 2)
        return NULL;
    *ret_text = text;
    *ret_size = (size_t)size;
    return text + size + 2;
}

/* Send a command of words and wait for its one-line answer; an error but BUSYGROUP ends the
 * program. */
static inline void raw_ask(struct raw *raw, const char *const *words, size_t count)
{
    struct pollfd readable = {.fd = raw->fd, .events = POLLIN};
    char *at = raw_reserve(raw, RAW_COMMAND_MAX);

    raw_commit(raw, raw_command(at, RAW_COMMAND_MAX, words, count));
    raw_flush(raw);
    while (!memchr(raw->in, '\n', raw->in_end)) {
        poll(&readable, 1, -1);
        raw_fill(raw);
    }
    if (raw->in[0] == '-' && strncmp(raw->in, "-BUSYGROUP", 10) != 0)
        check_type(raw->in, raw->in + raw->in_end, '+');
    raw->in_begin = raw->in_end = 0;
}

#endif
