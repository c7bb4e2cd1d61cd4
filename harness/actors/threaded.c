/* threaded.c: sessions with loops of their own, and the messages between them. */
#include "actors/threaded.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "actors/copy.h"
#include "actors/host.h"
#include "base/memory.h"
#include "link/link.h"
#include "loop/loop.h"
#include "port.h"

struct adapter_instance {
    struct broker_adapter adapter; /* what is handed out */
    const struct broker_adapter *inner_adapter;
    struct adapter_instance *inner;
    struct log *log;
    uint64_t seed;
};

/* A call on its way to the thread and back. */
struct errand {
    struct adapter_call call; /* first member: what the adapter sees */
    struct adapter_call *original;
    struct adapter_session *session;
};

/* What a thread has to tell: a delivery, or the end of a call. */
struct news {
    struct news *next;
    struct errand *errand;
    struct adapter_entry *entries; /* of a delivery */
    size_t entry_count;
    struct adapter_result *result; /* of an end */
};

struct adapter_session {
    const struct adapter_instance *instance;
    const struct adapter_host *home; /* of whoever opened it */
    struct adapter_session *inner;
    struct loop *loop;
    struct link_dialer *dialer;
    struct host *host;
    pthread_t thread;
    pthread_mutex_t mutex;     /* of the news */
    struct news *first, *last; /* from the thread */
    int wake_fd;
    struct adapter_watch *watch;
    unsigned depth; /* telling, on the home loop */
    bool is_closed, is_abandoned;
};

/* --- On the thread -----------------------------------------------------------------------------
 */

static void *run_loop(void *context)
{
    const struct adapter_session *session = context;

    loop_run(session->loop);
    return NULL;
}

static void send_news(struct adapter_session *session, struct news *news)
{
    static const uint64_t one = 1;

    bool is_only;

    pthread_mutex_lock(&session->mutex);
    is_only = !session->first;
    if (session->last)
        session->last->next = news;
    else
        session->first = news;
    session->last = news;
    pthread_mutex_unlock(&session->mutex);
    if (is_only) /* who reads the others reads this one too */
        (void)!write(session->wake_fd, &one, sizeof(one));
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct errand *errand = (struct errand *)call;
    struct news *news = memory_new(1, sizeof(*news));

    news->errand = errand;
    news->result = copy_result(result);
    send_news(errand->session, news);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct errand *errand = (struct errand *)call;
    struct news *news = memory_new(1, sizeof(*news));

    news->errand = errand;
    news->entries = copy_entries(entries, count);
    news->entry_count = count;
    send_news(errand->session, news);
}

static void begin(void *context)
{
    struct errand *errand = context;
    struct adapter_session *session = errand->session;

    port_start(session->instance->inner_adapter, UINT32_MAX, host_port(session->host),
               session->inner, &errand->call);
}

static void end_inner(void *context)
{
    struct adapter_session *session = context;
    const struct broker_adapter *adapter = session->instance->inner_adapter;

    if (session->is_abandoned)
        port_abandon(adapter, session->inner);
    else
        port_close(adapter, session->inner);
    loop_stop(session->loop);
}

/* --- At home -----------------------------------------------------------------------------------
 */

static struct news *take_news(struct adapter_session *session)
{
    struct news *news;

    pthread_mutex_lock(&session->mutex);
    news = session->first;
    if (news)
        session->first = news->next;
    if (!session->first)
        session->last = NULL;
    pthread_mutex_unlock(&session->mutex);
    return news;
}

static void tell(struct news *news)
{
    struct errand *errand = news->errand;
    struct adapter_call *original = errand->original;

    if (news->result) {
        original->done(original, news->result);
        free(errand);
    } else {
        original->deliver(original, news->entries, news->entry_count);
    }
    free(news->entries);
    free(news->result);
    free(news);
}

static void free_session(struct adapter_session *session)
{
    pthread_mutex_destroy(&session->mutex);
    free(session);
}

/* Whatever is told may close the session. */
static void on_wake(void *context, uint32_t events)
{
    struct adapter_session *session = context;
    struct news *news;
    uint64_t count;

    (void)events;
    (void)!read(session->wake_fd, &count, sizeof(count));
    session->depth++;
    while (!session->is_closed && (news = take_news(session)) != NULL)
        tell(news);
    session->depth--;
    if (session->is_closed && session->depth == 0)
        free_session(session);
}

