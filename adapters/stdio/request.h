/* request.h: a call as one line of the protocol. */
#ifndef ADAPTERS_STDIO_REQUEST_H
#define ADAPTERS_STDIO_REQUEST_H

#include "adapter.h"
#include "base/text.h"

/* Append the line, with its end.  now_ns: on the clock of the call's deadline. */
void stdio_request_write(struct text *line, uint64_t id, uint64_t session,
                         const struct adapter_call *call, uint64_t now_ns);
#endif
