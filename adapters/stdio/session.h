/* session.h: one session of an adapter in another process. */
#ifndef ADAPTERS_STDIO_SESSION_H
#define ADAPTERS_STDIO_SESSION_H

#include "adapter.h"
#include "adapters/stdio/wire.h"

/* What a session needs to begin. */
struct stdio_session_plan {
    struct stdio_wire *wire;
    uint64_t number;
    uint32_t instance;
    bool owns_process; /* it may be killed, as a crash would */
    const char *uri;   /* NULL when none */
};

int stdio_session_open(const struct stdio_session_plan *plan, const struct adapter_host *host,
                       const struct adapter_session_config *config,
                       struct adapter_session **ret_session, char reterr[256]);
/* Completes what is outstanding, and frees it; the process goes on.  NULL is fine. */
void stdio_session_close(struct adapter_session *session, bool is_abandoned);
void stdio_session_start(struct adapter_session *session, struct adapter_call *call);
struct stdio_wire *stdio_session_wire(struct adapter_session *session);

#endif
