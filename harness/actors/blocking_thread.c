/* blocking_thread.c: what runs on a blocking session's threads: opening, one job at a time,
 * closing. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actors/blocking_session.h"
#include "actors/copy.h"
#include "base/memory.h"
#include "port.h"

/* --- Answers of the adapter --------------------------------------------------------------------
 */

void blocking_job_free(struct job *job)
{
    while (job->first_delivery) {
        struct delivery *delivery = job->first_delivery;

        job->first_delivery = delivery->next;
        free(delivery->entries);
        free(delivery);
    }
    free(job->result);
    free(job->inner);
    free(job);
}

static void wake_loop(const struct blocking_session *session)
{
    uint64_t one = 1;
    ssize_t written;

    do
        written = write(session->wake_fd, &one, sizeof(one));
    while (written < 0 && errno == EINTR);
}

/* From the thread, or any other that the adapter's library has. */
static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct job *job = call->context;
    struct blocking_session *session = job->session;
    struct adapter_result *copy = copy_result(result);

    pthread_mutex_lock(&session->mutex);
    assert(!job->result); /* done is called once */
    job->result = copy;
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->mutex);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct job *job = call->context;
    struct delivery *delivery = memory_new(1, sizeof(*delivery));

    delivery->entries = copy_entries(entries, count);
    delivery->count = count;
    pthread_mutex_lock(&job->session->mutex);
    *job->last_delivery = delivery;
    job->last_delivery = &delivery->next;
    wake_loop(job->session);
    pthread_mutex_unlock(&job->session->mutex);
}

struct job *blocking_job_new(struct blocking_session *session, struct adapter_call *call)
{
    struct job *job = memory_new(1, sizeof(*job));

    job->session = session;
    job->outer = call;
    job->deadline_ns = call->deadline_ns;
    job->last_delivery = &job->first_delivery;
    job->inner = copy_call(call);
    job->inner->context = job;
    job->inner->done = on_done;
    job->inner->deliver = call->deliver ? on_deliver : NULL;
    return job;
}

/* --- Jobs; the mutex is held around each of these functions ------------------------------------
 */

static void run_posts(struct blocking_session *session)
{
    while (session->first_post) {
        struct thread_post *post = session->first_post;

        session->first_post = post->next;
        if (!session->first_post)
            session->last_post = &session->first_post;
        pthread_mutex_unlock(&session->mutex);
        post->function(post->context);
        free(post);
        pthread_mutex_lock(&session->mutex);
    }
}

static void wait_for_change(struct lane *lane)
{
    struct blocking_session *session = lane->session;

    if (lane == &session->lanes[LANE_MAIN] && session->first_post)
        run_posts(session);
    else
        pthread_cond_wait(&session->changed, &session->mutex);
}

static void run_once(struct lane *lane, struct job *job)
{
    struct blocking_session *session = lane->session;

    free(job->result);
    job->result = NULL;
    job->inner->adapter = NULL;
    pthread_mutex_unlock(&session->mutex);
    port_start(session->adapter, UINT32_MAX, &session->host, session->session, job->inner);
    pthread_mutex_lock(&session->mutex);
    while (!job->result)
        wait_for_change(lane);
}

static uint64_t now_ns(const struct blocking_session *session)
{
    return session->host.now_ns(&session->host);
}

/* A subscription ends each slice by its deadline, with nothing wrong; then the next begins. */
static bool begin_slice(const struct blocking_session *session, struct job *job)
{
    uint64_t now = now_ns(session), end = now + BLOCKING_SLICE_NS;

    if (session->is_ending || (job->deadline_ns && job->deadline_ns <= now))
        return false;
    job->inner->deadline_ns = job->deadline_ns && job->deadline_ns < end ? job->deadline_ns : end;
    return true;
}

static bool is_slice_over(const struct blocking_session *session, const struct job *job)
{
    return job->result->outcome <= ADAPTER_EMPTY && now_ns(session) >= job->inner->deadline_ns;
}

static void run_subscription(struct lane *lane, struct job *job)
{
    begin_slice(lane->session, job);
    do
        run_once(lane, job);
    while (is_slice_over(lane->session, job) && begin_slice(lane->session, job));
}

static void run_job(struct lane *lane, struct job *job)
{
    job->state = JOB_RUNNING;
    if (job->inner->operation == ADAPTER_OP_SUBSCRIBE)
        run_subscription(lane, job);
    else
        run_once(lane, job);
    job->state = JOB_FINISHED;
    if (job->is_orphan)
        blocking_job_free(job);
    else
        wake_loop(lane->session);
}

static struct job *take_job(struct lane *lane)
{
    struct job *job = lane->first;

    if (!job)
        return NULL;
    lane->first = job->next;
    if (!lane->first)
        lane->last = &lane->first;
    return job;
}

static void run_jobs(struct lane *lane)
{
    for (;;) {
        struct job *job = take_job(lane);

        if (job)
            run_job(lane, job);
        else if (lane->session->is_ending)
            return;
        else
            wait_for_change(lane);
    }
}

/* --- Life ------------------------------------------------------------------------------------- */

/* The thread that opened the session closes it, when the other has gone. */
static void leave(struct lane *lane)
{
    struct blocking_session *session = lane->session;

    if (lane == &session->lanes[LANE_MAIN]) {
        while (session->lanes_left > 1 || session->first_post)
            wait_for_change(lane);
        pthread_mutex_unlock(&session->mutex);
        if (session->is_abandoned)
            port_abandon(session->adapter, session->session);
        else
            port_close(session->adapter, session->session);
        pthread_mutex_lock(&session->mutex);
    }
    session->lanes_left--;
    pthread_cond_broadcast(&session->changed);
}

/* The first lane opens the session before there is a second. */
static void open_session(struct blocking_session *session)
{
    char error[sizeof(session->error)] = "no reason given";
    int result = port_open(session->adapter, session->instance, &session->host, &session->config,
                           &session->session, error);

    pthread_mutex_lock(&session->mutex);
    memcpy(session->error, error, sizeof(error));
    session->state = result == 0 ? SESSION_OPEN : SESSION_FAILED;
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->mutex);
}

void *blocking_thread_run(void *context)
{
    struct lane *lane = context;
    struct blocking_session *session = lane->session;

    if (lane == &session->lanes[LANE_MAIN])
        open_session(session);
    pthread_mutex_lock(&session->mutex);
    if (session->state == SESSION_OPEN) {
        run_jobs(lane);
        leave(lane);
    } else {
        session->lanes_left--;
    }
    pthread_mutex_unlock(&session->mutex);
    return NULL;
}
