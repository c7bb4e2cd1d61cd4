/* watched.h: calls whose beginning and end are told to the faults of links, so that a link can be
   addressed by what its actor is doing. */
#ifndef ACTORS_WATCHED_H
#define ACTORS_WATCHED_H

#include "adapter.h"
#include "link/fault.h"

/* A call that does what `call` does and completes it; the owner hears of both.  Freed when it is
   done. */
struct adapter_call *watched_call(struct link_owner *owner, struct adapter_call *call);

#endif
