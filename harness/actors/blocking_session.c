/* blocking_session.c: the loop's side of a blocking session. */
#include "actors/blocking_session.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "loop/loop.h"

#define NS_PER_SECOND 1000000000ull

uint64_t blocking_open_patience_ns = 30 * NS_PER_SECOND;

/* --- Telling the loop ------------------------------------------------------------------------- */

static void forget(struct blocking_session *session, struct job *job)
{
    struct job **place = &session->known;

    while (*place != job)
        place = &(*place)->next_known;
    *place = job->next_known;
    if (!*place)
        session->last_known = place;
}

static struct delivery *take_delivery(struct job *job)
{
    struct delivery *delivery = job->first_delivery;

    if (delivery)
        job->first_delivery = delivery->next;
    if (!job->first_delivery)
        job->last_delivery = &job->first_delivery;
    return delivery;
}

static void tell_delivery(struct adapter_call *call, struct delivery *delivery)
{
    call->deliver(call, delivery->entries, delivery->count);
    free(delivery->entries);
    free(delivery);
}

/* The first job with something to tell; with a delivery when there is one, or else finished. */
static struct job *find_news(struct blocking_session *session, struct delivery **ret_delivery)
{
    struct job *job = session->known;

    pthread_mutex_lock(&session->mutex);
    while (job && !job->first_delivery && job->state != JOB_FINISHED)
        job = job->next_known;
    *ret_delivery = job ? take_delivery(job) : NULL;
    pthread_mutex_unlock(&session->mutex);
    return job;
}

static bool tell_next(struct blocking_session *session)
{
    struct delivery *delivery;
    struct job *job = find_news(session, &delivery);

    if (!job)
        return false;
    if (delivery) {
        tell_delivery(job->outer, delivery);
        return true;
    }
    forget(session, job);
    job->outer->done(job->outer, job->result);
    blocking_job_free(job);
    return true;
}

/* Whatever is told may close the session. */
static void on_wake(void *context, uint32_t events)
{
    struct blocking_session *session = context;
    uint64_t count;

    (void)events;
    (void)!read(session->wake_fd, &count, sizeof(count));
    while (!session->is_closed && tell_next(session)) {
    }
}

/* --- Calls ------------------------------------------------------------------------------------ */

static bool settles(uint32_t operation)
{
    return operation == ADAPTER_OP_ACK || operation == ADAPTER_OP_NACK ||
           operation == ADAPTER_OP_ACK_PARTITION_FENCED;
}

void blocking_session_start(struct blocking_session *session, struct adapter_call *call)
{
    struct job *job = blocking_job_new(session, call);
    bool is_beside = session->lane_count > LANE_SETTLING && settles(call->operation);
    struct lane *lane = &session->lanes[is_beside ? LANE_SETTLING : LANE_MAIN];

    assert(!session->is_closed);
    *session->last_known = job;
    session->last_known = &job->next_known;
    pthread_mutex_lock(&session->mutex);
    *lane->last = job;
    lane->last = &job->next;
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->mutex);
    blocking_overdue_watch(session, job);
}

/* --- Opening ---------------------------------------------------------------------------------- */

static void prepare(struct blocking_session *session)
{
    pthread_condattr_t steady;

    pthread_mutex_init(&session->mutex, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC); /* that of loop_real_now_ns */
    pthread_cond_init(&session->changed, &steady);
    pthread_condattr_destroy(&steady);
    session->last_known = &session->known;
    session->last_post = &session->first_post;
    session->overdue_ns = UINT64_MAX;
    for (int i = 0; i < LANE_MAX; i++) {
        session->lanes[i].session = session;
        session->lanes[i].last = &session->lanes[i].first;
    }
    blocking_host_init(session);
}

/* Signals are for the thread that knows what to do about them; a crash is one's own. */
static void keep_crashes(sigset_t *signals)
{
    static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

    for (size_t i = 0; i < sizeof(CRASHES) / sizeof(CRASHES[0]); i++)
        (void)sigdelset(signals, CRASHES[i]);
}

