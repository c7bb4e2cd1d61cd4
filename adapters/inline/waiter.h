/* waiter.h: a blocked read; waiters of one group stand in line, first come first served. */
#ifndef INLINE_WAITER_H
#define INLINE_WAITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "adapters/inline/bell.h"

struct inline_group;

struct inline_waiter {
    struct adapter_call *call;
    struct inline_bell *bell;
    struct inline_group *group; /* NULL when it was removed: look for it again */
    uint64_t until_ns;          /* UINT64_MAX: no limit */
    uint64_t look_ns;           /* its session will look again then, without being woken */
    bool is_woken;
    struct inline_waiter *next, *previous; /* in the group's line */
    struct inline_waiter *next_of_session;
};

/* The line of a group, and its stream's count of waiters. */
void inline_waiter_enter(struct inline_waiter *waiter, struct inline_group *group);
void inline_waiter_leave(struct inline_waiter *waiter);
/* Wake as many, in turn, as there are messages for. */
void inline_group_wake(struct inline_group *group);
/* Something falls due earlier than anyone will look by himself: wake the first in line. */
void inline_group_remind(struct inline_group *group);
/* The group goes away. */
void inline_group_send_away(struct inline_group *group);

#endif
