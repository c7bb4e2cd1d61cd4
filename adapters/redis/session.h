/* session.h: what one actor uses to talk to the server: two links under one name. */
#ifndef REDIS_SESSION_H
#define REDIS_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "base/map.h"
#include "base/text.h"
#include "connection.h"
#include "instance.h"
#include "operation.h"
#include "script.h"

struct redis_session {
    struct redis_instance *instance;
    const struct adapter_host *host;
    char *name, *consumer;
    bool is_consumer_made_up; /* unique: nothing can be pending for it yet */
    struct redis_connection connections[REDIS_LINK_COUNT];
    struct redis_operation *active; /* newest first */
    struct redis_operation *scan;   /* the next one a walk over the active ones will see */
    struct redis_operation *idle, *made;
    struct adapter_timer *timer;
    uint64_t timer_due_ns; /* UINT64_MAX: not started */
    struct text commands;
    char detail[320];
    unsigned depth; /* of callbacks under way */
    bool is_ended, is_reconnected;
    uint64_t id_counter, id_seed[2]; /* for ids of our own */
    struct redis_script_state scripts[REDIS_SCRIPT_COUNT];
    /* What the adapter built on top keeps; released by its own hook. */
    const struct redis_kind *kind;
    struct map streams; /* name -> struct redis_stream */
    struct redis_stream *last_stream;
    struct redis_view **views;
    size_t view_count, view_capacity;
    /* redis_channels */
    struct redis_queue unconfirmed, subscribed, pings;
    uint32_t subscribing; /* subscriptions that do not stand yet */
    void (*release)(struct redis_session *session);
    void (*leave)(struct redis_session *session); /* before a graceful end: last words */
};

/* Gives; ended by redis_session_end. */
struct redis_session *redis_session_new(struct redis_instance *instance,
                                        const struct adapter_host *host,
                                        const struct adapter_session_config *config);
/* Answers what is outstanding; a reset is how a crash ends it.  NULL is fine. */
void redis_session_end(struct redis_session *session, bool reset);

/* Around every callback that may answer calls: a session ended in between lives until the end. */
void redis_session_enter(struct redis_session *session);
void redis_session_leave(struct redis_session *session);
/* The timer expires at `due_ns` at the latest. */
void redis_session_wake_at(struct redis_session *session, uint64_t due_ns);
uint64_t redis_session_now(const struct redis_session *session);
void redis_session_log(const struct redis_session *session, enum adapter_log_level level,
                       const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The struct behind the port's handle. */
struct redis_session *redis_session_of(struct adapter_session *session);

#endif
