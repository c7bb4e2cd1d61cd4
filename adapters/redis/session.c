/* session.c: opening and ending sessions, and the one timer that all their calls share. */
#include "session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "publish.h"

#define NEVER UINT64_MAX

struct redis_session *redis_session_of(struct adapter_session *session)
{
    return (struct redis_session *)(void *)session;
}

uint64_t redis_session_now(const struct redis_session *session)
{
    return session->host->now_ns(session->host);
}

void redis_session_log(const struct redis_session *session, enum adapter_log_level level,
                       const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    session->host->log(session->host, level, line);
}

/* --- Time ------------------------------------------------------------------------------------- */

static uint64_t due_of(const struct redis_operation *operation)
{
    return operation->deadline_ns < operation->wake_ns ? operation->deadline_ns
                                                       : operation->wake_ns;
}

static void wake_operation(struct redis_operation *operation, uint64_t now_ns)
{
    if (operation->deadline_ns <= now_ns) {
        redis_expire(operation);
    } else if (operation->wake_ns <= now_ns) {
        operation->wake_ns = NEVER;
        operation->wake(operation);
    }
}

/* Starting a call or ending one during the walk is fine: `scan` is moved along. */
static void wake_operations(struct redis_session *session, uint64_t now_ns)
{
    session->scan = session->active;
    while (session->scan && !session->is_ended) {
        struct redis_operation *operation = session->scan;

        session->scan = operation->next;
        wake_operation(operation, now_ns);
    }
    session->scan = NULL;
}

static void on_timer(void *context)
{
    struct redis_session *session = context;
    uint64_t now = redis_session_now(session), due = NEVER;

    redis_session_enter(session);
    session->timer_due_ns = NEVER;
    for (int i = 0; i < REDIS_LINK_COUNT && !session->is_ended; i++)
        redis_connection_tick(&session->connections[i], now);
    wake_operations(session, now);
    for (const struct redis_operation *at = session->active; at; at = at->next)
        due = due_of(at) < due ? due_of(at) : due;
    for (int i = 0; i < REDIS_LINK_COUNT; i++)
        if (session->connections[i].due_ns < due && session->connections[i].due_ns > now)
            due = session->connections[i].due_ns;
    if (!session->is_ended && due != NEVER)
        redis_session_wake_at(session, due);
    redis_session_leave(session);
}

void redis_session_wake_at(struct redis_session *session, uint64_t due_ns)
{
    if (due_ns >= session->timer_due_ns || session->is_ended)
        return;
    session->timer_due_ns = due_ns;
    session->timer =
        session->host->timer_start(session->host, session->timer, due_ns, on_timer, session);
}

/* --- Life ------------------------------------------------------------------------------------- */

static char *make_consumer(const struct redis_session *session)
{
    return memory_format("gauntlet-%s-%016llx", session->name,
                         (unsigned long long)session->host->entropy(session->host));
}

struct redis_session *redis_session_new(struct redis_instance *instance,
                                        const struct adapter_host *host,
                                        const struct adapter_session_config *config)
{
    struct redis_session *session = memory_new(1, sizeof(*session));

    session->instance = instance;
    session->host = host;
    session->name = memory_string(config->name ? config->name : "session");
    session->is_consumer_made_up = !config->consumer;
    session->consumer = config->consumer ? memory_string(config->consumer) : make_consumer(session);
    session->timer_due_ns = NEVER;
    session->id_seed[0] = host->entropy(host);
    session->id_seed[1] = host->entropy(host);
    for (int i = 0; i < REDIS_LINK_COUNT; i++) {
        session->connections[i].session = session;
        session->connections[i].link = (enum redis_link)i;
        session->connections[i].due_ns = NEVER;
    }
    return session;
}

static void free_session(struct redis_session *session)
{
    for (int i = 0; i < REDIS_LINK_COUNT; i++)
        redis_connection_release(&session->connections[i]);
    while (session->made) {
        struct redis_operation *operation = session->made;

        session->made = operation->made_before;
        redis_operation_free(operation);
    }
    if (session->release)
        session->release(session);
    redis_streams_free(session);
    map_release(&session->streams);
    text_release(&session->commands);
    free(session->views);
    free(session->name);
    free(session->consumer);
    free(session);
}

void redis_session_enter(struct redis_session *session)
{
    session->depth++;
}

void redis_session_leave(struct redis_session *session)
{
    if (--session->depth == 0 && session->is_ended)
        free_session(session);
}

void redis_session_end(struct redis_session *session, bool reset)
{
    if (!session || session->is_ended)
        return;
    redis_session_enter(session);
    if (!reset && session->leave)
        session->leave(session);
    session->is_ended = true;
    session->host->timer_stop(session->host, session->timer);
    session->timer = NULL;
    for (int i = 0; i < REDIS_LINK_COUNT; i++)
        redis_connection_close(&session->connections[i], reset);
    while (session->active)
        redis_give_up(session->active, ADAPTER_ERROR_CONNECTION, "the session ended");
    redis_session_leave(session);
}
