/* watched.c: a copy of a call that stands between its maker and the adapter. */
#include "actors/watched.h"

#include <stdlib.h>

#include "base/memory.h"
#include "port.h"

struct watched {
    struct adapter_call call; /* first member */
    struct adapter_call *outer;
    struct link_owner *owner;
};

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct watched *watched = (struct watched *)call;
    struct adapter_call *outer = watched->outer;

    link_owner_operation(watched->owner, port_operations[call->operation].name, false);
    outer->done(outer, result);
    free(watched);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct adapter_call *outer = ((struct watched *)call)->outer;

    outer->deliver(outer, entries, count);
}

struct adapter_call *watched_call(struct link_owner *owner, struct adapter_call *call)
{
    struct watched *watched = memory_new(1, sizeof(*watched));

    *watched = (struct watched){.call = *call, .outer = call, .owner = owner};
    watched->call.done = on_done;
    if (call->deliver)
        watched->call.deliver = on_deliver;
    link_owner_operation(owner, port_operations[call->operation].name, true);
    return &watched->call;
}
