/* cut_host.c: the real host, with a hand on the events of its streams. */
#include "support/cut_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct cut_link {
    struct cut_link *next;
    struct cut_host *host;
    const struct adapter_stream_events *events;
    void *context;
    bool is_dead, is_chosen;
    char name[16];
};

static struct cut_host *cut_host_of(const struct adapter_host *port)
{
    return ((const struct cut_host *)port)->self;
}

static uint64_t now_ns(const struct adapter_host *port)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    return real->now_ns(real);
}

static uint64_t wall_ms(const struct adapter_host *port)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    return real->wall_ms(real);
}

static uint64_t random_bits(const struct adapter_host *port, const char *purpose, uint64_t index)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    return real->random(real, purpose, index);
}

static uint64_t entropy(const struct adapter_host *port)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    return real->entropy(real);
}

static void write_log(const struct adapter_host *port, uint32_t level, const char *line)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    real->log(real, level, line);
}

static struct adapter_timer *timer_start(const struct adapter_host *port,
                                         struct adapter_timer *timer, uint64_t due_ns,
                                         void (*expired)(void *context), void *context)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    return real->timer_start(real, timer, due_ns, expired, context);
}

static void timer_stop(const struct adapter_host *port, struct adapter_timer *timer)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    real->timer_stop(real, timer);
}

static void post(const struct adapter_host *port, void (*function)(void *context), void *context)
{
    const struct adapter_host *real = cut_host_of(port)->real;

    real->post(real, function, context);
}

static void on_opened(void *context)
{
    struct cut_link *link = context;

    link->events->opened(link->context);
}

static void on_received(void *context, const char *bytes, size_t size)
{
    struct cut_link *link = context;
    struct cut_host *host = link->host;

    if (link->is_dead)
        return;
    link->is_chosen = !host->cut_link || !strcmp(host->cut_link, link->name);
    if (link->is_chosen && host->cut_replies) {
        host->cut_replies--;
        link->is_dead = true;
        link->events->closed(link->context, ECONNRESET, "cut by the test");
    } else if (link->is_chosen && host->swallow) {
        host->swallow--;
    } else {
        link->events->received(link->context, bytes, size);
    }
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct cut_link *link = context;

    if (!link->is_dead)
        link->events->closed(link->context, error_number, reason);
    link->is_dead = true;
}

static struct adapter_stream *dial(const struct adapter_host *port, const char *address,
                                   const char *name, const struct adapter_stream_events *events,
                                   void *context)
{
    static const struct adapter_stream_events ours = {on_opened, on_received, on_closed};
    struct cut_host *host = cut_host_of(port);
    struct cut_link *link = memory_new(1, sizeof(*link));

    host->dial_count++;
    *link =
        (struct cut_link){.next = host->links, .host = host, .events = events, .context = context};
    strncat(link->name, name ? name : "", sizeof(link->name) - 1);
    host->links = link;
    return host->real->dial(host->real, address, name, &ours, link);
}

void cut_host_init(struct cut_host *host, const struct adapter_host *real)
{
    *host = (struct cut_host){.port = *real, .self = host, .real = real};
    host->port.now_ns = now_ns;
    host->port.wall_ms = wall_ms;
    host->port.random = random_bits;
    host->port.entropy = entropy;
    host->port.log = write_log;
    host->port.timer_start = timer_start;
    host->port.timer_stop = timer_stop;
    host->port.post = post;
    host->port.dial = dial;
    host->port.watch = NULL;
}

void cut_host_release(struct cut_host *host)
{
    while (host->links) {
        struct cut_link *link = host->links;

        host->links = link->next;
        free(link);
    }
}
