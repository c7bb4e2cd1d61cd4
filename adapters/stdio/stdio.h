/* stdio.h: adapters in other processes, in any language: "exec:python3 my_adapter.py".
   adapters/PROTOCOL.md is what is spoken with them. */
#ifndef ADAPTERS_STDIO_STDIO_H
#define ADAPTERS_STDIO_STDIO_H

#include "adapter.h"
#include "base/error.h"

/* Start the command, and wait for its hello.  Gives the adapter it introduces, which stays for as
   long as the process lives; its first process becomes that of its first instance.  NULL when there
   is no hello, or a wrong one. */
const struct broker_adapter *stdio_adapter_load(const char *command, struct error *reterr);

/* How many processes that several sessions shared have ended without being told to, so far. */
uint64_t stdio_adapters_losses(void);

/* Lets go of all processes that nobody uses any more, and waits for their end: at the end of the
   program.  Adapters can be used again afterwards. */
void stdio_adapters_leave(void);

#endif
