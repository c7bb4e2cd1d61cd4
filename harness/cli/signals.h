/* signals.h: Ctrl-C and its kin. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

/* From now on SIGINT, SIGTERM and SIGHUP raise the flag that is given, and a second one ends the
   process at once.  A closed pipe and a file at its size limit become errors of the write that met
   them. */
const volatile sig_atomic_t *signals_catch(void);

#endif
