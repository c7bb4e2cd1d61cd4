/* blocking.c: waiters and subscriptions of one session, on its own loop. */
#include "adapters/inline/blocking.h"

#include <stdlib.h>

#include "adapters/inline/group.h"
#include "adapters/inline/stream.h"
#include "adapters/inline/subscription.h"
#include "base/memory.h"

#define NEVER UINT64_MAX

static uint64_t look_time(const struct inline_waiter *waiter)
{
    uint64_t due_ns = inline_group_due_ns(waiter->group);

    return due_ns < waiter->until_ns ? due_ns : waiter->until_ns;
}

/* The caller's limit, and the call's own deadline. */
static uint64_t wait_limit(const struct adapter_call *call, uint64_t now_ns)
{
    uint64_t until_ns = NEVER;

    if (call->duration_ms > 0 && (uint64_t)call->duration_ms < (NEVER - now_ns) / 1000000u)
        until_ns = now_ns + (uint64_t)call->duration_ms * 1000000u;
    return call->deadline_ns > 0 && call->deadline_ns < until_ns ? call->deadline_ns : until_ns;
}

void inline_session_wait(struct inline_turn *turn)
{
    struct adapter_session *session = turn->session;
    struct inline_waiter *waiter = memory_new(1, sizeof(*waiter));
    struct inline_waiter **link = &session->waiters;

    waiter->call = turn->call;
    waiter->bell = session->bell;
    waiter->until_ns = wait_limit(turn->call, turn->now_ns);
    inline_waiter_enter(waiter, turn->group);
    waiter->look_ns = look_time(waiter);
    while (*link)
        link = &(*link)->next_of_session;
    *link = waiter;
}

static void on_look(void *context)
{
    struct adapter_session *session = context;

    session->look_ns = NEVER;
    inline_session_look(session);
}

void inline_session_set_look(struct adapter_session *session)
{
    const struct adapter_host *host = session->host;
    uint64_t soonest_ns = NEVER;

    for (const struct inline_waiter *w = session->waiters; w; w = w->next_of_session)
        if (w->look_ns < soonest_ns)
            soonest_ns = w->look_ns;
    if (soonest_ns == session->look_ns)
        return;
    session->look_ns = soonest_ns;
    if (soonest_ns != NEVER) {
        session->look_timer =
            host->timer_start(host, session->look_timer, soonest_ns, on_look, session);
        return;
    }
    host->timer_stop(host, session->look_timer);
    session->look_timer = NULL;
}

/* --- Blocked reads ------------------------------------------------------------------------------
 */

static void remove_waiter(struct adapter_session *session, struct inline_waiter *waiter)
{
    struct inline_waiter **link = &session->waiters;

    while (*link != waiter)
        link = &(*link)->next_of_session;
    *link = waiter->next_of_session;
    free(waiter);
}

/* Read again; true when the call is answered, and the waiter has left the line. */
static bool try_read(struct inline_turn *turn, struct inline_waiter *waiter)
{
    struct inline_group *group;

    waiter->is_woken = true; /* do not wake oneself */
    inline_operation_run(turn);
    group = waiter->group;
    if (turn->waits && turn->now_ns < waiter->until_ns) {
        waiter->is_woken = false;
        if (!group)
            inline_waiter_enter(waiter, turn->group);
        waiter->look_ns = look_time(waiter);
        return false;
    }
    inline_waiter_leave(waiter);
    if (group)
        inline_group_wake(group);
    return true;
}

static void serve_waiter(struct adapter_session *session, struct inline_waiter *waiter)
{
    struct adapter_call *call = waiter->call;
    struct inline_turn turn = {.broker = session->broker,
                               .session = session,
                               .call = call,
                               .answer = &session->answer,
                               .now_ns = session->host->now_ns(session->host)};
    bool is_answered;

    pthread_mutex_lock(&session->broker->mutex);
    is_answered = try_read(&turn, waiter);
    pthread_mutex_unlock(&session->broker->mutex);
    if (!is_answered)
        return;
    remove_waiter(session, waiter);
    call->done(call, &session->answer.result);
    inline_answer_end(&session->answer);
}

/* --- Subscriptions ------------------------------------------------------------------------------
 */

void inline_session_subscribe(struct adapter_session *session, struct adapter_call *call)
{
    struct inline_subscription *subscription = memory_new(1, sizeof(*subscription));

    subscription->call = call;
    subscription->bell = session->bell;
    inline_subscription_enter(subscription, session->broker);
    subscription->next_of_session = session->subscriptions;
    session->subscriptions = subscription;
}

static void serve_subscription(struct adapter_session *session,
                               struct inline_subscription *subscription)
{
    struct inline_answer *answer = &session->answer;
    struct adapter_call *call = subscription->call;

    inline_answer_begin(answer);
    pthread_mutex_lock(&session->broker->mutex);
    inline_subscription_take(subscription, answer);
    if (answer->entry_count > 0)
        inline_stream_release_settled(subscription->stream);
    pthread_mutex_unlock(&session->broker->mutex);
    if (answer->entry_count > 0)
        call->deliver(call, answer->entries, answer->entry_count);
    inline_answer_end(answer);
}

/* --- Both ---------------------------------------------------------------------------------------
 */

void inline_session_look(struct adapter_session *session)
{
    struct inline_waiter *next_waiter;
    struct inline_subscription *next_subscription;

    inline_session_enter_event(session);
    for (struct inline_waiter *w = session->waiters; w && !session->is_ended; w = next_waiter) {
        next_waiter = w->next_of_session;
        serve_waiter(session, w);
    }
    for (struct inline_subscription *s = session->subscriptions; s && !session->is_ended;
         s = next_subscription) {
        next_subscription = s->next_of_session;
        serve_subscription(session, s);
    }
    inline_session_leave_event(session);
}

void inline_session_rung(void *owner)
{
    struct adapter_session *session = owner;

    pthread_mutex_lock(&session->broker->mutex);
    inline_bell_answer(session->bell);
    pthread_mutex_unlock(&session->broker->mutex);
    inline_session_look(session);
}

void inline_session_stop_waiting(struct adapter_session *session)
{
    for (struct inline_waiter *w = session->waiters; w; w = w->next_of_session) {
        struct inline_group *group = w->group;

        inline_waiter_leave(w);
        if (group)
            inline_group_wake(group); /* what this one was woken for is the next one's */
    }
    for (struct inline_subscription *s = session->subscriptions; s; s = s->next_of_session)
        inline_subscription_leave(s, session->broker);
}

/* A read that waited took nothing. */
static void give_back(struct adapter_call *call, enum adapter_outcome outcome)
{
    const struct adapter_result result = {
        .struct_size = sizeof(result),
        .outcome = outcome,
        .error = outcome == ADAPTER_DONE ? ADAPTER_ERROR_NONE : ADAPTER_ERROR_CONNECTION,
        .attempts = 1,
        .detail = "the session has ended"};

    call->done(call, &result);
}

void inline_session_give_back(struct adapter_session *session, bool is_crash)
{
    while (session->waiters) {
        struct inline_waiter *waiter = session->waiters;

        session->waiters = waiter->next_of_session;
        give_back(waiter->call, ADAPTER_REFUSED);
        free(waiter);
    }
    while (session->subscriptions) {
        struct inline_subscription *subscription = session->subscriptions;

        session->subscriptions = subscription->next_of_session;
        give_back(subscription->call, is_crash ? ADAPTER_UNKNOWN : ADAPTER_DONE);
        free(subscription);
    }
}
