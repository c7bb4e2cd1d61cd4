/* waiter.c: who is woken when. */
#include "adapters/inline/waiter.h"

#include "adapters/inline/group.h"
#include "adapters/inline/stream.h"

void inline_waiter_enter(struct inline_waiter *waiter, struct inline_group *group)
{
    waiter->group = group;
    waiter->next = NULL;
    waiter->previous = group->waiter_last;
    if (group->waiter_last)
        group->waiter_last->next = waiter;
    else
        group->waiter_first = waiter;
    group->waiter_last = waiter;
    group->stream->waiter_count++;
}

void inline_waiter_leave(struct inline_waiter *waiter)
{
    struct inline_group *group = waiter->group;

    if (!group)
        return;
    if (waiter->previous)
        waiter->previous->next = waiter->next;
    else
        group->waiter_first = waiter->next;
    if (waiter->next)
        waiter->next->previous = waiter->previous;
    else
        group->waiter_last = waiter->previous;
    waiter->group = NULL;
    group->stream->waiter_count--;
}

static void wake(struct inline_waiter *waiter)
{
    if (waiter->is_woken)
        return;
    waiter->is_woken = true;
    inline_bell_ring(waiter->bell);
}

void inline_group_wake(struct inline_group *group)
{
    uint64_t available = inline_group_available(group);

    for (struct inline_waiter *waiter = group->waiter_first; waiter && available > 0;
         waiter = waiter->next) {
        uint64_t wanted = (uint64_t)waiter->call->count;

        wake(waiter);
        available = wanted < available ? available - wanted : 0;
    }
}

void inline_group_remind(struct inline_group *group)
{
    uint64_t due_ns = inline_group_due_ns(group);

    if (!group->waiter_first)
        return;
    for (const struct inline_waiter *waiter = group->waiter_first; waiter; waiter = waiter->next)
        if (waiter->is_woken || waiter->look_ns <= due_ns)
            return;
    wake(group->waiter_first);
}

void inline_group_send_away(struct inline_group *group)
{
    while (group->waiter_first) {
        struct inline_waiter *waiter = group->waiter_first;

        inline_waiter_leave(waiter);
        wake(waiter);
    }
}
