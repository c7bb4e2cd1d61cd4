/* threaded.h: each session of an in-process broker on a thread and a loop of its own.

   For clauses about races: what several sessions ask at the same time then meets inside the broker,
   on as many threads.  Everything of a session's runs on its thread but opening; calls and answers
   are messages between its loop and the loop of whoever opened it. */
#ifndef ACTORS_THREADED_H
#define ACTORS_THREADED_H

#include "adapter.h"
#include "base/log.h"

/* Replace an adapter (one that does not block) and its instance.  Takes the instance; the new
   adapter ends with the new instance.  Real loops only; keeps the log. */
void threaded_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
                   struct log *log, uint64_t seed);

#endif
