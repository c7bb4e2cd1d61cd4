/* blocking_overdue.c: an operation that does not end by its deadline is answered for.

   A plugin may wait for ever, or return and forget its answer.  Nobody else may wait with it: some
   time after the deadline the call is completed as unknown, and its thread is left to itself. */
#include <stdio.h>

#include "actors/blocking_session.h"
#include "port.h"

/* An adapter that keeps its deadlines may still be a moment late with its answer. */
static const uint64_t GRACE_NS = 1500000000u;

uint64_t blocking_overdue_ns(const struct job *job)
{
    return job->deadline_ns && job->deadline_ns < UINT64_MAX - GRACE_NS
               ? job->deadline_ns + GRACE_NS
               : UINT64_MAX;
}

uint64_t blocking_overdue_patience_ns(const struct blocking_session *session, const struct job *job)
{
    uint64_t overdue_ns = blocking_overdue_ns(job);

    return overdue_ns != UINT64_MAX
               ? overdue_ns
               : session->host.now_ns(&session->host) + BLOCKING_SLICE_NS + GRACE_NS;
}

static struct job *find_overdue(const struct blocking_session *session, uint64_t now)
{
    struct job *job = session->known;

    while (job && blocking_overdue_ns(job) > now)
        job = job->next_known;
    return job;
}

static uint64_t find_earliest(const struct blocking_session *session)
{
    uint64_t earliest = UINT64_MAX;

    for (const struct job *job = session->known; job; job = job->next_known)
        if (blocking_overdue_ns(job) < earliest)
            earliest = blocking_overdue_ns(job);
    return earliest;
}

static void on_overdue(void *context);

static void arm(struct blocking_session *session, uint64_t earliest)
{
    const struct adapter_host *host = session->loop_host;

    session->overdue_ns = earliest;
    if (earliest != UINT64_MAX)
        session->overdue_timer =
            host->timer_start(host, session->overdue_timer, earliest, on_overdue, session);
}

static void describe(const struct job *job, char words[160])
{
    snprintf(words, 160,
             "the adapter did not answer %s by its deadline: each call is answered exactly once, "
             "through call->done",
             port_operations[job->outer->operation].name);
}

/* Whoever is told may close the session. */
static void on_overdue(void *context)
{
    struct blocking_session *session = context;
    uint64_t now = session->loop_host->now_ns(session->loop_host);
    struct job *job;

    while (!session->is_closed && (job = find_overdue(session, now))) {
        char words[160];

        describe(job, words);
        blocking_session_complete(session, job, words);
    }
    if (!session->is_closed)
        arm(session, find_earliest(session));
}

void blocking_overdue_watch(struct blocking_session *session, const struct job *job)
{
    if (blocking_overdue_ns(job) < session->overdue_ns)
        arm(session, blocking_overdue_ns(job));
}

void blocking_overdue_end(struct blocking_session *session)
{
    if (session->overdue_timer)
        session->loop_host->timer_stop(session->loop_host, session->overdue_timer);
    session->overdue_timer = NULL;
}