static int start_thread(struct blocking_session *session)
{
    struct lane *lane = &session->lanes[session->lane_count];
    sigset_t all, before;

    sigfillset(&all);
    keep_crashes(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&lane->thread, NULL, blocking_thread_run, lane);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result != 0)
        return -1;
    session->lane_count++;
    return 0;
}

/* One thread is enough where a second cannot be had: settling then waits for the read. */
static void start_second_thread(struct blocking_session *session)
{
    if (!(session->adapter->traits & ADAPTER_TRAIT_REENTRANT))
        return;
    pthread_mutex_lock(&session->mutex);
    if (start_thread(session) == 0)
        session->lanes_left++;
    pthread_mutex_unlock(&session->mutex);
}

/* With the mutex held: wait until it is open or not, or for too long. */
static void await_opening(struct blocking_session *session)
{
    const uint64_t until_ns = loop_real_now_ns() + blocking_open_patience_ns;
    const struct timespec until = {.tv_sec = (time_t)(until_ns / NS_PER_SECOND),
                                   .tv_nsec = (long)(until_ns % NS_PER_SECOND)};
    int result = 0;

    while (session->state == SESSION_OPENING && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&session->changed, &session->mutex, &until);
}

static int open_on_thread(struct blocking_session *session)
{
    session->lanes_left = 1;
    if (start_thread(session) < 0) {
        session->lanes_left = 0;
        snprintf(session->error, sizeof(session->error), "no thread could be started");
        return -1;
    }
    pthread_mutex_lock(&session->mutex);
    await_opening(session);
    session->is_ending = session->state == SESSION_OPENING; /* it is closed once it is open */
    int result = session->state == SESSION_OPEN ? 0 : -1;
    pthread_mutex_unlock(&session->mutex);
    return result;
}

static int watch_wake_up(struct blocking_session *session)
{
    const struct adapter_host *host = session->loop_host;

    session->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (session->wake_fd >= 0)
        session->watch = host->watch(host, NULL, session->wake_fd, 1, on_wake, session);
    if (session->watch)
        return 0;
    snprintf(session->error, sizeof(session->error),
             "an adapter that blocks needs a real loop to be told on");
    return -1;
}

static void end_watch(struct blocking_session *session)
{
    const struct adapter_host *host = session->loop_host;

    if (session->watch)
        host->watch(host, session->watch, session->wake_fd, 0, on_wake, session);
    session->watch = NULL;
}

static void copy_config(struct blocking_session *session,
                        const struct adapter_session_config *config)
{
    session->name = memory_string(config->name ? config->name : "?");
    session->consumer = memory_string(config->consumer);
    session->config = *config;
    session->config.name = config->name ? session->name : NULL;
    session->config.consumer = session->consumer;
}

struct blocking_session *blocking_session_new(const struct blocking_place *place,
                                              const struct adapter_host *loop_host,
                                              const struct adapter_session_config *config,
                                              struct blocking_session **ret_late, char reterr[256])
{
    struct blocking_session *session = memory_new(1, sizeof(*session));

    session->adapter = place->adapter;
    session->instance = place->instance;
    session->instance_host = place->host;
    session->loop_host = loop_host;
    copy_config(session, config);
    prepare(session);
    if (watch_wake_up(session) == 0 && open_on_thread(session) == 0) {
        start_second_thread(session);
        return session;
    }
    end_watch(session);
    if (session->is_ending) {
        session->is_closed = true;
        snprintf(reterr, sizeof(session->error), "open has not ended after %.3g s: it hangs",
                 (double)blocking_open_patience_ns / NS_PER_SECOND);
        *ret_late = session;
        return NULL;
    }
    memcpy(reterr, session->error, sizeof(session->error));
    blocking_session_free(session);
    return NULL;
}

/* --- Ending ----------------------------------------------------------------------------------- */

/* late: why, when it was not the end of the session. */
static const char *why_not(bool has_begun, const char *late)
{
    if (late)
        return has_begun ? late : "an earlier operation of its session has not ended";
    return has_begun ? "the session was closed before the answer came"
                     : "the session was closed before it was sent";
}

