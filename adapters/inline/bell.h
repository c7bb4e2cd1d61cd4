/* bell.h: wakes a session on its own loop, rung from any thread; it may outlive the session. */
#ifndef INLINE_BELL_H
#define INLINE_BELL_H

#include "adapter.h"

struct inline_bell;

/* rung(owner) will run on the host's loop. */
struct inline_bell *inline_bell_new(const struct adapter_host *host, void (*rung)(void *owner),
                                    void *owner);
/* Under the broker's lock.  Rings once until it was answered. */
void inline_bell_ring(struct inline_bell *bell);
/* Under the broker's lock, by rung: it may be rung again. */
void inline_bell_answer(struct inline_bell *bell);
/* Under the broker's lock and on the host's loop: rung will not run any more. */
void inline_bell_free(struct inline_bell *bell);

#endif
