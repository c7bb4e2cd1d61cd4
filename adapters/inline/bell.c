/* bell.c: one post at a time.  `owner` is touched by the session's thread only, `is_rung` under the
   broker's lock, so that the post itself needs neither the session nor the broker to be there. */
#include "adapters/inline/bell.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

struct inline_bell {
    const struct adapter_host *host;
    void (*rung)(void *owner);
    void *owner; /* NULL: freed with the post that is under way */
    bool is_rung;
};

struct inline_bell *inline_bell_new(const struct adapter_host *host, void (*rung)(void *owner),
                                    void *owner)
{
    struct inline_bell *bell = memory_new(1, sizeof(*bell));

    *bell = (struct inline_bell){.host = host, .rung = rung, .owner = owner};
    return bell;
}

static void on_post(void *context)
{
    struct inline_bell *bell = context;

    if (bell->owner)
        bell->rung(bell->owner);
    else
        free(bell);
}

void inline_bell_ring(struct inline_bell *bell)
{
    if (bell->is_rung)
        return;
    bell->is_rung = true;
    bell->host->post(bell->host, on_post, bell);
}

void inline_bell_answer(struct inline_bell *bell)
{
    bell->is_rung = false;
}

void inline_bell_free(struct inline_bell *bell)
{
    if (!bell)
        return;
    if (bell->is_rung)
        bell->owner = NULL;
    else
        free(bell);
}
