/* host.c: the adapter's world, made of a loop and a dialer. */
#include "actors/host.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

/* 2024-01-01 00:00 UTC: where the wall clock of virtual time begins. */
static const uint64_t VIRTUAL_EPOCH_MS = 1704067200000u;

struct host {
    struct adapter_host port; /* first member */
    struct host *self;        /* the way back from the adapter's const pointer */
    struct loop *loop;
    struct link_dialer *dialer;
    struct log *log;
    char *owner;
    uint64_t seed, owner_key, entropy_count;
    size_t open_count;
};

struct adapter_timer {
    struct host *host;
    struct loop_timer timer;
};

struct adapter_stream {
    struct host *host;
    struct link *link;
};

struct adapter_watch {
    struct host *host;
    struct loop_watch watch;
    uint32_t events;
    void (*ready)(void *context, uint32_t events);
    void *context;
};

static struct host *host_of(const struct adapter_host *port)
{
    return ((const struct host *)port)->self;
}

/* --- Time, luck, words ----------------------------------------------------------------------- */

static uint64_t now_ns(const struct adapter_host *port)
{
    return loop_now_ns(host_of(port)->loop);
}

static uint64_t wall_ms(const struct adapter_host *port)
{
    struct loop *loop = host_of(port)->loop;

    if (loop_is_simulated(loop))
        return VIRTUAL_EPOCH_MS + loop_now_ns(loop) / 1000000;
    return loop_wall_ns(loop) / 1000000;
}

static uint64_t keyed_random(const struct adapter_host *port, const char *purpose, uint64_t index)
{
    const struct host *host = host_of(port);

    return random_keyed(host->seed, host->owner_key, random_key(purpose), index);
}

static uint64_t entropy(const struct adapter_host *port)
{
    struct host *host = host_of(port);

    if (loop_is_simulated(host->loop))
        return keyed_random(port, "entropy", host->entropy_count++);
    return loop_entropy();
}

_Static_assert((int)ADAPTER_LOG_ERROR == (int)LOG_ERROR &&
                   (int)ADAPTER_LOG_WARNING == (int)LOG_WARNING &&
                   (int)ADAPTER_LOG_INFO == (int)LOG_INFO &&
                   (int)ADAPTER_LOG_DEBUG == (int)LOG_DEBUG,
               "adapter.h and log.h number the levels differently");

static void write_log(const struct adapter_host *port, uint32_t level, const char *line)
{
    const struct host *host = host_of(port);

    log_line(host->log, (enum log_level)level, "%s: %s", host->owner, line);
}

static void post(const struct adapter_host *port, void (*function)(void *context), void *context)
{
    loop_post(host_of(port)->loop, function, context);
}

/* --- Timers ---------------------------------------------------------------------------------- */

static struct adapter_timer *timer_start(const struct adapter_host *port,
                                         struct adapter_timer *timer, uint64_t due_ns,
                                         void (*expired)(void *context), void *context)
{
    struct host *host = host_of(port);

    if (!timer) {
        timer = memory_new(1, sizeof(*timer));
        timer->host = host;
        host->open_count++;
    }
    loop_timer_start(host->loop, &timer->timer, due_ns, expired, context);
    return timer;
}

static void timer_stop(const struct adapter_host *port, struct adapter_timer *timer)
{
    struct host *host = host_of(port);

    if (!timer)
        return;
    assert(timer->host == host);
    loop_timer_stop(host->loop, &timer->timer);
    host->open_count--;
    free(timer);
}

/* --- Streams --------------------------------------------------------------------------------- */

static struct adapter_stream *dial(const struct adapter_host *port, const char *address,
                                   const char *name, const struct adapter_stream_events *events,
                                   void *context)
{
    struct host *host = host_of(port);
    struct link_events link_events = {events->opened, events->received, events->closed};
    struct adapter_stream *stream = memory_new(1, sizeof(*stream));
    char *full_name = name ? memory_format("%s.%s", host->owner, name) : memory_string(host->owner);

    stream->host = host;
    stream->link = link_dial(host->dialer, host->loop, address, full_name, &link_events, context);
    host->open_count++;
    free(full_name);
    return stream;
}

static void stream_write(struct adapter_stream *stream, const void *bytes, size_t size)
{
    link_write(stream->link, bytes, size);
}

static char *stream_reserve(struct adapter_stream *stream, size_t size)
{
    return link_reserve(stream->link, size);
}

static void stream_commit(struct adapter_stream *stream, size_t size)
{
    link_commit(stream->link, size);
}

static void stream_close(struct adapter_stream *stream, int reset)
{
    if (!stream)
        return;
    link_close(stream->link, reset ? LINK_RESET : LINK_GRACEFUL);
    stream->host->open_count--;
    free(stream);
}

/* --- Watches --------------------------------------------------------------------------------- */

/* A descriptor that hung up is ready for whatever was asked: the attempt then finds out why. */
static void on_ready(void *context, unsigned events)
{
    struct adapter_watch *watch = context;
    uint32_t ready = events & (LOOP_READABLE | LOOP_WRITABLE);

    watch->ready(watch->context, events & LOOP_HANGUP ? watch->events : ready);
}

static void end_watch(struct adapter_watch *watch)
{
    loop_watch_set(watch->host->loop, &watch->watch, 0, NULL);
    watch->host->open_count--;
    free(watch);
}

static struct adapter_watch *watch_new(struct host *host, int fd)
{
    struct adapter_watch *watch = memory_new(1, sizeof(*watch));

    watch->host = host;
    watch->watch = (struct loop_watch){.fd = fd, .ready = on_ready, .context = watch};
    host->open_count++;
    return watch;
}

static struct adapter_watch *watch_set(const struct adapter_host *port, struct adapter_watch *watch,
                                       int fd, uint32_t events,
                                       void (*ready)(void *context, uint32_t events), void *context)
{
    struct host *host = host_of(port);

    if (watch && events == 0)
        end_watch(watch);
    if (events == 0 || loop_is_simulated(host->loop))
        return NULL;
    if (!watch)
        watch = watch_new(host, fd);
    assert(watch->watch.fd == fd);
    watch->events = events;
    watch->ready = ready;
    watch->context = context;
    if (loop_watch_set(host->loop, &watch->watch, events, NULL) == 0)
        return watch;
    end_watch(watch);
    return NULL;
}

/* --- Life ------------------------------------------------------------------------------------ */

struct host *host_new(struct loop *loop, struct link_dialer *dialer, struct log *log, uint64_t seed,
                      const char *owner)
{
    struct host *host = memory_new(1, sizeof(*host));

    *host = (struct host){
        .port = {.struct_size = sizeof(host->port),
                 .now_ns = now_ns,
                 .wall_ms = wall_ms,
                 .random = keyed_random,
                 .entropy = entropy,
                 .log = write_log,
                 .timer_start = timer_start,
                 .timer_stop = timer_stop,
                 .post = post,
                 .dial = dial,
                 .stream_write = stream_write,
                 .stream_reserve = stream_reserve,
                 .stream_commit = stream_commit,
                 .stream_close = stream_close,
                 .watch = watch_set},
        .self = host,
        .loop = loop,
        .dialer = dialer,
        .log = log,
        .owner = memory_string(owner),
        .seed = seed,
        .owner_key = random_key(owner),
    };
    return host;
}

const struct adapter_host *host_port(struct host *host)
{
    return &host->port;
}

size_t host_open_count(const struct host *host)
{
    return host->open_count;
}

void host_free(struct host *host)
{
    if (!host)
        return;
    assert(host->open_count == 0);
    free(host->owner);
    free(host);
}
