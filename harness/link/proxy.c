/* proxy.c: accepted sockets as the near ends of channels. */
#include "link/proxy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "link/channel.h"
#include "link/dialer.h"
#include "link/listener.h"
#include "link/match.h"
#include "link/proxy_kind.h"

/* A side that does not take what the other sends holds it up once so much waits. */
enum { BACKLOG_MAX = 1 << 20 };

struct link_proxy {
    struct proxy base; /* first member */
    struct link_proxy_plan plan;
    struct yard *yard;
    struct listener listener;
    uint64_t generation; /* of the rules that the listener obeys */
    char *target, *name, *address;
    struct proxied *connections;
};

struct proxied {
    struct channel channel; /* first member */
    struct link *near;
    struct link_proxy *proxy;
    struct proxied *next, *previous;
    bool is_held_up[WAY_COUNT]; /* the source of that way is not read: its target is slow */
};

static struct proxied *proxied_of(struct channel *channel)
{
    return (struct proxied *)channel;
}

/* --- Back-pressure --------------------------------------------------------------------------- */

static void go_on(struct proxied *proxied, enum way way)
{
    if (!proxied->is_held_up[way])
        return;
    proxied->is_held_up[way] = false;
    channel_pause(&proxied->channel, way, false);
}

static void on_near_drained(void *context)
{
    go_on(context, WAY_DOWN);
}

static void on_far_drained(void *context)
{
    go_on(context, WAY_UP);
}

static void hold_up(struct proxied *proxied, enum way way, struct link *target)
{
    if (proxied->is_held_up[way] || !target || link_backlog(target) < BACKLOG_MAX)
        return;
    target->drained = way == WAY_UP ? on_far_drained : on_near_drained;
    proxied->is_held_up[way] = true;
    channel_pause(&proxied->channel, way, true);
}

/* --- The channel's way to the accepted socket ------------------------------------------------ */

static void forget(struct proxied *proxied)
{
    if (proxied->next)
        proxied->next->previous = proxied->previous;
    if (proxied->previous)
        proxied->previous->next = proxied->next;
    else
        proxied->proxy->connections = proxied->next;
}

/* Both ends at once; the memory stays as long as somebody uses it. */
static void end_connection(struct proxied *proxied, enum link_ending ending)
{
    struct link *near = proxied->near;

    if (!near)
        return;
    proxied->near = NULL;
    forget(proxied);
    link_close(near, ending);
    channel_close(&proxied->channel, ending);
}

/* Whoever connected knows already. */
static void opened(struct channel *channel)
{
    (void)channel;
}

static void deliver(struct channel *channel, const char *bytes, size_t size)
{
    struct proxied *proxied = proxied_of(channel);

    if (!proxied->near)
        return;
    link_write(proxied->near, bytes, size);
    hold_up(proxied, WAY_DOWN, proxied->near);
}

/* What was said before is sent first; then it is the end, or a reset. */
static void end(struct channel *channel, int error_number, const char *reason)
{
    struct proxied *proxied = proxied_of(channel);

    (void)reason;
    if (proxied->near)
        link_flush_now(proxied->near);
    end_connection(proxied, error_number ? LINK_RESET : LINK_GRACEFUL);
}

static void pause_near(struct channel *channel, bool is_paused)
{
    struct link *near = proxied_of(channel)->near;

    if (near)
        near->kind->pause(near, is_paused);
}

static void free_proxied(struct channel *channel)
{
    free(proxied_of(channel));
}

static const struct channel_near near_is_a_socket = {
    .opened = opened,
    .deliver = deliver,
    .end = end,
    .pause = pause_near,
    .free = free_proxied,
};

/* --- The accepted socket --------------------------------------------------------------------- */

static void on_received(void *context, const char *bytes, size_t size)
{
    struct proxied *proxied = context;
    struct channel *channel = &proxied->channel;

    channel_enter(channel);
    channel_send_bytes(channel, bytes, size);
    if (!channel->is_closed)
        hold_up(proxied, WAY_UP, channel->far);
    channel_leave(channel);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    (void)reason;
    end_connection(context, error_number ? LINK_RESET : LINK_GRACEFUL);
}

