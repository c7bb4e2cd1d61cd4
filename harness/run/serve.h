/* serve.h: an adapter served to another process over stdin and stdout (adapters/PROTOCOL.md). */
#ifndef RUN_SERVE_H
#define RUN_SERVE_H

#include "adapter.h"
#include "base/error.h"

/* Serve until standard input ends.  Standard output is the protocol's alone. */
int serve_run(const struct broker_adapter *adapter, struct error *reterr);

#endif