static void complete_without_answer(struct adapter_call *call, bool has_begun, const char *late)
{
    struct adapter_result result = {
        .struct_size = sizeof(result),
        .outcome = has_begun ? ADAPTER_UNKNOWN : ADAPTER_REFUSED,
        .error = ADAPTER_ERROR_CONNECTION,
        .attempts = has_begun,
        .detail = why_not(has_begun, late),
    };

    call->done(call, &result);
}

static void unlink_queued(struct lane *lane, const struct job *job)
{
    struct job **place = &lane->first;

    while (*place && *place != job)
        place = &(*place)->next;
    if (*place)
        *place = job->next;
    if (!*place)
        lane->last = place;
}

/* What is under way is left to its thread. */
static enum job_state give_up(struct job *job)
{
    struct blocking_session *session = job->session;

    pthread_mutex_lock(&session->mutex);
    enum job_state state = job->state;
    job->is_orphan = true;
    for (unsigned i = 0; i < LANE_MAX && state == JOB_QUEUED; i++)
        unlink_queued(&session->lanes[i], job);
    pthread_mutex_unlock(&session->mutex);
    return state;
}

void blocking_session_complete(struct blocking_session *session, struct job *job, const char *late)
{
    struct adapter_call *outer = job->outer;
    uint64_t patience_ns = blocking_overdue_patience_ns(session, job);

    forget(session, job);
    enum job_state state = give_up(job); /* running: the thread may free the job from here on */

    if (state == JOB_FINISHED) {
        while (job->first_delivery)
            tell_delivery(outer, take_delivery(job));
        outer->done(outer, job->result);
    } else {
        complete_without_answer(outer, state == JOB_RUNNING, late);
    }
    if (state != JOB_RUNNING)
        blocking_job_free(job);
    else if (patience_ns > session->patience_ns)
        session->patience_ns = patience_ns;
}

static void tell_threads(struct blocking_session *session, bool is_abandoned)
{
    pthread_mutex_lock(&session->mutex);
    session->is_ending = true;
    session->is_abandoned = is_abandoned;
    for (unsigned i = 0; i < LANE_MAX; i++) {
        session->lanes[i].first = NULL;
        session->lanes[i].last = &session->lanes[i].first;
    }
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->mutex);
}

void blocking_session_end(struct blocking_session *session, bool is_abandoned)
{
    session->is_closed = true;
    tell_threads(session, is_abandoned);
    end_watch(session);
    blocking_overdue_end(session);
    while (session->known)
        blocking_session_complete(session, session->known, NULL);
}

bool blocking_session_is_over(struct blocking_session *session)
{
    pthread_mutex_lock(&session->mutex);
    bool is_over = session->lanes_left == 0;
    pthread_mutex_unlock(&session->mutex);
    return is_over;
}

/* Threads end within microseconds; or as late as the deadline of what they do, and a moment to
   close. */
bool blocking_session_waited(struct blocking_session *session)
{
    enum { YIELDS = 100, MOMENT_MS = 1000 };
    bool is_over = blocking_session_is_over(session);

    for (int i = 0; i < YIELDS && !is_over; i++) {
        (void)sched_yield();
        is_over = blocking_session_is_over(session);
    }
    for (int left = MOMENT_MS; left > 0 && !is_over; left--) {
        (void)poll(NULL, 0, 1);
        if (session->host.now_ns(&session->host) < session->patience_ns)
            left = MOMENT_MS;
        is_over = blocking_session_is_over(session);
    }
    return is_over;
}

void blocking_session_free(struct blocking_session *session)
{
    for (unsigned i = 0; i < session->lane_count; i++)
        pthread_join(session->lanes[i].thread, NULL);
    while (session->first_post) {
        struct thread_post *post = session->first_post;

        session->first_post = post->next;
        free(post);
    }
    if (session->wake_fd >= 0)
        close(session->wake_fd);
    pthread_mutex_destroy(&session->mutex);
    pthread_cond_destroy(&session->changed);
    free(session->consumer);
    free(session->name);
    free(session);
}

void blocking_session_leave(struct blocking_session *session)
{
    for (unsigned i = 0; i < session->lane_count; i++)
        pthread_detach(session->lanes[i].thread);
}
