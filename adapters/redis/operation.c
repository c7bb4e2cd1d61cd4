/* operation.c: the life of a call: begun, sent, answered exactly once, recycled. */
#include "operation.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "connection.h"
#include "session.h"

#define LATER_NS 1000u /* never in the same instant, not even in virtual time */

/* --- Queues ----------------------------------------------------------------------------------- */

void redis_queue_push(struct redis_queue *queue, struct redis_operation *operation)
{
    operation->queue = queue;
    operation->queue_next = NULL;
    operation->queue_previous = queue->last;
    if (queue->last)
        queue->last->queue_next = operation;
    else
        queue->first = operation;
    queue->last = operation;
}

void redis_queue_remove(struct redis_operation *operation)
{
    struct redis_queue *queue = operation->queue;

    if (!queue)
        return;
    if (operation->queue_previous)
        operation->queue_previous->queue_next = operation->queue_next;
    else
        queue->first = operation->queue_next;
    if (operation->queue_next)
        operation->queue_next->queue_previous = operation->queue_previous;
    else
        queue->last = operation->queue_previous;
    operation->queue = NULL;
}

struct redis_operation *redis_queue_pop(struct redis_queue *queue)
{
    struct redis_operation *operation = queue->first;

    if (operation)
        redis_queue_remove(operation);
    return operation;
}

/* --- Life ------------------------------------------------------------------------------------- */

static struct redis_operation *take_idle(struct redis_session *session)
{
    struct redis_operation *operation = session->idle;

    if (operation) {
        session->idle = operation->next;
        return operation;
    }
    operation = memory_new(1, sizeof(*operation));
    operation->session = session;
    operation->made_before = session->made;
    session->made = operation;
    return operation;
}

static void activate(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;

    operation->previous = NULL;
    operation->next = session->active;
    if (session->active)
        session->active->previous = operation;
    session->active = operation;
}

void redis_operation_deactivate(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;

    if (session->scan == operation)
        session->scan = operation->next;
    if (operation->previous)
        operation->previous->next = operation->next;
    else
        session->active = operation->next;
    if (operation->next)
        operation->next->previous = operation->previous;
}

struct redis_operation *redis_begin(struct redis_session *session, struct adapter_call *call,
                                    const struct redis_flow *flow)
{
    struct redis_operation *operation = take_idle(session);

    operation->call = call;
    operation->flow = flow;
    operation->connection = &session->connections[flow->link];
    operation->deadline_ns = call->deadline_ns ? call->deadline_ns : UINT64_MAX;
    operation->wake_ns = UINT64_MAX;
    operation->resends = 0;
    operation->is_sent = operation->is_late = operation->skipped = false;
    operation->index = operation->entry_count = 0;
    operation->pending_count = operation->pending_index = 0;
    operation->number = 0;
    operation->tries = operation->phase = 0;
    operation->view = NULL;
    activate(operation);
    if (operation->deadline_ns < session->timer_due_ns)
        redis_session_wake_at(session, operation->deadline_ns);
    return operation;
}

struct redis_operation *redis_start(struct redis_session *session, struct adapter_call *call,
                                    const struct redis_flow *flow)
{
    struct redis_operation *operation = redis_begin(session, call, flow);

    redis_submit(operation, flow->link, flow->send);
    return operation;
}

void redis_submit(struct redis_operation *operation, enum redis_link link,
                  void (*send)(struct redis_operation *operation))
{
    struct redis_connection *connection = &operation->session->connections[link];

    operation->connection = connection;
    operation->send = send;
    if (connection->state == REDIS_OPEN) {
        send(operation);
        return;
    }
    redis_queue_push(&connection->waiting, operation);
    redis_connection_wake(connection);
}

void redis_wake_after(struct redis_operation *operation, uint64_t delay_ns,
                      void (*wake)(struct redis_operation *operation))
{
    operation->wake = wake;
    operation->wake_ns =
        redis_session_now(operation->session) + (delay_ns > LATER_NS ? delay_ns : LATER_NS);
    redis_session_wake_at(operation->session, operation->wake_ns);
}

static void recycle(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;

    redis_arena_clear(&operation->arena);
    text_clear(&operation->text);
    operation->next = session->idle;
    session->idle = operation;
}

