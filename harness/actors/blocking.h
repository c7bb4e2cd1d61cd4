/* blocking.h: adapters that block, made to look like those that do not.

   Each session gets a thread of its own, on which everything of the adapter's runs: open, one
   operation at a time, close.  What it answers is copied and told on the session's loop, so nobody
   else in the harness can tell the difference.

   A session is busy for as long as its read waits.  A consumer that settles while it reads
   therefore opens a second session, under the same consumer name, for acks and nacks; unless the
   adapter says ADAPTER_TRAIT_REENTRANT: then the session has a second thread for them, and one
   session does.

   Closing never waits: what has not begun is refused, what is under way becomes unknown, and the
   thread ends when the operation does.  An operation that is not answered some time after its
   deadline is completed as unknown.  Destroying the instance waits for the threads, until
   what they do is overdue; when one hangs it is left behind with the instance, and a warning says
   so: what it may still touch when it wakes lives on, and its host answers for itself.  A
   subscription is given to the adapter in slices of a second, each begun on the same session when
   the last one ended, so that it can be closed.

   The host that such an adapter sees has time, luck, log and post (which runs on the session's
   thread); it has no timers, streams and watches. */
#ifndef ACTORS_BLOCKING_H
#define ACTORS_BLOCKING_H

#include "adapter.h"

/* The host to create the instance of a blocking adapter with.  It stands before `behind`, which may
   go once the instance was destroyed, also when threads of it are left behind. */
struct blocking_lasting;
struct blocking_lasting *blocking_lasting_new(const struct adapter_host *behind);
const struct adapter_host *blocking_lasting_host(const struct blocking_lasting *lasting);
/* From now on nothing behind it is used: time and luck are the system's, words are not heard. */
void blocking_lasting_cut(struct blocking_lasting *lasting);
void blocking_lasting_free(struct blocking_lasting *lasting); /* NULL is fine */

/* Replace an adapter and its instance by ones that never block.  Takes the instance and `host`, the
   one the instance was created with; keeps the adapter until the new adapter destroys the new
   instance; all are gone then.  Real loops only. */
void blocking_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
                   struct blocking_lasting *host);

#endif
