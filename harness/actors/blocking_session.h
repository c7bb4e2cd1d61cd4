/* blocking_session.h: one session of a blocking adapter, its threads and its jobs.  Private to the
   blocking files. */
#ifndef ACTORS_BLOCKING_SESSION_H
#define ACTORS_BLOCKING_SESSION_H

#include <pthread.h>
#include <stdbool.h>

#include "adapter.h"

struct blocking;

/* Entries of a subscription on their way to the loop. */
struct delivery {
    struct delivery *next;
    struct adapter_entry *entries;
    size_t count;
};

enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_FINISHED };

/* One call: the harness's own, and the copy that the adapter sees. */
struct job {
    struct job *next;       /* in its lane's queue, until it runs */
    struct job *next_known; /* among all of the session; the loop's own list */
    struct blocking_session *session;
    struct adapter_call *outer; /* the loop's */
    struct adapter_call *inner; /* the thread's */
    uint64_t deadline_ns;       /* of the outer call */

    /* Under the session's mutex. */
    enum job_state state;
    bool is_orphan; /* its session was closed: nobody waits for it */
    struct adapter_result *result;
    struct delivery *first_delivery, **last_delivery;
};

struct lane {
    struct blocking_session *session;
    pthread_t thread;
    struct job *first, **last; /* queued */
};

enum { LANE_MAIN, LANE_SETTLING, LANE_MAX };

struct thread_post {
    struct thread_post *next;
    void (*function)(void *context);
    void *context;
};

struct blocking_session {
    struct adapter_host host;      /* first member: what the adapter sees */
    struct blocking_session *self; /* the way back from the adapter's const pointer */
    const struct broker_adapter *adapter;
    struct adapter_instance *instance;
    struct adapter_session *session; /* the adapter's; of the threads */
    const struct adapter_host *instance_host;
    struct adapter_session_config config; /* with strings of its own */
    char *name, *consumer;

    /* The loop's own. */
    const struct adapter_host *loop_host;
    struct adapter_watch *watch;
    struct job *known, **last_known; /* not yet completed */
    struct adapter_timer *overdue_timer;
    uint64_t overdue_ns; /* when it looks, at the latest */
    bool is_closed;
    uint64_t patience_ns; /* until then a thread may be at what was given up */
    struct blocking *owner;
    struct blocking_session *next_ended; /* in the owner's list */

    int wake_fd;
    pthread_mutex_t mutex; /* guards all below, the queues and the jobs */
    pthread_cond_t changed;
    struct lane lanes[LANE_MAX];
    unsigned lane_count, lanes_left;
    struct thread_post *first_post, **last_post;
    enum { SESSION_OPENING, SESSION_OPEN, SESSION_FAILED } state;
    bool is_ending, is_abandoned;
    char error[256]; /* why it failed */
};

/* A subscription is asked again and again, each time for so long. */
#define BLOCKING_SLICE_NS 1000000000u

/* What all sessions of one instance share. */
struct blocking_place {
    const struct broker_adapter *adapter;
    struct adapter_instance *instance;
    const struct adapter_host *host; /* the instance's */
};

/* How long a session may take to open; tests have less patience. */
extern uint64_t blocking_open_patience_ns;

/* Opens on a new thread, and waits for it.  NULL when that fails; when it takes too long,
   `ret_late` is the session: it has ended, and its thread may still be at it. */
struct blocking_session *blocking_session_new(const struct blocking_place *place,
                                              const struct adapter_host *loop_host,
                                              const struct adapter_session_config *config,
                                              struct blocking_session **ret_late, char reterr[256]);
void blocking_session_start(struct blocking_session *session, struct adapter_call *call);
/* Completes what is outstanding and lets the threads end; never waits. */
void blocking_session_end(struct blocking_session *session, bool is_abandoned);
/* After the end: have its threads ended too? */
bool blocking_session_is_over(struct blocking_session *session);
/* After the end: waits for the threads, until what they do is overdue.  False: one hangs. */
bool blocking_session_waited(struct blocking_session *session);
/* Its threads have ended. */
void blocking_session_free(struct blocking_session *session);
/* One of them hangs: nobody waits for them any more, and what they use is never freed. */
void blocking_session_leave(struct blocking_session *session);
/* Answer for a job whose thread has not; what is under way is left to that thread.  `late`: why, or
   NULL when the session ends. */
void blocking_session_complete(struct blocking_session *session, struct job *job, const char *late);

/* Calls that are not answered in time (blocking_overdue.c). */
uint64_t blocking_overdue_ns(const struct job *job); /* UINT64_MAX: it may take for ever */
/* Until when its thread may be at it once it was given up: then, too, a subscription ends with its
   slice. */
uint64_t blocking_overdue_patience_ns(const struct blocking_session *session,
                                      const struct job *job);
void blocking_overdue_watch(struct blocking_session *session, const struct job *job);
void blocking_overdue_end(struct blocking_session *session);

/* The thread's side (blocking_thread.c). */
void *blocking_thread_run(void *context); /* of its struct lane */
struct job *blocking_job_new(struct blocking_session *session, struct adapter_call *call);
void blocking_job_free(struct job *job);
/* The adapter's world (blocking_host.c). */
void blocking_host_init(struct blocking_session *session);
/* No timers, streams and watches. */
void blocking_host_refuse(struct adapter_host *host);

#endif