static void on_accepted(void *context, int fd)
{
    static const struct link_events events = {NULL, on_received, on_closed};
    struct link_proxy *proxy = context;
    struct proxied *proxied = memory_new(1, sizeof(*proxied));
    const struct channel_plan plan = {.faults = proxy->plan.faults,
                                      .beneath = proxy->plan.beneath,
                                      .name = proxy->name,
                                      .address = proxy->target,
                                      .near = &near_is_a_socket,
                                      .is_raw = proxy->plan.is_raw};

    proxied->proxy = proxy;
    proxied->next = proxy->connections;
    if (proxied->next)
        proxied->next->previous = proxied;
    proxy->connections = proxied;
    proxied->channel.link.loop = proxy->plan.loop;
    proxied->near = socket_adopt(proxy->plan.beneath, proxy->plan.loop, fd, &events, proxied);
    channel_open(&proxied->channel, &plan);
}

/* --- The listener ---------------------------------------------------------------------------- */

static struct rule *find_rule(struct link_proxy *proxy, const struct link_fault *fault)
{
    struct rule *rule = proxy->plan.faults->rules;

    while (rule && !(rule->is_armed && rule->fault == fault && match_link(rule, proxy->name)))
        rule = rule->next;
    return rule;
}

static enum listener_mood choose_mood(struct link_proxy *proxy, struct rule **ret_rule)
{
    struct link_faults *faults = proxy->plan.faults;
    enum listener_mood mood = LISTENER_REFUSES;

    pthread_mutex_lock(&faults->mutex);
    *ret_rule = find_rule(proxy, &link_fault_refuse);
    if (!*ret_rule) {
        *ret_rule = find_rule(proxy, &link_fault_connect_hang);
        mood = *ret_rule ? LISTENER_HANGS : LISTENER_ACCEPTS;
    }
    pthread_mutex_unlock(&faults->mutex);
    return mood;
}

static void refresh(struct proxy *base)
{
    struct link_proxy *proxy = (struct link_proxy *)base;
    struct link_hit hit = {
        .at_ns = loop_now_ns(proxy->plan.loop), .link = proxy->name, .what = "the port"};
    uint64_t generation = atomic_load(&proxy->plan.faults->generation);
    enum listener_mood mood;
    struct rule *rule;

    if (generation == proxy->generation)
        return;
    proxy->generation = generation;
    mood = choose_mood(proxy, &rule);
    if (mood == proxy->listener.mood)
        return;
    listener_set(&proxy->listener, mood);
    if (rule && rule_claim(proxy->plan.faults, rule))
        rule_tell(rule, &hit);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void enter_yard(struct link_proxy *proxy)
{
    proxy->yard = faults_yard(proxy->plan.faults, proxy->plan.loop);
    proxy->base.refresh = refresh;
    proxy->base.next = proxy->yard->proxies;
    proxy->yard->proxies = &proxy->base;
    atomic_fetch_add(&proxy->yard->count, 1);
}

static void leave_yard(struct link_proxy *proxy)
{
    struct proxy **at = &proxy->yard->proxies;

    while (*at != &proxy->base)
        at = &(*at)->next;
    *at = proxy->base.next;
    atomic_fetch_sub(&proxy->yard->count, 1);
}

struct link_proxy *link_proxy_open(const struct link_proxy_plan *plan, struct error *reterr)
{
    struct link_proxy *proxy = memory_new(1, sizeof(*proxy));

    proxy->plan = *plan;
    proxy->generation = UINT64_MAX;
    if (listener_open(&proxy->listener, plan->loop, on_accepted, proxy, reterr) < 0) {
        free(proxy);
        return NULL;
    }
    proxy->target = memory_string(plan->target);
    proxy->name = memory_string(plan->name);
    proxy->address = memory_format("tcp://127.0.0.1:%u", proxy->listener.port);
    enter_yard(proxy);
    refresh(&proxy->base);
    return proxy;
}

const char *link_proxy_address(const struct link_proxy *proxy)
{
    return proxy->address;
}

unsigned link_proxy_port(const struct link_proxy *proxy)
{
    return proxy->listener.port;
}

void link_proxy_close(struct link_proxy *proxy)
{
    if (!proxy)
        return;
    leave_yard(proxy);
    listener_close(&proxy->listener);
    while (proxy->connections)
        end_connection(proxy->connections, LINK_RESET);
    free(proxy->target);
    free(proxy->name);
    free(proxy->address);
    free(proxy);
}
