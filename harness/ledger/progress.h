/* progress.h: how far everything has got that was sent until a moment: what recovery waits for. */
#ifndef LEDGER_PROGRESS_H
#define LEDGER_PROGRESS_H

#include <stdbool.h>

#include "ledger/ledger.h"

struct ledger_progress;

/* Everything attempted until now.  Gives (ledger_progress_free). */
struct ledger_progress *ledger_progress_new(struct ledger *ledger);
/* Is all of it over: answered, and, where it was accepted, finished in every group (delivered;
   where the group acknowledges, settled, dead-lettered, or with an ack in doubt)?  Each look goes
   on where the last one stopped.  Any thread, one at a time. */
bool ledger_progress_is_done(struct ledger_progress *progress);
void ledger_progress_free(struct ledger_progress *progress);

#endif
