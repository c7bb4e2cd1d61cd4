/* session.c: a queue of calls, and a timer that does them. */
#include "adapters/inline/session.h"

#include <stdlib.h>

#include "adapters/inline/blocking.h"
#include "adapters/inline/operation.h"
#include "base/memory.h"

#define MOMENT_NS 1000u /* what an operation takes where the clock stands still meanwhile */

int inline_session_open(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = memory_new(1, sizeof(*session));
    const char *name = config && config->name ? config->name : "session";

    (void)reterr;
    session->broker = &instance->broker;
    session->host = host;
    session->look_ns = UINT64_MAX;
    pthread_mutex_lock(&session->broker->mutex);
    session->serial = ++session->broker->session_serial;
    pthread_mutex_unlock(&session->broker->mutex);
    session->consumer = config && config->consumer
                            ? memory_string(config->consumer)
                            : memory_format("%s-%llu", name, (unsigned long long)session->serial);
    session->bell = inline_bell_new(host, inline_session_rung, session);
    *ret_session = session;
    return 0;
}

static void free_session(struct adapter_session *session)
{
    inline_answer_release(&session->answer);
    free(session->queue);
    free(session->consumer);
    free(session);
}

/* --- The queue ----------------------------------------------------------------------------------
 */

static void grow_queue(struct adapter_session *session)
{
    size_t capacity = session->queue_capacity ? session->queue_capacity * 2 : 8;
    struct inline_queued *queue = memory_new(capacity, sizeof(*queue));

    for (size_t i = 0; i < session->queue_count; i++)
        queue[i] = session->queue[(session->queue_head + i) & (session->queue_capacity - 1)];
    free(session->queue);
    session->queue = queue;
    session->queue_capacity = capacity;
    session->queue_head = 0;
}

static void push(struct adapter_session *session, struct inline_queued queued)
{
    if (session->queue_count == session->queue_capacity)
        grow_queue(session);
    session->queue[(session->queue_head + session->queue_count) & (session->queue_capacity - 1)] =
        queued;
    session->queue_count++;
}

static struct adapter_call *pop(struct adapter_session *session)
{
    struct adapter_call *call = session->queue[session->queue_head].call;

    session->queue_head = (session->queue_head + 1) & (session->queue_capacity - 1);
    session->queue_count--;
    return call;
}

/* --- Doing calls --------------------------------------------------------------------------------
 */

static void do_call(struct adapter_session *session, struct adapter_call *call, uint64_t now_ns)
{
    struct inline_turn turn = {.broker = session->broker,
                               .session = session,
                               .call = call,
                               .answer = &session->answer,
                               .now_ns = now_ns};
    bool stays = call->operation == ADAPTER_OP_SUBSCRIBE;

    pthread_mutex_lock(&session->broker->mutex);
    if (stays) {
        inline_session_subscribe(session, call);
    } else {
        inline_operation_run(&turn);
        if (turn.waits)
            inline_session_wait(&turn);
    }
    pthread_mutex_unlock(&session->broker->mutex);
    if (stays || turn.waits)
        return;
    call->done(call, &session->answer.result);
    inline_answer_end(&session->answer);
}

static void on_turn(void *context);

static void schedule(struct adapter_session *session)
{
    const struct adapter_host *host = session->host;
    uint64_t started_ns = session->queue[session->queue_head].started_ns;
    uint64_t due_ns = session->pace == INLINE_PACE_STILL ? started_ns + MOMENT_NS : 0;

    session->is_turn_due = true;
    session->turn_timer = host->timer_start(host, session->turn_timer, due_ns, on_turn, session);
}

/* The first event after the first call shows whether time passes by itself. */
static void learn_pace(struct adapter_session *session, uint64_t now_ns)
{
    if (session->pace == INLINE_PACE_NOT_KNOWN && session->queue_count > 0)
        session->pace = now_ns == session->queue[session->queue_head].started_ns
                            ? INLINE_PACE_STILL
                            : INLINE_PACE_MOVING;
}

static bool is_next_due(const struct adapter_session *session, uint64_t now_ns)
{
    return session->pace != INLINE_PACE_STILL ||
           session->queue[session->queue_head].started_ns + MOMENT_NS <= now_ns;
}

/* Calls that are started meanwhile wait for the next turn. */
static void on_turn(void *context)
{
    struct adapter_session *session = context;
    uint64_t now_ns = session->host->now_ns(session->host);
    size_t count = session->queue_count;

    session->is_turn_due = false;
    learn_pace(session, now_ns);
    inline_session_enter_event(session);
    while (count-- > 0 && !session->is_ended && is_next_due(session, now_ns))
        do_call(session, pop(session), now_ns);
    inline_session_leave_event(session);
}

void inline_session_enter_event(struct adapter_session *session)
{
    session->is_running = true;
}

void inline_session_leave_event(struct adapter_session *session)
{
    session->is_running = false;
    if (session->is_ended) {
        free_session(session);
        return;
    }
    inline_session_set_look(session);
    if (session->queue_count > 0 && !session->is_turn_due)
        schedule(session);
}

/* A call that could not even begin. */
static void refuse(struct adapter_call *call)
{
    const struct adapter_result result = {.struct_size = sizeof(result),
                                          .outcome = ADAPTER_REFUSED,
                                          .error = ADAPTER_ERROR_CONNECTION,
                                          .detail = "the session has ended"};

    call->done(call, &result);
}

void inline_session_start(struct adapter_session *session, struct adapter_call *call)
{
    const struct adapter_host *host = session->host;

    if (session->is_ended) { /* by a caller who goes on inside its last answer */
        refuse(call);
        return;
    }
    push(session, (struct inline_queued){
                      call, session->pace == INLINE_PACE_MOVING ? 0 : host->now_ns(host)});
    if (!session->is_turn_due && !session->is_running)
        schedule(session);
}

/* --- Ending -------------------------------------------------------------------------------------
 */

static void end(struct adapter_session *session, bool is_crash)
{
    const struct adapter_host *host = session->host;

    pthread_mutex_lock(&session->broker->mutex);
    inline_session_stop_waiting(session);
    if (session->has_joined)
        inline_broker_leave(session->broker, session->serial, host->now_ns(host));
    inline_bell_free(session->bell);
    pthread_mutex_unlock(&session->broker->mutex);
    host->timer_stop(host, session->turn_timer);
    host->timer_stop(host, session->look_timer);
    session->is_ended = true;
    inline_session_give_back(session, is_crash);
    while (session->queue_count > 0)
        refuse(pop(session));
    if (!session->is_running)
        free_session(session);
}

void inline_session_close(struct adapter_session *session)
{
    if (session)
        end(session, false);
}

void inline_session_abandon(struct adapter_session *session)
{
    if (session)
        end(session, true);
}
