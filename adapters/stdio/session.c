/* session.c: calls on the loop of their session: sent, answered, or given up at their deadline. */
#include "adapters/stdio/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "adapters/stdio/write.h"
#include "base/memory.h"

struct adapter_session {
    struct stdio_wire *wire;
    const struct adapter_host *host;
    struct stdio_mailbox mailbox;
    struct adapter_watch *watch;
    struct adapter_timer *timer;
    uint64_t due_ns; /* of the timer; 0: not started */
    bool is_busy, is_closed;
};

/* --- Answers ---------------------------------------------------------------------------------- */

static void answer_without(struct adapter_call *call, const char *detail)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_UNKNOWN,
                                    .error = ADAPTER_ERROR_CONNECTION,
                                    .attempts = 1,
                                    .detail = detail};

    call->done(call, &result);
}

static bool hand_over_next(struct adapter_session *session)
{
    struct adapter_call *call = NULL;
    struct stdio_answer *answer = stdio_wire_take(session->wire, &session->mailbox, &call);
    struct stdio_wire *wire = session->wire;

    if (!answer)
        return false;
    if (answer->is_delivery)
        call->deliver(call, answer->result.entries, answer->result.entry_count);
    else
        call->done(call, &answer->result);
    stdio_wire_return(wire, answer);
    return true;
}

static void free_session(struct adapter_session *session)
{
    (void)close(session->mailbox.wake_fd);
    free(session);
}

/* Whatever is told may close the session: then it is freed at the end of the turn. */
static void begin_turn(struct adapter_session *session)
{
    session->is_busy = true;
}

static void end_turn(struct adapter_session *session)
{
    session->is_busy = false;
    if (session->is_closed)
        free_session(session);
}

static void on_wake(void *context, uint32_t events)
{
    struct adapter_session *session = context;
    uint64_t count;

    (void)events;
    (void)!read(session->mailbox.wake_fd, &count, sizeof(count));
    begin_turn(session);
    while (!session->is_closed && hand_over_next(session)) {
    }
    end_turn(session);
}

/* --- Deadlines -------------------------------------------------------------------------------- */

static void on_due(void *context);

static void watch_deadline(struct adapter_session *session, uint64_t due_ns)
{
    if (!due_ns || (session->due_ns && session->due_ns <= due_ns))
        return;
    session->due_ns = due_ns;
    session->timer =
        session->host->timer_start(session->host, session->timer, due_ns, on_due, session);
}

static void give_up_late(struct adapter_session *session)
{
    uint64_t now_ns = session->host->now_ns(session->host);
    struct adapter_call *call;

    while (!session->is_closed &&
           (call = stdio_wire_give_up(session->wire, &session->mailbox, now_ns)) != NULL)
        answer_without(call, "the adapter's process gave no answer in time");
}

static void on_due(void *context)
{
    struct adapter_session *session = context;

    session->due_ns = 0;
    begin_turn(session);
    while (!session->is_closed && hand_over_next(session)) {
    }
    give_up_late(session);
    if (!session->is_closed)
        watch_deadline(session, stdio_wire_due_ns(session->wire, &session->mailbox));
    end_turn(session);
}

void stdio_session_start(struct adapter_session *session, struct adapter_call *call)
{
    stdio_wire_start(session->wire, &session->mailbox, call, session->host->now_ns(session->host));
    watch_deadline(session, call->deadline_ns);
}

/* --- Life ------------------------------------------------------------------------------------- */

static void say_open(const struct stdio_session_plan *plan,
                     const struct adapter_session_config *config)
{
    struct text members = {0};

    stdio_write_count(&members, "session", (int64_t)plan->number);
    stdio_write_count(&members, "instance", plan->instance);
    stdio_write_member(&members, "name", config->name);
    stdio_write_member(&members, "consumer", config->consumer);
    stdio_write_member(&members, "uri", plan->uri);
    stdio_wire_tell(plan->wire, "open", text_string(&members));
    text_release(&members);
}

int stdio_session_open(const struct stdio_session_plan *plan, const struct adapter_host *host,
                       const struct adapter_session_config *config,
                       struct adapter_session **ret_session, char reterr[256])
{
    struct adapter_session *session = memory_new(1, sizeof(*session));
    int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    session->wire = plan->wire;
    session->host = host;
    stdio_mailbox_init(&session->mailbox, plan->number, wake_fd);
    if (wake_fd >= 0)
        session->watch = host->watch(host, NULL, wake_fd, 1, on_wake, session);
    if (!session->watch) {
        snprintf(reterr, 256, "an adapter in another process needs a real loop to be told on");
        if (wake_fd >= 0)
            (void)close(wake_fd);
        free(session);
        return -1;
    }
    say_open(plan, config);
    *ret_session = session;
    return 0;
}

static void say_end(struct adapter_session *session, bool is_abandoned)
{
    struct text members = {0};

    stdio_write_count(&members, "session", (int64_t)session->mailbox.session);
    stdio_wire_tell(session->wire, is_abandoned ? "abandon" : "close", text_string(&members));
    text_release(&members);
}

static void complete_all(struct adapter_session *session)
{
    struct adapter_call *call;

    while (hand_over_next(session)) {
    }
    while ((call = stdio_wire_give_up(session->wire, &session->mailbox, UINT64_MAX)) != NULL)
        answer_without(call, "the session was closed before the answer came");
    while (hand_over_next(session)) { /* what came between */
    }
}

void stdio_session_close(struct adapter_session *session, bool is_abandoned)
{
    if (!session)
        return;
    session->is_closed = true;
    say_end(session, is_abandoned);
    session->host->timer_stop(session->host, session->timer);
    (void)session->host->watch(session->host, session->watch, session->mailbox.wake_fd, 0, on_wake,
                               session);
    complete_all(session);
    if (!session->is_busy)
        free_session(session);
}

struct stdio_wire *stdio_session_wire(struct adapter_session *session)
{
    return session->wire;
}
