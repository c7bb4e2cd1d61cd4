/* manners.h: does an adapter's process keep to the protocol, whatever its broker does? */
#ifndef ADAPTERS_STDIO_MANNERS_H
#define ADAPTERS_STDIO_MANNERS_H

#include <stddef.h>

#include "base/error.h"

struct stdio_manners_plan {
    const char *command; /* behind "exec:" */
    const char *uri;     /* NULL when none */
    /* A rule that was tried; wrong: why it was broken, NULL when it was kept. */
    void (*tell)(void *context, const char *rule, const char *wrong);
    void *context;
};

/* Start it and try its manners one after another.  Gives how many rules it broke.  -1 when it
   cannot even be talked to. */
int stdio_manners_check(const struct stdio_manners_plan *plan, size_t *ret_broken,
                        struct error *reterr);

#endif
