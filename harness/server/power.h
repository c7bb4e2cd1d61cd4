/* power.h: what a server had not yet synced to disk is gone, as when the power fails. */
#ifndef SERVER_POWER_H
#define SERVER_POWER_H

#include "base/error.h"

/* Write the library that watches (LD_PRELOAD of the server), and make the folder of its notes. */
int power_prepare(const char *library, const char *marks, struct error *reterr);
/* Cut every file below `data`, but for `spared` (its name; NULL: none), to what was synced.  Fails
   when the server was never watched. */
int power_forget(const char *data, const char *marks, const char *spared, struct error *reterr);

#endif
