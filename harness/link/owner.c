/* owner.c: what actors are doing, counted by operation. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/operation.h"
#include "link/rules.h"

struct link_owner *link_faults_owner(struct link_faults *faults, const char *name)
{
    struct link_owner *owner;

    pthread_mutex_lock(&faults->mutex);
    owner = map_get(&faults->owners, name, strlen(name));
    if (!owner) {
        owner = memory_new(1, sizeof(*owner));
        map_set(&faults->owners, name, strlen(name), owner);
    }
    pthread_mutex_unlock(&faults->mutex);
    return owner;
}

void link_owner_operation(struct link_owner *owner, const char *op, bool begins)
{
    int index = operation_index(op);

    if (index >= 0)
        atomic_fetch_add_explicit(&owner->calls[index], begins ? 1 : -1, memory_order_relaxed);
}

static bool has_any(const atomic_int *count)
{
    return atomic_load_explicit(count, memory_order_relaxed) > 0;
}

uint64_t owner_operations(struct link_owner *owner)
{
    uint64_t set = 0;

    for (int i = 0; i < OPERATION_MAX; i++)
        if (has_any(&owner->calls[i]))
            set |= 1ull << i;
    return set;
}

uint64_t owner_free_operations(struct link_owner *owner)
{
    uint64_t free_set = owner_operations(owner);

    for (int i = 0; i < OPERATION_MAX; i++)
        if (has_any(&owner->claims[i]))
            free_set &= ~(1ull << i);
    return free_set;
}

void owner_claim(struct link_owner *owner, uint64_t operations, int change)
{
    for (int i = 0; operations; i++, operations >>= 1)
        if (operations & 1)
            atomic_fetch_add_explicit(&owner->claims[i], change, memory_order_relaxed);
}
