/* blocking_host.c: the world of an adapter that has a thread and no loop. */
#include <stdio.h>
#include <stdlib.h>

#include "actors/blocking_session.h"
#include "base/memory.h"
#include "base/random.h"

static const struct blocking_session *session_of(const struct adapter_host *host)
{
    return (const struct blocking_session *)host;
}

/* The session's own host may be gone while the thread still runs; that of the instance lasts. */
static const struct adapter_host *lasting(const struct adapter_host *host)
{
    return session_of(host)->instance_host;
}

static uint64_t now_ns(const struct adapter_host *host)
{
    return lasting(host)->now_ns(lasting(host));
}

static uint64_t wall_ms(const struct adapter_host *host)
{
    return lasting(host)->wall_ms(lasting(host));
}

static uint64_t keyed_random(const struct adapter_host *host, const char *purpose, uint64_t index)
{
    uint64_t bits = lasting(host)->random(lasting(host), purpose, index);

    return random_keyed(bits, random_key(session_of(host)->name), 0, 0);
}

static uint64_t entropy(const struct adapter_host *host)
{
    return lasting(host)->entropy(lasting(host));
}

static void write_log(const struct adapter_host *host, uint32_t level, const char *line)
{
    char full_line[1024];

    snprintf(full_line, sizeof(full_line), "%s: %s", session_of(host)->name, line);
    lasting(host)->log(lasting(host), level, full_line);
}

static struct adapter_timer *timer_start(const struct adapter_host *host,
                                         struct adapter_timer *timer, uint64_t due_ns,
                                         void (*expired)(void *context), void *context)
{
    (void)timer;
    (void)due_ns;
    (void)expired;
    (void)context;
    host->log(host, ADAPTER_LOG_ERROR, "an adapter that blocks has no timers");
    return NULL;
}

static void timer_stop(const struct adapter_host *host, struct adapter_timer *timer)
{
    (void)host;
    (void)timer;
}

static struct adapter_stream *dial(const struct adapter_host *host, const char *address,
                                   const char *link, const struct adapter_stream_events *events,
                                   void *context)
{
    (void)address;
    (void)link;
    (void)events;
    (void)context;
    host->log(host, ADAPTER_LOG_ERROR, "an adapter that blocks opens its own connections");
    return NULL;
}

static struct adapter_watch *watch(const struct adapter_host *host, struct adapter_watch *old,
                                   int fd, uint32_t events,
                                   void (*ready)(void *context, uint32_t events), void *context)
{
    (void)host;
    (void)old;
    (void)fd;
    (void)events;
    (void)ready;
    (void)context;
    return NULL;
}

static void post(const struct adapter_host *host, void (*function)(void *context), void *context)
{
    struct blocking_session *session = session_of(host)->self;
    struct thread_post *item = memory_new(1, sizeof(*item));

    item->function = function;
    item->context = context;
    pthread_mutex_lock(&session->mutex);
    *session->last_post = item;
    session->last_post = &item->next;
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->mutex);
}

void blocking_host_refuse(struct adapter_host *host)
{
    host->timer_start = timer_start;
    host->timer_stop = timer_stop;
    host->dial = dial;
    host->watch = watch;
}

void blocking_host_init(struct blocking_session *session)
{
    session->self = session;
    session->host = (struct adapter_host){
        .struct_size = sizeof(session->host),
        .now_ns = now_ns,
        .wall_ms = wall_ms,
        .random = keyed_random,
        .entropy = entropy,
        .log = write_log,
        .post = post,
    };
    blocking_host_refuse(&session->host);
}
