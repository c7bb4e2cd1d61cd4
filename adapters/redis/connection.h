/* connection.h: one link to the server: dialling, signing on, and the replies that are expected. */
#ifndef REDIS_CONNECTION_H
#define REDIS_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "operation.h"
#include "reply.h"

enum redis_connection_state {
    REDIS_DOWN,     /* no stream; due_ns is when it may be dialled */
    REDIS_DIALLING, /* connecting and signing on; due_ns is when to give up */
    REDIS_OPEN
};

struct redis_expectation {
    struct redis_operation *operation; /* NULL: nobody wants to know */
    redis_on_reply *on_reply;
    uint32_t count;
};

/* Embedded in its session; zero-initialised but for session and link. */
struct redis_connection {
    struct redis_session *session;
    enum redis_link link;
    enum redis_connection_state state;
    struct adapter_stream *stream;
    struct redis_reader reader;
    struct redis_expectation *ring; /* replies come in the order of commands */
    uint32_t ring_head, ring_count, ring_capacity;
    struct redis_queue waiting; /* until it is open */
    uint64_t due_ns;            /* UINT64_MAX: no time is set */
    uint64_t received;          /* how often bytes came */
    uint32_t generation;        /* of streams */
    uint32_t failures;          /* to connect, in a row */
    uint32_t sign_on_index;     /* of the replies to signing on */
    bool was_lost;              /* an open stream was lost and not replaced since */
    /* SUBSCRIBE: replies that no command asked for, and the end of the stream.  May be NULL. */
    void (*on_push)(struct redis_session *session, const struct redis_reply *reply);
    void (*on_break)(struct redis_session *session, const char *reason);
};

/* Dial unless it is under way or has to wait. */
void redis_connection_wake(struct redis_connection *connection);
/* Its time came. */
void redis_connection_tick(struct redis_connection *connection, uint64_t now_ns);
void redis_connection_expect(struct redis_connection *connection, struct redis_operation *operation,
                             redis_on_reply *on_reply, uint32_t count);
/* Give up the stream: what was expected is lost. */
void redis_connection_break(struct redis_connection *connection, const char *reason);
/* End it for good, without a word to those who wait. */
void redis_connection_close(struct redis_connection *connection, bool reset);
void redis_connection_release(struct redis_connection *connection);

#endif
