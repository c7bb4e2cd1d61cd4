/* session.h: one actor's way to the broker: its calls are done in turn, on its own loop, each at a
   later event than its start. */
#ifndef INLINE_SESSION_H
#define INLINE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "adapters/inline/answer.h"
#include "adapters/inline/bell.h"
#include "adapters/inline/broker.h"

struct inline_member;
struct inline_subscription;
struct inline_waiter;

/* Does the clock move while nothing happens?  In virtual time it stands still, and an operation
   then takes a moment of its own. */
enum inline_pace { INLINE_PACE_NOT_KNOWN, INLINE_PACE_MOVING, INLINE_PACE_STILL };

struct inline_queued {
    struct adapter_call *call;
    uint64_t started_ns;
};

struct adapter_session {
    struct inline_broker *broker;
    const struct adapter_host *host;
    char *consumer; /* its own name inside groups */
    uint64_t serial;
    struct inline_bell *bell;
    struct inline_answer answer;

    struct inline_queued *queue; /* a ring */
    size_t queue_head, queue_count, queue_capacity;
    struct adapter_timer *turn_timer;
    bool is_turn_due;
    enum inline_pace pace;

    struct inline_waiter *waiters; /* blocked reads, oldest first */
    struct inline_subscription *subscriptions;
    struct adapter_timer *look_timer;
    uint64_t look_ns; /* when it is due; UINT64_MAX: not started */

    uint64_t member_group; /* serial number of the group that `member` is of; 0: none */
    struct inline_member *member;
    bool has_joined; /* any group */
    bool is_running; /* inside one of its own events */
    bool is_ended;
};

int inline_session_open(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256]);
void inline_session_start(struct adapter_session *session, struct adapter_call *call);
void inline_session_close(struct adapter_session *session);
void inline_session_abandon(struct adapter_session *session);

/* Around each of its events: a session that was ended by a caller meanwhile is freed at the end. */
void inline_session_enter_event(struct adapter_session *session);
void inline_session_leave_event(struct adapter_session *session);

#endif
