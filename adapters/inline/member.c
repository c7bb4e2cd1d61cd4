/* member.c: who reads, and what becomes of what they held when they are gone. */
#include "adapters/inline/member.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/group.h"
#include "adapters/inline/stream.h"
#include "base/memory.h"

void inline_member_free(struct inline_member *member)
{
    heap_release(&member->own);
    free(member->sessions);
    free(member->name);
    free(member);
}

static void free_unused(struct inline_member *member)
{
    struct inline_member **link = &member->group->members;

    if (member->delivery_count > 0 || member->session_count > 0)
        return;
    while (*link != member)
        link = &(*link)->next;
    *link = member->next;
    inline_member_free(member);
}

void inline_member_unuse(struct inline_member *member)
{
    member->delivery_count--;
    free_unused(member);
}

struct inline_member *inline_member_find(const struct inline_group *group, const char *name)
{
    struct inline_member *member = group->members;

    while (member && strcmp(member->name, name) != 0)
        member = member->next;
    return member;
}

static struct inline_member *make(struct inline_group *group, const char *name)
{
    struct inline_member *member = memory_new(1, sizeof(*member));
    struct inline_member **link = &group->members;

    member->group = group;
    member->name = memory_string(name);
    while (*link)
        link = &(*link)->next;
    *link = member;
    return member;
}

static bool has_session(const struct inline_member *member, uint64_t session)
{
    for (size_t i = 0; i < member->session_count; i++)
        if (member->sessions[i] == session)
            return true;
    return false;
}

static void welcome_back(void *context, struct inline_delivery *delivery)
{
    struct inline_member *member = context;

    if (delivery->member != member || delivery->state != INLINE_RESERVED)
        return;
    delivery->state = INLINE_OWN;
    inline_delivery_place(delivery, &member->own, delivery->from);
}

struct inline_member *inline_member_join(struct inline_group *group, const char *name,
                                         uint64_t session)
{
    struct inline_member *member = inline_member_find(group, name);

    if (member && has_session(member, session))
        return member;
    if (!member)
        member = make(group, name);
    if (member->session_count == member->session_capacity) {
        member->session_capacity = member->session_capacity ? member->session_capacity * 2 : 1;
        member->sessions =
            memory_grow(member->sessions, member->session_capacity, sizeof(*member->sessions));
    }
    member->sessions[member->session_count++] = session;
    if (member->delivery_count > 0)
        inline_deliveries_each(&group->deliveries, welcome_back, member);
    return member;
}

/* --- Leaving ------------------------------------------------------------------------------------
 */

struct departure {
    struct inline_group *group;
    uint64_t session, until_ns;
};

static void reserve(void *context, struct inline_delivery *delivery)
{
    const struct departure *departure = context;
    struct inline_group *group = departure->group;
    uint64_t deadline_ns = delivery->delivered_ns + group->settings->message_timeout_ns;
    bool is_held = delivery->state == INLINE_IN_FLIGHT && delivery->session == departure->session;

    if (delivery->state == INLINE_OWN && delivery->member->session_count == 0)
        is_held = true;
    if (!is_held)
        return;
    delivery->state = INLINE_RESERVED;
    inline_delivery_place(delivery, &group->deliveries.timed,
                          deadline_ns < departure->until_ns ? deadline_ns : departure->until_ns);
}

void inline_group_leave(struct inline_group *group, uint64_t session, uint64_t until_ns)
{
    struct departure departure = {group, session, until_ns};
    struct inline_member *next;
    bool was_there = false;

    for (struct inline_member *member = group->members; member; member = member->next) {
        for (size_t i = 0; i < member->session_count; i++) {
            if (member->sessions[i] != session)
                continue;
            member->sessions[i] = member->sessions[--member->session_count];
            was_there = true;
            break;
        }
    }
    if (!was_there)
        return;
    inline_deliveries_each(&group->deliveries, reserve, &departure);
    for (struct inline_member *member = group->members; member; member = next) {
        next = member->next;
        free_unused(member);
    }
}
