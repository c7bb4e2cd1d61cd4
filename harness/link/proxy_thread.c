/* proxy_thread.c: a loop with nothing but a proxy on it. */
#include "link/proxy_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/proxy.h"

struct proxy_thread {
    struct loop *loop;
    struct link_dialer *dialer;
    struct link_proxy *proxy;
    pthread_t thread;
    bool has_thread;
};

static void *run(void *context)
{
    loop_run(context);
    return NULL;
}

/* Signals are for the threads that know what to do about them. */
static int start_thread(struct proxy_thread *proxy, struct error *reterr)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&proxy->thread, NULL, run, proxy->loop);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0)
        return error_set(reterr, ERROR_SYSTEM, "no thread for a proxy: %s", strerror(failure));
    proxy->has_thread = true;
    return 0;
}

struct proxy_thread *proxy_thread_open(const struct proxy_thread_plan *plan, struct error *reterr)
{
    struct proxy_thread *proxy = memory_new(1, sizeof(*proxy));

    proxy->loop = loop_real_new(0, reterr);
    proxy->dialer = link_dialer_real_new();
    if (proxy->loop) {
        const struct link_proxy_plan inner = {.faults = plan->faults,
                                              .beneath = proxy->dialer,
                                              .loop = proxy->loop,
                                              .target = plan->target,
                                              .name = plan->name};

        proxy->proxy = link_proxy_open(&inner, reterr);
    }
    if (proxy->proxy && start_thread(proxy, reterr) == 0)
        return proxy;
    proxy_thread_close(proxy);
    return NULL;
}

unsigned proxy_thread_port(const struct proxy_thread *proxy)
{
    return link_proxy_port(proxy->proxy);
}

void proxy_thread_close(struct proxy_thread *proxy)
{
    if (!proxy)
        return;
    if (proxy->has_thread) {
        loop_stop(proxy->loop);
        (void)pthread_join(proxy->thread, NULL);
    }
    link_proxy_close(proxy->proxy);
    link_dialer_free(proxy->dialer);
    loop_free(proxy->loop);
    free(proxy);
}
