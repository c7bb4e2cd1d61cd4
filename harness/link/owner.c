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

    if (index < 0)
        return;
    if (begins)
        atomic_fetch_add_explicit(&owner->counts[index], 1, memory_order_relaxed);
    else
        atomic_fetch_sub_explicit(&owner->counts[index], 1, memory_order_relaxed);
}

uint64_t owner_operations(struct link_owner *owner)
{
    uint64_t set = 0;

    for (int i = 0; i < OPERATION_MAX; i++)
        if (atomic_load_explicit(&owner->counts[i], memory_order_relaxed) > 0)
            set |= 1ull << i;
    return set;
}
