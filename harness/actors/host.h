/* host.h: the world as one actor's adapter sees it: its loop, its links, its luck, its log. */
#ifndef ACTORS_HOST_H
#define ACTORS_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "base/log.h"
#include "link/link.h"
#include "loop/loop.h"

struct host;

/* A host for `owner` ("billing-2"; copied).  Keeps loop, dialer and log until host_free.  Links are
   named "<owner>.<link>". */
struct host *host_new(struct loop *loop, struct link_dialer *dialer, struct log *log, uint64_t seed,
                      const char *owner);
/* What is handed to the adapter; lives as long as the host. */
const struct adapter_host *host_port(struct host *host);
/* Asserts that the adapter left no timer, stream or watch behind; NULL is fine. */
void host_free(struct host *host);

/* Timers, streams and watches that the adapter has not given back. */
size_t host_open_count(const struct host *host);

#endif