static void start(struct adapter_session *session, struct adapter_call *call)
{
    struct errand *errand = memory_new(1, sizeof(*errand));

    errand->call = *call;
    errand->call.done = on_done;
    errand->call.deliver = call->deliver ? on_deliver : NULL;
    errand->original = call;
    errand->session = session;
    loop_post(session->loop, begin, errand);
}

/* --- Life --------------------------------------------------------------------------------------
 */

static void release_place(struct adapter_session *session)
{
    if (session->watch)
        session->home->watch(session->home, session->watch, session->wake_fd, 0, on_wake, session);
    if (session->wake_fd >= 0)
        close(session->wake_fd);
    host_free(session->host);
    link_dialer_free(session->dialer);
    loop_free(session->loop);
}

static int make_place(struct adapter_session *session, const char *name, char reterr[256])
{
    struct error error = {0};

    session->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->loop = loop_real_new(0, &error);
    if (session->loop) {
        session->dialer = link_dialer_real_new();
        session->host = host_new(session->loop, session->dialer, session->instance->log,
                                 session->instance->seed, name);
    }
    if (session->wake_fd >= 0)
        session->watch =
            session->home->watch(session->home, NULL, session->wake_fd, 1, on_wake, session);
    if (session->loop && session->watch)
        return 0;
    (void)snprintf(reterr, 256, "a session cannot have a thread of its own: %.150s",
                   error.message[0] ? error.message : "it needs a real loop");
    return -1;
}

static int open_inner(struct adapter_session *session, const struct adapter_session_config *config,
                      char reterr[256])
{
    if (port_open(session->instance->inner_adapter, session->instance->inner,
                  host_port(session->host), config, &session->inner, reterr) < 0)
        return -1;
    if (pthread_create(&session->thread, NULL, run_loop, session) == 0)
        return 0;
    port_close(session->instance->inner_adapter, session->inner);
    (void)snprintf(reterr, 256, "no thread could be started");
    return -1;
}

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = memory_new(1, sizeof(*session));

    session->instance = instance;
    session->home = host;
    pthread_mutex_init(&session->mutex, NULL);
    if (make_place(session, config->name ? config->name : "?", reterr) < 0 ||
        open_inner(session, config, reterr) < 0) {
        release_place(session);
        free_session(session);
        return -1;
    }
    *ret_session = session;
    return 0;
}

/* The thread ends its session, which completes every call; what it told of them is told on here. */
static void end_session(struct adapter_session *session, bool is_abandoned)
{
    struct news *news;

    session->is_abandoned = is_abandoned;
    loop_post(session->loop, end_inner, session);
    pthread_join(session->thread, NULL);
    session->is_closed = true;
    release_place(session);
    while ((news = take_news(session)) != NULL)
        tell(news);
    if (session->depth == 0)
        free_session(session);
}

static void close_session(struct adapter_session *session)
{
    if (session)
        end_session(session, false);
}

static void abandon_session(struct adapter_session *session)
{
    end_session(session, true);
}

static void destroy(struct adapter_instance *instance)
{
    if (!instance)
        return;
    port_destroy(instance->inner_adapter, instance->inner);
    free(instance);
}

static uint32_t declared(const struct adapter_instance *instance)
{
    const struct broker_adapter *inner = instance->inner_adapter;

    return ADAPTER_HAS(inner, declared) ? inner->declared(instance->inner) : inner->capabilities;
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    const struct broker_adapter *inner = instance->inner_adapter;

    return ADAPTER_HAS(inner, profile_of) ? inner->profile_of(instance->inner) : inner->profile;
}

void threaded_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
                   struct log *log, uint64_t seed)
{
    struct adapter_instance *threaded = memory_new(1, sizeof(*threaded));

    threaded->inner_adapter = *adapter;
    threaded->inner = *instance;
    threaded->log = log;
    threaded->seed = seed;
    port_stand_for(&threaded->adapter, *adapter, start);
    threaded->adapter.destroy = destroy;
    threaded->adapter.open = open_session;
    threaded->adapter.close = close_session;
    threaded->adapter.abandon = abandon_session;
    threaded->adapter.declared = declared;
    threaded->adapter.profile_of = profile_of;
    *adapter = &threaded->adapter;
    *instance = threaded;
}