void redis_unexpect(struct redis_operation *operation, uint32_t count)
{
    operation->outstanding -= count;
    if (operation->outstanding == 0 && !operation->call)
        recycle(operation);
}

void redis_operation_free(struct redis_operation *operation)
{
    redis_arena_release(&operation->arena);
    text_release(&operation->text);
    text_release(&operation->arguments);
    free(operation->items);
    free(operation->ids);
    free(operation->entries);
    free(operation->pending);
    free(operation);
}

/* --- Trouble ---------------------------------------------------------------------------------- */

static bool may_resend(const struct redis_operation *operation)
{
    return operation->flow->retries && operation->session->instance->retries &&
           operation->resends == 0 && !(operation->call->flags & ADAPTER_CALL_NO_RETRY);
}

void redis_give_up(struct redis_operation *operation, enum adapter_error error, const char *reason)
{
    redis_answer_failure(operation, operation->is_sent ? ADAPTER_UNKNOWN : ADAPTER_REFUSED, error,
                         reason);
}

void redis_lose(struct redis_operation *operation, const char *reason)
{
    if (operation->flow->lost)
        operation->flow->lost(operation);
    operation->wake_ns = UINT64_MAX;
    if (may_resend(operation)) {
        operation->resends++;
        redis_submit(operation, operation->flow->link, operation->flow->send);
    } else {
        redis_give_up(operation, ADAPTER_ERROR_CONNECTION, reason);
    }
}

void redis_expire(struct redis_operation *operation)
{
    struct redis_session *session = operation->session;
    struct redis_connection *connection = operation->connection;
    uint32_t generation = connection->generation;
    bool waits = operation->outstanding > 0;
    bool is_silent = waits && connection->received == operation->received_mark;

    if (waits && operation->flow->lost)
        operation->flow->lost(operation);
    operation->is_late = waits;
    redis_give_up(operation, ADAPTER_ERROR_CONNECTION,
                  operation->is_sent ? "no answer before the deadline"
                                     : "no connection before the deadline");
    if (is_silent && !session->is_ended && connection->generation == generation)
        redis_connection_break(connection, "the server does not answer");
}

/* --- Writing ---------------------------------------------------------------------------------- */

struct text *redis_compose(struct redis_operation *operation)
{
    text_clear(&operation->session->commands);
    return &operation->session->commands;
}

void redis_send(struct redis_operation *operation, const struct text *commands,
                redis_on_reply *on_reply, uint32_t count)
{
    const struct adapter_host *host = operation->session->host;

    host->stream_write(operation->connection->stream, commands->data, commands->size);
    redis_connection_expect(operation->connection, operation, on_reply, count);
}

char *redis_reserve(struct redis_operation *operation, size_t size)
{
    return operation->session->host->stream_reserve(operation->connection->stream, size);
}

void redis_commit(struct redis_operation *operation, size_t size, redis_on_reply *on_reply,
                  uint32_t count)
{
    operation->session->host->stream_commit(operation->connection->stream, size);
    redis_connection_expect(operation->connection, operation, on_reply, count);
}

/* --- Storage ---------------------------------------------------------------------------------- */

void redis_need_items(struct redis_operation *operation, size_t count)
{
    if (count <= operation->item_capacity)
        return;
    operation->items = memory_grow(operation->items, count, sizeof(*operation->items));
    operation->ids = memory_grow(operation->ids, count, sizeof(*operation->ids));
    operation->item_capacity = count;
}

struct adapter_entry *redis_add_entry(struct redis_operation *operation)
{
    struct adapter_entry *entry;

    if (operation->entry_count == operation->entry_capacity) {
        operation->entry_capacity = operation->entry_capacity ? operation->entry_capacity * 2 : 16;
        operation->entries =
            memory_grow(operation->entries, operation->entry_capacity, sizeof(*operation->entries));
    }
    entry = &operation->entries[operation->entry_count++];
    *entry = (struct adapter_entry){0};
    return entry;
}

char *redis_keep(struct redis_operation *operation, const void *bytes, size_t size)
{
    return redis_arena_copy(&operation->arena, bytes, size);
}
