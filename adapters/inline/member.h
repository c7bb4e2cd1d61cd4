/* member.h: a consumer of a group, known by its name; it outlives its sessions while it holds
   messages. */
#ifndef INLINE_MEMBER_H
#define INLINE_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/heap.h"

struct inline_group;

struct inline_member {
    struct inline_group *group;
    char *name;
    uint64_t *sessions; /* serial numbers of those that read under this name */
    size_t session_count, session_capacity;
    size_t delivery_count; /* that are in its name */
    struct heap own;       /* to be served to it first, by position */
    struct inline_member *next;
};

/* The member of this name in its group, made when needed, and joined by the session: what an
   earlier session of that name left is then served first. */
struct inline_member *inline_member_join(struct inline_group *group, const char *name,
                                         uint64_t session);
struct inline_member *inline_member_find(const struct inline_group *group, const char *name);
/* A session ends: what it holds is kept for the same name until `until_ns`. */
void inline_group_leave(struct inline_group *group, uint64_t session, uint64_t until_ns);
/* A delivery no longer is in its name; frees it when nothing else holds it. */
void inline_member_unuse(struct inline_member *member);
void inline_member_free(struct inline_member *member);

#endif
