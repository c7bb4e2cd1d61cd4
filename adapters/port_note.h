/* port_note.h: what an adapter is doing on each thread, so that a crash can say where it was.

   Every way into an adapter (create, open, an operation, close, ...) leaves a note for its thread
   before it goes in.  A note costs a few stores; nothing is copied, and nothing is formatted until
   there is a crash to report. */
#ifndef ADAPTERS_PORT_NOTE_H
#define ADAPTERS_PORT_NOTE_H

#include "adapter.h"

struct port_note {
    const char *adapter;             /* its name; NULL: no adapter was entered yet */
    const char *operation;           /* "ack", "open" */
    const struct adapter_call *call; /* while inside; NULL where there is none */
    int is_inside;                   /* 0: the adapter returned; what runs now is a callback */
};

/* Enter: gives what was noted before (an adapter may be called by another).  Leave: back to it. */
struct port_note port_note_enter(const char *adapter, const char *operation,
                                 const struct adapter_call *call);
void port_note_leave(const struct port_note *before);

/* From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) of this process is reported on
   standard error in words, with what `advice` says to do, and the process ends with exit code 3.
   Keeps `advice`; NULL: none.  Threads get their own stack for it when they first enter an adapter.
 */
void port_note_guard(const char *advice);

#endif
