/* forgetful.h: a Redis adapter with a planted bug: what it held when a connection was lost it
   acknowledges and forgets, in place of handing it out again.  Its messages are lost, and only
   then.  A decorator around the adapter `redis`; one at a time. */
#ifndef FAKES_FORGETFUL_H
#define FAKES_FORGETFUL_H

#include "adapter.h"

/* Replace the adapter; the instance and its sessions stay what they are. */
void forgetful_wrap(const struct broker_adapter **adapter);

#endif
